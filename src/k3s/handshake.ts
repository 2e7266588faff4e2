import { setTimeout as delay } from 'node:timers/promises'
import type { Host } from '../host/index.ts'
import { authority, type HostAnswer, HostHttpsFault, HostQuestions, oneLine } from '../join/index.ts'
import type { Check } from '../report/index.ts'
import { caHash, isSameAuthority } from './ca-hash.ts'
import type { HandshakeResult } from './model.ts'
import { authorizationFor, parseToken } from './token.ts'

export interface HandshakeOptions {
  /** `https://host:port` that the host will join through. */
  readonly server: string
  /** Certificate authority of the kubeconfig. */
  readonly caPem: string
  /** The token that the agent will get. Undefined: dry-run, the token is not exercised. Secret. */
  readonly token?: string
  /** API servers that are known otherwise, `host:port`; tried when the server cannot be asked for want of a token. */
  readonly knownApiServers?: readonly string[]
  /** Text of https.sh of src/host, for hosts that do not allow forwarding. */
  readonly script?: string
  /** Whether the runner itself can reach an address; asked only when the host cannot. */
  readonly probe?: (address: string, port: number, signal: AbortSignal) => Promise<boolean>
  readonly signal: AbortSignal
}

/** A token that was minted a moment ago may not have reached the server's cache yet. */
const tokenGraceMs = 3_000
const tokenPollMs = 300

/** The join tried through the host's own network, question by question, before anything on the host is touched. */
class Attempt extends HostQuestions {
  readonly #options: HandshakeOptions

  constructor(host: Host, options: HandshakeOptions, onCheck: (check: Check) => void) {
    super(host, {
      ...options,
      words: { server: 'k3s server', namesIn: 'tls-san of the k3s server' },
      onCheck,
    })
    this.#options = options
  }

  /** The CA as the host sees it, against the kubeconfig's and the token's. Resolves with its hash when it is the right one. */
  async askAuthority(): Promise<string | undefined> {
    const { caPem, token } = this.#options
    const id = 'handshake.ca'
    const question = "Does the host see the cluster's own certificate authority?"
    let served: string
    try {
      // Like the agent: first whatever is served, unverified and with nothing secret, then once more verified.
      const answer = await this.get('/cacerts', {})
      if (answer.status !== 200 || !answer.body.includes('-----BEGIN CERTIFICATE-----')) {
        throw new HostHttpsFault('protocol', `GET /cacerts: HTTP ${answer.status}, no certificate`)
      }
      served = answer.body
    } catch (error) {
      this.say(await this.firstFault(id, question, error))
      return undefined
    }
    let hash: string
    let isKnown: boolean
    try {
      hash = caHash(served)
      isKnown = isSameAuthority(served, caPem)
    } catch (error) {
      this.say(await this.faultCheck(id, question, this.server, new HostHttpsFault('protocol', oneLine(String(error)))))
      return undefined
    }
    const evidence = [`served through the host: ${hash}`, `kubeconfig: ${caHash(caPem)}`]
    if (!isKnown) {
      this.say({
        id,
        verdict: 'fail',
        question,
        found: 'another certificate authority',
        cause:
          'another server answers at that address through the host’s network, or the kubeconfig is from before the CA was changed',
        remedy: 'compare `server` with the kubeconfig; fetch the kubeconfig again from the server',
        evidence,
      })
      return undefined
    }
    const pinned = token === undefined ? undefined : parseToken(token).caHash
    if (pinned !== undefined && pinned !== hash) {
      const isLayout = pinned === caHash(caPem)
      this.say({
        id,
        verdict: 'fail',
        question,
        found: isLayout
          ? 'the hash of the token is of another text'
          : 'the token was made for another certificate authority',
        cause: isLayout
          ? 'the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte'
          : 'token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed',
        remedy: isLayout
          ? 'store the kubeconfig again exactly as the server has it'
          : 'give no token, so that one is minted, or fetch a fresh one from the server',
        evidence: [...evidence, `token: ${pinned}`],
      })
      return undefined
    }
    try {
      await this.get('/cacerts', { caPem })
    } catch (error) {
      this.say(await this.faultCheck(id, question, this.server, error))
      return undefined
    }
    this.say({ id, verdict: 'pass', question, found: `${hash.slice(0, 4)}…${hash.slice(-2)}`, evidence })
    return hash
  }

