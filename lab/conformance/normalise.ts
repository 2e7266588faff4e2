/** Whether two worlds agree on a scenario. Pure: in what they may differ stands in rules.ts, and nowhere else. */
import { type Difference, differencesAt } from './differences.ts'
import { normaliseAt, type Plain } from './normaliser.ts'
import type { Outcome } from './outcome.ts'

export type { Difference } from './differences.ts'

/** The outcome with what the rules name replaced by words that both worlds have. */
export function normalise(outcome: Outcome): Plain {
  return normaliseAt('', outcome as unknown as Plain)
}

/** Every difference that no rule covers. Empty: the worlds agree. */
export function compare(embedded: Outcome, lab: Outcome): readonly Difference[] {
  return differencesAt(normalise(embedded), normalise(lab), '')
}
