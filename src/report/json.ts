import type { Report } from './model.ts'

/** Declaration order of the report and its parts, so that two reports can be compared line by line. Other keys follow, sorted. */
// biome-ignore format: one word per line would hide the order
const keyOrder = [
  'schema', 'action', 'cluster', 'node', 'host', 'result', 'dryRun', 'headline', 'next', 'startedAt', 'durationMs',
  'failure', 'code', 'id', 'verdict', 'question', 'title', 'kind', 'target', 'found', 'cause', 'reason', 'disrupts', 'remedy',
  'undo', 'waitsFor', 'evidence', 'state', 'link', 'provenance', 'plan', 'changes', 'blockers', 'applied', 'undone', 'changed',
  'restarted', 'checks', 'stages', 'milestones', 'stage', 'startedMs', 'endedMs', 'atMs', 'text', 'name', 'value', 'source',
  'facts', 'outputs', 'bytes', 'failed', 'verification', 'mode', 'suites', 'nodes', 'failing', 'newFailures', 'fixed', 'flapping',
  'alarms', 'since', 'gpuVerdict', 'apiRequests', 'issueUrl', 'metrics', 'topology', 'tunnel', 'server', 'paths', 'isServer', 'guard',
  'model', 'words', 'history', 'at', 'run', 'unasked', 'deployment', 'command', 'stack', 'url', 'counts', 'operation', 'type', 'differs',
  'isFailed', 'moreChanges', 'diagnostics', 'severity', 'resource', 'message', 'secretOutputs', 'isPlanBound', 'isComplete',
]
const rank = new Map(keyOrder.map((key, index) => [key, index]))

/** Names that users or hosts choose: sorted plainly, whatever they are called. */
const maps = new Set(['facts', 'outputs', 'metrics', 'since', 'counts'])

/** The JSON report (schemas/report.schema.json): stable key order, two blanks of indentation, one final newline. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(ordered(report, false), undefined, 2)}\n`
}

function ordered(value: unknown, isMap: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => ordered(one, false))
  if (typeof value !== 'object' || value === null) return value
  const rankOf = (key: string) => (isMap ? 0 : (rank.get(key) ?? rank.size))
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : a > b ? 1 : 0))
  // A key named __proto__ in remote facts must stay data.
  const result: Record<string, unknown> = Object.create(null)
  for (const [key, one] of entries) result[key] = ordered(one, !isMap && maps.has(key))
  return result
}
