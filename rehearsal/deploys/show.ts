/** Deployments on a terminal. */
import { join, relative } from 'node:path'
import { deployCases } from './cases.ts'
import { type DeployOptions, playDeploy } from './play.ts'

export interface ShowOptions extends Omit<DeployOptions, 'log' | 'pace'> {
  /** Everything is shown, as it comes; otherwise one line at the end. */
  readonly isAlone: boolean
  readonly pace: number
}

const shown = (path: string): string => relative(process.cwd(), path) || '.'

/** Plays and shows one; resolves with whether all went as it was to go. */
export async function showDeploy(name: string, options: ShowOptions): Promise<boolean> {
  const wanted = deployCases[name]
  if (wanted === undefined) throw new Error(`there is no deployment ${name}`)
  const { isAlone, ...others } = options
  const started = performance.now()
  const { run, again, verdict, world } = await playDeploy(wanted, {
    ...others,
    ...(isAlone && { log: process.stdout }),
  })
  const { isAsExpected, text } = verdict
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const mark = isAsExpected ? '✓' : '✗'
  if (!isAlone) {
    process.stdout.write(`${mark} ${`deploy         ${name}`.padEnd(41)} ${seconds.padStart(5)} s\n`)
    if (!isAsExpected) process.stdout.write(`  ${text}\n`)
    return isAsExpected
  }
  process.stdout.write(
    `\nLog      ${shown(join(run.directory, 'log.txt'))}\nSummary  ${shown(join(run.directory, 'summary.md'))}\n`,
  )
  for (const [artifact, path] of Object.entries(run.artifacts))
    process.stdout.write(`Artifact ${shown(path)}   (${artifact})\n`)
  if (again) process.stdout.write(`Again    ${shown(join(again.directory, 'log.txt'))}\n`)
  if (others.isKept) process.stdout.write(`World    ${shown(world)}\n`)
  process.stdout.write(`\n${mark} ${text} (${seconds} s)\n`)
  return isAsExpected
}
