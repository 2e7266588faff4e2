/**
 * `npm run rehearse [-- scenario] [-- --fault NAME]`: presses Join Calypso on this machine.
 * The committed workflow and bundles run unchanged in front of an embedded world on loopback.
 */
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { closest } from 'fastest-levenshtein'
import type { FaultName } from './contract.ts'
import { deployCases } from './deploys/cases.ts'
import { nightFaults } from './nights/faults.ts'
import type { Played } from './play.ts'
import { families, faults, isTelling, type Scenario, scenarioOf, scenarios } from './scenarios/index.ts'
import { WorkflowError } from './workflow/errors.ts'
import { repositoryRoot } from './workflow/repository-root.ts'

/** The command line is wrong; the text says what it should be. */
class UsageError extends Error {}

const faultNames = Object.keys(faults) as FaultName[]
/**
 * Scenarios that are pressed in their own way: two nights, and a deployment. Each has faults of its own, and always one of them; the first
 * is played when nobody names one.
 */
const acts = { nightly: Object.keys(nightFaults), deploy: Object.keys(deployCases) } as const
type Act = keyof typeof acts
const actNames = Object.keys(acts) as Act[]

/** Scenarios, and below each family its faults, with the scenario that a fault is played in when none is named. */
function list(): string {
  const rows = (entries: readonly (readonly [string, string])[]): string =>
    entries.map(([name, text]) => `  ${name.padEnd(26)} ${text}\n`).join('')
  const [first] = scenarios
  const faultsOf = (family: string): string =>
    rows(
      faultNames
        .filter((name) => faults[name].family === family)
        .map((name) => {
          const where = scenarioOf(name) === first ? '' : ` (${scenarioOf(name).name})`
          return [name, `${faults[name].shows}${where}`] as const
        }),
    )
  return [
    'npm run rehearse [-- scenario] [--fault NAME] [--all] [--interruptions] [--keep] [--list]',
    '',
    `Scenarios (${first?.name} when none is named):`,
    rows([
      ...scenarios.map((scenario) => [scenario.name, scenario.shows] as const),
      ['nightly', 'two nights: in the first something is wrong and an issue opens, in the second it closes'],
      ['deploy', 'the Pulumi stack of the cluster is deployed by the runner beside it'],
    ]),
    `Faults, each of any scenario (when none is named: of ${first?.name}, or of the one behind it):`,
    ...Object.entries(families).map(([family, title]) => ` ${title}\n${faultsOf(family)}`),
    ` between two nights (nightly)\n${rows(acts.nightly.map((name) => [name, nightFaults[name]?.shows ?? ''] as const))}`,
    ` of a deployment (deploy)\n${rows(acts.deploy.map((name) => [name, deployCases[name]?.shows ?? ''] as const))}`,
    '--interruptions interrupts a join at every boundary, in every way; what must be true afterwards is the same for all.',
    '--all presses every scenario with every fault, one after the other; with a scenario or a fault, all of that.\n',
  ].join('\n')
}

function oneOf<Name extends string>(what: string, given: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === given)
  if (found !== undefined) return found
  throw new UsageError(
    `There is no ${what} '${given}'. Did you mean '${closest(given, names)}'?\n${what}s: ${names.join(', ')}`,
  )
}

interface Wanted {
  /** Undefined: nobody named one. */
  readonly scenario: Scenario | undefined
  readonly fault: FaultName | undefined
  readonly isAll: boolean
  readonly isInterrupted: boolean
  readonly isKept: boolean
  readonly isList: boolean
  /** Faults to play two nights or a deployment with, each in a world of its own; none: nobody wants any. */
  readonly acts: readonly (readonly [act: Act, fault: string])[]
  /** Nothing else is wanted. */
  readonly isOfActs: boolean
}

