import { setTimeout as delay } from 'node:timers/promises'
import type { Host } from '../host/index.ts'
import { authority, type HostAnswer, HostQuestions, oneLine, targetOf } from '../join/index.ts'
import type { Check } from '../report/index.ts'
import { judgeAuthorities } from './authorities.ts'
import { type ClusterInfo, isSignedBy, parseClusterInfo, signatureKey } from './cluster-info.ts'
import { dataOf, saidBy, tokenPhase, withoutInfo } from './handshake-words.ts'
import { shortHash, spkiHashes } from './spki.ts'
import { partsOf } from './token.ts'

export interface KubeadmHandshakeOptions {
  /** `https://host:port` that the host will join through. */
  readonly server: string
  /** Certificate authority of the kubeconfig. */
  readonly caPem: string
  /** `id.secret`. Undefined: dry-run, the token is not exercised. Secret. */
  readonly token?: string
  /** Text of https.sh of src/host, for hosts that do not allow forwarding. */
  readonly script?: string
  /** Whether the runner itself can reach an address; asked only when the host cannot. */
  readonly probe?: (address: string, port: number, signal: AbortSignal) => Promise<boolean>
  readonly signal: AbortSignal
}

export interface KubeadmHandshakeResult {
  readonly apiServers: readonly string[]
  readonly via: 'forwarding' | 'host-command'
}

/** A token that was minted a moment ago may be neither signed nor in the server's cache yet. */
const tokenGraceMs = 5_000
const tokenPollMs = 300
const clusterInfoPath = '/api/v1/namespaces/kube-public/configmaps/cluster-info'
const configPath = (name: string): string => `/api/v1/namespaces/kube-system/configmaps/${name}`

/** What kubeadm will ask, asked before it: in its order, through the host's network, and with an answer in seconds. */
class Attempt extends HostQuestions {
  readonly #options: KubeadmHandshakeOptions

  constructor(host: Host, options: KubeadmHandshakeOptions, onCheck: (check: Check) => void) {
    super(host, {
      ...options,
      words: { server: 'Kubernetes API server', namesIn: 'apiServer.certSANs of the control plane' },
      onCheck,
    })
    this.#options = options
  }

