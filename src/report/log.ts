import type { Change, Check, Failure, Milestone, Plan, Verdict } from './model.ts'
import { cut, oneLine, pad, printableLines, width } from './text.ts'
import { count, formatDuration } from './units.ts'

/** Where the right-hand text of a stage heading ends. */
const rightEdge = 88

/** What a failing run's block shows at most; the rest is in the JSON report. */
const evidenceLines = 40

export const marks: Readonly<Record<Verdict, string>> = { pass: '✓', warn: '!', fail: '✗', error: '?', skip: '-' }

/** `▸ Read the cluster                    0.2 s`: title left, a short text (elapsed time, plan heading) right-aligned. */
export function stageHeading(title: string, right = ''): string {
  const left = `▸ ${oneLine(title)}`
  const end = oneLine(right)
  if (end === '') return left
  return `${left}${' '.repeat(Math.max(2, rightEdge - width(left) - width(end)))}${end}`
}

/** `18 checks: 16 pass, 2 warn`, then one line per check that a person should look at, with cause and remedy below. */
export function renderChecks(checks: readonly Check[]): string[] {
  if (checks.length === 0) return []
  const loud = checks.filter((check) => check.verdict !== 'pass' && check.verdict !== 'skip')
  const column = Math.min(28, Math.max(0, ...loud.map((check) => width(oneLine(check.id, 60)))))
  const lines = loud.flatMap((check) => {
    const indent = ' '.repeat(column + 6)
    return [
      `  ${marks[check.verdict]} ${pad(oneLine(check.id, 60), column)}  ${oneLine(check.found)}`,
      ...(check.cause ? [`${indent}because ${oneLine(check.cause)}`] : []),
      ...(check.remedy ? [`${indent}→ ${oneLine(check.remedy)}`] : []),
    ]
  })
  return [`  ${checkCounts(checks)}`, ...lines]
}

/** `18 checks: 16 pass, 2 warn` */
export function checkCounts(checks: readonly Check[]): string {
  const order: readonly Verdict[] = ['pass', 'warn', 'fail', 'error', 'skip']
  const parts = order.map((verdict) => [checks.filter((check) => check.verdict === verdict).length, verdict] as const)
  const said = parts.filter(([number]) => number > 0).map(([number, verdict]) => `${number} ${verdict}`)
  return `${count(checks.length, 'check')}${said.length > 0 ? `: ${said.join(', ')}` : ''}`
}

/** What the plan amounts to, e.g. `6 changes, no disruption` or `2 changes wait for adopt: apply (1 restart of k3s-agent)`. */
export function planHeading(plan: Plan): string {
  if (plan.blockers.length > 0) return `blocked: ${count(plan.blockers.length, 'reason')}`
  if (plan.changes.length === 0) return 'nothing to do'
  const now = plan.changes.filter((change) => change.waitsFor === undefined)
  const waiting = plan.changes.filter((change) => change.waitsFor !== undefined)
  const parts: string[] = []
  if (now.length > 0) {
    const disruption = disruptionOf(now)
    parts.push(`${count(now.length, 'change')}${disruption ? ` (${disruption})` : ', no disruption'}`)
  }
  if (waiting.length > 0) {
    const conditions = [...new Set(waiting.map((change) => change.waitsFor))].join(', ')
    const disruption = disruptionOf(waiting)
    const verb = waiting.length === 1 ? 'waits' : 'wait'
    const subject = now.length > 0 ? String(waiting.length) : count(waiting.length, 'change')
    parts.push(`${subject} ${verb} for ${conditions}${disruption ? ` (${disruption})` : ''}`)
  }
  return parts.join('; ')
}

function disruptionOf(changes: readonly Change[]): string {
  const restarts = changes.filter((change) => change.kind === 'restart')
  const others = changes.filter((change) => change.kind !== 'restart' && change.disrupts !== undefined)
  const parts: string[] = []
  if (restarts.length > 0) {
    const targets = [...new Set(restarts.map((change) => oneLine(change.target, 60)))].join(', ')
    parts.push(`${count(restarts.length, 'restart')} of ${targets}`)
  }
  if (others.length > 0) parts.push(count(others.length, restarts.length > 0 ? 'other disruption' : 'disruption'))
  return parts.join(', ')
}

