import { describe, expect, it } from '@jest/globals'
import type { JobSeen, WorkflowRunSeen, WorkflowSeen } from '../../src/runner/index.ts'
import { judgeWatch, type WatchFacts, watchEntries, watchWorkflow } from '../../src/verify/watch/index.ts'

const now = Date.parse('2026-02-03T04:27:00Z')
const minute = 60_000
const hour = 60 * minute

/** A run that was made so long ago; newest first in `night`. */
function run(ageMs: number, more: Partial<WorkflowRunSeen> = {}): WorkflowRunSeen {
  return {
    id: 10_041,
    number: 41,
    url: 'https://github.com/o/r/actions/runs/10041',
    event: 'schedule',
    status: 'completed',
    conclusion: 'success',
    createdAtMs: now - ageMs,
    ...more,
  }
}
const open = (ageMs: number, status: string): WorkflowRunSeen => run(ageMs, { status, conclusion: '' })
const ended = (conclusion: string): WorkflowRunSeen => run(hour, { conclusion })
const job = (name: string, conclusion: string, more: Partial<JobSeen> = {}): JobSeen => ({
  name,
  status: 'completed',
  conclusion,
  labels: [],
  ...more,
})

function night(
  runs: readonly WorkflowRunSeen[],
  more: Partial<WorkflowSeen> = {},
  jobs?: readonly JobSeen[],
): WatchFacts {
  const seen = { state: 'active', url: '', runs, askedAtMs: now, ...more }
  return { file: 'nightly.yml', withinMs: 12 * hour, isScheduled: true, seen, ...(jobs === undefined ? {} : { jobs }) }
}
const verdicts = (facts: WatchFacts): string =>
  judgeWatch(facts)
    .map((check) => check.verdict)
    .join(' ')
const said = (facts: WatchFacts, id: string): string => {
  const check = judgeWatch(facts).find((one) => one.id === `watch.${id}`)
  return [check?.found, check?.cause, check?.remedy].join(' | ')
}

