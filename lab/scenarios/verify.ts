/** Pressing verify-cluster, and what it must have said. */
import assert from 'node:assert/strict'
import type { Press } from '../../rehearsal/press.ts'
import type { Check } from '../../src/report/index.ts'
import type { Situation } from '../situation.ts'

export interface Verified {
  readonly press: Press
  /** From start to end of the press. */
  readonly elapsedMs: number
  /** @throws AssertionError with the log of the run when it was not asked */
  check(id: string): Check
}

/** Lines of a list, as a workflow gives it. */
const lines = (values: readonly string[]): string => values.join('\n')

/** Presses verify-cluster with the rights of its two manifests. @throws AssertionError when it ends without a report */
export async function verify(
  situation: Situation,
  suites: readonly string[],
  inputs: Readonly<Record<string, string>> = {},
): Promise<Verified> {
  const startedAt = performance.now()
  const press = await situation.press({ suites: lines(suites), ...inputs }, { action: 'verify-cluster' })
  const elapsedMs = performance.now() - startedAt

  const log = `${press.stdout}${press.stderr}`
  const { report } = press
  assert.ok(report, `the run ended with ${press.exitCode} and without a report:\n${log}`)
  return {
    press,
    elapsedMs,
    check(id) {
      const found = report.checks.find((check) => check.id === id)
      assert.ok(
        found,
        `there is no check ${id} among ${report.checks.map((check) => check.id).join(', ')}; the log:\n${log}`,
      )
      return found
    },
  }
}

/** What a check must have come to: its verdict, and words that its finding or its evidence must have. */
export type Expected = readonly [verdict: Check['verdict'], words?: RegExp]

/** Holds checks against what they must have come to, all of them before it fails. */
export function expectChecks(verified: Verified, expected: Readonly<Record<string, Expected>>): void {
  const wrong = Object.entries(expected).flatMap(([id, [verdict, words]]) => {
    const { verdict: seen, found, cause = '', evidence = [] } = verified.check(id)
    const text = [found, cause, ...evidence].join('\n')
    if (seen === verdict && (words === undefined || words.test(text))) return []
    return [`${id} is ${seen}, not ${verdict}${words === undefined ? '' : ` with ${words}`}: ${text}`]
  })
  assert.deepEqual(wrong, [])
}
