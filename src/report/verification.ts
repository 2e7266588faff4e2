import { checkCounts } from './log.ts'
import { cell, escapeMarkdown, table } from './markdown.ts'
import type { Check, Report, Verdict, Verification } from './model.ts'
import { hasMemory, newsOf } from './news.ts'
import { renderTopology } from './topology.ts'
import { renderLatencyChart, trends } from './trend.ts'
import { count, formatDuration } from './units.ts'

const icons: Readonly<Record<Verdict, string>> = { pass: '✅', warn: '⚠️', fail: '❌', error: '❔', skip: '➖' }
const order: readonly Verdict[] = ['fail', 'error', 'warn']

/** Rows above the fold; all checks are below it. */
const mostRows = 50
const mostNames = 10

/** Code of the failure of a run whose checks fail it: the table says what, so no block of its own is needed. */
export const checksFailed = 'checks-failed'

export function verificationIcon(verification: Verification): string {
  return icons[verification.verdict]
}

/** Counts, cost and news, in two sentences. */
export function verificationSentence(report: Report, verification: Verification): string {
  const limited = verification.nodes.length > 0 ? `, only ${names(verification.nodes)}` : ''
  const first = [
    `Cluster ${escapeMarkdown(report.cluster || 'unknown')}${limited}: ${checkCounts(report.checks)}`,
    `mode ${verification.mode}`,
    ...(verification.gpuVerdict ? [`Triton: ${verification.gpuVerdict}`] : []),
    count(verification.apiRequests, 'API request'),
    `${formatDuration(report.durationMs)} in all`,
  ].join(' · ')
  const { newFailures, fixed, flapping } = verification
  if (!hasMemory(verification))
    return `${first}.\n\n**News:** nothing to compare with, this is the first run that is remembered.`
  const news = [
    ...(newFailures.length > 0 ? [`new: ${names(newFailures)}`] : []),
    ...(fixed.length > 0 ? [`fixed: ${names(fixed)}`] : []),
    ...(flapping.length > 0 ? [`to and fro: ${names(flapping)}`] : []),
  ]
  const since = `${count(verification.history.length - 1, 'earlier run')} remembered`
  return `${first}.\n\n**News:** ${news.length > 0 ? news.join(' · ') : 'none'} (${since}).`
}

/** At most ten of them, and how many more. */
function names(ids: readonly string[]): string {
  const shown = ids.slice(0, mostNames).map((id) => cell(id, 80))
  return `${shown.join(', ')}${ids.length > shown.length ? ` and ${ids.length - shown.length} more` : ''}`
}

/** What is not plain pass, the worst and newest first; then what is known to be bad and was not asked this time. */
export function verificationTable(report: Report, verification: Verification): string {
  const fresh = new Set(verification.newFailures)
  const rank = (check: Check) => order.indexOf(check.verdict) * 2 + (fresh.has(check.id) ? 0 : 1)
  const loud = report.checks.filter((check) => order.includes(check.verdict)).toSorted((a, b) => rank(a) - rank(b))
  const rows = loud.slice(0, mostRows).map((check) => {
    const news = newsOf(verification, check.id)
    return [
      `${icons[check.verdict]}${news === '' ? '' : ` ${news}`}`,
      cell(check.id, 120),
      [cell(check.found), ...(check.cause ? [cell(check.cause)] : [])].join('<br>'),
      cell(check.remedy),
    ]
  })
  const unasked = verification.history.at(-1)?.unasked ?? []
  const more = [
    ...(loud.length > rows.length ? [`${loud.length - rows.length} more below, under all checks.`] : []),
    ...(unasked.length > 0 ? [`Not well when last asked, not asked this time: ${names(unasked)}.`] : []),
  ]
  return [table(['', 'check', 'found', 'do'], rows), ...more].filter((text) => text !== '').join('\n\n')
}

/** Picture of the cluster, latency over the last runs, and what changed, in words. */
export function verificationPictures(verification: Verification): readonly string[] {
  const words = trends(verification.history)
  return [
    renderTopology(verification.topology),
    renderLatencyChart(verification.history),
    words.length > 0 ? `**Trends**\n\n${words.map((line) => `- ${escapeMarkdown(line)}`).join('\n')}` : '',
  ]
}
