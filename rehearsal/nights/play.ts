/** Two nights in one world: in the first something is wrong and an issue opens, in the second it is repaired and the issue closes. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { EmbeddedIssue } from '../contract.ts'
import { type RecordedRun, runWorkflow, type WorkflowEvent } from '../workflow/index.ts'
import { startWorld, type World } from '../world.ts'
import type { NightFault } from './faults.ts'

export interface NightsOptions {
  /** For everything that is written; emptied first. */
  readonly folder: string
  /** The world and the runner's machine stay there. */
  readonly isKept: boolean
  /** The Cancel button. */
  readonly signal: AbortSignal
  /** The log of both nights, as it comes. */
  readonly log?: Writable
  /** See StartOptions. */
  readonly pace?: number
}

/** One night, and the issues as it left them. */
export interface Night {
  readonly run: RecordedRun
  readonly issues: readonly EmbeddedIssue[]
}

export interface Nights {
  readonly broken: Night
  readonly repaired: Night
  /** Folder of the world. */
  readonly world: string
}

/** As the workflow files have it. */
const clocks: Readonly<Record<NightFault['workflow'], string>> = {
  'nightly.yml': '17 3 * * *',
  'watchdog.yml': '37 4 * * *',
}

/** Plays them; calypso is in service, and all that oceanid has is there. */
export async function playNights(fault: NightFault, options: NightsOptions): Promise<Nights> {
  const { folder, pace } = options
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const directory = join(folder, 'world')
  const world = await startWorld({
    directory,
    faults: new Set(),
    calypso: 'in-service',
    ...(pace !== undefined && { pace }),
  })
  const press = (file: string, event: WorkflowEvent, runNumber: number, name: string) =>
    runWorkflow({
      workflow: `.github/workflows/${file}`,
      event,
      directory: join(folder, name),
      runner: join(folder, 'runner'),
      caches: join(folder, 'caches'),
      secrets: world.secrets,
      machine: world.machine,
      vars: world.vars,
      endpoints: world.endpoints,
      caFile: world.caFile,
      idTokens: world.idTokens,
      tokens: world.github.tokens,
      runNumber,
      signal: options.signal,
      debug: process.env.ACTIONS_STEP_DEBUG === 'true',
      ...(options.log === undefined ? {} : { log: options.log }),
    })
  const night = async (runNumber: number, name: string): Promise<Night> => {
    const clock: WorkflowEvent = { name: 'schedule', cron: clocks[fault.workflow] }
    const run = await press(fault.workflow, clock, runNumber, name)
    return { run, issues: issuesOf(world) }
  }
  try {
    await fault.begin(world)
    const broken = await night(41, 'first-night')
    await fault.end(world)
    const repaired = await night(42, 'second-night')
    return { broken, repaired, world: directory }
  } finally {
    await world.close()
    if (!options.isKept)
      for (const part of ['world', 'runner', 'caches']) rmSync(join(folder, part), { recursive: true, force: true })
  }
}

/** As they are now: what the world holds goes on changing. */
function issuesOf(world: World): readonly EmbeddedIssue[] {
  return structuredClone(world.github.issues.all)
}
