import { deploymentBlocks, deploymentIcon, deploymentSentence } from './deployment.ts'
import { failureRows } from './failure-rows.ts'
import { checkCounts, planHeading, provenanceWords } from './log.ts'
import { cell, cutMarkdown, details, escapeMarkdown, link, quotedLines, table } from './markdown.ts'
import type { Check, EvidenceExcerpt, Failure, Report, Verdict } from './model.ts'
import { cut } from './text.ts'
import { renderTimeline } from './timeline.ts'
import { count, formatBytes, formatDuration } from './units.ts'
import {
  checksFailed,
  verificationIcon,
  verificationPictures,
  verificationSentence,
  verificationTable,
} from './verification.ts'

const icons: Readonly<Record<Verdict, string>> = { pass: '✅', warn: '⚠️', fail: '❌', error: '❔', skip: '➖' }

/** ✅ done, 📋 only planned, ❌ failed; of a verification the verdict itself. */
function verdictIcon(report: Report): string {
  if (report.verification && (!report.failure || report.failure.code === checksFailed))
    return verificationIcon(report.verification)
  if (report.deployment) return deploymentIcon(report)
  if (report.result === 'failed' || report.failure) return '❌'
  return report.result === 'planned' || report.result === 'checked' ? '📋' : '✅'
}

/**
 * The step summary: verdict first, one sentence, what happens next; then only what is not plain pass, the plan and the
 * timeline; evidence, facts, provenance, all checks and stages folded. Markdown, at most 256 KiB. `excerpts`: of the report's evidence.
 */
export function renderSummary(report: Report, excerpts: readonly EvidenceExcerpt[] = []): string {
  const { verification, deployment } = report
  const blocks = [
    `## ${verdictIcon(report)} ${escapeMarkdown(report.headline)}`,
    verification
      ? verificationSentence(report, verification)
      : deployment
        ? deploymentSentence(report, deployment)
        : sentence(report),
    report.failure && !(verification && report.failure.code === checksFailed) ? failureBlock(report.failure) : '',
    `**Next:** ${escapeMarkdown(report.next)}`,
    ...(verification
      ? [
          verification.issueUrl ? `**Issue:** ${link(verification.issueUrl)}` : '',
          verificationTable(report, verification),
          ...verificationPictures(verification),
        ]
      : [
          ...(deployment ? deploymentBlocks(deployment) : []),
          checkTable(report.checks.filter((check) => check.verdict !== 'pass' && check.verdict !== 'skip')),
        ]),
    planBlock(report),
    verification ? '' : renderTimeline(report.stages, report.milestones),
    evidenceBlock(report, excerpts),
    details(
      'Facts',
      table(
        ['fact', 'value'],
        Object.entries(report.facts).map(([name, value]) => [cell(name), cell(value)]),
      ),
    ),
    details(
      'Where each value came from',
      table(
        ['value', 'is', 'from'],
        report.provenance.map((one) => [cell(one.name), cell(one.value), cell(one.source)]),
      ),
    ),
    details(`All checks: ${checkCounts(report.checks)}`, checkTable(report.checks)),
    details(
      'Stages',
      table(
        ['stage', 'began', 'took'],
        report.stages.map((one) => [
          cell(one.title),
          formatDuration(one.startedMs),
          `${formatDuration(one.endedMs - one.startedMs)}${one.failed ? ' ❌' : ''}`,
        ]),
      ),
    ),
  ]
  return cutMarkdown(`${blocks.filter((block) => block !== '').join('\n\n')}\n`)
}

function sentence(report: Report): string {
  const where = report.host ? `, host ${escapeMarkdown(report.host)}` : ''
  const cluster = `cluster ${escapeMarkdown(report.cluster || 'unknown')}`
  const subject =
    report.node === '' ? `C${cluster.slice(1)}${where}` : `Node ${escapeMarkdown(report.node)} of ${cluster}${where}`
  const changes = report.plan.changes.length
  const done = `${report.applied.length} of ${changes} planned ${changes === 1 ? 'change' : 'changes'} carried out`
  const what = [
    ...(report.dryRun ? ['dry run, nothing was changed'] : []),
    ...(report.dryRun || report.node === '' ? [] : [changes === 0 ? 'nothing to change' : done]),
    ...(report.undone.length > 0 ? [`${report.undone.length} undone`] : []),
    ...(report.restarted ? ['agent restarted'] : []),
    checkCounts(report.checks),
    `${formatDuration(report.durationMs)} in all`,
  ]
  return `${subject}: ${what.join(' · ')}.`
}

function failureBlock(failure: Failure): string {
  const rows = [
    ...failureRows(failure),
    ...(failure.provenance ? [['basis', provenanceWords[failure.provenance]]] : []),
    ...(failure.link ? [['read', link(failure.link)]] : []),
  ]
  const evidence = failure.evidence.length > 0 ? `\n\n**Evidence**\n\n${quotedLines(failure.evidence, 30)}` : ''
  return `${table(['', 'failure'], rows)}${evidence}`
}

/** Names and sizes of the files, and some lines of those that tell most. */
function evidenceBlock({ evidence = [] }: Report, excerpts: readonly EvidenceExcerpt[]): string {
  if (evidence.length === 0) return ''
  const files = evidence.slice(0, 32).map((one) => `${cell(one.name, 80)} (${formatBytes(one.bytes)})`)
  const quoted = excerpts
    .slice(0, 8)
    .filter((one) => one.lines.length > 0)
    .map(
      (one) =>
        `**${cell(one.name, 80)}**\n\n${quotedLines(
          one.lines.map((line) => cut(line, 400)),
          20,
        )}`,
    )
  return details(`Evidence: ${count(evidence.length, 'file')}`, [files.join(', '), ...quoted].join('\n\n'))
}

function checkTable(checks: readonly Check[]): string {
  return table(
    ['', 'check', 'result', 'detail'],
    checks.map((check) => [
      icons[check.verdict],
      cell(check.id, 80),
      cell(check.found),
      [check.cause ? cell(check.cause) : '', check.remedy ? `→ ${cell(check.remedy)}` : '']
        .filter((text) => text !== '')
        .join('<br>'),
    ]),
  )
}

function planBlock(report: Report): string {
  const { plan } = report
  if (plan.changes.length === 0 && plan.blockers.length === 0) return ''
  const state = (id: string, waits: string | undefined) => {
    if (report.undone.includes(id)) return 'undone'
    if (report.applied.includes(id)) return 'done'
    return waits === undefined ? 'not done' : `waits for ${cell(waits)}`
  }
  const changes = table(
    ['#', 'change', 'target', 'reason', 'disrupts', 'state'],
    plan.changes.map((change, index) => [
      String(index + 1),
      change.kind,
      cell(change.target),
      cell(change.reason),
      change.disrupts ? cell(change.disrupts) : 'nothing',
      state(change.id, change.waitsFor),
    ]),
  )
  const blockers = checkTable(plan.blockers)
  return [`**Plan:** ${escapeMarkdown(planHeading(plan))}`, changes, blockers]
    .filter((text) => text !== '')
    .join('\n\n')
}
