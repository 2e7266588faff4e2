import type { Runner } from '../../src/runner/index.ts'

/** The only place that knows the keys of the state that main leaves for post. No secret is ever saved. */
const keys = { slug: 'slug', nonce: 'nonce' } as const

/** What main placed on the runner: the name of a folder below its temporary one, and this job's claim on it. */
export interface PlacementRecord {
  readonly slug: string
  readonly nonce: string
}

/** Called before anything is written, so that post knows it whatever happens. */
export function savePlacement(runner: Runner, record: PlacementRecord): void {
  runner.saveState(keys.slug, record.slug)
  runner.saveState(keys.nonce, record.nonce)
}

/** Undefined: main placed nothing. */
export function readPlacement(runner: Runner): PlacementRecord | undefined {
  const nonce = runner.state(keys.nonce)
  return nonce === '' ? undefined : { slug: runner.state(keys.slug), nonce }
}