  /** Shows the token to the supervisor as the agent will. */
  async askToken(): Promise<boolean> {
    const { caPem, token, signal } = this.#options
    const id = 'handshake.token'
    const question = 'Does the server accept the token?'
    if (token === undefined) return this.say({ id, verdict: 'skip', question, found: 'token not exercised' })
    const parsed = parseToken(token)
    const startedMs = performance.now()
    for (;;) {
      let answer: HostAnswer
      try {
        answer = await this.get('/v1-k3s/readyz', { caPem, authorization: authorizationFor(parsed) })
      } catch (error) {
        return this.say(await this.faultCheck(id, question, this.server, error))
      }
      if (answer.status === 200)
        return this.say({ id, verdict: 'pass', question, found: `accepted (${parsed.kind} token)` })
      const isRefused = answer.status === 401 || answer.status === 403
      if (isRefused && performance.now() - startedMs + tokenPollMs < tokenGraceMs) {
        await delay(tokenPollMs, undefined, { signal })
        continue
      }
      const evidence = [`GET /v1-k3s/readyz: HTTP ${answer.status}`]
      if (isRefused) {
        return this.say({
          id,
          verdict: 'fail',
          question,
          found: `refused (${parsed.kind} token)`,
          cause:
            parsed.kind === 'bootstrap'
              ? 'the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster'
              : "it is not this cluster's token, or the token was changed since",
          remedy:
            parsed.kind === 'bootstrap'
              ? 'press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters'
              : 'give no token, so that one is minted through the kubeconfig; or fetch the current one from the server',
          evidence,
        })
      }
      return this.say({
        id,
        verdict: 'fail',
        question,
        found: `the server answers HTTP ${answer.status} instead`,
        cause:
          'what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s',
        remedy: 'set `server` to the address of a k3s server, where its supervisor listens',
        evidence,
      })
    }
  }

  /** The addresses that the agent will use after the join: every server's own, not the one it joined through. */
  async #apiServers(): Promise<readonly string[]> {
    const { caPem, token, knownApiServers = [] } = this.#options
    const own = authority(this.server.address, this.server.port)
    if (token === undefined) return [own, ...knownApiServers]
    const answer = await this.get('/v1-k3s/apiservers', { caPem, authorization: authorizationFor(parseToken(token)) })
    let listed: unknown
    try {
      listed = JSON.parse(answer.body)
    } catch {
      listed = undefined
    }
    if (answer.status !== 200 || !Array.isArray(listed)) {
      throw new HostHttpsFault('protocol', `GET /v1-k3s/apiservers: HTTP ${answer.status}, no list`)
    }
    return listed.length === 0 ? [own] : listed.map(String)
  }

  /** Resolves with the addresses when all of them can be reached. */
  async askApiServers(): Promise<readonly string[] | undefined> {
    let listed: readonly string[]
    try {
      listed = await this.#apiServers()
    } catch (error) {
      this.say(
        await this.faultCheck('handshake.apiserver', 'Which API servers does the server name?', this.server, error),
      )
      return undefined
    }
    return await this.reachAll(listed, this.#options.caPem)
  }
}

/**
 * Tries the join through the host's own network: certificate authority, token, every API server's address.
 * `onCheck` hears each answer as it comes. `result` is there when all of them are pass or warn, or skipped because there is no token.
 * Rejects with the signal's reason, or with HostError when the host itself fails.
 */
export async function handshake(
  host: Host,
  options: HandshakeOptions,
  onCheck: (check: Check) => void = () => undefined,
): Promise<{ checks: readonly Check[]; result?: HandshakeResult }> {
  const attempt = new Attempt(host, options, onCheck)
  const hash = await attempt.askAuthority()
  if (hash === undefined) return { checks: attempt.checks }
  const isTokenFine = (await attempt.askToken()) || options.token === undefined
  if (!isTokenFine) return { checks: attempt.checks }
  const apiServers = await attempt.askApiServers()
  if (apiServers === undefined) return { checks: attempt.checks }
  return { checks: attempt.checks, result: { caHash: hash, apiServers, via: attempt.via } }
}
