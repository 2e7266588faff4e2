import { distance } from 'fastest-levenshtein'
import type { Check, Verdict } from './model.ts'

export type FailOn = 'fail' | 'warn' | 'never'

/** From good to bad. `error` is the worst: nobody knows what the answer would have been. */
const severity: readonly Verdict[] = ['skip', 'pass', 'warn', 'fail', 'error']

export interface ReportVerdict {
  /** The worst verdict of all checks; `skip` when there is none. */
  readonly worst: Verdict
  /** Whether the policy makes the run fail. A question that could not be asked counts like a `fail`. */
  readonly fails: boolean
  /** The checks that make it fail, in their order. */
  readonly failing: readonly Check[]
}

/** Applies `fail-on` to a run's checks. `never` reports and never fails. */
export function reportVerdict(checks: readonly Check[], failOn: FailOn): ReportVerdict {
  const threshold = failOn === 'warn' ? severity.indexOf('warn') : severity.indexOf('fail')
  const failing = failOn === 'never' ? [] : checks.filter((check) => severity.indexOf(check.verdict) >= threshold)
  const worst = checks.reduce<Verdict>(
    (sofar, check) => (severity.indexOf(check.verdict) > severity.indexOf(sofar) ? check.verdict : sofar),
    'skip',
  )
  return { worst, fails: failing.length > 0, failing }
}

export interface IgnoredChecks {
  readonly checks: readonly Check[]
  /** Ids that name no check, each with the nearest one that exists: probably a typing error. */
  readonly unknown: readonly { readonly id: string; readonly nearest?: string }[]
}

/**
 * Turns the named checks into `skip`, saying what they had found. A passing check stays `pass`: there is nothing to ignore.
 * `knownIds` are ids that exist beside those of `checks`, e.g. of a later stage.
 */
export function ignoreChecks(
  checks: readonly Check[],
  ids: readonly string[],
  knownIds: readonly string[] = [],
): IgnoredChecks {
  const known = [...new Set([...checks.map((check) => check.id), ...knownIds])]
  const ignored = new Set(ids)
  return {
    checks: checks.map((check) =>
      ignored.has(check.id) && check.verdict !== 'pass' && check.verdict !== 'skip'
        ? { ...check, verdict: 'skip', found: `ignored by ignore-checks (was ${check.verdict}): ${check.found}` }
        : check,
    ),
    unknown: [...ignored]
      .filter((id) => !known.includes(id))
      .map((id) => {
        const nearest = nearestOf(id, known)
        return nearest === undefined ? { id } : { id, nearest }
      }),
  }
}

function nearestOf(id: string, known: readonly string[]): string | undefined {
  const tail = (dotted: string) => dotted.slice(dotted.lastIndexOf('.') + 1)
  const ranked = known
    .map((candidate) => ({ candidate, far: Math.min(distance(id, candidate), distance(id, tail(candidate))) }))
    .sort((a, b) => a.far - b.far)
  const best = ranked[0]
  // Farther than half of its letters it is another word, not a typing error.
  return best && best.far <= Math.ceil(id.length / 2) ? best.candidate : undefined
}
