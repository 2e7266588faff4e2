import {
  applyRuntime,
  askContainers,
  type ContainerCall,
  confirmRuntime,
  containerCallsCheck,
  entryOfGpuCheck,
  type HostStep,
  hostSteps,
  planToolkit,
  runtimeMaterial,
  runtimeUnit,
  templatesToQuarantine,
} from '../../src/gpu/index.ts'
import { followUnit } from '../../src/host/index.ts'
import {
  awaitReady,
  effectiveChanges,
  gpuProcessesCheck,
  type ReadyGoal,
  type ReadyOutcome,
} from '../../src/join/index.ts'
import { milestoneOf, paths } from '../../src/k3s/index.ts'
import { type Check, count, ignoreChecks } from '../../src/report/index.ts'
import { failureOfStart, lastSeen } from '../explain-start.ts'
import { failureOfChecks } from '../failure.ts'
import { said, startJudge } from '../start-judge.ts'
import type { Gpu, Planned } from './context.ts'
import { gate, isPlanned } from './gate.ts'
import { survey } from './look.ts'
import type { Tracks } from './undo.ts'

/** Packages come over whatever line the host has. */
const applyTimeoutMs = 10 * 60_000
const callsTimeoutMs = 90_000
/** The watch on the host outlives the wait, so that the wait ends it and not the other way round. */
const followMarginMs = 60_000

/** A GPU call in each reachable container, so that a change that takes the GPU from one of them is seen. */
export async function callContainers(
  { run, signal }: Gpu,
  { host }: Planned,
  when: 'before' | 'after',
): Promise<readonly ContainerCall[]> {
  return await run.stage(`Call the GPU in running containers, ${when}`, async (say) => {
    const calls = await askContainers(host, { signal, timeoutMs: callsTimeoutMs })
    const answered = calls.filter(({ outcome }) => outcome === 'ok').length
    say(calls.length === 0 ? '  no container uses it' : `  ${answered} of ${count(calls.length, 'container')} answered`)
    return calls
  })
}

/** Runs the one apply script. */
export async function applyHostChanges(gpu: Gpu, planned: Planned): Promise<void> {
  const { run, identity, inputs, signal } = gpu
  const { host, situation } = planned
  const steps = effectiveChanges(planned.plan)
    .map(({ id }) => id)
    .filter((id): id is HostStep => (hostSteps as readonly string[]).includes(id))
  if (steps.length === 0) return
  await run.stage('Apply', async (say) => {
    const material = runtimeMaterial(
      { runId: identity.runId, holder: identity.label },
      inputs.wish,
      situation.gpu,
      planned.plan.changes,
      templatesToQuarantine(situation),
    )
    const { interrupted, warnings } = await applyRuntime(host, material, {
      signal,
      timeoutMs: applyTimeoutMs,
      onStep: (step, state) => {
        if (state === 'done') run.record.applied(step)
      },
      onWaiting: (holder) => run.runner.line(`  waits for another run on this host: ${holder}`),
    })
    if (steps.includes('install-toolkit')) say(`  toolkit ${planToolkit(inputs.wish, situation.gpu).version}`)
    for (const warning of warnings) say(`  ! ${warning}`)
    for (const { step } of interrupted)
      say(`  an earlier run was interrupted here (${step}); what it left is as this run wants it`)
  })
}

/** Restarts k3s, or containerd where that is a unit of its own, and waits, by watching, until it is really there again; a hopeless state ends the wait at once. */
export async function restartAndWait(gpu: Gpu, planned: Planned, tracks: Tracks): Promise<void> {
  if (!isPlanned(planned, 'restart')) return
  const { run, cluster, inputs, signal } = gpu
  const unit = runtimeUnit(planned.situation.gpu)
  const { node: name } = inputs.desired
  const { node, leaseRenewedAtMs } = await cluster.read(name, signal)
  const goal: ReadyGoal = {
    node: name,
    // Upgraded on the disk and not restarted since, it comes back as what is on the disk.
    version: planned.situation.gpu.k3s.version || (node?.kubeletVersion ?? ''),
    leaseBeforeMs: leaseRenewedAtMs,
    uidBefore: node?.uid,
    isFirstStart: false,
    timeoutMs: inputs.timeoutMs,
  }
  run.startedAtMs = run.record.elapsedMs()
  await run.liveStage(`Restart ${unit} (${planned.restart.join(', ')}) and wait for Ready`, async (milestone) => {
    tracks.isRestarted = true
    const outcome = await gate(gpu, planned, 'restart', () => restart(gpu, planned, goal, milestone))
    milestone(outcome.type === 'ready' ? 'Ready' : lastSeen(outcome.state, goal))
    if (outcome.type !== 'ready')
      throw failureOfStart(unit, 'restart', goal, outcome, `did not come back after the restart of ${unit}`)
  })
}

