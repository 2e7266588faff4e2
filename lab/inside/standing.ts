/** The lab as it stands: opened once, runs one scenario at a time, and keeps machines up between them when it is to be looked at. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addresses, type Parts, type Progress } from '../contract.ts'
import type { Situation } from '../situation.ts'
import { loadScenarios, loadWorld } from './content.ts'
import { heldLine, holdName, type Lab, type LabScenario, type LabStatus, type ScenarioResult } from './model.ts'

/** A scenario that takes longer is stuck; a measurement repeats joins. */
const deadlineMs = { scenario: 300_000, measurement: 1_800_000 }

export interface StandingOptions {
  readonly parts: Parts
  readonly state: string
  /** Whether machines stand between scenarios. */
  readonly hasMachines: boolean
}

export class Standing {
  readonly #options: StandingOptions
  readonly #listeners = new Set<Progress>()
  #lab: Lab | undefined
  #situation: Situation | undefined
  #stage: LabStatus['stage'] = 'starting'
  #running: string | undefined
  #lostTo: string | undefined

  constructor(options: StandingOptions) {
    this.#options = options
  }

  /** Every line of progress goes to everybody who listens. */
  listen(listener: Progress): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly #progress: Progress = (text) => {
    for (const listener of this.#listeners) listener(text)
    // For the log of the lab, which is what remains to read when the lab does not come up.
    process.stdout.write(`${text}\n`)
  }

  async open(): Promise<void> {
    const { parts, state } = this.#options
    try {
      const { openLab } = await loadWorld()
      this.#lab = await openLab({ parts, state, progress: this.#progress })
      const secret = { mode: 0o600 }
      writeFileSync(join(state, 'kubeconfig'), this.#lab.cluster.kubeconfig, secret)
      writeFileSync(join(state, 'admin.kubeconfig'), this.#lab.cluster.adminKubeconfig, secret)
      await this.#boot()
      this.#stage = 'standing'
    } catch (error) {
      this.#stage = 'failed'
      throw error
    }
  }

  /** Machines to look at, when this lab is to have them. */
  async #boot(): Promise<void> {
    if (!this.#options.hasMachines) return
    this.#situation = await this.#lab?.situation({ hasStyx: true })
    this.#progress('calypso and styx run')
  }

  status(): LabStatus {
    const hosts = [this.#situation?.calypso, this.#situation?.styx].filter((host) => host !== undefined)
    return {
      stage: this.#stage,
      k3s: this.#options.parts.k3s === undefined ? 'stand-in' : 'release',
      hosts: hosts.map(({ name, address, pid }) => ({ name, address, pid })),
      ...(this.#running === undefined ? {} : { running: this.#running }),
      ...(this.#lab === undefined
        ? {}
        : {
            server: this.#lab.cluster.server,
            kubeconfig: join(this.#options.state, 'admin.kubeconfig'),
            programs: this.#options.parts.kubernetes,
          }),
    }
  }

  /** Runs one scenario; a result in every ending. */
  async run(name: string): Promise<ScenarioResult> {
    const lab = this.#lab
    if (lab === undefined || this.#stage !== 'standing') return failed(`the lab is not up (${this.#stage})`)
    if (this.#lostTo !== undefined) return failed(`${this.#lostTo} did not end, and this needs the same machines`)
    if (this.#running !== undefined) return failed(`${this.#running} runs in this lab now; try again when it has ended`)
    this.#running = name
    try {
      // A scenario's machines have the same addresses.
      await this.#situation?.close()
      this.#situation = undefined
      if (name === holdName) return await this.#hold(lab)
      const { scenarios, measurements } = await loadScenarios()
      const scenario = [...scenarios, ...measurements].find((candidate) => candidate.name === name)
      if (scenario === undefined) return failed(`this lab has no scenario ${name}`)
      const missing = missingPart(this.#options.parts, scenario)
      if (missing !== undefined) return { outcome: 'skipped', text: missing }
      const result = await this.#runWithin(
        scenario,
        lab,
        measurements.includes(scenario) ? deadlineMs.measurement : deadlineMs.scenario,
      )
      if (this.#lostTo === undefined) await this.#boot()
      return result
    } catch (error) {
      const { message, stack = message } = error as Error
      return failed(message.split('\n')[0] ?? '', stack)
    } finally {
      // One that is over its time still has the machines.
      if (this.#lostTo === undefined) this.#running = undefined
    }
  }

  async #runWithin(scenario: LabScenario, lab: Lab, timeoutMs: number): Promise<ScenarioResult> {
    const over = new AbortController()
    const late = sleep(timeoutMs, undefined, { signal: over.signal }).then(
      () => {
        this.#lostTo = scenario.name
        return failed(`not over after ${timeoutMs / 1000} s`)
      },
      () => failed('over'),
    )
    try {
      return await Promise.race([scenario.run(lab), late])
    } finally {
      over.abort()
    }
  }

  async #hold(lab: Lab): Promise<ScenarioResult> {
    this.#situation = await lab.situation({})
    this.#progress(`calypso answers at ${addresses.calypso}`)
    this.#progress(heldLine)
    return await new Promise(() => {})
  }

  async close(): Promise<void> {
    this.#stage = 'ending'
    await this.#situation?.close()
    this.#situation = undefined
    await this.#lab?.close()
    this.#lab = undefined
  }
}

const failed = (text: string, detail?: string): ScenarioResult => ({
  outcome: 'failed',
  text,
  ...(detail === undefined ? {} : { detail }),
})

/** Why the first missing part that the scenario needs is not there. */
export function missingPart(parts: Parts, { needs = [] }: Pick<LabScenario, 'needs'>): string | undefined {
  for (const need of needs) {
    const part = (parts as unknown as Readonly<Record<string, unknown>>)[need]
    if (part === undefined) return `this lab has no part ${need}`
    if (typeof part === 'object' && part !== null && 'missing' in part) return `${need}: ${String(part.missing)}`
  }
  return undefined
}
