/** One scenario, with a fault or without, played through the committed workflow from its beginning to the verdict. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import type { FaultName } from './contract.ts'
import { editedClusterFile, inputsOf, judge, type Scenario, type Verdict } from './scenarios/index.ts'
import { siteOf } from './sites/index.ts'
import { opensshProgram } from './tunnel/index.ts'
import {
  type RecordedRun,
  repositoryRoot,
  runWorkflow,
  type StandIn,
  standIns,
  WorkflowError,
  type WorkflowOptions,
} from './workflow/index.ts'
import { startWorld, type World } from './world.ts'

const workflow = '.github/workflows/join-calypso.yml'

export interface PlayOptions {
  /** For everything that is written; emptied first. */
  readonly folder: string
  /** The world and the runner's machine stay there. */
  readonly isKept: boolean
  /** The Cancel button. */
  readonly signal: AbortSignal
  /** The log of the run, as it comes. */
  readonly log?: Writable
  /** See StartOptions. */
  readonly pace?: number
}

export interface Played {
  readonly run: RecordedRun
  /** The press before, where the scenario has one. */
  readonly before: RecordedRun | undefined
  readonly verdict: Verdict
  /** Folder of the world. */
  readonly world: string
}

/** Checks out this repository as the fault has it committed. */
function checkoutOf(scenario: Scenario, fault: FaultName | undefined): Readonly<Record<string, StandIn>> {
  const { clusterFile } = siteOf(scenario.site)
  const { 'actions/checkout': checkout } = standIns
  if (checkout === undefined) throw new Error('the rehearsal has no stand-in for actions/checkout')
  return {
    'actions/checkout': {
      ...checkout,
      async main(run) {
        await checkout.main(run)
        const path = join(run.workspace, run.inputs.path ?? '', clusterFile)
        writeFileSync(path, editedClusterFile(readFileSync(path, 'utf8'), fault === undefined ? [] : [fault]))
      },
    },
  }
}

/** A workflow that asks nobody for them has the kubeconfig on its runner, and the key in a secret. */
function surroundings({ workflow: own }: Scenario, world: World): Pick<WorkflowOptions, 'secrets' | 'machine'> {
  const { keySecret } = world.site
  if (keySecret !== undefined)
    return {
      secrets: { [keySecret]: world.host.clientPrivateKey },
      machine: { ...world.machine, KUBECONFIG: world.jobKubeconfigFile },
    }
  if (own === undefined || own.startsWith('.github/')) return { secrets: world.secrets, machine: world.machine }
  return {
    secrets: { ...world.secrets, CALYPSO_SSH_KEY: world.calypso.clientPrivateKey },
    machine: { ...world.machine, KUBECONFIG: world.gpuKubeconfigFile },
  }
}

const exampleFolder = 'examples/'
/** A commit by which a caller elsewhere names this repository. */
const commit = 'c'.repeat(40)

/** The repository of somebody who has copied an example and the cluster file. */
function homelab(example: string, clusterFile: string, folder: string): Partial<WorkflowOptions> {
  const text = readFileSync(join(repositoryRoot, example), 'utf8')
  const workflow = join('.github', 'workflows', example.slice(exampleFolder.length))
  const files = {
    [workflow]: text.replace(/OWNER\/(\S+)@COMMIT/, `ry4n-s/$1@${commit}`),
    [clusterFile]: readFileSync(join(repositoryRoot, clusterFile), 'utf8'),
  }
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  // A repository of its own, though it lies within this one's folder; without git nobody takes it for a part of that.
  spawnSync('git', ['init', '--quiet', folder], { stdio: 'ignore' })
  return {
    workflow,
    repository: folder,
    repositoryName: 'rehearsal/homelab',
    repositories: { [`ry4n-s/k3s-gpu-actions@${commit}`]: repositoryRoot },
  }
}

async function press(
  scenario: Scenario,
  fault: FaultName | undefined,
  world: World,
  runNumber: number,
  directory: string,
  options: PlayOptions,
): Promise<RecordedRun> {
  const pressed = scenario.workflow ?? workflow
  const elsewhere = pressed.startsWith(exampleFolder)
    ? homelab(pressed, siteOf(scenario.site).clusterFile, join(options.folder, 'homelab'))
    : {}
  return await runWorkflow({
    workflow: pressed,
    ...elsewhere,
    event: { name: 'workflow_dispatch', inputs: inputsOf(scenario, fault) },
    directory: join(options.folder, directory),
    runner: join(options.folder, 'runner'),
    ...surroundings(scenario, world),
    vars: world.vars,
    endpoints: world.endpoints,
    caFile: world.caFile,
    idTokens: world.idTokens,
    tokens: world.github.tokens,
    caches: join(options.folder, 'caches'),
    standIns: checkoutOf(scenario, fault),
    runNumber,
    signal: options.signal,
    debug: process.env.ACTIONS_STEP_DEBUG === 'true',
    ...(directory === 'run' && options.log !== undefined ? { log: options.log } : {}),
  })
}

/** Plays it in a world of its own. */
export async function play(scenario: Scenario, fault: FaultName | undefined, options: PlayOptions): Promise<Played> {
  const { folder, isKept, pace } = options
  if (fault === 'server-hidden' && opensshProgram() === undefined)
    throw new WorkflowError('the fault server-hidden needs OpenSSH, and there is no ssh on PATH')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const directory = join(folder, 'world')
  const world = await startWorld({
    directory,
    faults: new Set([...(scenario.done ?? []), ...(fault === undefined ? [] : [fault])]),
    ...(scenario.site && { site: scenario.site }),
    ...(scenario.node && { node: scenario.node }),
    calypso: scenario.calypso,
    ...scenario.machine,
    ...(pace !== undefined && { pace }),
  })
  try {
    const before = scenario.isPressedTwice ? await press(scenario, fault, world, 40, 'run-before', options) : undefined
    const connectionsBefore = world.calypso.counts.connections
    const run = await press(scenario, fault, world, 41, 'run', options)
    const verdict = judge(scenario, fault, run, world, connectionsBefore)
    return { run, before, verdict, world: directory }
  } finally {
    await world.close()
    if (!isKept) for (const part of ['world', 'runner']) rmSync(join(folder, part), { recursive: true, force: true })
  }
}
