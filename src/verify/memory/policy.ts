import type { FailOn } from '../../report/index.ts'
import type { AlarmRule } from '../model.ts'

/** What makes a run fail: for every check, and otherwise for some. */
export interface FailPolicy {
  readonly otherwise: FailOn
  /** Ids, or beginnings of ids with `*` at their end. The longest that fits decides. */
  readonly checks: readonly { readonly check: string; readonly failOn: FailOn }[]
}

/** Once is enough. */
export const promptAlarm: AlarmRule = { after: 1, of: 1 }

/** Whether `pattern` (an id, or the beginning of ids with `*` at its end) names this id. */
export function names(pattern: string, id: string): boolean {
  return pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : pattern === id
}

export function failOnOf(policy: FailPolicy, id: string): FailOn {
  const fitting = policy.checks.filter((one) => names(one.check, id))
  // A full id is longer than any beginning of it that ends with a star, but for the one that is the id itself and a star.
  const weight = (check: string) => check.length * 2 - (check.endsWith('*') ? 3 : 0)
  return fitting.toSorted((a, b) => weight(b.check) - weight(a.check))[0]?.failOn ?? policy.otherwise
}

/** A question that could not be asked counts like a `fail`: nobody knows what the answer would have been. */
export function failsRun(policy: FailPolicy, id: string, verdict: string): boolean {
  const failOn = failOnOf(policy, id)
  if (failOn === 'never') return false
  return verdict === 'fail' || verdict === 'error' || (failOn === 'warn' && verdict === 'warn')
}
