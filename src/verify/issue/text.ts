import { createHash } from 'node:crypto'
import {
  type Check,
  cell,
  details,
  newsOf,
  oneLine,
  type Report,
  table,
  type Verification,
} from '../../report/index.ts'

/** GitHub takes 65,536 characters; what is more makes the whole request fail. */
const mostCharacters = 60_000
const mostRows = 60
const mostNames = 20

/**
 * Text that GitHub would make more of than text: in an issue `#12` and `GH-12` also link back from issue 12. A joiner breaks them;
 * mentions are broken by `escapeMarkdown` already. An entity's own `#` is left.
 */
function quiet(markdown: string): string {
  return markdown.replace(/(?<!&)#(?=\d)/g, '#\u2060').replace(/\bGH-(?=\d)/gi, (word) => `${word}\u2060`)
}

const text = (value: string | undefined, limit = 600): string => quiet(cell(value, limit))

/** Whether it is the watchdog's: about a workflow that does not come, not about a cluster. */
const isWatch = ({ suites }: Verification): boolean => suites.length === 1 && suites[0] === 'watch'

/** `oceanid: nightly verification fails`: the same for every night, so that mail clients keep one thread. */
export function issueTitle(cluster: string, verification: Verification): string {
  // Titles are no Markdown.
  const subject = oneLine(cluster, 80)
  return isWatch(verification) ? `${subject} does not run as it should` : `${subject}: nightly verification fails`
}

function subjectOf(report: Report, verification: Verification): string {
  return isWatch(verification)
    ? `The watch over **${text(report.cluster, 100)}**`
    : `The verification of cluster **${text(report.cluster, 100)}**`
}

function names(ids: readonly string[]): string {
  const shown = ids.slice(0, mostNames).map((id) => text(id, 120))
  return `${shown.join(', ')}${ids.length > shown.length ? ` and ${ids.length - shown.length} more` : ''}`
}

/** `since 2026-11-20`, and whether it goes to and fro. No word that is true for one night only. */
function standing(verification: Verification, id: string): string {
  const since = verification.since[id]
  return [
    ...(since === undefined ? [] : [`since ${since.slice(0, 10)}`]),
    ...(newsOf(verification, id).includes('to and fro') ? ['to and fro'] : []),
  ].join(', ')
}

function row(check: Check, verification: Verification): readonly string[] {
  return [
    { fail: '❌', error: '❔', warn: '⚠️', pass: '✅', skip: '➖' }[check.verdict],
    text(check.id, 120),
    [text(check.found), ...(check.cause ? [text(check.cause)] : [])].join('<br>'),
    text(check.remedy),
    standing(verification, check.id),
  ]
}

/** What the issue says while checks fail. Nothing in it changes from night to night unless the cluster does. */
export function openBody(report: Report, verification: Verification, alarms: readonly string[]): string {
  const byId = new Map(report.checks.map((check) => [check.id, check]))
  const alarmed = alarms.map((id) => byId.get(id)).filter((check) => check !== undefined)
  const asked = alarmed.filter((check) => check.verdict !== 'skip')
  const unasked = alarms.filter((id) => !asked.some((check) => check.id === id))
  const warned = report.checks.filter((check) => check.verdict === 'warn' && !alarms.includes(check.id))
  const evidence = asked
    .flatMap((check) =>
      (check.evidence ?? []).slice(0, 5).map((line) => `- ${text(check.id, 120)}: ${text(line, 400)}`),
    )
    .slice(0, 60)
  const blocks = [
    `${subjectOf(report, verification)} fails. This issue is kept by verify-cluster: it changes with what is found, and closes when all of this passes.`,
    table(
      ['', 'check', 'found', 'do', ''],
      asked.slice(0, mostRows).map((check) => row(check, verification)),
    ),
    asked.length > mostRows ? `${asked.length - mostRows} more are in the run's report.` : '',
    unasked.length > 0
      ? `Not asked by the last run, because something before them fails or they are no part of it: ${names(unasked)}.`
      : '',
    warned.length > 0 ? details(`Warnings: ${warned.length}`, names(warned.map((check) => check.id))) : '',
    evidence.length > 0 ? details('Evidence', evidence.join('\n')) : '',
  ]
  return clipped(blocks)
}

/**
 * What of it is news: ids, verdicts and findings. Causes and evidence quote the cluster, which says one thing in two ways from night to
 * night (ErrImagePull and ImagePullBackOff, names of pods, times), so that another wording alone writes nothing anew.
 */
export function openDigest(report: Report, verification: Verification, alarms: readonly string[]): string {
  const told = report.checks.flatMap(({ id, verdict, found }) =>
    alarms.includes(id) ? [[id, verdict, verdict === 'skip' ? '' : found, standing(verification, id)]] : [],
  )
  const warned = report.checks
    .filter(({ id, verdict }) => verdict === 'warn' && !alarms.includes(id))
    .map(({ id }) => id)
  return digestOf(JSON.stringify([alarms, told, warned]))
}

const isAnswered = (report: Report, id: string): boolean =>
  report.checks.some((check) => check.id === id && ['pass', 'warn', 'fail'].includes(check.verdict))

/** What it says when nothing of it fails any more. That nobody asks any more is another thing than that it passes. */
export function closedBody(report: Report, verification: Verification, alarms: readonly string[]): string {
  const open = alarms.filter((id) => !isAnswered(report, id))
  const passed =
    open.length === 0 ? 'failed, and passes again.' : 'failed, and nothing of it is known to fail any more.'
  return clipped([
    `${subjectOf(report, verification)} ${passed}`,
    alarms.length > 0 ? `It was about: ${names(alarms)}.` : '',
    open.length > 0 ? `Not asked any more, so that nobody knows: ${names(open)}.` : '',
  ])
}

/** Whole blocks, as many as fit: half a table or an open fold would swallow what follows. */
function clipped(blocks: readonly string[]): string {
  const kept: string[] = []
  let left = mostCharacters
  for (const block of blocks.filter((one) => one !== '')) {
    const fits = block.length <= left ? block : clippedTable(block, left)
    if (fits === '') continue
    kept.push(fits)
    left -= fits.length + 2
  }
  return kept.join('\n\n')
}

/** A table loses its last rows; anything else goes as a whole. */
function clippedTable(block: string, limit: number): string {
  if (!block.startsWith('|')) return ''
  const lines: string[] = []
  let length = 0
  for (const line of block.split('\n')) {
    length += line.length + 1
    if (length > limit) break
    lines.push(line)
  }
  return lines.length > 2 ? lines.join('\n') : ''
}

/** What changed since the issue was last written. */
export interface IssueChange {
  readonly appeared: readonly string[]
  readonly gone: readonly string[]
}

/** One comment for one change: what is new and what is fixed, with the run that saw it. `isWell`: nothing is left of it. */
export function changeComment(report: Report, isWell: boolean, change: IssueChange, runUrl: string): string {
  const byId = new Map(report.checks.map((check) => [check.id, check]))
  const better = change.gone.filter((id) => isAnswered(report, id))
  const unasked = change.gone.filter((id) => !isAnswered(report, id))
  const appeared = change.appeared.slice(0, mostNames).map((id) => {
    const found = byId.get(id)?.found
    return `- ❌ ${text(id, 120)}${found ? `: ${text(found, 300)}` : ''}`
  })
  const left = change.appeared.length - appeared.length
  const blocks = [
    isWell ? '✅ Nothing that this issue was about fails any more.' : '',
    appeared.length > 0 ? `Fails now:\n\n${appeared.join('\n')}${left > 0 ? `\n- and ${left} more` : ''}` : '',
    better.length > 0 ? `No longer fails: ${names(better)}.` : '',
    unasked.length > 0 ? `No longer asked: ${names(unasked)}.` : '',
    /^https:\/\/[\w.~/%-]+$/.test(runUrl) ? `Seen by ${runUrl}` : '',
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

/** Short name of a text, to see whether it changed. */
export function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16)
}
