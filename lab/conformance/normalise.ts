/** Whether two worlds agree on a scenario. Pure: in what they may differ stands in rules.ts (and, for a released k3s, in release-rules.ts), and nowhere else. */
import { type Difference, differencesAt } from './differences.ts'
import { normaliseAt, type Plain } from './normaliser.ts'
import type { Outcome } from './outcome.ts'
import { type Rule, rules } from './rules.ts'

export type { Difference } from './differences.ts'

/** The outcome with what the rules name replaced by words that both worlds have. */
export function normalise(outcome: Outcome, more: readonly Rule[] = []): Plain {
  return normaliseAt('', outcome as unknown as Plain, [...rules, ...more])
}

/** Every difference that no rule covers. Empty: the worlds agree. @param more rules besides those that always hold */
export function compare(embedded: Outcome, lab: Outcome, more: readonly Rule[] = []): readonly Difference[] {
  return differencesAt(normalise(embedded, more), normalise(lab, more), '')
}
