import type { RunResult } from '../report/index.ts'
import { failureOf } from './failure.ts'
import type { PulumiOutcome, PulumiWish } from './model.ts'
import { hasChanges } from './operations.ts'

/**
 * What a run of the CLI came to, as the result of an action. Pure. That an update changed nothing needs its event log to say so: an
 * update without one was made all the same.
 */
export function resultOf(
  outcome: PulumiOutcome,
  wish: PulumiWish,
): Extract<RunResult, 'deployed' | 'unchanged' | 'previewed' | 'drifted' | 'failed'> {
  const failure = failureOf(outcome, wish)
  if (failure) return failure.code === 'pulumi-drift' ? 'drifted' : 'failed'
  const { deployment } = outcome
  // Without changes, --expect-no-changes ends well: there the exit code says it, too.
  if (wish.command === 'drift') return 'unchanged'
  if (deployment.isComplete && !hasChanges(deployment)) return 'unchanged'
  return wish.command === 'up' ? 'deployed' : 'previewed'
}
