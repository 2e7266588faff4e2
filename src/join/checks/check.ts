import type { Check } from '../../report/index.ts'

/** What a check says when the answer is not the good one. */
export interface Otherwise {
  /** Default: fail. */
  readonly verdict?: 'warn' | 'fail'
  readonly cause: string
  readonly remedy: string
  readonly evidence?: readonly string[]
}

/** A check whose answer is known: pass with what was found, or what to do about it. */
export function answered(id: string, question: string, isFine: boolean, found: string, otherwise: Otherwise): Check {
  if (isFine) return passed(id, question, found)
  return { verdict: 'fail', ...otherwise, id, question, found }
}

/** Nothing can be wrong with what was found. */
export function passed(id: string, question: string, found: string): Check {
  return { id, verdict: 'pass', question, found }
}

/** The host did not say enough to answer: neither good nor bad, and shown as such. */
export function unanswered(id: string, question: string, why: string): Check {
  return { id, verdict: 'skip', question, found: `unknown: ${why}` }
}

/** A few of many, for one line: `a, b, c and 5 more`. */
export function few(items: readonly string[], most = 4): string {
  const rest = items.length - most
  return rest > 0 ? `${items.slice(0, most).join(', ')} and ${rest} more` : items.join(', ')
}