/** The numbered table of changes: kind, target, reason; below a change what it disrupts and what it waits for. Then the blockers. */
export function renderPlan(plan: Plan): string[] {
  const numbers = String(plan.changes.length).length
  const kinds = Math.max(9, ...plan.changes.map((change) => change.kind.length))
  const targets = plan.changes.map((change) => oneLine(change.target, 160))
  // Short targets make the column; a long one pushes its own reason to the next line instead of everybody's to the right.
  const column = Math.max(0, ...targets.map(width).filter((columns) => columns <= 58))
  const indent = ' '.repeat(2 + numbers + 1 + kinds + 1)
  const lines = plan.changes.flatMap((change, index) => {
    const target = targets[index] ?? ''
    const reason = oneLine(change.reason)
    const head = `  ${String(index + 1).padStart(numbers)} ${pad(change.kind, kinds)} `
    const fits = width(target) <= column
    return [
      (fits ? `${head}${pad(target, column)}  ${reason}` : `${head}${target}`).trimEnd(),
      ...(fits || reason === '' ? [] : [`${indent}  ${reason}`]),
      ...(change.disrupts ? [`${indent}! ${oneLine(change.disrupts)}`] : []),
      ...(change.waitsFor ? [`${indent}… waits for ${oneLine(change.waitsFor)}`] : []),
    ]
  })
  const blockers = plan.blockers.flatMap((blocker) => [
    `  ✗ ${oneLine(blocker.id, 60)}  ${oneLine(blocker.found)}`,
    ...(blocker.cause ? [`    because ${oneLine(blocker.cause)}`] : []),
    ...(blocker.remedy ? [`    → ${oneLine(blocker.remedy)}`] : []),
  ])
  return [...lines, ...blockers]
}

/** In words, how sure a diagnosis is (promise 2: each one shows its provenance). */
export const provenanceWords: Readonly<Record<NonNullable<Failure['provenance']>, string>> = {
  observed: 'observed on real parts',
  reported: 'reported by others; not reproduced by us',
  invented: 'invented by us, from reasoning; never seen in the wild',
}

/** The `✗ …` block: title, then cause, remedy, evidence and state, aligned. */
export function renderFailure(failure: Failure): string[] {
  const evidence = failure.evidence.flatMap((text) => printableLines(text, 400))
  const shown = evidence.slice(0, evidenceLines)
  if (evidence.length > shown.length) shown.push(`(${evidence.length - shown.length} more in the report)`)
  const row = (name: string, text: string) => `  ${pad(name, 8)}  ${text}`
  return [
    `✗ ${oneLine(failure.title)}`,
    row('cause', oneLine(failure.cause)),
    row('remedy', oneLine(failure.remedy)),
    ...shown.map((line, index) => row(index === 0 ? 'evidence' : '', line.trimStart())),
    row('state', oneLine(failure.state)),
    ...(failure.provenance ? [row('basis', provenanceWords[failure.provenance])] : []),
    ...(failure.link ? [row('read', oneLine(failure.link))] : []),
  ]
}

/** `   1.2 s  agent authenticated        2.9 s  containerd up` … wrapped before the right edge is left far behind. */
export function renderMilestones(milestones: readonly Milestone[]): string[] {
  const cells = milestones.map((one) => `${formatDuration(one.atMs).padStart(8)}  ${cut(oneLine(one.text), 60)}`)
  const lines: string[] = []
  for (const cell of cells) {
    const last = lines.at(-1)
    const joined = last === undefined ? undefined : `${last}     ${cell}`
    if (joined === undefined || width(joined) > 116) lines.push(cell)
    else lines[lines.length - 1] = joined
  }
  return lines
}
