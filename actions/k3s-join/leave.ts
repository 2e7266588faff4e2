import { type Host, holdHost } from '../../src/host/index.ts'
import type { Leaving } from '../../src/leave/index.ts'
import { failureOfChecks } from '../failure.ts'
import type { Ending } from '../run.ts'
import { blameTunnel } from '../tunnel-fault.ts'
import { announceLeave } from './announce.ts'
import { carryOutLeave } from './leave-carry-out.ts'
import type { ClusterLook, Leave, LeaveTracks } from './leave-context.ts'
import { endGone, endLeavePlanned, endNotRemoved, reopen } from './leave-endings.ts'
import { connectForLeaving, makeLeavePlan, readForLeaving, surveyForLeaving } from './leave-look.ts'
import { clearCordonRecord } from './state.ts'

/** How long another run is waited for, at most. */
const longestWaitMs = 120_000
/** For waits, further rounds and what is cleared, around the drain and the uninstaller, which have limits of their own. */
const marginMs = 15 * 60_000

/** How each distribution leaves a host; loaded when it is needed. */
export async function leavingOf(distribution: 'k3s' | 'kubeadm'): Promise<Leaving> {
  if (distribution === 'kubeadm') return (await import('../../src/kubeadm/index.ts')).leavingKubeadm()
  return (await import('../../src/k3s/index.ts')).leavingK3s()
}

/** The other half of k3s-join: a node leaves its cluster. Everything that goes wrong is its ending; never rejects. */
export async function leaveCluster(leave: Leave): Promise<Ending> {
  const { run, inputs, signal } = leave
  const tracks: LeaveTracks = { isCordoned: false, isHostTouched: false, isUninstalled: false, podsLeft: 0 }
  try {
    announceLeave(leave)
    const look = await readForLeaving(leave)
    if (inputs.leave.isHostGone) return await onHost(leave, look, undefined, tracks)
    const host = await connectForLeaving(leave)
    try {
      return await onHost(leave, look, host, tracks)
    } finally {
      await host.close()
    }
  } catch (error) {
    const known = blameTunnel(error, inputs.kubeconfig)
    await reopen(leave, tracks)
    if (tracks.reopened === 'yes') clearCordonRecord(run.runner)
    return endNotRemoved(run, known, signal.aborted, tracks)
  }
}

/** Survey, plan, changes, proof; once more from the beginning when another run was at work meanwhile. */
async function onHost(
  leave: Leave,
  look: ClusterLook,
  host: Host | undefined,
  tracks: LeaveTracks,
  isAlone = false,
): Promise<Ending> {
  const { inputs } = leave
  const survey = host === undefined ? undefined : await surveyForLeaving(leave, host)
  const planned = await makeLeavePlan(leave, { ...look, ...(survey === undefined ? {} : { host: survey }) }, host)
  if (planned.plan.changes.length === 0) return endGone(leave, planned)
  if (inputs.dryRun) return endLeavePlanned(leave, planned)
  if (planned.plan.blockers.length > 0)
    throw failureOfChecks(`${inputs.desired.node} was not removed`, planned.plan.blockers)
  if (isAlone || host === undefined || survey === undefined) return await carryOutLeave(leave, planned, tracks)
  return await holding(leave, host, async (hasWaited, releasedAtMs) =>
    hasWaited || releasedAtMs > survey.facts.clock.hostMs
      ? await onHost(leave, await readForLeaving(leave), host, tracks, true)
      : await carryOutLeave(leave, planned, tracks),
  )
}

/** Keeps other runs away from the host: a join that begins while its agent is being taken off would fight it. */
async function holding<T>(
  { run, inputs, identity, signal }: Leave,
  host: Host,
  work: (hasWaited: boolean, releasedAtMs: number) => Promise<T>,
): Promise<T> {
  const hold = await holdHost(host, {
    runId: identity.runId,
    holder: identity.label,
    waitMs: longestWaitMs,
    holdMs: inputs.leave.drainTimeoutMs + inputs.timeoutMs + marginMs,
    onWaiting: (holder) => run.runner.line(`  waits for another run on this host: ${holder}`),
    signal,
  })
  try {
    return await work(hold.hasWaited, hold.releasedAtMs)
  } finally {
    await hold.release()
  }
}
