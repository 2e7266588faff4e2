import { runtimeUnit, undoPlugin, undoRuntime } from '../../src/gpu/index.ts'
import { type Host, holdHost, isConnectionLost } from '../../src/host/index.ts'
import { effectiveChanges } from '../../src/join/index.ts'
import { between } from '../progress.ts'
import type { Run } from '../run.ts'
import type { Gpu, Planned } from './context.ts'

/** Undo may take a while (packages go again, k3s restarts), but never hangs. */
const undoTimeoutMs = 5 * 60_000
/** The one new connection after a lost one: a network that is back, not a host that boots. */
const reconnectTimeoutMs = 15_000
const waitMs = 30_000
/** A kubelet renews its Lease every 10 s; k3s takes some seconds to start it. */
const signOfLifeMs = 45_000

/** What this run has done so far, for the sentence that says what is true now. */
export interface Tracks {
  /** Set when undo was tried; `failed` says why it could not be. */
  undone:
    | { readonly changes: readonly string[]; readonly remaining: readonly string[]; readonly failed?: string }
    | undefined
  hostTouched: boolean
  isRestarted?: boolean
  /** Ids of changes of the cluster that were carried out. */
  inCluster: string[]
  /** The wait ended by its deadline alone: the plugin may still come, so it stays. */
  mayStillCome?: boolean
  /** uids of plugin pods that were replaced. */
  oldPods?: readonly string[]
  /** Everything on the host is as planned: what fails afterwards undoes nothing there. */
  isHostDone: boolean
  /** After the undo: what became of the node. */
  nodeAfter?: string
}

/** Follows the change log of a failed run backwards, and restarts k3s with what was there before. Cancelled runs are not undone. */
export async function undo(gpu: Gpu, planned: Planned, tracks: Tracks, error: unknown): Promise<Tracks['undone']> {
  if (gpu.signal.aborted || !tracks.hostTouched) return undefined
  const { run } = gpu
  const signal = AbortSignal.any([gpu.signal, AbortSignal.timeout(undoTimeoutMs)])
  try {
    return await run.stage('Undo', async (say) => {
      const undone = await onHost(gpu, planned.host, isConnectionLost(error), signal, async (host) =>
        undoRuntime(host, run.id, { signal, timeoutMs: undoTimeoutMs, unit: unitOf(planned) }),
      )
      const changes = [...new Set(undone.undone)]
      for (const change of changes) run.record.undone(change)
      say(`  ${changes.length > 0 ? `taken back: ${changes.join(', ')}` : 'nothing to take back'}`)
      for (const one of undone.remaining) say(`  ! left as it is: ${one}`)
      if (tracks.isRestarted) {
        tracks.nodeAfter = await nodeAfter(gpu, planned.situation.reading.node?.ready === 'True', signal)
        say(`  ${tracks.nodeAfter}`)
      }
      return { changes, remaining: undone.remaining }
    })
  } catch (failure) {
    return { changes: [], remaining: [], failed: failure instanceof Error ? failure.message : String(failure) }
  }
}

/**
 * Takes back what was changed in the cluster when the plugin cannot work: a node is not left with less than it had. One that is only slow
 * stays, unless another was replaced for it. Cancelled runs are not undone.
 */
export async function undoCluster(gpu: Gpu, planned: Planned, tracks: Tracks): Promise<void> {
  const { run, cluster } = gpu
  const isReplaced = tracks.inCluster.includes('replace-device-plugin')
  if (gpu.signal.aborted || tracks.inCluster.length === 0 || (tracks.mayStillCome && !isReplaced)) return
  const signal = AbortSignal.any([gpu.signal, AbortSignal.timeout(undoTimeoutMs)])
  try {
    await run.stage('Undo', async (say) => {
      const changes = await undoPlugin(cluster, planned.situation, tracks.inCluster, signal)
      for (const change of changes) run.record.undone(change)
      say(`  ${changes.length > 0 ? `taken back: ${changes.join(', ')}` : 'nothing to take back'}`)
      tracks.undone = { changes, remaining: [] }
    })
  } catch (failure) {
    tracks.undone = { changes: [], remaining: [], failed: failure instanceof Error ? failure.message : String(failure) }
  }
}

