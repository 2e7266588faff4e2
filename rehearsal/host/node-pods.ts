/** The pods of a node as its kubelet runs them, asked for and told through the agent's own conversation with its server. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GpuState } from '../kubelet/model.ts'
import { type NodePods, Pods, type PodsOptions } from '../kubelet/pods.ts'
import type { ContainerdStart } from './containerd.ts'
import type { Talk } from './conversation.ts'
import { header } from './kubelet.ts'
import type { Machine } from './node.ts'

export interface NodePodsOptions {
  readonly machine: Machine
  readonly node: string
  readonly talk: Talk
  readonly containerd: Pick<ContainerdStart, 'handlers' | 'defaultHandler'>
  readonly gpu: () => GpuState
  readonly pace: number
  readonly signal: AbortSignal
  readonly pid: () => number
  readonly containers: NonNullable<PodsOptions['containers']>
  /** Posts the Node as it is now. */
  readonly report: () => Promise<void>
}

type Devices = Readonly<Record<string, { readonly capacity: number; readonly allocatable: number }>>

export class NodePodsRunner {
  readonly #options: NodePodsOptions
  readonly #pods: Pods
  #devices: Devices = {}

  constructor(options: NodePodsOptions) {
    this.#options = options
    // A kubelet that starts knows the names from its checkpoint, and has none of them until its plugin registers again.
    this.#devices = Object.fromEntries(this.#remembered().map((name) => [name, { capacity: 0, allocatable: 0 }]))
    const { machine, containerd, gpu, pace, signal } = options
    this.#pods = new Pods({
      ground: () => ({
        handlers: containerd.handlers,
        defaultHandler: containerd.defaultHandler,
        gpu: gpu(),
        // /lib is a link to /usr/lib on these machines.
        hasFile: (path) => existsSync(join(machine.root, path)) || existsSync(join(machine.root, 'usr', path)),
      }),
      containers: options.containers,
      hostIp: machine.address,
      pace,
      signal,
      header: (level, place) => header(level, new Date(), options.pid(), place),
      report: async (report) => {
        await this.#ask('POST', '', JSON.stringify(report))
      },
      devices: async (registered) => {
        // A plugin that goes leaves its devices unhealthy: they are still counted (pkg/kubelet/cm/devicemanager).
        const gone = Object.entries(this.#devices).map(
          ([name, { capacity }]) => [name, { capacity, allocatable: 0 }] as const,
        )
        const present = Object.entries(registered).map(
          ([name, count]) => [name, { capacity: count, allocatable: count }] as const,
        )
        this.#devices = Object.fromEntries([...gone, ...present])
        this.#remember()
        await options.report()
      },
    })
  }

  get devices(): Devices {
    return this.#devices
  }

  get #checkpoint(): string {
    return join(this.#options.machine.root, '/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint')
  }
  #remembered(): readonly string[] {
    if (!existsSync(this.#checkpoint)) return []
    const { Data } = JSON.parse(readFileSync(this.#checkpoint, 'utf8')) as {
      Data: { RegisteredDevices: Readonly<Record<string, unknown>> }
    }
    return Object.keys(Data.RegisteredDevices)
  }
  #remember(): void {
    mkdirSync(dirname(this.#checkpoint), { recursive: true })
    const devices = Object.keys(this.#devices).map((name) => [name, []])
    const data = { PodDeviceEntries: null, RegisteredDevices: Object.fromEntries(devices) }
    writeFileSync(this.#checkpoint, JSON.stringify({ Data: data, Checksum: 0 }))
  }

  /** Until the agent ends. */
  async run(): Promise<never> {
    let after = ''
    for (;;) {
      const answer = await this.#ask('GET', `?after=${after}`)
      if (answer === undefined) await sleep(1000 * this.#options.pace, undefined, { signal: this.#options.signal })
      else {
        const seen = JSON.parse(answer) as NodePods & { readonly after: string }
        after = seen.after
        await this.#pods.see(seen)
      }
    }
  }

  /** Undefined when the server does not answer as it should. */
  async #ask(method: string, query: string, body?: string): Promise<string | undefined> {
    const { talk, node, signal } = this.#options
    const credentials = talk.as(node, `Bearer ${talk.key ?? ''}`)
    try {
      const question = { method, path: `/standin/v1/pods/${node}${query}`, ...credentials }
      const { status, text } = await talk.ask(body === undefined ? question : { ...question, body })
      return status === 200 ? text : undefined
    } catch (error) {
      if (signal.aborted) throw error
      return undefined
    }
  }
}
