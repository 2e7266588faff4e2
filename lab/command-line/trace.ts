/** Remembers what belonged to a lab while it stood, so that afterwards it can be told whether it is gone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Owner, readLabState, startOf } from './owner.ts'
import { allProcesses, descendants, namespacesOf, type Process } from './processes.ts'

const everyMs = 2_000

export class Trace {
  readonly state: string
  readonly owner: Owner | undefined
  /** By `pid start`. */
  readonly processes = new Map<string, Process>()
  /**
   * Namespace → start of the machine's newest process when it was last seen in the lab. Their numbers are used again: a
   * process that is younger than that is in a namespace of somebody else's.
   */
  readonly namespaces = new Map<string, number>()
  readonly groups: readonly string[]
  readonly #own: ReadonlySet<string> = new Set(namespacesOf(process.pid))
  readonly #timer: NodeJS.Timeout

  /** Looks at once and then every two seconds, until it is stopped. */
  constructor(state: string) {
    this.state = state
    const found = readLabState(state)
    this.owner = found.is === 'standing' ? found.owner : undefined
    this.groups = this.owner === undefined ? [] : readFileSync(join(state, 'cgroups'), 'utf8').trim().split('\n')
    this.look()
    this.#timer = setInterval(() => this.look(), everyMs)
    this.#timer.unref()
  }

  look(): void {
    if (this.owner === undefined || startOf(this.owner.pid) !== this.owner.start) return
    const processes = allProcesses()
    const newest = Math.max(...processes.map((process) => process.start))
    for (const process of descendants(this.owner.pid, processes)) {
      this.processes.set(`${process.pid} ${process.start}`, process)
      for (const namespace of namespacesOf(process.pid))
        if (!this.#own.has(namespace)) this.namespaces.set(namespace, newest)
    }
  }

  stop(): void {
    clearInterval(this.#timer)
    this.look()
  }
}
