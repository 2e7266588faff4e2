import { cell, details, escapeMarkdown, link, quotedLines, table } from './markdown.ts'
import type { Deployment, Report } from './model.ts'
import { cut, oneLine } from './text.ts'
import { count, formatDuration } from './units.ts'

type Change = Deployment['changes'][number]

/** Rows above the fold, and how much of a message is shown; all of it is in the report and in the log. */
const mostRows = 50
const mostDiagnostics = 20
const mostNames = 8
const mostOutputs = 100
const longestMessage = 2000

/** What becomes of a resource, as Pulumi's operations say it (pulumi/pulumi: sdk/go/common/apitype/history.go, OpType). */
const signs: Readonly<Record<string, string>> = {
  create: '➕',
  'create-replacement': '➕',
  update: '✏️',
  refresh: '🔄',
  replace: '♻️',
  delete: '➖',
  'delete-replaced': '➖',
  discard: '➖',
  import: '📥',
  'import-replacement': '📥',
  read: '🔎',
}

/** Done, and to be done. Operations that are none of these are shown by their own name. */
const verbs: Readonly<Record<string, readonly [done: string, planned: string]>> = {
  create: ['created', 'to create'],
  update: ['updated', 'to update'],
  replace: ['replaced', 'to replace'],
  delete: ['deleted', 'to delete'],
  import: ['imported', 'to import'],
}

/** Operations after which a resource is what it was (pulumi/pulumi: pkg/engine/update.go, HasChanges). */
const quiet = new Set(['same', 'read', 'read-replacement', 'discard'])

const order = Object.keys(verbs)
/** Known operations first, in their order; then the others by name: two runs with the same counts say the same. */
function byOperation([a]: readonly [string, number], [b]: readonly [string, number]): number {
  const rank = (operation: string): number => (order.includes(operation) ? order.indexOf(operation) : order.length)
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}

/** `2 created, 1 updated, 41 unchanged`; of a preview `2 to create`. Plain text; empty: nothing is known. */
export function countsInWords({ command, counts }: Pick<Deployment, 'command' | 'counts'>): string {
  const words = Object.entries(counts)
    .filter(([operation, number]) => number > 0 && !quiet.has(operation))
    .sort(byOperation)
    .map(([operation, number]) => {
      const [done, planned] = verbs[operation] ?? [oneLine(operation, 40), oneLine(operation, 40)]
      if (command === 'drift') return `${number} differ${number === 1 ? 's' : ''} (${oneLine(operation, 40)})`
      return `${number} ${command === 'up' ? done : planned}`
    })
  const same = Object.hasOwn(counts, 'same') ? (counts.same ?? 0) : 0
  return [...words, ...(same > 0 ? [`${same} unchanged`] : [])].join(', ')
}

/** Below the headline. */
export function deploymentSentence(report: Report, deployment: Deployment): string {
  const about = { up: 'update', preview: 'preview', drift: 'comparison with what is really there' }[deployment.command]
  const words = countsInWords(deployment)
  return `Stack ${escapeMarkdown(deployment.stack)} of cluster ${escapeMarkdown(report.cluster || 'unknown')}: ${[
    `${about}${deployment.isPlanBound ? ', held to a plan' : ''}`,
    words === '' ? 'it did not get as far as a resource' : escapeMarkdown(words),
    ...(deployment.isComplete ? [] : ['cut off before its end']),
    `${formatDuration(report.durationMs)} in all`,
  ].join(' · ')}.`
}

/** The page of an update of this stack at Pulumi Cloud; any other address, which somebody else may have chosen, is text. */
export function updateLink({ url, stack }: Pick<Deployment, 'url' | 'stack'>): string {
  if (url === '') return ''
  const console = `https://app.pulumi.com/${stack}/`
  const isPage = /^(updates\/\d{1,9}|previews\/[A-Za-z0-9-]{1,64})$/.test(url.slice(console.length))
  return isPage && /^[\w.-]+(\/[\w.-]+){2}$/.test(stack) && url.startsWith(console) ? link(url) : escapeMarkdown(url)
}

function names(differs: readonly string[]): string {
  const shown = differs.slice(0, mostNames).map((name) => cell(name, 80))
  const rest = differs.length - shown.length
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** Failed ones first, then in Pulumi's order. */
function rows(changes: readonly Change[]): readonly (readonly string[])[] {
  return [...changes]
    .sort((a, b) => Number(b.isFailed) - Number(a.isFailed))
    .map((change) => [
      change.isFailed ? '❌' : Object.hasOwn(signs, change.operation) ? (signs[change.operation] ?? '') : '•',
      cell(change.operation, 40),
      cell(change.type, 120),
      cell(change.name, 160),
      names(change.differs),
    ])
}

/** Resources that are not as they were: the first above the fold, the others below. */
export function changesTable({ changes, moreChanges }: Deployment, most = mostRows): string {
  const header = ['', 'operation', 'type', 'name', 'differs']
  const all = rows(changes)
  const rest = all.slice(most)
  const unlisted = moreChanges > 0 ? `${count(moreChanges, 'more resource')}: see the page of the update.` : ''
  return [
    table(header, all.slice(0, most)),
    details(`${count(rest.length, 'more resource')}`, table(header, rest)),
    unlisted,
  ]
    .filter((text) => text !== '')
    .join('\n\n')
}

/** What program, providers and engine said, the errors first. As it came, in blocks that nothing in it can leave. */
export function diagnosticBlocks({ diagnostics }: Deployment, most = mostDiagnostics): string {
  const sorted = [...diagnostics].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
  const shown = sorted.slice(0, most).map(({ severity, resource, message }) => {
    const about = resource === '' ? 'the stack' : cell(resource, 200)
    return `${severity === 'error' ? '❌' : '⚠️'} **${about}**\n\n${quotedLines([cut(message, longestMessage)], 20)}`
  })
  const rest = sorted.length - shown.length
  return [...shown, ...(rest > 0 ? [`${count(rest, 'more message')} in the JSON report.`] : [])].join('\n\n')
}

/** Outputs that are not secret; of the others their names. */
export function outputsBlock({ outputs, secretOutputs }: Deployment): string {
  const entries = Object.entries(outputs)
  const all = [
    ...entries.map(([name, value]) => [cell(name, 120), cell(value, 300)]),
    ...secretOutputs.map((name) => [cell(name, 120), '*secret*']),
  ]
  const rest = all.length - mostOutputs
  return details(
    `Outputs of the stack: ${all.length}${secretOutputs.length > 0 ? `, ${secretOutputs.length} of them secret` : ''}`,
    all.length === 0
      ? ''
      : `${table(['output', 'value'], all.slice(0, mostOutputs))}${rest > 0 ? `\n\n${rest} more in the JSON report.` : ''}`,
  )
}

/** ✅ done, 📋 only planned, 🔀 not as it was deployed, ❌ failed. */
export function deploymentIcon(report: Report): string {
  if (report.result === 'drifted') return '🔀'
  if (report.result === 'failed' || report.failure) return '❌'
  return report.result === 'previewed' ? '📋' : '✅'
}

/** What the summary has of a deployment, between failure and checks. */
export function deploymentBlocks(deployment: Deployment): readonly string[] {
  const url = updateLink(deployment)
  return [
    url === '' ? '' : `**At Pulumi:** ${url}`,
    diagnosticBlocks(deployment),
    changesTable(deployment),
    outputsBlock(deployment),
  ]
}
