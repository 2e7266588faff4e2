import type { Diagnosis, Evidence, Row, StateCondition, Strength } from './model.ts'

/** A journal may be hostile or endless; what a person could not read either is not searched. */
const maximumLines = 20_000
const maximumLineLength = 4000
const maximumCharacters = 8_000_000
const contextLines = 8

/** Lines that systemd writes around every failure; true, and never the reason. */
const frame = /systemd\[\d+\]: |: Main process exited|Scheduled restart job/
const alarming = /level=(?:error|fatal|panic)|\b[EF]\d{4} \d\d:|\b(?:panic|fatal|error|failed|refused|denied)\b/i

interface Hit {
  readonly row: Row
  readonly line: number
  readonly groups: Readonly<Record<string, string>>
}

/**
 * Finds the row that explains the evidence best: a text that names a cause before one that is only a symptom, before a
 * mere state; among causes the first line that was written, because later lines are consequences, and on one line the most
 * specific row; among symptoms the one that stands first among the rows. Undefined: no row fits. Pure.
 */
export function diagnoseWith(rows: readonly Row[], evidence: Evidence): Diagnosis | undefined {
  const lines = linesOf(evidence)
  const plain = lines.map(unquoted)
  const hits = rows.flatMap((row) => hitOf(row, plain, evidence) ?? [])
  const best = hits.sort(byWorth)[0]
  return best && describe(best, lines, evidence)
}

const strengths: readonly Strength[] = ['cause', 'symptom', 'state']

function byWorth(a: Hit, b: Hit): number {
  return (
    strengths.indexOf(a.row.strength) - strengths.indexOf(b.row.strength) ||
    // Symptoms come and go in passing, so neither their time nor their number says much: the catalogue's order decides.
    (a.row.strength === 'cause' ? a.line - b.line : 0) ||
    (a.row.strength === 'symptom' ? 0 : specificity(b.row) - specificity(a.row))
  )
}

function specificity(row: Row): number {
  return Object.keys(row.when ?? {}).length + (row.also?.length ?? 0) + (row.stages ? 1 : 0)
}

function linesOf(evidence: Evidence): readonly string[] {
  const checks = (evidence.checks ?? []).filter((check) => check.verdict === 'fail' || check.verdict === 'error')
  const lines = [
    ...evidence.texts,
    ...(evidence.node?.message ? [evidence.node.message] : []),
    ...checks.flatMap((check) => [check.found, ...(check.evidence ?? [])]),
  ]
    .flatMap((text) => text.split(/\r\n|[\r\n]/))
    .map((line) => line.slice(0, maximumLineLength))
  const head = fitting(lines)
  const tail = Math.max(head, lines.length - fitting(lines.toReversed()))
  return [...lines.slice(0, head), ...lines.slice(tail)]
}

/** How many lines from the first on make half of what is searched: causes stand at the beginning, the present at the end. */
function fitting(lines: readonly string[]): number {
  let characters = 0
  const beyond = lines.findIndex((line, index) => {
    characters += line.length
    return index >= maximumLines / 2 || characters > maximumCharacters / 2
  })
  return beyond < 0 ? lines.length : beyond
}

function hitOf(row: Row, lines: readonly string[], evidence: Evidence): Hit | undefined {
  if (row.stages && !row.stages.includes(evidence.stage)) return undefined
  if (!holds(row.when, evidence)) return undefined
  if (row.also?.some((wanted) => !lines.some((line) => wanted.test(line)))) return undefined
  if (row.matches.length === 0) return { row, line: lines.length, groups: {} }
  for (const [line, text] of lines.entries()) {
    for (const pattern of row.matches) {
      const match = pattern.exec(text)
      if (match) return { row, line, groups: { ...match.groups } }
    }
  }
  return undefined
}

/** Loggers that write msg="…" escape the quotes inside; patterns are written as the message was. */
function unquoted(line: string): string {
  return line.replaceAll('\\"', '"')
}

function holds(when: StateCondition | undefined, { node, unit }: Evidence): boolean {
  if (!when) return true
  if (when.nodeExists !== undefined && node?.exists !== when.nodeExists) return false
  if (when.nodeReady !== undefined && node?.ready !== when.nodeReady) return false
  if (when.unitActive !== undefined && (unit === undefined || (unit.activeState === 'active') !== when.unitActive))
    return false
  return when.restartsAtLeast === undefined || (unit !== undefined && unit.restarts >= when.restartsAtLeast)
}

function describe({ row, line, groups }: Hit, lines: readonly string[], evidence: Evidence): Diagnosis {
  const words: Readonly<Record<string, string | undefined>> = {
    ...groups,
    subject: evidence.subject,
    unit: evidence.unit?.name ?? 'the agent',
    restarts: String(evidence.unit?.restarts ?? 0),
    message: evidence.node?.message ?? 'none',
  }
  const filled = (text: string) => text.replace(/\{([a-z]+)\}/gi, (whole, name: string) => words[name] ?? whole)
  return {
    code: row.code,
    title: `${evidence.subject} ${evidence.fails ?? 'did not join'}: ${filled(row.title)}`,
    cause: filled(row.cause),
    remedy: filled(row.remedy),
    evidence: row.matches.length === 0 ? attached(lines, evidence) : [lines[line] ?? '', ...unitLine(evidence)],
    ...(row.link ? { link: row.link } : {}),
    provenance: row.provenance,
  }
}

/** No row fits: says so, and attaches what there is instead of guessing. */
export function unknownFailure(evidence: Evidence): Diagnosis {
  const unit = evidence.unit?.name
  return {
    code: 'unknown',
    title: `${evidence.subject} ${evidence.fails ?? 'did not join'}, and the catalogue of known causes has no entry for what was seen (stage: ${evidence.stage})`,
    cause: 'unknown; this is no guess: the lines below are the last alarming ones, the evidence bundle has all',
    remedy: unit
      ? `read them; on the host: journalctl -u ${unit}; then press the button again, or report this text so that it gets an entry`
      : 'read them; then press the button again, or report this text so that it gets an entry',
    evidence: attached(linesOf(evidence), evidence),
  }
}

/** The last alarming lines, or simply the last ones, without the frame that systemd puts around them; equal lines once. */
function attached(lines: readonly string[], evidence: Evidence): string[] {
  const own = lines.filter((line) => line.trim() !== '' && !frame.test(line))
  const loud = own.filter((line) => alarming.test(line))
  const chosen = loud.length > 0 ? loud : own.length > 0 ? own : lines
  const distinct = [...new Map(chosen.map((line) => [withoutTime(line), line])).values()]
  return [...distinct.slice(-contextLines), ...unitLine(evidence)]
}

/** The same complaint twice differs in its times and process ids only. */
function withoutTime(line: string): string {
  return line.replace(/\d+/g, '0')
}

function unitLine({ unit }: Evidence): string[] {
  if (!unit) return []
  const more = [
    `${unit.activeState}${unit.subState ? ` (${unit.subState})` : ''}`,
    `${unit.restarts} restarts`,
    ...(unit.result && unit.result !== 'success' ? [`result ${unit.result}`] : []),
    ...(unit.mainStatus ? [`exit status ${unit.mainStatus}`] : []),
  ]
  return [`${unit.name}: ${more.join(', ')}`]
}
