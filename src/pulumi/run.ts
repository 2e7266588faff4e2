import type { Deployment } from '../report/index.ts'
import { callsFor, eventLogSwitch, formatStack, outputsCall } from './arguments.ts'
import { askCli, callCli, interrupted, killed, type Said } from './call.ts'
import type { Collected } from './collect.ts'
import { type Ending, watchEnding } from './ending.ts'
import { readEventLog } from './event-log.ts'
import type { PulumiOutcome, PulumiPlace, PulumiPorts, PulumiWish } from './model.ts'
import { noOutputs, readOutputs, type StackOutputs } from './outputs.ts'
import { makePrivateFolder, removePrivately } from './private-folder.ts'

/** For `stack output`, which reads the state and runs nothing. */
const outputsLimits = { timeoutMs: 60_000, patienceMs: 2000 }
/** Then there is nothing to ask for: 3 not logged in or not allowed, 6 no such stack. */
const exitsWithoutOutputs = [3, 6]

/**
 * Runs the CLI as wished, and tells what came of it; how it ended is judged by `failureOf`. When the job is cancelled, or the time is
 * up, the CLI gets one SIGINT, on which it ends its update and frees the stack by itself (pulumi/pulumi:
 * pkg/backend/cancellation_scope.go; a second one would make it drop everything), and is killed when it does not. Rejects with the
 * signal's reason when it is aborted beforehand, and when the program cannot be started.
 */
export async function runPulumi(
  ports: PulumiPorts,
  place: PulumiPlace,
  wish: PulumiWish,
  signal: AbortSignal,
): Promise<PulumiOutcome> {
  signal.throwIfAborted()
  const folder = await makePrivateFolder(place)
  const ending = watchEnding(signal, wish)
  try {
    const { said, collected } = await runCalls(ports, place, wish, folder, ending)
    // Whatever fires from now on, it did not end the update.
    ending.dispose()
    const how = {
      isTimedOut: ending.isTimedOut(),
      isCancelled: ending.isCancelled(),
      isKilled: said.exitCode === killed && ending.kill.aborted,
    }
    const isAsking = !ending.isCancelled() && !how.isKilled && !exitsWithoutOutputs.includes(said.exitCode)
    const outputs = isAsking ? await outputsAfter(ports, place, wish, signal) : noOutputs
    return {
      exitCode: said.exitCode,
      ...how,
      deployment: { ...deploymentOf(wish, said, collected, ending), ...outputs },
      errors: said.errors,
      brokenPolicies: collected.brokenPolicies,
      lastLines: said.lastLines,
    }
  } finally {
    ending.dispose()
    await removePrivately(folder)
  }
}

/** Call after call as long as they end well; what counts is the last. */
async function runCalls(
  ports: PulumiPorts,
  place: PulumiPlace,
  wish: PulumiWish,
  folder: string,
  ending: Ending,
): Promise<{ readonly said: Said; readonly collected: Collected }> {
  const environment = { ...place.environment, ...eventLogSwitch }
  let last: { said: Said; collected: Collected } | undefined
  for (const { args, eventLog } of callsFor(wish, place, folder)) {
    if (last && ending.interrupt.aborted) return { ...last, said: { ...last.said, exitCode: interrupted } }
    const said = await callCli(args, ports, place, wish, environment, ending)
    last = { said, collected: await readEventLog(eventLog, ports.redact) }
    await removePrivately(eventLog)
    if (said.exitCode !== 0) break
  }
  if (!last) throw new TypeError(`no call of the CLI for ${wish.command}`)
  return last
}

/** Also after a failure: what was exported before is still true. Not while a job is being cancelled: there are seconds. */
async function outputsAfter(
  ports: PulumiPorts,
  place: PulumiPlace,
  wish: PulumiWish,
  signal: AbortSignal,
): Promise<StackOutputs> {
  const limits = watchEnding(signal, outputsLimits)
  try {
    const answer = await askCli(outputsCall(wish, place), ports, place, limits)
    const outputs = answer === undefined ? undefined : readOutputs(answer, ports.redact)
    if (outputs === undefined) ports.say('the outputs of the stack could not be read')
    return outputs ?? noOutputs
  } finally {
    limits.dispose()
  }
}

function deploymentOf(
  wish: PulumiWish,
  said: Said,
  collected: Collected,
  ending: Ending,
): Omit<Deployment, keyof StackOutputs> {
  // An `up` that ended in its preview has changed nothing: what it would have done is no answer to what it did.
  const isFarEnough = wish.command !== 'up' || (collected.isBegun && !collected.isPreview)
  // A cancelled engine run says that it failed (BailErrorf in pkg/resource/deploy/deployment_executor.go).
  const isOver = collected.result === 'succeeded' || (collected.result === 'failed' && !ending.interrupt.aborted)
  return {
    command: wish.command,
    stack: formatStack(wish.stack),
    url: said.url,
    counts: isFarEnough ? collected.counts : {},
    changes: isFarEnough ? collected.changes : [],
    moreChanges: isFarEnough ? collected.moreChanges : 0,
    diagnostics: collected.diagnostics,
    isPlanBound: wish.isPlanBound && wish.command === 'up',
    isComplete: isFarEnough && isOver,
  }
}
