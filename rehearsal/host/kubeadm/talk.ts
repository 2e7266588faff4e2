/** What a kubelet says to its API server, and the credential that it keeps: in kubelet.conf, and the file that it names. */
import type { HostNetwork } from '../../contract.ts'
import type { Talk } from '../conversation.ts'
import { type Answer, ask, type Question } from '../supervisor.ts'
import { type Kubeconfig, kubeconfigText, parseKubeconfig, paths, read, write } from './files.ts'

export interface TalkOptions {
  readonly root: string
  readonly network: HostNetwork
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export class KubeletTalk implements Talk {
  readonly #options: TalkOptions

  constructor(options: TalkOptions) {
    this.#options = options
  }

  /** As it was written by the kubelet itself; undefined before its certificate came. */
  get own(): Kubeconfig | undefined {
    return parseKubeconfig(read(this.#options.root, paths.kubeletConf) ?? '')
  }
  /** As kubeadm wrote it, with the token. */
  get bootstrap(): Kubeconfig | undefined {
    return parseKubeconfig(read(this.#options.root, paths.bootstrapConf) ?? '')
  }

  /** The line of the certificate's file that this world goes by. */
  get key(): string | undefined {
    return this.own === undefined
      ? undefined
      : /^# key (\S+)$/m.exec(read(this.#options.root, paths.clientKey) ?? '')?.[1]
  }
  keepKey(key: string): void {
    if (key === '' || key === this.key) return
    const from = this.bootstrap
    if (from === undefined) return
    write(this.#options.root, paths.clientKey, `# STAND-IN of a client certificate and its key.\n# key ${key}\n`, 0o600)
    write(
      this.#options.root,
      paths.kubeletConf,
      kubeconfigText({ server: from.server, caPem: from.caPem }, 'default-auth'),
      0o600,
    )
  }

  as(_node: string, authorization: string): { headers: Record<string, string> } {
    return { headers: { Authorization: authorization } }
  }

  /** Rejects as `ask` of the supervisor's client does. */
  async ask(question: Pick<Question, 'method' | 'path' | 'headers' | 'body'>): Promise<Answer> {
    const to = this.own ?? this.bootstrap
    if (to === undefined) throw new Error('there is no kubeconfig')
    const { hostname, port } = new URL(to.server)
    return await ask(this.#options.network, hostname, Number(port), {
      ca: to.caPem,
      ...question,
      timeoutMs: this.#options.timeoutMs,
      ...(this.#options.signal && { signal: this.#options.signal }),
    })
  }
}
