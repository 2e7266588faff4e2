import type { Report } from '../../report/index.ts'
import type { IssueSeen, IssueTracker } from '../../runner/index.ts'
import { decideIssue, type IssueDecision, sameStoryDays } from './decide.ts'
import { bodyWith, commentMarker, isOurs } from './state.ts'
import { digestOf } from './text.ts'

export interface IssueOptions {
  /** The first of them finds the issue again. Empty: `defaultIssueLabel`. */
  readonly labels: readonly string[]
  /** Address of the run that reports, for the comment; empty: none. */
  readonly runUrl: string
  /** Epoch milliseconds of now. */
  readonly nowMs: number
  /** Only says what it would do. */
  readonly dryRun?: boolean
}

export const defaultIssueLabel = 'verify-cluster'

/** What became of the issue. */
export interface KeptIssue {
  readonly did: 'opened' | 'updated' | 'reopened' | 'closed' | 'nothing'
  /** Address; empty: there is none. */
  readonly url: string
  /** One line for the log. */
  readonly said: string
}

const done = { open: 'opened', update: 'updated', reopen: 'reopened', close: 'closed' } as const
const dayMs = 86_400_000

/**
 * Opens, updates, reopens or closes the one issue of the report's cluster. The report is redacted already. Two runs at the same time
 * come to one issue: whoever opened one looks again, and the oldest stays. Rejects as the tracker does.
 */
export async function keepIssue(tracker: IssueTracker, report: Report, options: IssueOptions): Promise<KeptIssue> {
  const { verification } = report
  if (!verification) return { did: 'nothing', url: '', said: 'this report is none of verify-cluster: no issue is kept' }
  const labels = options.labels.length > 0 ? options.labels : [defaultIssueLabel]
  const look = () => tracker.list(labels[0] ?? defaultIssueLabel, options.nowMs - sameStoryDays * dayMs)
  const decide = (issues: readonly IssueSeen[]) => decideIssue(issues, report, verification, options)

  const { decision, duplicates, kept } = decide(await look())
  if (options.dryRun) return { did: 'nothing', url: urlOf(decision), said: `dry run: would ${words(decision)}` }
  await closeDuplicates(tracker, report, duplicates, kept)
  if (decision.do !== 'open') return await carryOut(tracker, decision, options)

  const mine = await tracker.create({ title: decision.title, body: decision.body, labels })
  // The list may be a moment behind, so what was just made is added to it. Repeated requests may have made more than one, too.
  const others = (await look()).filter((issue) => issue.number !== mine.number)
  const open = [mine, ...others]
    .filter((issue) => issue.isOpen && isOurs(report.cluster, issue.body))
    .toSorted((a, b) => a.number - b.number)
  const first = open[0] ?? mine
  await closeDuplicates(tracker, report, open.slice(1), first.number)
  if (first.number === mine.number) return { did: 'opened', url: mine.url, said: `issue #${mine.number} is opened` }
  return await carryOut(tracker, decide([first]).decision, options)
}

async function carryOut(tracker: IssueTracker, decision: IssueDecision, options: IssueOptions): Promise<KeptIssue> {
  if (decision.do === 'nothing') return { did: 'nothing', url: decision.url, said: decision.why }
  if (decision.do === 'open') throw new Error('an issue is opened elsewhere')
  const { number, url, comment } = decision
  await tracker.edit(number, {
    title: decision.title,
    body: decision.body,
    ...(decision.do === 'reopen' ? { state: 'open' } : {}),
    ...(decision.do === 'close' ? { state: 'closed', reason: 'completed' } : {}),
  })
  const isTold = comment === undefined || (await tellOnce(tracker, number, comment, options.nowMs))
  const unsaid = isTold ? '' : '; its conversation is locked, so there is no comment'
  return { did: done[decision.do], url, said: `issue #${number} is ${done[decision.do]}${unsaid}` }
}

/** Comments unless another run has, and takes the comment back when it turns out that another was first. False: it is locked. */
async function tellOnce(
  tracker: IssueTracker,
  number: number,
  comment: { readonly digest: string; readonly body: string },
  nowMs: number,
): Promise<boolean> {
  const marker = commentMarker(comment.digest)
  const same = async () =>
    (await tracker.comments(number, nowMs - dayMs)).filter((one) => one.body.replaceAll('\r', '').startsWith(marker))
  if ((await same()).length > 0) return true
  const mine = await tracker.comment(number, `${marker}\n${comment.body}`)
  if (mine === undefined) return false
  if ((await same()).some((one) => one.id < mine.id)) await tracker.deleteComment(mine.id)
  return true
}

/** Issues beside the one that is kept: closed, with a word about where to read on. */
async function closeDuplicates(
  tracker: IssueTracker,
  report: Report,
  duplicates: readonly IssueSeen[],
  kept: number | undefined,
): Promise<void> {
  for (const issue of duplicates.slice(0, 20)) {
    const text = `This is told in issue #${kept ?? '?'}.`
    const state = { alarms: [], at: report.startedAt, digest: digestOf(text), closed: 'duplicate' } as const
    await tracker.edit(issue.number, {
      body: bodyWith(report.cluster, state, text),
      state: 'closed',
      reason: 'duplicate',
    })
  }
}

function urlOf(decision: IssueDecision): string {
  return decision.do === 'open' ? '' : decision.url
}

function words(decision: IssueDecision): string {
  if (decision.do === 'nothing') return `do nothing: ${decision.why}`
  return decision.do === 'open' ? 'open an issue' : `${decision.do} issue #${decision.number}`
}