function readArguments(args: readonly string[]): Wanted {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${list()}`)
  }
  const { values, positionals } = parsed
  if (positionals.length > 1) throw new UsageError(`One scenario at a time, not ${positionals.join(', ')}.`)
  const [given] = positionals
  const names = [...scenarios.map((scenario) => scenario.name), ...actNames]
  const name = given === undefined ? undefined : oneOf('scenario', given, names)
  const act = actNames.find((one) => (name === undefined ? acts[one].includes(values.fault ?? '') : name === one))
  const all = [...faultNames, ...acts.nightly, ...acts.deploy]
  const fault = values.fault === undefined ? undefined : oneOf('fault', values.fault, act ? acts[act] : all)
  const isEverything = values.all && name === undefined && fault === undefined
  const wanted = (one: Act) =>
    (values.all && fault === undefined ? acts[one] : [fault ?? acts[one][0] ?? '']).map((each) => [one, each] as const)
  return {
    isOfActs: act !== undefined,
    acts: act ? wanted(act) : isEverything ? actNames.flatMap(wanted) : [],
    scenario: scenarios.find((candidate) => candidate.name === name),
    fault: faultNames.find((candidate) => candidate === fault),
    isAll: values.all,
    isInterrupted: values.interruptions,
    isKept: values.keep,
    isList: values.list || values.help,
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      fault: { type: 'string' },
      all: { type: 'boolean', default: false },
      interruptions: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  })
}

const folderOf = (scenario: Scenario, fault: FaultName | undefined): string =>
  join(repositoryRoot, '.rehearsal', fault === undefined ? scenario.name : `${scenario.name}-${fault}`)
const shown = (path: string): string => relative(process.cwd(), path) || '.'
const secondsSince = (started: number): string => ((performance.now() - started) / 1000).toFixed(1)

// A list and a typing error need no world: what plays one is loaded when it is played.
const play = async (...args: Parameters<typeof import('./play.ts').play>): Promise<Played> =>
  await (await import('./play.ts')).play(...args)

/** Plays one, and shows all of it. */
async function rehearse({ scenario, fault, isKept }: Wanted, signal: AbortSignal): Promise<number> {
  const started = performance.now()
  const played = scenario ?? scenarioOf(fault)
  const { run, before, verdict, world } = await play(played, fault, {
    folder: folderOf(played, fault),
    isKept,
    signal,
    log: process.stdout,
  })
  if (before !== undefined && before.conclusion !== 'success')
    process.stdout.write(
      `The first press of the button ended as ${before.conclusion}; its log: ${shown(join(before.directory, 'log.txt'))}\n`,
    )
  process.stdout.write(
    `\nLog      ${shown(join(run.directory, 'log.txt'))}\nSummary  ${shown(join(run.directory, 'summary.md'))}\n`,
  )
  for (const [name, path] of Object.entries(run.artifacts))
    process.stdout.write(`Artifact ${shown(path)}   (${name})\n`)
  if (isKept) process.stdout.write(`World    ${shown(world)}\n`)
  process.stdout.write(`\n${verdict.isAsExpected ? '✓' : '✗'} ${verdict.text} (${secondsSince(started)} s)\n`)
  return verdict.isAsExpected ? 0 : 1
}

/** Times of systemd and agent in a rehearsal that nobody watches. */
const hurriedPace = 0.2

/** Plays every scenario with every fault, and without any; a line each, and those at the end that surprised. */
async function rehearseAll(wanted: Wanted, signal: AbortSignal): Promise<number> {
  const started = performance.now()
  const pairs = scenarios
    .filter((scenario) => wanted.scenario === undefined || scenario === wanted.scenario)
    .flatMap((scenario) => {
      const telling = faultNames.filter((name) => isTelling(scenario, name))
      const those = wanted.fault === undefined ? [undefined, ...telling] : [wanted.fault]
      return those.map((fault) => ({ scenario, fault }))
    })
  const surprises: string[] = []
  for (const { scenario, fault } of pairs) {
    if (signal.aborted) break
    const since = performance.now()
    const name = `${scenario.name.padEnd(14)} ${fault ?? ''}`.trimEnd()
    let played: Pick<Played, 'verdict'>
    try {
      played = await play(scenario, fault, {
        folder: folderOf(scenario, fault),
        isKept: false,
        signal,
        pace: hurriedPace,
      })
    } catch (error) {
      played = { verdict: { isAsExpected: false, text: `It could not be played: ${(error as Error).message}` } }
    }
    const { isAsExpected, text } = played.verdict
    if (!isAsExpected) surprises.push(`${name}\n  ${text}\n`)
    process.stdout.write(`${isAsExpected ? '✓' : '✗'} ${name.padEnd(41)} ${secondsSince(since).padStart(5)} s\n`)
  }
  for (const surprise of surprises) process.stdout.write(`\n✗ ${surprise}`)
  const count = `${pairs.length} played, ${surprises.length} not as expected`
  process.stdout.write(`\n${surprises.length === 0 ? '✓' : '✗'} ${count} (${secondsSince(started)} s)\n`)
  return surprises.length === 0 && !signal.aborted ? 0 : 1
}

/** Plays pairs of nights, and deployments; of one alone everything is shown. */
async function rehearseActs({ acts: wanted, isKept }: Wanted, signal: AbortSignal): Promise<number> {
  if (wanted.length === 0) return 0
  const { showNights } = await import('./nights/show.ts')
  const { showDeploy } = await import('./deploys/show.ts')
  const isAlone = wanted.length === 1
  let code = 0
  for (const [act, name] of wanted) {
    if (signal.aborted) return 1
    const folder = join(repositoryRoot, '.rehearsal', `${act}-${name}`)
    const show = act === 'deploy' ? showDeploy : showNights
    const isAsExpected = await show(name, { folder, isKept, signal, isAlone, pace: isAlone ? 1 : hurriedPace })
    if (!isAsExpected) code = 1
  }
  return code
}

async function main(args: readonly string[]): Promise<number> {
  const wanted = readArguments(args)
  if (wanted.isList) {
    process.stdout.write(list())
    return 0
  }
  if (wanted.isInterrupted) {
    const { rehearseInterruptions } = await import('./interruptions.ts')
    return await rehearseInterruptions(join(repositoryRoot, '.rehearsal', 'interruptions'))
  }
  const stop = new AbortController()
  // Ctrl-C is the Cancel button: the action gets its signals, and the world is taken down in order.
  const onInterrupt = (): void => stop.abort()
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  try {
    const code = wanted.isOfActs ? 0 : await (wanted.isAll ? rehearseAll : rehearse)(wanted, stop.signal)
    return Math.max(code, await rehearseActs(wanted, stop.signal))
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError || error instanceof WorkflowError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