describe('a watched workflow', () => {
  it('is well when it is on, started tonight, and came to its end', () => {
    expect(verdicts(night([run(70 * minute), run(25 * hour)]))).toBe('pass pass pass')
    expect(judgeWatch(night([run(hour)])).map((check) => check.id)).toEqual(watchEntries.map((entry) => entry.id))
  })

  it.each([
    [
      'it is missing',
      { file: 'nightly.yml', withinMs: hour, isScheduled: true, seen: undefined },
      /no workflow nightly\.yml .*default branch/,
    ],
    [
      'somebody switched it off',
      night([run(hour)], { state: 'disabled_manually' }),
      /switched it off.*gh workflow enable nightly\.yml/,
    ],
    [
      'nobody pushed for 60 days',
      night([run(hour)], { state: 'disabled_inactivity' }),
      /nothing happened in the repository for 60 days/,
    ],
    ['GitHub says something new', night([run(hour)], { state: 'asleep' }), /nightly\.yml is asleep/],
  ])('fails where it is not on, and asks nothing further: %s', (_, facts, words) => {
    expect(verdicts(facts)).toBe('fail skip skip')
    expect(said(facts, 'enabled')).toMatch(words)
    expect(said(facts, 'finished')).toContain('blocked by watch.enabled')
  })

  it.each([
    ['never', night([]), /has never run/],
    ['not tonight', night([run(25 * hour)]), /did not start within 12 hours: the last time was 25 hours ago .*busy/],
    [
      'not for days, behind a run that hangs in the queue',
      night([open(77 * hour, 'queued')]),
      /3 days ago .*run 41 has not ended \(queued\).*gh run cancel 10041/,
    ],
  ])('fails where it did not start: %s', (_, facts, words) => {
    expect(verdicts(facts)).toBe('pass fail skip')
    expect(said(facts, 'recent')).toMatch(words)
  })

  it.each([
    [
      'queued',
      [open(hour, 'queued')],
      [job('Verify', '', { status: 'queued', labels: ['self-hosted', 'lan'] })],
      'fail',
      /run 41 has been queued for 1 hour .*labels self-hosted, lan is free/,
    ],
    ['pending', [open(hour, 'pending')], [], 'fail', /concurrency group/],
    ['waiting', [open(hour, 'waiting')], [], 'fail', /reviewer/],
    ['queued only now', [open(5 * minute, 'queued')], [], 'skip', /under way \(queued\)/],
    [
      'queued by a button, the night before it was well',
      [open(5 * minute, 'queued'), run(hour)],
      [],
      'pass',
      /came to its end/,
    ],
    [
      'queued, a button before it as well',
      [open(5 * minute, 'queued'), open(hour, 'queued')],
      [],
      'fail',
      /has been queued/,
    ],
    ['running', [open(hour, 'in_progress')], [], 'skip', /under way/],
    ['running for hours', [open(3 * hour, 'in_progress')], [], 'fail', /running for 3 hours/],
    ['cancelled', [ended('cancelled')], undefined, 'fail', /no runner took its job within a day/],
    ['a bad file', [ended('startup_failure')], undefined, 'fail', /refuses the workflow file/],
    ['timed out', [ended('timed_out')], undefined, 'fail', /time limit/],
    ['something new', [ended('melted')], undefined, 'fail', /ended as melted/],
    [
      'failed and published',
      [ended('failure')],
      [job('Nightly / Verify', 'failure'), job('Nightly / Publish', 'success')],
      'pass',
      /has published/,
    ],
    [
      'failed without a word',
      [ended('failure')],
      [job('Nightly / Verify', 'failure'), job('Nightly / Publish', 'failure')],
      'fail',
      /not successful: Nightly \/ Verify, Nightly \/ Publish \| gh run view 10041 --log-failed/,
    ],
    ['failed, jobs hidden', [ended('failure')], undefined, 'warn', /cannot be read/],
  ] as const)('answers for the end of its last run: %s', (_, runs, jobs, verdict, words) => {
    const facts = night(runs, {}, jobs)
    expect(verdicts(facts)).toBe(`pass pass ${verdict}`)
    expect(said(facts, 'finished')).toMatch(words)
  })

  it('says the same from minute to minute', () => {
    const later = (ms: number) => night([run(25 * hour)], { askedAtMs: now + ms })
    expect(judgeWatch(later(0))).toEqual(judgeWatch(later(40 * minute)))
  })

  it('takes what GitHub says for data: one line, however long or strange', () => {
    const strange = `::error::x\n\u001b[31m${'y'.repeat(5000)}`
    const checks = judgeWatch(night([ended('failure')], {}, [job(strange, 'failure', { labels: [strange] })]))
    expect(JSON.stringify(checks)).not.toMatch(/\\n|\\u001b/)
    expect(JSON.stringify(checks).length).toBeLessThan(4000)
  })

  it.each([
    ['nobody has ever started it', [], 'pass skip pass'],
    [
      'it was quiet for months, and its last run failed',
      [run(2000 * hour, { conclusion: 'failure' })],
      'pass skip pass',
    ],
    ['one has just begun', [open(5 * minute, 'queued'), run(hour)], 'pass skip pass'],
    ['one has waited since noon', [open(12 * hour, 'queued'), run(40 * hour)], 'pass skip fail'],
    ['one waits behind one that hangs', [open(5 * minute, 'queued'), open(3 * hour, 'in_progress')], 'pass skip fail'],
  ])('that people start may be quiet, and must not wait: %s', (_what, runs, expected) => {
    expect(verdicts({ ...night(runs), isScheduled: false })).toBe(expected)
  })

  it('is an error, and no failure, when GitHub does not answer; a cancelled run says nothing', async () => {
    const fault = Object.assign(new Error('GitHub gave no answer'), {
      cause: 'slow',
      remedy: 'wait',
      evidence: ['504'],
    })
    const runs = { workflow: () => Promise.reject(fault), jobs: () => Promise.resolve([]) }
    const wish = { file: 'nightly.yml', withinMs: hour, isScheduled: true }
    const checks = await watchWorkflow(runs, wish, new AbortController().signal)
    expect(checks.map((check) => [check.verdict, check.found, check.remedy])).toEqual(
      watchEntries.map(() => ['error', 'GitHub gave no answer', 'wait']),
    )
    await expect(watchWorkflow(runs, wish, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled')
  })
})