async function restart(
  { run, cluster, inputs, signal }: Gpu,
  { host, situation }: Planned,
  goal: ReadyGoal,
  milestone: (text: string) => void,
): Promise<ReadyOutcome> {
  const unit = runtimeUnit(situation.gpu)
  const timeoutMs = inputs.timeoutMs + followMarginMs
  let isUp = false
  return await awaitReady(
    goal,
    {
      cluster,
      follow: (onEvent, followSignal) =>
        followUnit(host, {
          unit,
          // containerd by itself writes to its journal.
          log: unit === 'containerd' ? '' : paths.containerdLog,
          action: 'restart',
          signal: followSignal,
          onEvent,
          timeoutMs,
        }),
      now: () => performance.now(),
      judge: startJudge(inputs.desired.node, unit, 'restart'),
      onEvent: (event) => {
        // Ordered is done, whatever comes of it: a cancelled run tells of its restart too.
        run.record.applied('restart')
        if (event.type === 'unit') {
          if (event.isNew && event.activeState === 'active' && !isUp) {
            isUp = true
            milestone(`${unit} up`)
          }
          return
        }
        if (event.type === 'ended') return
        run.evidence.push(said({ ...event, atMs: 0 }))
        const step = event.source === undefined ? milestoneOf(event.text) : undefined
        if (step !== undefined) milestone(step)
      },
    },
    signal,
  )
}

/** Undefined calls, and why: containers that cannot be asked are no reason to take everything back. Rejects when the run was cancelled. */
async function callAgain(
  gpu: Gpu,
  planned: Planned,
): Promise<{ readonly calls?: readonly ContainerCall[]; readonly problem?: string }> {
  try {
    return { calls: await callContainers(gpu, planned, 'after') }
  } catch (error) {
    gpu.signal.throwIfAborted()
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Surveys once more. Throws when k3s lacks the runtime, or nobody can say whether it has it; resolves with the checks that say who used
 * the GPU before and lost it, or that this is not known.
 */
export async function confirmHost(
  gpu: Gpu,
  planned: Planned,
  before: readonly ContainerCall[],
): Promise<readonly Check[]> {
  const { run, inputs } = gpu
  const { allowGpuDisruption } = inputs.wish
  const seen = await survey(gpu, planned.host, true)
  const runtime = confirmRuntime({ ...planned.situation, ...seen })
  run.record.check(...runtime)
  const failing = runtime.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
  if (failing.length > 0) throw failureOfChecks(`the GPUs of ${inputs.desired.node} are not as wanted`, failing)
  const { calls, problem } = before.length > 0 ? await callAgain(gpu, planned) : {}
  const asked = [
    gpuProcessesCheck(planned.situation.host, seen.host.gpu, allowGpuDisruption),
    containerCallsCheck(before, calls, allowGpuDisruption, problem),
  ].flatMap((one) => one ?? [])
  const { checks: users } = ignoreChecks(
    asked,
    inputs.ignoreChecks.filter((id) => entryOfGpuCheck(id)?.isIgnorable !== false),
  )
  run.record.check(...users)
  for (const one of users) if (one.verdict !== 'pass') run.runner.line(`  ! ${one.id}  ${one.found}`)
  return users.filter(({ verdict }) => verdict === 'fail' || (verdict === 'error' && !allowGpuDisruption))
}
