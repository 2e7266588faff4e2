/** What the command line prints. Pure. */
import type { Missing } from '../contract.ts'
import type { LabScenario, ScenarioResult } from '../inside/model.ts'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** The longest name of the suite, so that times stand below each other. */
const nameWidth = 'leaves-nothing-after-keeper-killed'.length

/** Indentation of what explains the line above. */
const indent = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')

/** A stage: `   12.3 s  kubernetes 1.33.13 from cache`. */
export function progressLine(elapsedMs: number, text: string): string {
  return `${seconds(elapsedMs).padStart(9)}  ${text}\n`
}

/**
 * One scenario's line and, when it failed, what helps.
 * @param lines - progress of the scenario, shown only when it failed
 */
export function scenarioLines(
  scenario: Pick<LabScenario, 'name' | 'shows'>,
  result: ScenarioResult,
  elapsedMs: number,
  lines: readonly string[] = [],
): string {
  const row = `${scenario.name.padEnd(nameWidth)}${seconds(elapsedMs).padStart(7)}  `
  if (result.outcome === 'skipped') return `- ${scenario.name}  skipped: ${result.text}\n`
  if (result.outcome === 'passed') return `✓ ${row}${scenario.shows}\n`
  const [first = '', ...rest] = result.text.split('\n')
  const detail = result.detail?.trim() ?? ''
  return [
    `✗ ${row}${first}\n`,
    rest.length > 0 ? indent(rest.join('\n')) : '',
    detail === '' || detail === result.text ? '' : indent(detail),
    lines.length > 0 ? indent(['last stages:', ...lines.slice(-20)].join('\n')) : '',
  ].join('')
}

/** A run of which nothing could be started, because what all of it needs cannot be had. */
export function skippedLines(scenarios: readonly Pick<LabScenario, 'name' | 'shows'>[], { missing }: Missing): string {
  const result = { outcome: 'skipped', text: missing } as const
  const lines = scenarios.map((scenario) => scenarioLines(scenario, result, 0))
  return [...lines, totalLine(scenarios.map(() => result))].join('')
}

/** What a scenario that was asked for by name has seen. */
export function evidenceLines(result: ScenarioResult): string {
  return result.outcome === 'passed' && result.text !== '' ? indent(result.text) : ''
}

/** The last line of a run. */
export function totalLine(results: readonly ScenarioResult[]): string {
  const count = (outcome: ScenarioResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length
  const skipped = count('skipped')
  return `${count('passed')} passed, ${count('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`
}
