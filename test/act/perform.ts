/** A play, performed by our own runner and by act, each in a world of its own; and everything that act has to prove besides. */
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runWorkflow } from '../../rehearsal/workflow/index.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'
import {
  type Account,
  accountOfAct,
  accountOfArtifacts,
  accountOfIssues,
  accountOfOwn,
  differences,
} from './account.ts'
import { runAct } from './act.ts'
import { jobsOf } from './jobs.ts'
import { layRepositories } from './lay.ts'
import { readActLog, shownBy } from './log.ts'
import { layMachine } from './machine.ts'
import { occasionOf } from './occasion.ts'
import type { Play, Pressing } from './plays.ts'
import { strangersIn } from './proof.ts'

export interface PerformOptions {
  /** For everything that is written; emptied first. */
  readonly folder: string
  /** Path of act. */
  readonly program: string
  readonly signal: AbortSignal
}

/** One press by both. */
export interface Performed {
  readonly press: Pressing
  /** In words; empty: act does what our own runner does. */
  readonly problems: readonly string[]
  readonly ownMs: number
  readonly actMs: number
  /** act's log. */
  readonly log: string
}

interface Pressed {
  readonly account: Account
  readonly problems: readonly string[]
  readonly ms: number
  readonly log: string
}

/** The world's delays are not what is compared. */
const hurriedPace = 0.05
const limitMs = 90_000

/** act knows no environments: both get the secrets as those of the repository. */
const secretsOf = (world: World): Readonly<Record<string, string>> => ({
  ...world.secrets,
  PULUMI_CONFIG_PASSPHRASE: world.deploy.passphrase,
})

async function inWorld<T>(play: Play, folder: string, act: (world: World) => Promise<T>): Promise<T> {
  const world = await startWorld({ ...play.world, directory: join(folder, 'world'), pace: hurriedPace })
  try {
    return await act(world)
  } finally {
    await world.close()
  }
}

async function pressOwn(
  play: Play,
  press: Pressing,
  number: number,
  world: World,
  options: PerformOptions,
): Promise<Pressed> {
  const folder = join(options.folder, 'own')
  const startedMs = performance.now()
  const run = await runWorkflow({
    workflow: play.workflow,
    event: press.event,
    directory: join(folder, `press-${number}`),
    runner: join(folder, 'runner'),
    caches: join(folder, 'caches'),
    secrets: secretsOf(world),
    machine: world.machine,
    hosted: world.hosted,
    overlay: world.deploy.overlay,
    vars: { ...world.vars, ...play.vars },
    endpoints: world.endpoints,
    caFile: world.caFile,
    idTokens: world.idTokens,
    tokens: world.github.tokens,
    runNumber: 40 + number,
    signal: options.signal,
  })
  return {
    account: [...accountOfOwn(run), ...accountOfArtifacts(run.artifacts), ...accountOfIssues(world.github.issues.all)],
    problems: [],
    ms: performance.now() - startedMs,
    log: join(folder, `press-${number}`, 'log.txt'),
  }
}

async function pressAct(
  play: Play,
  press: Pressing,
  number: number,
  world: World,
  options: PerformOptions,
): Promise<Pressed> {
  const root = join(options.folder, 'act')
  const folder = join(root, `press-${number}`)
  mkdirSync(folder, { recursive: true })
  const startedMs = performance.now()
  const occasion = occasionOf(press.event, play.workflow, 40 + number)
  const machine = layMachine({
    folder: join(folder, 'machine'),
    world,
    jobs: jobsOf(play.workflow, play.callers),
    occasion,
    caches: join(root, 'caches'),
  })
  try {
    const end = await runAct({
      program: options.program,
      folder: join(folder, 'run'),
      repositories: layRepositories(join(folder, 'repositories'), world.deploy.overlay),
      machine,
      occasion,
      secrets: secretsOf(world),
      vars: { ...world.vars, ...play.vars },
      limitMs,
      signal: options.signal,
    })
    const jobs = readActLog(end.log)
    const artifacts = Object.fromEntries(
      readdirSync(machine.artifacts).map((name) => [name, join(machine.artifacts, name)]),
    )
    const account = [
      ...accountOfAct(jobs),
      ...accountOfArtifacts(artifacts),
      ...accountOfIssues(world.github.issues.all),
    ]
    const files = globSync('**/*', { cwd: machine.artifacts, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    const problems = strangersIn({
      end,
      jobs,
      account,
      press,
      shown: [shownBy(end.log), ...files, JSON.stringify(world.github.issues.all)],
      world,
      machine,
      witness: readFileSync(machine.witness, 'utf8'),
      actions: join(folder, 'run', 'actions'),
    })
    return { account, problems, ms: performance.now() - startedMs, log: join(folder, 'run', 'log.jsonl') }
  } finally {
    machine.close()
  }
}

async function pressAll(
  play: Play,
  folder: string,
  signal: AbortSignal,
  press: (one: Pressing, number: number, world: World) => Promise<Pressed>,
): Promise<readonly Pressed[]> {
  return await inWorld(play, folder, async (world) => {
    const pressed: Pressed[] = []
    for (const [index, one] of play.presses.entries()) {
      await one.before?.(world)
      pressed.push(await press(one, index + 1, world))
      signal.throwIfAborted()
    }
    return pressed
  })
}

export async function perform(play: Play, options: PerformOptions): Promise<readonly Performed[]> {
  rmSync(options.folder, { recursive: true, force: true })
  const own = await pressAll(play, join(options.folder, 'own'), options.signal, (...one) =>
    pressOwn(play, ...one, options),
  )
  const act = await pressAll(play, join(options.folder, 'act'), options.signal, (...one) =>
    pressAct(play, ...one, options),
  )
  return play.presses.map((press, index) => {
    const [ours, theirs] = [own[index], act[index]]
    if (ours === undefined || theirs === undefined) throw new Error('a press is missing')
    return {
      press,
      problems: [...theirs.problems, ...differences(ours.account, theirs.account)],
      ownMs: ours.ms,
      actMs: theirs.ms,
      log: theirs.log,
    }
  })
}
