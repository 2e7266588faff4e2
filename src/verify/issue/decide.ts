import type { Report, Verification } from '../../report/index.ts'
import type { IssueSeen } from '../../runner/index.ts'
import { bodyWith, type IssueState, isOurs, stateIn } from './state.ts'
import { changeComment, closedBody, digestOf, type IssueChange, issueTitle, openBody, openDigest } from './text.ts'

/** A failure that comes back within so many days is the same story; later it gets an issue of its own. */
export const sameStoryDays = 14
/** Ids of a change that its digest is made of; the issue's state holds no more either. */
const mostAlarms = 200

/** What is to be done about the issue. */
export type IssueDecision =
  | { readonly do: 'nothing'; readonly url: string; readonly why: string }
  | { readonly do: 'open'; readonly title: string; readonly body: string }
  | {
      readonly do: 'update' | 'reopen' | 'close'
      readonly number: number
      readonly url: string
      readonly title: string
      readonly body: string
      /** Absent: nothing that anybody should get mail for. */
      readonly comment?: { readonly digest: string; readonly body: string }
    }

export interface Decided {
  readonly decision: IssueDecision
  /** Number of the issue that stays; undefined: there is none. */
  readonly kept?: number
  /** Open issues of ours beside the one that is kept, from runs at the same time. */
  readonly duplicates: readonly IssueSeen[]
}

function differenceOf(before: readonly string[], now: readonly string[]): IssueChange {
  return { appeared: now.filter((id) => !before.includes(id)), gone: before.filter((id) => !now.includes(id)) }
}

const quiet: IssueDecision = { do: 'nothing', url: '', why: 'no alarm, and no open issue' }

/** Decides from the issues that are there. Pure. Of several open ones the oldest is kept, so that every run comes to the same. */
export function decideIssue(
  issues: readonly IssueSeen[],
  report: Report,
  verification: Verification,
  options: { readonly runUrl: string; readonly nowMs: number },
): Decided {
  const ours = issues.filter((issue) => isOurs(report.cluster, issue.body))
  const open = ours.filter((issue) => issue.isOpen).toSorted((a, b) => a.number - b.number)
  const [kept, ...duplicates] = open
  const told = stateIn(kept?.body ?? '')?.alarms ?? []
  const alarms = [...new Set([...verification.alarms, ...told.filter((id) => isStill(report, verification, id))])]
  const now: Written = { report, verification, alarms: alarms.toSorted().slice(0, mostAlarms), runUrl: options.runUrl }
  if (kept)
    return { decision: alarms.length > 0 ? updated(kept, now) : recovered(kept, now), kept: kept.number, duplicates }
  const last = lastClosed(ours, options.nowMs)
  if (alarms.length === 0) return { decision: last ? wellAgain(last, now) : quiet, duplicates: [] }
  return { decision: last ? comeBack(last, now) : opened(now), duplicates: [] }
}

/**
 * Whether something that the open issue tells of still fails, or could not be asked. The run's own memory may be lost, or want another
 * night before it is alarmed again: neither is a recovery.
 */
function isStill(report: Report, verification: Verification, id: string): boolean {
  if (verification.failing.includes(id) || verification.history.at(-1)?.unasked?.includes(id)) return true
  const check = report.checks.find((one) => one.id === id)
  return check?.verdict === 'skip' && check.found.startsWith('blocked by')
}

interface Written {
  readonly report: Report
  readonly verification: Verification
  readonly alarms: readonly string[]
  readonly runUrl: string
}

/** The newest closed one of the same story; duplicates of another issue tell nothing. */
function lastClosed(ours: readonly IssueSeen[], nowMs: number): IssueSeen | undefined {
  const since = nowMs - sameStoryDays * 86_400_000
  return ours
    .filter((issue) => !issue.isOpen && (issue.closedAtMs ?? 0) >= since && stateIn(issue.body)?.closed !== 'duplicate')
    .toSorted((a, b) => b.number - a.number)[0]
}