/** A host without either is never changed. */
function unitOf({ situation }: Planned) {
  return runtimeUnit(situation.gpu) || 'k3s-agent'
}

/** Over the connection that is there, else over ONE new one: then under the host's lock again, which was lost with the old one. */
async function onHost<T>(
  gpu: Gpu,
  present: Host,
  isLost: boolean,
  signal: AbortSignal,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  if (!isLost) {
    try {
      return await work(present)
    } catch (error) {
      if (!isConnectionLost(error) || signal.aborted) throw error
    }
  }
  const host = await gpu.connect(AbortSignal.any([signal, AbortSignal.timeout(reconnectTimeoutMs)]))
  try {
    const { runId, label: holder } = gpu.identity
    const hold = await holdHost(host, { runId, holder, waitMs, holdMs: undoTimeoutMs, onWaiting: () => {}, signal })
    try {
      return await work(host)
    } finally {
      await hold.release()
    }
  } finally {
    await host.close()
  }
}

/** Whether the node is Ready again with what was there before: watched, because the restart is only ordered. */
async function nodeAfter({ cluster, inputs }: Gpu, wasReady: boolean, signal: AbortSignal): Promise<string> {
  const { node: name } = inputs.desired
  const ended = new AbortController()
  const either = AbortSignal.any([
    signal,
    ended.signal,
    AbortSignal.timeout(Math.min(inputs.timeoutMs, wasReady ? Number.POSITIVE_INFINITY : signOfLifeMs)),
  ])
  let isReady = false
  let hasHeartbeat = false
  // The first one that is heard may be the old one's. Not read beforehand: a server that is restarted is away for a while, and a watch
  // waits for it.
  let before: number | undefined
  await cluster
    .watch(
      name,
      (event) => {
        if (event.type === 'node') isReady = event.node.ready === 'True'
        if (event.type === 'lease') {
          hasHeartbeat ||= before !== undefined && event.renewedAtMs > before
          before ??= event.renewedAtMs
        }
        // A node that was not Ready before is not waited for: that its kubelet lives is all that can come back.
        if (hasHeartbeat && (isReady || !wasReady)) ended.abort()
      },
      either,
    )
    .catch(() => undefined)
  if (!wasReady && !isReady)
    return `${name} is not Ready, as before (${hasHeartbeat ? 'its kubelet is back' : 'no heartbeat yet'})`
  return isReady && hasHeartbeat
    ? `${name} is Ready again with what was there before`
    : `${name} is not Ready again yet (${hasHeartbeat ? 'its kubelet is back' : 'no heartbeat since'})`
}

function tracksWords(undone: Tracks['undone']): string {
  if (!undone) return 'nothing was taken back'
  if (undone.failed) return `taking it back failed: ${undone.failed}`
  return `taken back in the cluster: ${undone.changes.join(', ') || 'nothing'}`
}

/** One sentence: what is true now, and how to go on. */
export function stateOf(run: Run, { undone, hostTouched, isHostDone, nodeAfter: after }: Tracks): string {
  const host = run.node || 'the host'
  const { applied } = run.record.parts()
  if (!hostTouched && applied.length === 0) return `nothing was changed on ${host} or in the cluster`
  if (!hostTouched || isHostDone) {
    const missing = effectiveChanges(run.plan).filter((change) => !applied.includes(change.id))
    const rest = missing.length > 0 ? `; not done yet: ${missing.map((change) => change.id).join(', ')}` : ''
    const back = tracksWords(undone)
    return `done: ${applied.join(', ') || 'nothing'}${rest}; ${back}; run it again, it goes on from there`
  }
  if (!undone) return `not undone (${between(run)}); the next run converges`
  if (undone.failed)
    return `not undone (${between(run)}), because the undo failed: ${undone.failed}; run it again, the next run converges`
  if (undone.changes.length === 0 && undone.remaining.length === 0 && applied.length === 0)
    return `nothing was changed on ${host} or in the cluster`
  const left = undone.remaining.length > 0 ? `; left as it is: ${undone.remaining.join(', ')}` : ''
  return `undone: ${undone.changes.join(', ') || 'nothing'}${left}${after === undefined ? '' : `; ${after}`}`
}
