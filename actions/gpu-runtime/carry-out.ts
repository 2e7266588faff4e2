import { type ContainerCall, hostSteps } from '../../src/gpu/index.ts'
import { type HeldHost, HostStepError, holdHost } from '../../src/host/index.ts'
import { effectiveChanges } from '../../src/join/index.ts'
import type { Check } from '../../src/report/index.ts'
import { failureOfChecks } from '../failure.ts'
import type { Ending } from '../run.ts'
import { changeCluster } from './change-cluster.ts'
import { applyHostChanges, callContainers, confirmHost, restartAndWait } from './change-host.ts'
import { confirm, record } from './confirm.ts'
import type { Gpu, Planned } from './context.ts'
import { endPrepared, endUnchanged } from './endings.ts'
import { collectEvidence } from './evidence.ts'
import { askAccess, isPlanned } from './gate.ts'
import { makePlan, readCluster, survey } from './look.ts'
import { type Tracks, undo, undoCluster } from './undo.ts'

/** How long another run is waited for, at most; less when a restart may take less. */
const longestWaitMs = 120_000
/** For packages and files, and for an undo, around the restart that has a limit of its own. */
const marginMs = 20 * 60_000

const touchesHost = ({ plan }: Planned): boolean =>
  effectiveChanges(plan).some(({ id }) => id === 'restart' || (hostSteps as readonly string[]).includes(id))

/** Carries the plan out: the host first, under its lock, then the cluster, then the proof. */
export async function carryOut(gpu: Gpu, planned: Planned, tracks: Tracks): Promise<Ending> {
  await askAccess(gpu, planned)
  if (!touchesHost(planned)) return await inOrder(gpu, planned, tracks)
  const hold = await holdForRun(gpu, planned)
  try {
    const fresh = isStale(hold, planned) ? await lookAgain(gpu, planned) : planned
    if (fresh.plan.changes.length > 0) return await inOrder(gpu, fresh, tracks)
    await confirm(gpu, fresh, tracks)
    return endUnchanged(gpu, fresh, fresh.host.counts.sessions)
  } finally {
    await hold.release()
  }
}

function holdForRun({ run, inputs, identity, signal }: Gpu, { host }: Planned): Promise<HeldHost> {
  return holdHost(host, {
    runId: identity.runId,
    holder: identity.label,
    waitMs: Math.min(longestWaitMs, inputs.timeoutMs),
    holdMs: inputs.timeoutMs + marginMs,
    onWaiting: (holder) => run.runner.line(`  waits for another run on this host: ${holder}`),
    signal,
  })
}

/** Another run was at work between the survey that the plan was made from and now. */
const isStale = (hold: HeldHost, { situation }: Planned): boolean =>
  hold.hasWaited || hold.releasedAtMs > situation.host.clock.hostMs

/** What a run finds wrong while another one restarts k3s, and what that restart mends. */
const ofRestart = new Set(['k3s.service', 'gpu.node', 'gpu.runtime-config'])

/**
 * A plan that is forbidden. Where the reason may be the restart of another run, that run is waited for, and then everything is asked
 * again; throws with what forbids it otherwise.
 */
export async function lookAfterOthers(gpu: Gpu, planned: Planned): Promise<Planned> {
  const { blockers } = planned.plan
  const forbidden = failureOfChecks(`the GPUs of ${gpu.inputs.desired.node} are not prepared`, blockers)
  if (!blockers.every(({ id }) => ofRestart.has(id))) throw forbidden
  let hold: HeldHost
  try {
    hold = await holdForRun(gpu, planned)
  } catch (error) {
    gpu.signal.throwIfAborted()
    // Somebody is at work for longer than anybody waits: that is what to know.
    if (error instanceof HostStepError && error.code === 'host-locked') throw error
    gpu.run.runner.debug(`no lock: ${error instanceof Error ? error.message : String(error)}`)
    throw forbidden
  }
  await hold.release()
  if (!isStale(hold, planned)) throw forbidden
  return await lookAgain(gpu, planned)
}

async function lookAgain(gpu: Gpu, { host }: Planned): Promise<Planned> {
  const fresh = await makePlan(gpu, await readCluster(gpu), host, await survey(gpu, host))
  if (fresh.plan.blockers.length > 0)
    throw failureOfChecks(`the GPUs of ${gpu.inputs.desired.node} are not prepared`, fresh.plan.blockers)
  return fresh
}

async function inOrder(gpu: Gpu, planned: Planned, tracks: Tracks): Promise<Ending> {
  try {
    if (touchesHost(planned)) await changeHost(gpu, planned, tracks)
    tracks.isHostDone = true
    await changeCluster(gpu, planned, tracks)
    await confirm(gpu, planned, tracks)
    await record(gpu, planned)
    return endPrepared(gpu, planned)
  } catch (error) {
    const explained = await collectEvidence(gpu, planned, error)
    if (tracks.isHostDone) await undoCluster(gpu, planned, tracks)
    throw explained
  }
}

/** What fails here is taken back, the restart included: a node that works badly is worth more than one that does not come back. */
async function changeHost(gpu: Gpu, planned: Planned, tracks: Tracks): Promise<void> {
  const isDisruptive = isPlanned(planned, 'install-toolkit') || isPlanned(planned, 'restart')
  const before: readonly ContainerCall[] = isDisruptive ? await callContainers(gpu, planned, 'before') : []
  tracks.hostTouched = true
  let harmed: readonly Check[]
  try {
    await applyHostChanges(gpu, planned)
    await restartAndWait(gpu, planned, tracks)
    harmed = await confirmHost(gpu, planned, before)
  } catch (error) {
    const explained = await collectEvidence(gpu, planned, error)
    tracks.undone = await undo(gpu, planned, tracks, error)
    throw explained
  }
  tracks.isHostDone = true
  // Whoever lost the GPU does not get it back by another round of changes: that is said, and nothing is taken back.
  if (harmed.length > 0)
    throw failureOfChecks(
      `the GPUs of ${gpu.inputs.desired.node} are as wanted, but ${harmed.some(({ verdict }) => verdict === 'fail') ? 'not all who used them still do' : 'whether all who used them still do is not known'}`,
      harmed,
    )
}
