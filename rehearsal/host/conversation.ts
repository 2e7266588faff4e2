import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HostNetwork } from '../contract.ts'
import { type Answer, ask, type Question } from './supervisor.ts'

const passwordPath = '/etc/rancher/node/password'
const keyPath = '/var/lib/rancher/k3s/agent/client-kubelet.key'

export interface ConversationOptions {
  readonly root: string
  readonly network: HostNetwork
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What an agent says to its server, and the identity that it keeps on the host: the node password and the node's key. */
export class Conversation {
  /** Known once the configuration is read. */
  server = { host: '', port: 443 }
  /** PEM; empty until the CA was compared with the token. */
  ca = ''
  readonly #options: ConversationOptions

  constructor(options: ConversationOptions) {
    this.#options = options
  }

  /** Rejects as `ask` of the supervisor's client does. */
  async ask(question: Pick<Question, 'method' | 'path' | 'ca' | 'headers' | 'body' | 'identity'>): Promise<Answer> {
    return ask(this.#options.network, this.server.host, this.server.port, {
      ...(this.ca === '' ? {} : { ca: this.ca }),
      ...question,
      timeoutMs: this.#options.timeoutMs,
      signal: this.#options.signal,
    })
  }

  /** Headers of a node: who it is, and its password, which is made at the first need. */
  as(node: string, authorization: string): { headers: Record<string, string> } {
    return { headers: { Authorization: authorization, 'K3s-Node-Name': node, 'K3s-Node-Password': this.#password() } }
  }

  /** The node's own credential; undefined before it joined. */
  get key(): string | undefined {
    const path = join(this.#options.root, keyPath)
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
  }
  keepKey(key: string): void {
    this.#write(keyPath, `${key}\n`)
  }
  forgetKey(): void {
    rmSync(join(this.#options.root, keyPath), { force: true })
  }

  #password(): string {
    const path = join(this.#options.root, passwordPath)
    if (!existsSync(path)) this.#write(passwordPath, `${randomBytes(16).toString('hex')}\n`)
    return readFileSync(path, 'utf8').trim()
  }

  #write(path: string, text: string): void {
    const file = join(this.#options.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { mode: 0o600 })
  }
}

/** What a Node needs of it, whichever agent it has. */
export type Talk = Pick<Conversation, 'ask' | 'as' | 'key' | 'keepKey'>

/** What the agent sees of a failed connection is its own load balancer, which closes or resets, in turns. */
export function loadBalancerWords(error: unknown, attempt: number): string {
  const { code, message } = error as Error & { code?: string }
  if (code === 'ETIMEDOUT') return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE') {
    return attempt % 2 === 0
      ? 'EOF'
      : `read tcp 127.0.0.1:${40_000 + attempt}->127.0.0.1:6444: read: connection reset by peer`
  }
  return message
}