function bodyOf(now: Written): { readonly text: string; readonly state: IssueState } {
  const text = openBody(now.report, now.verification, now.alarms)
  const digest = openDigest(now.report, now.verification, now.alarms)
  return { text, state: { alarms: now.alarms, at: now.report.startedAt, digest } }
}

function opened(now: Written): IssueDecision {
  const { text, state } = bodyOf(now)
  return {
    do: 'open',
    title: issueTitle(now.report.cluster, now.verification),
    body: bodyWith(now.report.cluster, state, text),
  }
}

function commentOn(
  issue: IssueSeen,
  now: Written,
  change: IssueChange,
): { readonly digest: string; readonly body: string } {
  const { report, runUrl } = now
  return {
    // Two runs at the same time see the same change; the same change on another day is another one.
    digest: digestOf(JSON.stringify([issue.number, change, report.startedAt.slice(0, 10)])),
    body: changeComment(report, now.alarms.length === 0, change, runUrl),
  }
}

function isNewer(state: IssueState | undefined, now: Written): boolean {
  return state !== undefined && Date.parse(state.at) > Date.parse(now.report.startedAt)
}

function newerRun(issue: IssueSeen): IssueDecision {
  return { do: 'nothing', url: issue.url, why: `a newer run has written issue #${issue.number}` }
}

function updated(issue: IssueSeen, now: Written): IssueDecision {
  const before = stateIn(issue.body)
  if (isNewer(before, now)) return newerRun(issue)
  const { text, state } = bodyOf(now)
  const change = differenceOf(before?.alarms ?? [], now.alarms)
  const isSame = before !== undefined && change.appeared.length === 0 && change.gone.length === 0
  const title = issueTitle(now.report.cluster, now.verification)
  if (isSame && before.digest === state.digest)
    return { do: 'nothing', url: issue.url, why: `issue #${issue.number} says it already` }
  return {
    do: 'update',
    number: issue.number,
    url: issue.url,
    title,
    body: bodyWith(now.report.cluster, state, text),
    ...(isSame ? {} : { comment: commentOn(issue, now, change) }),
  }
}

function recovered(issue: IssueSeen, now: Written): IssueDecision {
  const before = stateIn(issue.body)
  return isNewer(before, now) ? newerRun(issue) : { ...recovering(issue, now, before), do: 'close' }
}

function recovering(issue: IssueSeen, now: Written, before: IssueState | undefined) {
  const text = closedBody(now.report, now.verification, before?.alarms ?? [])
  const state: IssueState = { alarms: [], at: now.report.startedAt, digest: digestOf(text), closed: 'recovered' }
  return {
    number: issue.number,
    url: issue.url,
    title: issueTitle(now.report.cluster, now.verification),
    body: bodyWith(now.report.cluster, state, text),
    comment: commentOn(issue, now, differenceOf(before?.alarms ?? [], [])),
  }
}

/** A person closed it while something failed, and now all is well: written down without a word, so that the next failure is news. */
function wellAgain(issue: IssueSeen, now: Written): IssueDecision {
  const before = stateIn(issue.body)
  if (before === undefined || before.closed !== undefined || isNewer(before, now)) return quiet
  const { comment: _, ...written } = recovering(issue, now, before)
  return { ...written, do: 'update' }
}

/**
 * Failures are there, and the last issue is closed. When a person closed it while just these failed, it stays closed: somebody
 * knows and does not want to hear of it. One more failure opens it again.
 */
function comeBack(issue: IssueSeen, now: Written): IssueDecision {
  const before = stateIn(issue.body)
  if (isNewer(before, now)) return newerRun(issue)
  const byPerson = before !== undefined && before.closed === undefined
  const change = differenceOf(before?.alarms ?? [], now.alarms)
  if (byPerson && change.appeared.length === 0)
    return {
      do: 'nothing',
      url: issue.url,
      why: `somebody closed issue #${issue.number} while this failed: it stays closed until more does`,
    }
  const { text, state } = bodyOf(now)
  return {
    do: 'reopen',
    number: issue.number,
    url: issue.url,
    title: issueTitle(now.report.cluster, now.verification),
    body: bodyWith(now.report.cluster, state, text),
    comment: commentOn(issue, now, change),
  }
}
