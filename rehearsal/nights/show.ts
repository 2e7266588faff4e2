/** Two nights on a terminal. */
import { join, relative } from 'node:path'
import { nightFaults } from './faults.ts'
import { type Night, type NightsOptions, playNights } from './play.ts'
import { judgeNights } from './verdict.ts'

export interface ShowOptions extends Omit<NightsOptions, 'log' | 'pace'> {
  /** Everything is shown, as it comes; otherwise one line at the end. */
  readonly isAlone: boolean
  readonly pace: number
}

const shown = (path: string): string => relative(process.cwd(), path) || '.'

function issuesOf({ issues }: Night): string {
  return issues.length === 0
    ? 'none'
    : issues.map(({ number, state, title }) => `#${number} ${state}: ${title}`).join('; ')
}

/** Plays and shows them; resolves with whether all went as it was to go. */
export async function showNights(name: string, options: ShowOptions): Promise<boolean> {
  const fault = nightFaults[name]
  if (fault === undefined) throw new Error(`there is no fault ${name}`)
  const { isAlone, ...others } = options
  const started = performance.now()
  const nights = await playNights(fault, { ...others, ...(isAlone && { log: process.stdout }) })
  const { isAsExpected, text } = judgeNights(fault, nights)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const mark = isAsExpected ? '✓' : '✗'
  if (!isAlone) {
    process.stdout.write(`${mark} ${`nightly        ${name}`.padEnd(41)} ${seconds.padStart(5)} s\n`)
    if (!isAsExpected) process.stdout.write(`  ${text}\n`)
    return isAsExpected
  }
  for (const [title, night] of [
    ['First night ', nights.broken],
    ['Second night', nights.repaired],
  ] as const) {
    process.stdout.write(
      `\n${title}  ${shown(join(night.run.directory, 'log.txt'))}, ${shown(join(night.run.directory, 'summary.md'))}\n`,
    )
    process.stdout.write(`  issues      ${issuesOf(night)}\n`)
    for (const path of Object.values(night.run.artifacts)) process.stdout.write(`  report      ${shown(path)}\n`)
  }
  if (others.isKept) process.stdout.write(`\nWorld    ${shown(nights.world)}\n`)
  process.stdout.write(`\n${mark} ${text} (${seconds} s)\n`)
  return isAsExpected
}
