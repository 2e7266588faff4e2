import {
  failureOf,
  formatStack,
  openStackApi,
  type PulumiFailure,
  type PulumiOutcome,
  type PulumiWish,
  runPulumi,
  type StackApi,
  type StackLock,
} from '../../src/pulumi/index.ts'
import { RunFailure } from '../failure.ts'
import { accessTokenOf } from '../pulumi-identity.ts'
import type { Ending, Run } from '../run.ts'
import { askGuard } from './ask-guard.ts'
import { endDeployed, endDrifted, setOutputs, stateAfter } from './endings.ts'
import { pulumiEnvironment } from './environment.ts'
import type { PulumiInputs } from './inputs.ts'
import { makeJobFolder } from './job-folder.ts'
import { freeOurLock } from './lock.ts'
import { findProgram } from './programs.ts'
import { maskForeignSecrets } from './secrets.ts'
import { saveBegun, saveEnded } from './state.ts'

/** When its time is up, Pulumi may finish what it is at: a resource that is half made is worse than a late one. */
const patienceMs = 120_000
const lockTimeoutMs = 30_000

const titles = { preview: 'Preview', up: 'Update', drift: 'Look for drift' } as const

/** Asks the guard, runs Pulumi, and tells what came of it, whatever came of it. */
export async function deploy(run: Run, inputs: PulumiInputs): Promise<Ending> {
  const { runner } = run
  const { stackName, stack, directory, backendUrl } = inputs
  await askGuard(run, inputs, inputs.command === 'up')
  const program = findProgram('pulumi', runner.environment.PATH ?? '')
  if (program === undefined) throw noProgram()
  if (inputs.passphrase !== '') runner.mask(inputs.passphrase)
  await maskForeignSecrets(runner, inputs.kubeconfig, inputs.passEnvironment)
  const where = { organization: stack.organization, backendUrl }
  const accessToken = await accessTokenOf(run, inputs.identity, where, runner.signal)
  const folder = await makeJobFolder(runner)
  const environment = pulumiEnvironment(runner.environment, folder, { ...inputs, accessToken })
  const wish: PulumiWish = {
    command: inputs.command,
    stack,
    isPlanBound: inputs.isPlanBound,
    isRefreshed: inputs.isRefreshed,
    message: messageOf(run, inputs),
    timeoutMs: inputs.timeoutMs,
    patienceMs,
  }
  const begunMs = Date.now()
  saveBegun(runner, begunMs)
  const outcome = await run.liveStage(`${titles[inputs.command]} of ${stackName}`, () =>
    runPulumi(
      { exec: runner.exec, say: (line) => runner.line(`  ${line}`), redact: run.redact },
      { program, workingDirectory: directory, environment },
      wish,
      runner.signal,
    ),
  )
  run.deployment = outcome.deployment
  setOutputs(run, outcome.deployment, outcome.exitCode)
  const api = openStackApi({
    backendUrl,
    accessToken,
    http: runner.http,
    onEvent: (text) => runner.line(`  ${text}`),
  })
  const ending = await judge(run, { outcome, wish, api, begunMs })
  return ending
}

/** Endings after which this step holds no lock, unless something was done before. */
const heldNothing: ReadonlySet<string> = new Set(['pulumi-unauthorized', 'pulumi-stack-missing'])

/** A token that ends in the middle of an update is refused as well, and leaves the stack locked: the end of the job has another one. */
function isHoldingNothing({ code }: PulumiFailure, { deployment }: PulumiOutcome): boolean {
  if (code === 'pulumi-drift') return true
  const isUntouched = deployment.changes.length === 0 && Object.keys(deployment.counts).length === 0
  return heldNothing.has(code) && isUntouched
}

interface Judged {
  readonly outcome: PulumiOutcome
  readonly wish: PulumiWish
  readonly api: StackApi
  readonly begunMs: number
}

