import { gpuInUse, hasHeartbeat } from '../join/index.ts'
import type { Change, Check, Plan } from '../report/index.ts'
import { count } from '../report/index.ts'
import { isOfType, planDrain, podName } from './drain-plan.ts'
import type { LeaveSituation } from './model.ts'

/** Ids of the changes of a removal, in their order. */
export const leaveIds = {
  cordon: 'cordon',
  drain: 'drain',
  stop: 'stop',
  uninstall: 'uninstall',
  deleteNode: 'delete-node',
  forgetNode: 'forget-node',
} as const

/** Recorded on the Node while it is cordoned by a removal: only who closed it opens it again. */
export const cordonedBy = 'k3s-gpu-actions/cordoned-by'

/** Pods that are waited for: those that leave, and those that end already. */
export function awaitedPods({ pods, wishes }: Pick<LeaveSituation, 'pods' | 'wishes'>): readonly string[] {
  return planDrain(pods, wishes)
    .filter((one) => isOfType('leaves')(one) || isOfType('ends')(one))
    .map(({ pod }) => podName(pod))
}

/** Whether its kubelet can end its pods: without one they are only ever forgotten. */
export function canDrain({ reading, host, isHostGone }: LeaveSituation): boolean {
  return !isHostGone && reading.node !== undefined && hasHeartbeat({ reading }) && host?.presence.isRunning !== false
}

const listed = (names: readonly string[], most = 6): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ')

function drainChanges(situation: LeaveSituation): Change[] {
  const { node, reading } = situation
  if (!canDrain(situation)) return []
  const changes: Change[] = []
  if (reading.node?.unschedulable !== true) {
    changes.push({
      id: leaveIds.cordon,
      kind: 'cordon',
      target: `node ${node}`,
      reason: 'no new pod comes to a node that leaves',
      undo: 'opened again when the drain fails',
    })
  }
  const names = awaitedPods(situation)
  if (names.length > 0) {
    changes.push({
      id: leaveIds.drain,
      kind: 'drain',
      target: `${count(names.length, 'pod')}: ${listed(names)}`,
      reason: 'they start elsewhere before the node goes; asked by the eviction API, which heeds budgets',
      disrupts: 'restarts these pods on other nodes',
      undo: 'none: what has left has left; the node takes pods again',
    })
  }
  return changes
}

function hostChanges({ host, unit, node, distribution, pods, wishes }: LeaveSituation): Change[] {
  if (host === undefined || !host.presence.isThere || host.presence.uninstaller === undefined) return []
  const { presence, disturbs } = host
  const staying = planDrain(pods, wishes)
    .filter(isOfType('stays'))
    .filter(({ ruling }) => ruling.type === 'stays' && ruling.because !== 'finished').length
  const changes: Change[] = []
  if (presence.isRunning) {
    changes.push({
      id: leaveIds.stop,
      kind: 'stop',
      target: unit,
      reason: 'the agent ends before it is taken away',
      ...(staying > 0
        ? { disrupts: `ends what belongs to the node: ${count(staying, 'pod')} (DaemonSet, static)` }
        : {}),
      undo: 'started again while nothing is deleted yet',
    })
  }
  changes.push({
    id: leaveIds.uninstall,
    kind: 'remove',
    target: `${distribution} of ${node}, by ${presence.uninstaller}`,
    reason: presence.isHalfGone ? 'an earlier removal was interrupted here' : 'the machine leaves the cluster',
    ...(disturbs === undefined ? {} : { disrupts: disturbs }),
    undo: 'none: the machine comes back by joining again',
  })
  return changes
}

function clusterChanges({ reading, node, hasPassword, isHostGone, pods }: LeaveSituation): Change[] {
  const changes: Change[] = []
  if (reading.node !== undefined) {
    changes.push({
      id: leaveIds.deleteNode,
      kind: 'delete',
      target: `node ${node} (uid ${reading.node.uid})`,
      reason: isHostGone ? 'its machine is gone for good' : 'nothing stands behind it any more',
      ...(isHostGone && pods.length > 0
        ? { disrupts: `forgets ${count(pods.length, 'pod')} that were bound to it` }
        : {}),
      undo: 'none: a deleted node comes back only by joining again',
    })
  }
  if (hasPassword === true) {
    changes.push({
      id: leaveIds.forgetNode,
      kind: 'delete',
      target: `password of ${node} in kube-system`,
      reason: 'a machine that joins under this name later has another one',
      undo: 'not needed: a new one is made at the next join',
    })
  }
  return changes
}

/**
 * The whole plan of a removal; empty: there is nothing left to remove. `failing`: checks that the `fail-on` policy lets block. Pure.
 */
export function planLeave(situation: LeaveSituation, failing: readonly Check[]): Plan {
  const host = hostChanges(situation)
  const changes = [...drainChanges(situation), ...host, ...clusterChanges(situation)]
  const { facts, disturbs } = situation.host ?? {}
  // An uninstaller that makes systemd reload can take the GPU from others, as a reload that is planned can.
  const reloads = host
    .filter((change) => change.id === leaveIds.uninstall && disturbs !== undefined)
    .map((change): Change => ({ ...change, kind: 'reload' }))
  const inUse = facts === undefined ? [] : gpuInUse(facts, reloads, situation.wishes.allowGpuDisruption === true)
  return { changes, blockers: changes.length === 0 ? [] : [...failing, ...inUse] }
}
