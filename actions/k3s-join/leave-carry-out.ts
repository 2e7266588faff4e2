import { HostStepError } from '../../src/host/index.ts'
import {
  awaitDetached,
  awaitedPods,
  type BoundPod,
  canDrain,
  cordonedBy,
  type DrainOutcome,
  drain,
  leaveIds,
  mountWords,
  podName,
  podOfMount,
  type Removed,
} from '../../src/leave/index.ts'
import { RunFailure } from '../failure.ts'
import type { Ending } from '../run.ts'
import type { Leave, LeavePlanned, LeaveTracks } from './leave-context.ts'
import { endRemoved } from './leave-endings.ts'
import { attachedFailure, comesBackFailure, drainFailure, mountsFailure, unlistedFailure } from './leave-failures.ts'
import { clearCordonRecord, saveCordonRecord } from './state.ts'

/** Volumes may take this long to be detached and unmounted, also when the pods took all the time there was. */
const leastWaitMs = 30_000

const isPlanned = ({ plan }: LeavePlanned, id: string): boolean => plan.changes.some((change) => change.id === id)

/** The one gate for changes: only what the plan announces is carried out, never under dry-run, and the change log is kept here. */
async function gate<T>(leave: Leave, planned: LeavePlanned, id: string, carryOut: () => Promise<T>): Promise<T> {
  if (leave.inputs.dryRun) throw new Error(`${id} would be a change, and this is a dry run`)
  if (!isPlanned(planned, id)) throw new Error(`${id} is not in the plan`)
  const result = await carryOut()
  leave.run.record.applied(id)
  return result
}

/** Pods, volumes, mounts, agent, Node, proof: in this order, so that nothing is stopped while anything still needs it. */
export async function carryOutLeave(leave: Leave, planned: LeavePlanned, tracks: LeaveTracks): Promise<Ending> {
  const { run } = leave
  const deadline = performance.now() + leave.inputs.leave.drainTimeoutMs
  const left = (): number => Math.max(leastWaitMs, deadline - performance.now())
  if (canDrain(planned.situation)) {
    await emptyNode(leave, planned, tracks, left)
    if (planned.host !== undefined) await lookAtMounts(leave, planned, left())
  }
  const removed = await takeOff(leave, planned, tracks)
  await clearCluster(leave, planned)
  await confirmGone(leave, planned, removed)
  return endRemoved(leave, planned, run.record.elapsedMs(), removed)
}

/** How often a pod may come back before nobody believes any more that it ever stays away. */
const mostRounds = 3

/** Pods, then their volumes; once more when a pod came meanwhile. */
async function emptyNode(leave: Leave, planned: LeavePlanned, tracks: LeaveTracks, left: () => number): Promise<void> {
  for (let round = 1; ; round++) {
    await drainNode(leave, planned, tracks, round === 1, round === 1 ? leave.inputs.leave.drainTimeoutMs : left())
    const came = await waitForVolumes(leave, left())
    if (came === undefined) return
    if (round === mostRounds) {
      throw comesBackFailure(leave.inputs.desired.node, came, round)
    }
  }
}

async function drainNode(
  leave: Leave,
  planned: LeavePlanned,
  tracks: LeaveTracks,
  isFirst: boolean,
  timeoutMs: number,
): Promise<void> {
  const { run, cluster, inputs, signal } = leave
  const { node } = inputs.desired
  const { reading } = planned.situation
  const before = reading.node
  if (before === undefined) return
  // An earlier removal closed it and was killed: this one opens it again when it fails.
  if (before.annotations[cordonedBy] !== undefined) tracks.isCordoned = true
  const names = awaitedPods(planned.situation)
  await run.liveStage(`Drain ${node}${isFirst ? '' : ' again'}`, async (milestone) => {
    if (isFirst && isPlanned(planned, leaveIds.cordon)) {
      saveCordonRecord(run.runner, {
        node,
        uid: before.uid,
        runId: run.id,
        kubeconfig: inputs.kubeconfig,
        context: inputs.context,
      })
      // Sent is as good as done: whoever cancels now must open it again.
      tracks.isCordoned = true
      await gate(leave, planned, leaveIds.cordon, () =>
        cluster.changeNode(node, { unschedulable: true, annotations: { [cordonedBy]: run.id } }, signal),
      )
      milestone('cordoned')
    }
    const ports = { cluster, now: () => performance.now(), onEvent: milestone }
    const work = (): Promise<DrainOutcome> => drain(node, inputs.leave.wishes, timeoutMs, ports, signal)
    const outcome = names.length > 0 ? await gate(leave, planned, leaveIds.drain, work) : await work()
    tracks.podsLeft += outcome.left
    if (outcome.type !== 'drained') throw drainFailure(leave, planned, outcome)
    milestone(outcome.left === 0 ? 'no pod had to leave' : `drained: ${outcome.left} left`)
  })
}

/** Resolves with a pod that came to the node meanwhile; undefined: nobody did, and no volume is attached. */
async function waitForVolumes(
  { run, cluster, inputs, signal }: Leave,
  timeoutMs: number,
): Promise<BoundPod | undefined> {
  const { node } = inputs.desired
  return await run.stage('Wait for volumes', async (say) => {
    const ports = { cluster, onEvent: (text: string) => say(`  ${text}`) }
    const outcome = await awaitDetached(node, inputs.leave.wishes, timeoutMs, ports, signal)
    if (outcome.type === 'came') {
      say(`  ${podName(outcome.pod)} came to it meanwhile`)
      return outcome.pod
    }
    if (outcome.type === 'unknown') throw unlistedFailure(node)
    if (outcome.type === 'detached') {
      say(`  no volume is attached to ${node}`)
      return undefined
    }
    throw attachedFailure(node, outcome.attachments)
  })
}

