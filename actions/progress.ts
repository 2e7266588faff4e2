import { effectiveChanges } from '../src/join/index.ts'
import type { Run } from './run.ts'

/** Last finished and next planned change, for a run that ended in between. */
export function between(run: Run): string {
  const { applied } = run.record.parts()
  const steps = effectiveChanges(run.plan).map((change) => change.id)
  const last = steps.findLast((id) => applied.includes(id))
  const next = steps[steps.findLastIndex((id) => applied.includes(id)) + 1]
  return [last ? `last finished: ${last}` : 'nothing was finished', next ? `under way: ${next}` : '']
    .filter(Boolean)
    .join(', ')
}