  async #ask(path: string, bearer?: string): Promise<HostAnswer> {
    const { caPem } = this.#options
    return await this.get(path, { caPem, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) })
  }

  /** The certificate that the host is shown, against the authority of the kubeconfig. */
  async askAuthority(): Promise<boolean> {
    const id = 'handshake.ca'
    const question = "Does the host see the cluster's own certificate authority?"
    try {
      await this.#ask('/version')
    } catch (error) {
      this.say(await this.firstFault(id, question, error))
      return false
    }
    const [hash = ''] = spkiHashes(this.#options.caPem)
    return this.say({ id, verdict: 'pass', question, found: shortHash(hash), evidence: [`kubeconfig: ${hash}`] })
  }

  /** cluster-info, read as kubeadm reads it: without credentials. Resolves with it when it names the right authority. */
  async askClusterInfo(): Promise<{ info: ClusterInfo; data: Readonly<Record<string, string>> } | undefined> {
    const id = 'handshake.cluster-info'
    const question = 'Does the host find the cluster by cluster-info, as kubeadm will?'
    let answer: HostAnswer
    try {
      answer = await this.#ask(clusterInfoPath)
    } catch (error) {
      this.say(await this.faultCheck(id, question, this.server, error))
      return undefined
    }
    const data = answer.status === 200 ? dataOf(answer) : undefined
    const info = parseClusterInfo(data?.kubeconfig ?? '')
    if (data === undefined || info === undefined) {
      this.say({ id, verdict: 'fail', question, ...withoutInfo(answer) })
      return undefined
    }
    const { check, stale } = judgeAuthorities({
      kubeconfig: this.#options.caPem,
      clusterInfo: info.caPem,
      host: {},
      served: 'kubeconfig',
    })
    if (stale !== undefined) {
      this.say({ ...check, id, question })
      return undefined
    }
    if (targetOf(info.server) === undefined) {
      this.say({
        id,
        verdict: 'fail',
        question,
        found: `cluster-info names no server with an https address: ${oneLine(JSON.stringify(info.server))}`,
        cause: 'it was edited by hand; the kubelet connects for good to what stands there',
        remedy: tokenPhase,
      })
      return undefined
    }
    this.say(
      check.verdict === 'warn' ? { ...check, id, question } : { id, verdict: 'pass', question, found: info.server },
    )
    return { info, data }
  }

  /** The signature first, since kubeadm waits five minutes for it; then the token itself. */
  async askToken(first: Readonly<Record<string, string>>): Promise<boolean> {
    const { token, signal } = this.#options
    const id = 'handshake.token'
    const question = 'Does the server know the token, for signing and for joining?'
    if (token === undefined) return this.say({ id, verdict: 'skip', question, found: 'token not exercised' })
    const { id: tokenId, secret } = partsOf(token)
    const startedMs = performance.now()
    const isTimeLeft = (): boolean => performance.now() - startedMs + tokenPollMs < tokenGraceMs
    try {
      let data = first
      while (!data[signatureKey(tokenId)] && isTimeLeft()) {
        await delay(tokenPollMs, undefined, { signal })
        data = dataOf(await this.#ask(clusterInfoPath)) ?? {}
      }
      const signature = data[signatureKey(tokenId)]
      if (!signature) {
        return this.say({
          id,
          verdict: 'fail',
          question,
          found: `cluster-info is not signed for token ${tokenId}`,
          // fixtures/kubeadm/20-unknown-token, 22-expired, 26-nosign: one text of kubeadm for all of them
          cause:
            'the token is unknown, has expired or may not sign; or the bootstrap signer of kube-controller-manager does not run',
          remedy:
            'press the button again: a new one is minted; when that is refused too, look at kube-controller-manager (--controllers with bootstrapsigner)',
        })
      }
      if (!isSignedBy(signature, data.kubeconfig ?? '', tokenId, secret)) {
        return this.say({
          id,
          verdict: 'fail',
          question,
          found: `the signature of token ${tokenId} was made with another secret`,
          // fixtures/kubeadm/21-wrong-secret
          cause:
            'the secret of the given token is wrong; kubeadm would say: failed to verify JWS signature of received cluster info object',
          remedy: 'give no token, so that one is minted; or give what kubeadm token create prints',
        })
      }
      let answer = await this.#ask(configPath('kubeadm-config'), token)
      while (answer.status === 401 && isTimeLeft()) {
        await delay(tokenPollMs, undefined, { signal })
        answer = await this.#ask(configPath('kubeadm-config'), token)
      }
      if (answer.status === 401) {
        return this.say({
          id,
          verdict: 'fail',
          question,
          found: 'signed, and refused when somebody joins with it (HTTP 401)',
          // fixtures/kubeadm/28-noauth
          cause:
            'the token lacks usage-bootstrap-authentication, or the API server runs without --enable-bootstrap-token-auth',
          remedy: 'give no token, so that one is minted; or add the flag to the API server',
        })
      }
      this.say({ id, verdict: 'pass', question, found: 'signed and accepted' })
      return await this.#askConfigs(answer, token)
    } catch (error) {
      return this.say(await this.faultCheck(id, question, this.server, error))
    }
  }

  /** What kubeadm reads with the token before it changes anything. */
  async #askConfigs(kubeadmConfig: HostAnswer, token: string): Promise<boolean> {
    const id = 'handshake.kubeadm-config'
    const question = 'May who holds the token read what kubeadm needs?'
    const kubeletConfig = await this.#ask(configPath('kubelet-config'), token)
    for (const [name, answer] of [
      ['kubeadm-config', kubeadmConfig],
      ['kubelet-config', kubeletConfig],
    ] as const) {
      if (answer.status === 200) continue
      return this.say({
        id,
        verdict: 'fail',
        question,
        found: `kube-system/${name}: HTTP ${answer.status}`,
        // fixtures/kubeadm/27-nogroup: configmaps "kubeadm-config" is forbidden
        cause:
          answer.status === 403
            ? 'the token is not in system:bootstrappers:kubeadm:default-node-token, or that group has lost its rights'
            : 'the cluster was not set up by kubeadm, or what it keeps there was deleted',
        remedy:
          answer.status === 403
            ? `give no token, so that one is minted; ${tokenPhase}`
            : 'on a control plane: sudo kubeadm init phase upload-config all',
        evidence: [saidBy(answer)],
      })
    }
    return this.say({ id, verdict: 'pass', question, found: 'kubeadm-config and kubelet-config' })
  }

  /** Where the kubelet will connect for good is what cluster-info says, not what the host joined through. */
  async askApiServers(info: ClusterInfo): Promise<readonly string[] | undefined> {
    const own = authority(this.server.address, this.server.port)
    // Under the very names: the kubelet checks them.
    return await this.reachAll([own, info.server], this.#options.caPem, true)
  }
}

/**
 * Tries the join through the host's own network: authority, cluster-info, token, what kubeadm reads, where the kubelet will connect.
 * `onCheck` hears each answer as it comes. `result` is there when all of them are pass or warn, or skipped because there is no token.
 * Rejects with the signal's reason, with HostError when the host itself fails, with RangeError when `server` is no address.
 */
export async function handshakeKubeadm(
  host: Host,
  options: KubeadmHandshakeOptions,
  onCheck: (check: Check) => void = () => undefined,
): Promise<{ checks: readonly Check[]; result?: KubeadmHandshakeResult }> {
  const attempt = new Attempt(host, options, onCheck)
  if (!(await attempt.askAuthority())) return { checks: attempt.checks }
  const found = await attempt.askClusterInfo()
  if (found === undefined) return { checks: attempt.checks }
  const isTokenFine = (await attempt.askToken(found.data)) || options.token === undefined
  if (!isTokenFine) return { checks: attempt.checks }
  const apiServers = await attempt.askApiServers(found.info)
  if (apiServers === undefined) return { checks: attempt.checks }
  return { checks: attempt.checks, result: { apiServers, via: attempt.via } }
}

/** One line for the log, e.g. `CA 0d6c8981…c964 ✓  cluster-info ✓  token ✓  kubeadm-config ✓  10.4.0.10:6443 ✓`. */
export function handshakeLine(checks: readonly Check[], hasToken: boolean): string {
  const mark = (one: Check): string =>
    one.verdict === 'pass' || one.verdict === 'warn' ? '✓' : one.verdict === 'skip' ? 'not exercised' : '✗'
  const parts = checks.map((one) => {
    if (one.id === 'handshake.ca') return `CA ${one.verdict === 'pass' ? `${one.found} ` : ''}${mark(one)}`
    if (one.id === 'handshake.token') return hasToken ? `token ${mark(one)}` : 'token not exercised'
    return `${one.id.replace(/^handshake\.(apiserver\.?)?/, '').replace(/-(\d+)$/, ':$1')} ${mark(one)}`
  })
  return parts.join('  ')
}
