/** `kubeadm join` of a worker: preflight, discovery, kubelet-start, and the wait for the kubelet's certificate. Words as recorded in fixtures/kubeadm. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostNetwork } from '../../contract.ts'
import { header } from '../kubelet.ts'
import { type Answer, ask } from '../supervisor.ts'
import { ArgumentError, type JoinWish, readWish } from './arguments.ts'
import { type Discovered, discover, PhaseError, requestWords, statusWords } from './discovery.ts'
import { has, kubeconfigText, paths, remove, write } from './files.ts'
import { criSocketOf, type PreflightGround, preflight, runtimeWarning } from './preflight.ts'

export interface KubeadmGround {
  readonly root: string
  readonly hostname: string
  readonly network: HostNetwork
  /** Factor on every delay and every limit. */
  readonly pace: number
  /** kubeadm's own. */
  readonly version: string
  readonly isRoot: () => boolean
  readonly openPorts: () => readonly number[]
  readonly isKubeletEnabled: () => boolean
  /** daemon-reload, and the kubelet's unit. */
  readonly systemctl: (verb: 'daemon-reload' | 'start' | 'stop', unit?: string) => Promise<void>
  /** Does the kubelet answer at its healthz? */
  readonly isKubeletHealthy: () => boolean
  /** The kubelet's credential writes the CRI socket to its Node; the text says why not. */
  readonly annotate: (node: string, annotations: Readonly<Record<string, string>>) => Promise<string | undefined>
}

export interface KubeadmCall {
  readonly words: readonly string[]
  readonly readConfig: (path: string) => string
  readonly print: (stream: 'stdout' | 'stderr', text: string) => void
  readonly signal: AbortSignal
}

const trace = 'To see the stack trace of this error execute with --v=5 or higher\n'

/** The kubelet is not running, as kubeadm guesses; its own words for two phases that time out. */
const unfortunately = `
Unfortunately, an error has occurred, likely caused by:
\t- The kubelet is not running
\t- The kubelet is unhealthy due to a misconfiguration of the node in some way (required cgroups disabled)

If you are on a systemd-powered system, you can try to troubleshoot the error with the following commands:
\t- 'systemctl status kubelet'
\t- 'journalctl -xeu kubelet'

`

const joined = `
This node has joined the cluster:
* Certificate signing request was sent to apiserver and a response was received.
* The Kubelet was informed of the new secure connection details.

Run 'kubectl get nodes' on the control-plane to see this node join the cluster.

`

/** @returns the exit code: 0, 1, or 3 for arguments that it does not take */
export async function joinNode(call: KubeadmCall, ground: KubeadmGround): Promise<number> {
  const fail = (text: string, code = 1): number => {
    call.print('stderr', `${text}\n${trace}`)
    return code
  }
  let wish: JoinWish
  let criSocket: string
  try {
    wish = readWish(call.words, call.readConfig)
  } catch (error) {
    if (error instanceof ArgumentError) return fail(error.message, 3)
    return fail(`unable to read config: ${(error as Error).message}`)
  }
  try {
    criSocket = criSocketOf(ground.root, wish.criSocket)
  } catch (error) {
    return fail((error as Error).message)
  }
  const run = new Join(wish, criSocket, call, ground)
  try {
    return await run.run()
  } catch (error) {
    if (call.signal.aborted) return 130
    if (!(error instanceof PhaseError)) throw error
    return fail(`error execution phase ${run.phase}: ${error.message}`)
  }
}

class Join {
  phase = 'preflight'
  readonly #wish: JoinWish
  readonly #criSocket: string
  readonly #call: KubeadmCall
  readonly #ground: KubeadmGround
  readonly #name: string

  constructor(wish: JoinWish, criSocket: string, call: KubeadmCall, ground: KubeadmGround) {
    this.#wish = wish
    this.#criSocket = criSocket
    this.#call = call
    this.#ground = ground
    this.#name = (wish.nodeName ?? ground.hostname).toLowerCase()
  }

