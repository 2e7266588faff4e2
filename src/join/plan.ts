import type { Change, Check, Plan } from '../report/index.ts'
import { annotations } from './annotations.ts'
import { hasHeartbeat, nameCheck, replacesNode } from './checks/index.ts'
import { desiredDigest } from './desired.ts'
import type { JoinSituation } from './distribution.ts'
import { labelWords, taintWords } from './drift-words.ts'
import { gpuInUse } from './gpu-safety.ts'
import { metadataDrift, wantedOwnership } from './labels.ts'

/** Ids of the changes that this room carries out itself; all others belong to the distribution. */
export const changeIds = {
  deleteNode: 'delete-node',
  /** Announced by the distribution, which also knows how; when it may be carried out is this room's business. */
  deletePassword: 'delete-node-password',
  label: 'label-node',
  taint: 'taint-node',
  record: 'record-desired',
} as const

function metadataChanges(situation: JoinSituation, waits: boolean): Change[] {
  const { desired, server, version, reading } = situation
  const drift = metadataDrift(desired, reading.node)
  const changes: Change[] = []
  const digest = desiredDigest(desired, server, version)
  const recorded = reading.node?.annotations[annotations.desired]
  const labels = labelWords(drift, reading.node, recorded === digest)
  if (labels.length > 0) {
    changes.push({
      id: changeIds.label,
      kind: 'label',
      target: labels.join(', '),
      reason: reading.node ? 'the node differs from the cluster file and inputs' : 'wanted on the new node',
      undo: 'not needed: labels disturb nothing, and the next run sets them again',
    })
  }
  const taints = taintWords(drift, reading.node, recorded === digest)
  if (taints.length > 0) {
    changes.push({
      id: changeIds.taint,
      kind: 'taint',
      target: taints.join(', '),
      reason: reading.node
        ? 'the node differs from the cluster file and inputs'
        : 'keeps other pods away from the new node from its first second',
      ...(drift.addTaints.some((taint) => taint.effect === 'NoExecute')
        ? { disrupts: 'evicts pods that do not tolerate it' }
        : {}),
      undo: 'not needed: the next run converges',
    })
  }
  const ownership = Object.entries(wantedOwnership(desired))
  const isOwned = ownership.every(([name, value]) => reading.node?.annotations[name] === value)
  if (!isOwned || (recorded !== digest && !waits)) {
    changes.push({
      id: changeIds.record,
      kind: 'annotate',
      target: waits ? 'labels and taints of this project as owned' : 'desired state, owned labels and taints',
      reason: waits
        ? 'so that they can be changed and removed later'
        : 'lets the next run see that nothing is to be done',
      undo: 'not needed: a hint only',
    })
  }
  return changes
}

function deleteNodeChange(situation: JoinSituation): Change[] {
  const { reading, desired } = situation
  if (!reading.node || !replacesNode(situation)) return []
  return [
    {
      id: changeIds.deleteNode,
      kind: 'delete',
      target: `node ${desired.node} (uid ${reading.node.uid})`,
      reason: 'confirmed by replace-node: it is no longer alive',
      disrupts: 'forgets the pods that were bound to it',
      undo: 'none: a deleted node comes back only by joining again',
    },
  ]
}

/**
 * The whole plan: what the distribution changes on the host, then what changes on the Node, and what forbids it.
 * `failing` are the preflight's checks that the `fail-on` policy lets block. Pure.
 */
export function planJoin(situation: JoinSituation, hostChanges: readonly Change[], failing: readonly Check[]): Plan {
  const waits = hostChanges.some((change) => change.waitsFor !== undefined)
  // While the host waits for a decision there may be no Node to label: the agent there may belong to another cluster.
  const metadata = waits && !situation.reading.node ? [] : metadataChanges(situation, waits)
  const all = [...deleteNodeChange(situation), ...hostChanges, ...metadata]
  const name = nameCheck(situation)
  // Whoever ignores the check may join in the place of a dead node; that of a live machine is nobody's to give.
  const isNameBlocked =
    name.verdict === 'fail' && (hasHeartbeat(situation) || failing.some((one) => one.id === name.id))
  const blockers = [
    ...failing.filter((one) => one.id !== name.id),
    ...(isNameBlocked ? [name] : []),
    ...gpuInUse(situation.facts, all, situation.consent.allowGpuDisruption),
  ]
  return { changes: all, blockers }
}

/** Changes that are carried out now. */
export function effectiveChanges(plan: Plan): readonly Change[] {
  return plan.changes.filter((change) => change.waitsFor === undefined)
}

/** True when the host itself is touched now, so that token, handshake and script are needed. */
export function touchesHost(plan: Plan): boolean {
  // A node that is deleted joins anew, which is the host's business too.
  const ownIds: readonly string[] = [changeIds.label, changeIds.taint, changeIds.record]
  return effectiveChanges(plan).some((change) => !ownIds.includes(change.id))
}
