/**
 * `npm run rehearse [-- scenario] [-- --fault NAME]`: presses Join Calypso on this machine.
 * The committed workflow and bundles run unchanged in front of an embedded world on loopback.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { closest } from 'fastest-levenshtein'
import type { FaultName } from './contract.ts'
import { faults, judge, type Scenario, scenarios } from './scenarios.ts'
import { type RecordedRun, repositoryRoot, runWorkflow, WorkflowError } from './workflow/index.ts'
import { startWorld, type World } from './world.ts'

const workflow = '.github/workflows/join-calypso.yml'

/** The command line is wrong; the text says what it should be. */
class UsageError extends Error {}

function list(): string {
  const rows = (entries: readonly (readonly [string, string])[]): string =>
    entries.map(([name, text]) => `  ${name.padEnd(20)} ${text}\n`).join('')
  const shown = scenarios.map((scenario) => [scenario.name, scenario.shows] as const)
  const injected = Object.entries(faults).map(([name, fault]) => [name, fault.shows] as const)
  return `npm run rehearse [-- scenario] [--fault NAME] [--keep] [--list]\n\nScenarios (the first when none is named):\n${rows(shown)}\nFaults:\n${rows(injected)}`
}

function oneOf<Name extends string>(what: string, given: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === given)
  if (found !== undefined) return found
  throw new UsageError(
    `There is no ${what} '${given}'. Did you mean '${closest(given, names)}'?\n${what}s: ${names.join(', ')}`,
  )
}

function readArguments(args: readonly string[]): {
  scenario: Scenario
  fault: FaultName | undefined
  isKept: boolean
  isList: boolean
} {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${list()}`)
  }
  const { values, positionals } = parsed
  if (positionals.length > 1) throw new UsageError(`One scenario at a time, not ${positionals.join(', ')}.`)
  const name = oneOf(
    'scenario',
    positionals[0] ?? 'join-calypso',
    scenarios.map((scenario) => scenario.name),
  )
  const scenario = scenarios.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new UsageError(list())
  const fault =
    values.fault === undefined ? undefined : oneOf('fault', values.fault, Object.keys(faults) as FaultName[])
  return { scenario, fault, isKept: values.keep, isList: values.list || values.help }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      fault: { type: 'string' },
      keep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  })
}

async function press(
  scenario: Scenario,
  world: World,
  folder: string,
  runNumber: number,
  isShown: boolean,
  signal: AbortSignal,
): Promise<RecordedRun> {
  return await runWorkflow({
    workflow,
    event: { name: 'workflow_dispatch', inputs: scenario.inputs },
    directory: join(folder, isShown ? 'run' : 'run-before'),
    runner: join(folder, 'runner'),
    secrets: world.secrets,
    vars: world.vars,
    machine: world.machine,
    endpoints: world.endpoints,
    caFile: world.caFile,
    runNumber,
    signal,
    debug: process.env.ACTIONS_STEP_DEBUG === 'true',
    ...(isShown ? { log: process.stdout } : {}),
  })
}

/** Runs one rehearsal; resolves with the exit code. */
async function rehearse(args: readonly string[]): Promise<number> {
  const { scenario, fault, isKept, isList } = readArguments(args)
  if (isList) {
    process.stdout.write(list())
    return 0
  }
  const started = performance.now()
  const folder = join(repositoryRoot, '.rehearsal', fault === undefined ? scenario.name : `${scenario.name}-${fault}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const stop = new AbortController()
  // Ctrl-C is the Cancel button: the action gets its signals, and the world is taken down in order.
  const onInterrupt = (): void => stop.abort()
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  const world = await startWorld({
    directory: join(folder, 'world'),
    faults: new Set(fault === undefined ? [] : [fault]),
    calypso: scenario.calypso,
  })
  try {
    if (scenario.isPressedTwice) {
      const before = await press(scenario, world, folder, 40, false, stop.signal)
      if (before.conclusion !== 'success')
        process.stdout.write(
          `The first press of the button ended as ${before.conclusion}; its log: ${relative(process.cwd(), join(before.directory, 'log.txt'))}\n`,
        )
    }
    const connectionsBefore = world.calypso.counts.connections
    const run = await press(scenario, world, folder, 41, true, stop.signal)
    const verdict = judge(scenario, fault, run, world, connectionsBefore)
    const shown = (path: string): string => relative(process.cwd(), path) || '.'
    process.stdout.write(
      `\nLog      ${shown(join(run.directory, 'log.txt'))}\nSummary  ${shown(join(run.directory, 'summary.md'))}\n`,
    )
    for (const [name, path] of Object.entries(run.artifacts))
      process.stdout.write(`Artifact ${shown(path)}   (${name})\n`)
    if (isKept) process.stdout.write(`World    ${shown(join(folder, 'world'))}\n`)
    process.stdout.write(
      `\n${verdict.isAsExpected ? '✓' : '✗'} ${verdict.text} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`,
    )
    return verdict.isAsExpected ? 0 : 1
  } finally {
    await world.close()
    if (!isKept) for (const part of ['world', 'runner']) rmSync(join(folder, part), { recursive: true, force: true })
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}

try {
  process.exitCode = await rehearse(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError || error instanceof WorkflowError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
