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
  const suites = suitesOf(report)
  const times = timesOf(report.stages, [...suites.keys(), ...(report.verification?.suites ?? [])])
  for (const [name, checks] of suites) {
    const suite = builder
      .testSuite()
      .name(name)
      .timestamp(report.startedAt)
      .time((times.get(name) ?? 0) / 1000)
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

/**
 * The suite that a stage asks, by its title: the longest name that the title begins with, as `gpu-job` for `GPU Job`, and `gpu` for
 * `GPUs as the cluster offers them`.
 */
function suiteOf(title: string, suites: readonly string[]): string | undefined {
  const words = title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return suites
    .filter((suite) => [suite, `${suite}s`].some((name) => words === name || words.startsWith(`${name}-`)))
    .toSorted((a, b) => b.length - a.length)[0]
}

/** Milliseconds of the stages of each suite. */
function timesOf(stages: readonly Stage[], suites: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const { title, startedMs, endedMs } of stages) {
    const suite = suiteOf(title, suites)
    if (suite !== undefined) times.set(suite, (times.get(suite) ?? 0) + Math.max(0, Math.round(endedMs - startedMs)))
  }
  return times
}

/** The package ends a CDATA section of its own only at the first `]]>` of a text (xmlbuilder 15, XMLStringifier.cdata). */
const sectionEnd = /\]\]>/g

/** XML 1.0 has no such characters, not even escaped; control characters and lone surrogates are gone by then. */
const noCharacter = /[\uFFFE\uFFFF]/g

function plain(text: string, limit: number): string {
  return cut(oneLine(text, limit).replace(noCharacter, ''), limit)
}
