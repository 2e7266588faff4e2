import { cordonedBy, type Removed } from '../../src/leave/index.ts'
import { count, type Failure, formatDuration } from '../../src/report/index.ts'
import { explain } from '../failure.ts'
import { between } from '../progress.ts'
import { type Ending, nothingNext, type Run } from '../run.ts'
import type { Leave, LeavePlanned, LeaveTracks } from './leave-context.ts'

/** Opening a node again may not hang on a cluster that has gone away: a cancelled run has seconds. */
const reopenTimeoutMs = 4_000

/** What to do with the cluster file, where there is one: a node that it still wants is missed by every verification. */
function nextOf({ inputs }: Leave): string {
  const { desired } = inputs
  const file = desired.sources.cluster ?? 'default'
  return file === 'default' ? nothingNext : `take ${desired.node} out of ${file}, or verify-cluster misses it`
}

export function endGone(leave: Leave, planned: LeavePlanned): Ending {
  const { node, cluster } = leave.inputs.desired
  const traces = planned.situation.host?.presence.traces ?? []
  const host =
    planned.host === undefined
      ? 'its machine was not looked at'
      : `nothing of ${leave.leaving.name} runs on its machine${traces.length > 0 ? ` (left there: ${traces.join(', ')})` : ''}`
  return {
    result: 'unchanged',
    headline: `${node} is no node of ${cluster}, and ${host}. Nothing was changed`,
    next: nothingNext,
  }
}

export function endLeavePlanned(leave: Leave, { plan }: LeavePlanned): Ending {
  const { node } = leave.inputs.desired
  const planned = `${node}: ${count(plan.changes.length, 'change')} planned`
  const [blocker] = plan.blockers
  if (blocker !== undefined)
    return {
      result: 'planned',
      headline: `${planned}, but ${count(plan.blockers.length, 'check')} would stop the run; nothing was changed (dry run)`,
      next: blocker.remedy ?? 'read the checks',
    }
  return {
    result: 'planned',
    headline: `${planned}, nothing was changed (dry run)`,
    next: `press the button without dry-run, with remove-node = ${node}`,
  }
}

export function endRemoved(leave: Leave, planned: LeavePlanned, durationMs: number, removed: Removed): Ending {
  const { node, cluster } = leave.inputs.desired
  const time = formatDuration(durationMs)
  const how = planned.host === undefined ? '; its machine was not looked at' : ''
  const stays = removed.stays.length > 0 ? `; ${count(removed.stays.length, 'file')} of it stay on purpose` : ''
  return { result: 'removed', headline: `${node} left ${cluster} in ${time}${how}${stays}`, next: nextOf(leave) }
}

/**
 * Lets the node take pods again, when a removal closed it and its agent still runs. With a deadline of its own, because a cancelled run
 * does it, too. Never rejects.
 */
export async function reopen(leave: Leave, tracks: LeaveTracks): Promise<void> {
  if (!tracks.isCordoned || tracks.isHostTouched || tracks.reopened !== undefined) return
  const { run, cluster, inputs } = leave
  try {
    await run.stage('Undo', async (say) => {
      await cluster.changeNode(
        inputs.desired.node,
        { unschedulable: false, annotations: { [cordonedBy]: null } },
        AbortSignal.timeout(reopenTimeoutMs),
      )
      say('  node opened again: it takes pods')
    })
    run.record.undone('cordon')
    tracks.reopened = 'yes'
  } catch {
    tracks.reopened = 'no'
  }
}

/** One sentence: what is true now, and how to go on. */
function stateOf(run: Run, tracks: LeaveTracks): string {
  const node = run.node || 'the node'
  const { applied } = run.record.parts()
  const pods = tracks.podsLeft > 0 ? `; ${count(tracks.podsLeft, 'pod')} had left, and may come back` : ''
  if (tracks.reopened === 'yes')
    return `${node} goes on serving: it takes pods again, and its machine is as it was${pods}`
  if (tracks.reopened === 'no')
    return `${node} is still closed to new pods, its machine is as it was${pods}; open it with: kubectl uncordon ${node}`
  if (tracks.isUninstalled)
    return `the agent is off the machine, and the cluster is not cleared of ${node} yet; press the button again, the next run goes on from there`
  if (tracks.isHostTouched)
    return `the agent of ${node} may be stopped (${between(run)}), and its node stays closed to new pods; press the button again, the next run goes on from there`
  if (applied.length === 0) return `nothing was changed on ${node}`
  return `done so far: ${applied.join(', ')}; press the button again, the next run goes on from there`
}

export function endNotRemoved(run: Run, error: unknown, isCancelled: boolean, tracks: LeaveTracks): Ending {
  const state = stateOf(run, tracks)
  const failure: Failure = isCancelled
    ? {
        code: 'cancelled',
        title: `${run.node || 'the node'}: the run was cancelled`,
        cause: 'somebody cancelled the run, or the runner was stopped',
        remedy: 'run it again: it continues from what is there',
        evidence: [],
        state,
      }
    : { ...explain(error, run.node === '' ? 'the run could not start' : `${run.node} was not removed`), state }
  run.evidence.push(...failure.evidence)
  return { result: 'failed', headline: failure.title, next: failure.remedy, failure }
}