/** The kubelet unmounts what its pods had; what is still there then would be unmounted by force, and deleted through. */
async function lookAtMounts(leave: Leave, { host, situation }: LeavePlanned, timeoutMs: number): Promise<void> {
  const { run, leaving, identity, inputs, signal } = leave
  if (host === undefined || situation.host?.presence.isThere !== true) return
  await run.stage('Look at mounts', async (say) => {
    const mounts = await leaving.mounts(host, identity, Math.min(timeoutMs, 4 * leastWaitMs), signal)
    const others = mounts.filter((one) => one.kind !== 'own')
    const [first] = others
    if (first === undefined) {
      say(`  nothing of anybody else is mounted where leaving deletes`)
      return
    }
    const names = new Map(situation.pods.map((pod) => [pod.uid, podName(pod)]))
    const words = others.map((one) => {
      const pod = names.get(podOfMount(one))
      return `${mountWords(one)}${pod === undefined ? '' : ` of pod ${pod}`}`
    })
    throw mountsFailure(inputs.desired.node, words)
  })
}

async function takeOff(leave: Leave, planned: LeavePlanned, tracks: LeaveTracks): Promise<Removed> {
  const { run, leaving, identity, signal } = leave
  const { host } = planned
  const steps = ([leaveIds.stop, leaveIds.uninstall] as const).filter((id) => isPlanned(planned, id))
  if (host === undefined || steps.length === 0) return { stays: [] }
  // From here on an opened node would get pods that nobody runs.
  clearCordonRecord(run.runner)
  tracks.isHostTouched = true
  try {
    return await run.liveStage('Uninstall', async (milestone) => {
      const request = { run: identity, steps, timeoutMs: leave.inputs.timeoutMs }
      const said = { stop: `${leaving.unit} stopped`, uninstall: `${leaving.name} is gone` } as const
      const removed = await leaving.uninstall(
        host,
        request,
        (step) => {
          void gate(leave, planned, step, async () => {})
          if (step === 'uninstall') tracks.isUninstalled = true
          milestone(said[step])
        },
        signal,
      )
      tracks.isUninstalled = true
      return removed
    })
  } catch (error) {
    // Nothing was deleted, and an agent that was stopped runs again.
    const isBefore = error instanceof HostStepError && (error.code === 'foreign-mounts' || error.step !== 'uninstall')
    if (isBefore && !tracks.isUninstalled) tracks.isHostTouched = false
    throw error
  }
}

async function clearCluster(leave: Leave, planned: LeavePlanned): Promise<void> {
  const { run, cluster, leaving, inputs, signal } = leave
  const { node } = inputs.desired
  const before = planned.situation.reading.node
  if (!isPlanned(planned, leaveIds.deleteNode) && !isPlanned(planned, leaveIds.forgetNode)) return
  await run.stage('Clear the cluster', async (say) => {
    if (before !== undefined) {
      await gate(leave, planned, leaveIds.deleteNode, () => cluster.deleteNode(node, before.uid, signal))
      say(`  node ${node} deleted`)
    }
    const secret = leaving.nodePassword(node)
    if (secret === undefined || !isPlanned(planned, leaveIds.forgetNode)) return
    await gate(leave, planned, leaveIds.forgetNode, () => forget(leave, secret))
    say('  its password at the server is gone')
  })
}

/** The server deletes it with the Node, within a second; what it does not, is deleted here. */
async function forget({ cluster, signal }: Leave, secret: string): Promise<void> {
  const stored = await cluster.nodePassword(secret, signal)
  if (stored !== undefined) await cluster.deleteNodePassword(secret, stored, signal).catch(ignoreGone)
  async function ignoreGone(error: unknown): Promise<void> {
    // Changed or deleted meanwhile by the server that does the same.
    if ((await cluster.nodePassword(secret, signal)) !== undefined) throw error
  }
}

/** Reads everything once more. */
async function confirmGone(leave: Leave, planned: LeavePlanned, { stays }: Removed): Promise<void> {
  const { run, cluster, inputs, leaving, signal } = leave
  const { node } = inputs.desired
  await run.stage('Confirm', async (say) => {
    const { node: found } = await cluster.read(node, signal)
    if (found !== undefined) {
      throw new RunFailure({
        code: 'node-back',
        title: `${node} is a node again: it registered while it was being removed (uid ${found.uid})`,
        cause:
          found.uid === planned.situation.reading.node?.uid
            ? 'the API server has not deleted it: a finalizer keeps it'
            : 'another machine, or another agent on this one, uses the same name',
        remedy: 'look which machine that is (kubectl get node -o wide), then press the button again',
        evidence: [],
      })
    }
    const host = planned.host === undefined ? 'the machine was not looked at' : `nothing of ${leaving.name} on it`
    say(`  node gone, ${host}`)
    for (const one of stays) say(`  stays on purpose: ${one}`)
    if (stays.length > 0) run.facts['stays on the host'] = stays.join(', ')
  })
}
