/**
 * What the lab consists of, loaded when it is needed: the command line answers `--help` without it.
 * LAB_WORLD names a module that takes the place of all of it: the command line's own trials put a small one there.
 */
import type { K3sPart, Missing, Parts, Progress } from '../contract.ts'
import type { Lab, LabScenario } from './model.ts'

interface World {
  openLab(options: { readonly parts: Parts; readonly state: string; readonly progress: Progress }): Promise<Lab>
}

interface Scenarios {
  readonly scenarios: readonly LabScenario[]
  /** Run by their names only. */
  readonly measurements: readonly LabScenario[]
}

interface PartsModule {
  prepareParts(options: {
    readonly cache: string
    readonly progress: Progress
    readonly signal: AbortSignal
  }): Promise<Parts>
  /** The released k3s. */
  takeK3s(options: {
    readonly cache: string
    readonly progress: Progress
    readonly signal: AbortSignal
  }): Promise<K3sPart | Missing>
  /** What the machine lacks to prepare them, one line each. */
  partsMissing(): readonly string[]
  defaultCache(): string
}

async function replacement<Module>(): Promise<Module | undefined> {
  const path = process.env.LAB_WORLD
  return path === undefined ? undefined : ((await import(path)) as Module)
}

export async function loadWorld(): Promise<World> {
  return (await replacement<World>()) ?? (await import('../world.ts'))
}

export async function loadScenarios(): Promise<Scenarios> {
  return (await replacement<Scenarios>()) ?? (await import('../scenarios/index.ts'))
}

export async function loadParts(): Promise<PartsModule> {
  return (await replacement<PartsModule>()) ?? (await import('../parts/index.ts'))
}
