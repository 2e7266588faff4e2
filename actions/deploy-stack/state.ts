import type { Runner } from '../../src/runner/index.ts'

/** The only place that knows the keys of the state that main leaves for post. No secret is ever saved. */
const keys = { folder: 'folder', begun: 'begun', ended: 'ended' } as const

/** Called before the folder is made, so that post knows it whatever happens. */
export function saveFolder(runner: Runner, name: string): void {
  runner.saveState(keys.folder, name)
}

/** Called before Pulumi is started: from now on this step may hold the stack. `at`: epoch milliseconds. */
export function saveBegun(runner: Runner, at: number): void {
  runner.saveState(keys.begun, String(at))
}

/** Pulumi has ended its update by itself, or its lock was freed: there is nothing left to free. */
export function saveEnded(runner: Runner): void {
  runner.saveState(keys.ended, 'yes')
}

export interface LeftBehind {
  /** Empty: none was made. */
  readonly folder: string
  /** Epoch milliseconds; undefined: no lock can be left. */
  readonly begunMs?: number
}

export function readLeftBehind(runner: Runner): LeftBehind {
  const begun = runner.state(keys.begun)
  const isOpen = /^\d{1,16}$/.test(begun) && runner.state(keys.ended) === ''
  return { folder: runner.state(keys.folder), ...(isOpen ? { begunMs: Number(begun) } : {}) }
}