  async run(): Promise<number> {
    if (!this.#wish.skipsPreflight && !(await this.#preflight())) return 1
    const found = await this.#configuration()
    this.phase = 'kubelet-start'
    await this.#startKubelet(found)
    this.phase = 'kubelet-wait-bootstrap'
    await this.#awaitKubelet()
    this.#say(joined)
    return 0
  }

  async #preflight(): Promise<boolean> {
    const { root, hostname } = this.#ground
    this.#say('[preflight] Running pre-flight checks\n')
    await this.#pause(240)
    const ground: PreflightGround = {
      root,
      hostname,
      isRoot: this.#ground.isRoot(),
      ports: this.#ground.openPorts(),
      isKubeletEnabled: this.#ground.isKubeletEnabled(),
    }
    const runtime = ground.isRoot ? runtimeWarning(root) : undefined
    if (runtime !== undefined) this.#warn(runtime)
    const { lines, isFatal } = preflight(this.#wish, ground)
    for (const line of lines) this.#complain(`${line}\n`)
    if (isFatal) this.#complain(trace)
    return !isFatal
  }

  /** Who is the server, and what does its kubeadm-config say? */
  async #configuration(): Promise<Discovered & { readonly kubelet: string }> {
    const found = await discover(this.#wish, { ...this.#ground, signal: this.#call.signal })
    this.#say(
      '[preflight] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n[preflight] Use \'kubeadm init phase upload-config --config your-config-file\' to re-upload it.\n',
    )
    const prefix = 'unable to fetch the kubeadm-config ConfigMap: failed to get config map: '
    const config = await this.#get(found, 'configmaps/kubeadm-config', prefix)
    const control = /kubernetesVersion: (\S+)/.exec(config.ClusterConfiguration ?? '')?.[1] ?? ''
    const [least, minor] = [minorOf(this.#ground.version) - 1, minorOf(control)]
    if (minor < least)
      throw new PhaseError(
        `unable to fetch the kubeadm-config ConfigMap: this version of kubeadm only supports deploying clusters with the control plane version >= 1.${least}.0. Current version: ${control}`,
      )
    const kubelet = await this.#get(
      found,
      'configmaps/kubelet-config',
      'unable to fetch the kubelet-config ConfigMap: ',
    )
    return { ...found, kubelet: kubelet.kubelet ?? '' }
  }

  async #startKubelet({ caPem, server, kubelet }: Discovered & { readonly kubelet: string }): Promise<void> {
    const { root, systemctl } = this.#ground
    await this.#refuseTakenName(caPem, server)
    const bootstrap = kubeconfigText({ server, caPem, token: this.#wish.token }, 'tls-bootstrap-token-user')
    write(root, paths.bootstrapConf, bootstrap, 0o600)
    // One that is there stays, whosever it is (seen on real parts: node Ready, logs and exec broken).
    if (!has(root, paths.caFile)) write(root, paths.caFile, caPem)
    await systemctl('stop', 'kubelet.service')
    this.#say(`[kubelet-start] Writing kubelet configuration to file "${paths.config}"\n`)
    write(root, paths.config, kubelet)
    this.#say(`[kubelet-start] Writing kubelet environment file with flags to file "${paths.flags}"\n`)
    write(root, paths.flags, `KUBELET_KUBEADM_ARGS="${this.#kubeletFlags().join(' ')}"\n`)
    this.#say('[kubelet-start] Starting the kubelet\n')
    await systemctl('daemon-reload')
    await systemctl('start', 'kubelet.service')
  }

  #kubeletFlags(): readonly string[] {
    const { taints, nodeName, kubeletArguments } = this.#wish
    const flags = new Map<string, string>([
      ['container-runtime-endpoint', this.#criSocket],
      ['pod-infra-container-image', 'registry.k8s.io/pause:3.10'],
    ])
    if (nodeName !== undefined && nodeName !== this.#ground.hostname) flags.set('hostname-override', nodeName)
    if (taints !== undefined && taints.length > 0) flags.set('register-with-taints', taints.join(','))
    for (const [name, value] of kubeletArguments) flags.set(name, value)
    return [...flags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `--${name}=${value}`)
  }

  /** fixtures/kubeadm/41-rejoin-right-after-reset.err */
  async #refuseTakenName(caPem: string, server: string): Promise<void> {
    const answer = await this.#ask(`/api/v1/nodes/${this.#name}`, caPem, server)
    if (answer.status !== 200) return
    const node = JSON.parse(answer.text) as { status?: { conditions?: { type: string; status: string }[] } }
    if (!(node.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')) return
    throw new PhaseError(
      `a Node with name "${this.#name}" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`,
    )
  }

  async #awaitKubelet(): Promise<void> {
    const { root, isKubeletHealthy, annotate, pace } = this.#ground
    const { healthMs, healthText, bootstrapMs } = this.#wish
    const healthz = 'http://127.0.0.1:10248/healthz'
    this.#say(`[kubelet-check] Waiting for a healthy kubelet at ${healthz}. This can take up to ${healthText}\n`)
    const startMs = performance.now()
    for (;;) {
      await this.#pause(500)
      const sinceMs = (performance.now() - startMs) / pace
      if (isKubeletHealthy()) {
        this.#say(`[kubelet-check] The kubelet is healthy after ${sinceMs.toFixed(6)}ms\n`)
        break
      }
      if (sinceMs > healthMs) {
        this.#say(
          `[kubelet-check] The kubelet is not healthy after ${healthText.replace(/s$/, '.001239611s')}\n${unfortunately}`,
        )
        throw new PhaseError(
          `failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL ${healthz}' returned error: Get "${healthz}": dial tcp 127.0.0.1:10248: connect: connection refused\n`,
        )
      }
    }
    this.#say('[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap\n')
    const waitMs = performance.now()
    while (!has(root, paths.kubeletConf)) {
      await this.#pause(250)
      if ((performance.now() - waitMs) / pace > bootstrapMs) {
        this.#say(unfortunately)
        throw new PhaseError('failed while waiting for TLS bootstrap: context deadline exceeded')
      }
    }
    const limitMs = performance.now() + 60_000 * pace
    for (;;) {
      const problem = await annotate(this.#name, { 'kubeadm.alpha.kubernetes.io/cri-socket': this.#criSocket })
      if (problem === undefined) break
      if (performance.now() > limitMs) throw new PhaseError(`error writing CRISocket for this node: ${problem}`)
      await this.#pause(500)
    }
    remove(root, paths.bootstrapConf)
  }

  async #get(found: Discovered, name: string, prefix: string): Promise<Readonly<Record<string, string>>> {
    const path = `/api/v1/namespaces/kube-system/${name}`
    const answer = await this.#ask(path, found.caPem, found.server)
    if (answer.status !== 200) throw new PhaseError(`${prefix}${statusWords(answer.status, answer.text)}`)
    return (JSON.parse(answer.text) as { data?: Readonly<Record<string, string>> }).data ?? {}
  }

  /** With the bootstrap token, over a connection that trusts the CA of cluster-info. */
  async #ask(path: string, caPem: string, server: string): Promise<Answer> {
    const { hostname, port } = new URL(server)
    try {
      return await ask(this.#ground.network, hostname, Number(port), {
        method: 'GET',
        path,
        ca: caPem,
        headers: { Authorization: `Bearer ${this.#wish.token}` },
        timeoutMs: Math.max(10_000 * this.#ground.pace, 2000),
        signal: this.#call.signal,
      })
    } catch (error) {
      if (this.#call.signal.aborted) throw error
      throw new PhaseError(requestWords(error, `${server}${path}?timeout=10s`))
    }
  }

  #say(text: string): void {
    this.#call.print('stdout', text)
  }
  #complain(text: string): void {
    this.#call.print('stderr', text)
  }
  #warn(text: string): void {
    this.#complain(
      `${header('W', new Date(), process.pid, text.slice(0, text.indexOf(']')))}${text.slice(text.indexOf(']') + 1)}\n`,
    )
  }
  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds * this.#ground.pace, undefined, { signal: this.#call.signal })
  }
}

/** 132 of v1.32.7 is its 32. */
function minorOf(version: string): number {
  return Number(/^v\d+\.(\d+)/.exec(version)?.[1] ?? 0)
}