async function judge(run: Run, judged: Judged): Promise<Ending> {
  const { runner } = run
  const { outcome, wish } = judged
  const first = failureOf(outcome, wish)
  // Whoever is turned away holds nothing: another job of this run may, and post must not take it from him.
  if (first?.code === 'pulumi-locked') saveEnded(runner)
  // A cancelled step has seconds: what is left is looked after by post.
  if (runner.signal.aborted) {
    const isOver = !outcome.isKilled
      ? 'Pulumi has ended its update by itself'
      : 'Pulumi did not end in time and was killed'
    throw new RunFailure({ ...cancelled(wish, first), evidence: [isOver] })
  }
  if (first === undefined) {
    saveEnded(runner)
    return endDeployed(run, outcome.deployment)
  }
  const isLocked = first.code === 'pulumi-locked'
  const lock = isLocked ? await askLock(run, judged) : undefined
  const failure = (isLocked ? failureOf(outcome, wish, lock) : undefined) ?? first
  const isFree = isHoldingNothing(failure, outcome)
  if (isFree) saveEnded(runner)
  const freed = isLocked || isFree ? '' : await free(run, judged)
  const state = [stateAfter(outcome.deployment, failure.code), ...(freed === '' ? [] : [freed])].join('; ')
  if (failure.code === 'pulumi-drift') return endDrifted(run, outcome.deployment, { ...failure, state })
  run.evidence.push(...failure.evidence)
  return {
    result: 'failed',
    headline: failure.title,
    next: failure.remedy,
    failure: { ...failure, state },
  }
}

function cancelled(wish: PulumiWish, failure: PulumiFailure | undefined) {
  return {
    code: 'cancelled',
    title: `the ${wish.command === 'up' ? 'update' : 'preview'} of ${formatStack(wish.stack)} was cancelled`,
    cause: 'somebody cancelled the run, or the runner was stopped',
    remedy:
      failure?.code === 'pulumi-cancelled' ? failure.remedy : 'run it again: Pulumi goes on from what it has saved',
  }
}

async function askLock(run: Run, { api, wish }: Judged): Promise<StackLock | undefined> {
  try {
    return await api.lock(wish.stack, AbortSignal.any([run.runner.signal, AbortSignal.timeout(lockTimeoutMs)]))
  } catch (error) {
    run.runner.line(`  ! who holds the stack could not be asked: ${wordsOf(error)}`)
    return undefined
  }
}

/** After a failure, while there is time: a CLI that crashed or was killed leaves the stack locked. */
async function free(run: Run, { api, wish, begunMs }: Judged): Promise<string> {
  const { runner } = run
  try {
    const ours = { runId: runner.environment.GITHUB_RUN_ID ?? '', begunMs, command: wish.command }
    const signal = AbortSignal.any([runner.signal, AbortSignal.timeout(lockTimeoutMs)])
    const said = await freeOurLock(api, wish.stack, ours, signal)
    saveEnded(runner)
    return said
  } catch (error) {
    return `whether the stack is still locked could not be asked (${wordsOf(error)}); the end of the job asks again`
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Title of the update at Pulumi: nothing in it is chosen by whoever wrote a commit. */
function messageOf({ runner }: Run, { command }: PulumiInputs): string {
  const { GITHUB_REPOSITORY = '', GITHUB_RUN_ID = '' } = runner.environment
  const label = runner.runLabel === '' ? 'by hand' : runner.runLabel
  const where = GITHUB_RUN_ID === '' ? '' : ` (${GITHUB_REPOSITORY}, run id ${GITHUB_RUN_ID})`
  return `k3s-gpu-actions ${command}: ${label}${where}`
}

function noProgram(): RunFailure {
  return new RunFailure({
    code: 'pulumi-missing',
    title: 'there is no pulumi on PATH',
    cause: 'no earlier step of this job installed it',
    remedy: 'run pulumi/actions without a command, pinned to a commit and with pulumi-version, in an earlier step',
    evidence: [],
  })
}
