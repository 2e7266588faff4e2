import type { Builder, TestCase } from 'junit-report-builder'
import type { Check, Report, Stage } from './model.ts'
import { cut, oneLine, printableLines } from './text.ts'

/**
 * The checks as JUnit XML: one suite for each group of checks. What fails the run by its `fail-on` is a failure, what could not be
 * asked an error, what was not asked is skipped with its reason, and a warning that fails nothing passes with its words in `system-out`.
 * The package is loaded here, so that only whoever writes JUnit pays for it.
 */
export async function renderJunit(report: Report): Promise<string> {
  const { default: module } = await import('junit-report-builder')
  // A CommonJS module whose `exports` are the builder, where its types promise `exports.default`. That one is for the whole process, and
  // remembers: each report gets its own.
  const shared = module as unknown as Builder
  const builder = shared.newBuilder().name(plain(`${report.action} ${report.cluster}`, 200))
  const failing = new Set(report.verification?.failing)
  for (const [name, checks] of suitesOf(report)) {
    const suite = builder
      .testSuite()
      .name(name)
      .timestamp(report.startedAt)
      .time(stageMs(report.stages, name) / 1000)
    for (const check of checks) {
      const one = suite
        .testCase()
        .className(`${plain(report.cluster, 100)}.${name}`)
        .name(plain(check.id, 200))
        .time(0)
      tell(one, check, failing.has(check.id))
    }
  }
  return builder.build()
}

function tell(one: TestCase, check: Check, fails: boolean): void {
  const found = plain(check.found, 1000)
  if (check.verdict === 'error') one.error(found, check.verdict, words(check))
  else if (check.verdict === 'fail' || fails) one.failure(found, check.verdict).stacktrace(words(check))
  else if (check.verdict === 'skip') one.skipped().standardOutput(`skipped: ${found.replace(sectionEnd, ']] >')}`)
  else if (check.verdict === 'warn') one.standardOutput(words(check))
}

function words(check: Check): string {
  return [
    check.question,
    `${check.verdict}: ${check.found}`,
    ...(check.cause ? [`because ${check.cause}`] : []),
    ...(check.remedy ? [`do: ${check.remedy}`] : []),
    ...(check.evidence ?? []).slice(0, 20),
  ]
    .flatMap((text) => printableLines(text, 1000))
    .map((line) => line.replace(noCharacter, '').replace(sectionEnd, ']] >'))
    .join('\n')
}

/** By the first part of the ids, in the order in which they come. */
function suitesOf(report: Report): ReadonlyMap<string, readonly Check[]> {
  return Map.groupBy(report.checks, (check) => plain(check.id.split('.', 1)[0] ?? '', 60))
}

/** A stage belongs to a suite when its title holds the suite's name as a word. */
export function stageMs(stages: readonly Stage[], suite: string): number {
  return stages
    .filter((stage) =>
      stage.title
        .toLowerCase()
        .split(/[^a-z0-9-]+/)
        .includes(suite),
    )
    .reduce((sum, stage) => sum + Math.max(0, Math.round(stage.endedMs - stage.startedMs)), 0)
}

/** The package ends a CDATA section of its own only at the first `]]>` of a text (xmlbuilder 15, XMLStringifier.cdata). */
const sectionEnd = /\]\]>/g

/** XML 1.0 has no such characters, not even escaped; control characters and lone surrogates are gone by then. */
const noCharacter = /[\uFFFE\uFFFF]/g

function plain(text: string, limit: number): string {
  return cut(oneLine(text, limit).replace(noCharacter, ''), limit)
}
