import { describe, expect, it } from '@jest/globals'
import type { EmbeddedIssue } from '../../rehearsal/contract.ts'
import { judgeNights, type Nights, nightFaults } from '../../rehearsal/nights/index.ts'

const fault = nightFaults['triton-stub-dead']
if (fault === undefined) throw new Error('there is no such fault')
const [check = ''] = fault.fails

function night(
  conclusion: 'success' | 'failure',
  failing: readonly string[],
  issues: readonly Partial<EmbeddedIssue>[],
) {
  const outputs = { 'failed-checks': JSON.stringify(failing) }
  const job = { id: 'nightly', name: 'Nightly', conclusion, outputs, steps: [], runsOn: [], permissions: {} }
  const run = { conclusion, log: '', summary: '', annotations: [], artifacts: {}, directory: '', runName: '' }
  return { run: { ...run, jobs: [job] }, issues: issues as readonly EmbeddedIssue[] }
}
const opened = { number: 1, state: 'open', body: `| ${check} |`, comments: [] } as const
const closed = { ...opened, state: 'closed', comments: [{ id: 1, login: '', body: 'well again', at: '' }] } as const
const nights = (broken: Nights['broken'], repaired: Nights['repaired']): Nights => ({ broken, repaired, world: '' })

describe('two nights', () => {
  it('are as expected when one issue opens, names the check, and closes with a word', () => {
    const verdict = judgeNights(fault, nights(night('failure', [check], [opened]), night('success', [], [closed])))
    expect(verdict).toEqual({ isAsExpected: true, text: expect.stringContaining('an issue opened, and closed again') })
  })

  it.each([
    [
      'another check fails',
      night('failure', ['nodes.ready'], [opened]),
      night('success', [], [closed]),
      /did not fail in the first night/,
    ],
    [
      'nobody is told',
      night('failure', [check], []),
      night('success', [], []),
      /left 0 issues.*did not close the one issue/,
    ],
    [
      'everybody is told twice',
      night('failure', [check], [opened, opened]),
      night('success', [], [closed]),
      /left 2 issues/,
    ],
    [
      'it goes on failing',
      night('failure', [check], [opened]),
      night('failure', [check], [opened]),
      /second night ended as failure.*infer.* failed; the second night did not close/,
    ],
    [
      'it is closed in silence',
      night('failure', [check], [opened]),
      night('success', [], [{ ...closed, comments: [] }]),
      /without a word/,
    ],
    [
      'the issue is about something else',
      night('failure', [check], [{ ...opened, body: 'x' }]),
      night('success', [], [closed]),
      /does not name triton\.infer/,
    ],
  ])('are not when %s', (_, broken, repaired, words) => {
    const verdict = judgeNights(fault, nights(broken, repaired))
    expect([verdict.isAsExpected, verdict.text]).toEqual([false, expect.stringMatching(words)])
  })

  it('have a fault for the cluster, for Triton, for what lies before it, and for a night that does not come', () => {
    expect(Object.keys(nightFaults)).toEqual(
      expect.arrayContaining(['triton-cpu-fallback', 'tunnel-down', 'verify-node-missing', 'runner-offline']),
    )
    for (const [name, { shows, fails }] of Object.entries(nightFaults))
      expect([name, shows !== '' && fails.length > 0]).toEqual([name, true])
  })
})
