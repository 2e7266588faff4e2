/** The Node of an agent at its server: configured, registered, reported, its Lease renewed. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubernetesObject } from '../contract.ts'
import type { Talk } from './conversation.ts'
import type { NetworkState } from './node.ts'

export interface AgentNodeOptions {
  readonly name: string
  readonly talk: Talk
  /** `Authorization` of the join token, for the first time. */
  readonly authorization: string
  /** The Node as it is to be reported now. */
  readonly object: (network: NetworkState) => KubernetesObject
  readonly signal: AbortSignal
  say(level: 'info' | 'error', message: string): void
  pause(milliseconds: number): Promise<void>
}

interface NodeAnswer {
  readonly status: number
  readonly key: string
  readonly node: KubernetesObject
  /** Why not, in the server's words. */
  readonly message: string
}

export class AgentNode {
  readonly #options: AgentNodeOptions
  readonly #lines: { readonly done: string; readonly failed: string }
  /** Had the node its own credential when this start began? */
  readonly wasJoined: boolean
  /** Was the Node made by this start? */
  #isNew = false

  constructor(options: AgentNodeOptions) {
    this.#options = options
    this.#lines = {
      done: `set successfully on node: ${options.name}`,
      failed: `Failed to set annotations and labels on node ${options.name}: `,
    }
    this.wasJoined = options.talk.key !== undefined
  }

  /**
   * Labels and annotations at the Node that exists (configureNode in k3s's pkg/agent/run.go), with the kubelet's own
   * credential. Resolves with false when the server refuses them: k3s tells that and tries again at the Node's next change.
   */
  async configure(): Promise<boolean> {
    const { name, say, pause } = this.#options
    const { labels = {}, annotations = {} } = this.#options.object('starting').metadata
    for (;;) {
      const seen = await this.#tell({ metadata: { name } })
      if (seen.status === 200) {
        const { metadata } = seen.node
        const isSet = Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)
        const isTold = Object.entries(annotations).every(([key, value]) => metadata.annotations?.[key] === value)
        if (isSet && isTold) {
          say('info', `Annotations and labels have already set on node: ${name}`)
          return true
        }
        const answer = await this.#tell({ metadata: { name, labels, annotations } })
        if (answer.status === 200) {
          this.sayConfigured()
          return true
        }
        say('info', `${this.#lines.failed}${answer.message}`)
        if (answer.status === 403) return false
      }
      await pause(1000)
    }
  }

  sayConfigured(): void {
    this.#options.say('info', `Annotations and labels have been ${this.#lines.done}`)
  }

  /** Resolves once the server has the Node; the node's credential is kept then. */
  async register(): Promise<void> {
    const { name, talk, say, pause } = this.#options
    for (;;) {
      const answer = await this.report('starting')
      if (answer.status === 200 || answer.status === 201) {
        this.#isNew = answer.status === 201
        talk.keepKey(answer.key)
        return
      }
      say('error', `Unable to register node ${name}: ${answer.message}`)
      await pause(1000)
    }
  }

  async report(network: NetworkState): Promise<NodeAnswer> {
    return this.#tell(this.#options.object(network))
  }

  /**
   * Every second of real time, whatever the pace: readers judge its age against the clock. A Node that was just registered
   * gets its Lease 10 s later: the kubelet's first turn finds no Node and skips (seen with kubelet 1.33.13).
   */
  async renewLease(network: NetworkState): Promise<never> {
    const { name, talk, pause, signal } = this.#options
    if (this.#isNew) await pause(10_000)
    // A Node that was registered just now said it then.
    let isHeard = this.#isNew
    for (;;) {
      const credentials = talk.as(name, `Bearer ${talk.key ?? ''}`)
      const lease = await talk
        .ask({ method: 'PUT', path: `/standin/v1/leases/${name}`, ...credentials })
        .catch((error: unknown) => this.#rethrowWhenEnding(error))
      // A kubelet whose Node was deleted registers it again as long as its credentials are good.
      // One whose agent was given up for dead says again that it is Ready, once its heartbeat is believed.
      if (lease?.status === 404 || (lease?.status === 200 && !isHeard)) await this.report(network)
      isHeard ||= lease?.status === 200
      await sleep(1000, undefined, { signal })
    }
  }

  /** Status 0 when the server cannot be reached. */
  async #tell(object: KubernetesObject): Promise<NodeAnswer> {
    const { name, talk, authorization } = this.#options
    const { key } = talk
    const credentials = talk.as(name, key === undefined ? authorization : `Bearer ${key}`)
    const body = JSON.stringify(object)
    try {
      const { status, text } = await talk.ask({
        method: 'POST',
        path: `/standin/v1/nodes/${name}`,
        ...credentials,
        body,
      })
      const { message = `the server answered ${status}`, ...rest } = JSON.parse(text) as Partial<NodeAnswer>
      return { key: '', node: object, ...rest, status, message }
    } catch (error) {
      this.#rethrowWhenEnding(error)
      return { status: 0, key: '', node: object, message: (error as Error).message }
    }
  }

  #rethrowWhenEnding(error: unknown): undefined {
    if (this.#options.signal.aborted) throw error
    return undefined
  }
}
