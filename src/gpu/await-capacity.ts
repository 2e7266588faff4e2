import type { Cluster, NodeState, PodState } from '../kubernetes/index.ts'
import { type ExpectedCapacity, numberOf } from './capacity.ts'
import { ownedBy } from './plugin/carry-out.ts'
import { type Hopeless, judgePlugin } from './plugin/judge.ts'
import type { PluginObject } from './plugin/owners.ts'

export interface CapacityGoal {
  readonly node: string
  /** The plugin that serves the node, as it is applied: its selector, affinity and tolerations are judged. */
  readonly plugin: PluginObject
  readonly expected: ExpectedCapacity
  /** uids of pods that are being replaced. */
  readonly oldPods: readonly string[]
  /** This run made or changed the plugin, so that numbers may be left over from the one before. */
  readonly isPluginChanged: boolean
  /** This run restarted k3s, and with it the kubelet: the same. */
  readonly isRestarted: boolean
  /** The node just before the restart. */
  readonly before?: NodeState
  /** uids of the plugin's pods before this run: what their logs say may be older than the restart. */
  readonly podsBefore: readonly string[]
  readonly timeoutMs: number
}

/** What is known at one moment. */
export interface CapacityState {
  readonly node?: NodeState
  /** Pods of the plugin on the node that are not being replaced. */
  readonly pods: readonly PodState[]
  /** All pods of the node, for those that hold GPUs. */
  readonly allPods: readonly PodState[]
  /** The numbers are the new plugin's own: they came up, or its log says that it registered. */
  readonly isFresh: boolean
  /** The last lines of the plugin's log, as far as they were asked for. */
  readonly log: readonly string[]
  readonly events: readonly string[]
}

export type CapacityOutcome = { readonly state: CapacityState; readonly elapsedMs: number } & (
  | { readonly type: 'ready' }
  | ({ readonly type: 'hopeless' } & Hopeless)
  /** Not in time; `missing`: what for. */
  | { readonly type: 'deadline'; readonly missing: string }
)

export interface CapacityPorts {
  readonly cluster: Pick<Cluster, 'watch' | 'watchPods' | 'podLog' | 'podEvents'>
  /** Milliseconds, monotonic. */
  readonly now: () => number
  /** How often a silent state is judged, and the plugin's words are asked for; a test has no time. */
  readonly intervalsMs?: { readonly judge: number; readonly ask: number }
  readonly onState?: (state: CapacityState, elapsedMs: number) => void
}

/** Log and events are asked for only while the plugin is not done. */
const usualIntervalsMs = { judge: 250, ask: 2_000 }
/**
 * A kubelet writes a changed status every 10 s (kubelet configuration, nodeStatusUpdateFrequency): numbers that stood longer than that
 * beside a plugin that runs are its own.
 */
export const settleMs = 12_000

/** Both numbers of every resource are what is expected, or more. */
function isComplete(node: NodeState | undefined, { resources }: ExpectedCapacity): boolean {
  return Object.entries(resources).every(
    ([name, number]) =>
      node !== undefined && numberOf(node.capacity, name) >= number && numberOf(node.allocatable, name) >= number,
  )
}

/** What is still missing, in a few words; undefined: nothing. Pure. */
export function missingCapacity(state: CapacityState, goal: CapacityGoal): string | undefined {
  const { node, pods } = state
  if (node === undefined) return 'the node'
  if (pods.length === 0) return 'a pod of the device plugin on the node'
  if (!pods.some((pod) => pod.isReady && !pod.isTerminating)) return 'a Ready pod of the device plugin'
  if (!isComplete(node, goal.expected)) {
    const numbers = Object.entries(goal.expected.resources).map(
      ([name, number]) =>
        `${name}: capacity ${numberOf(node.capacity, name)}, allocatable ${numberOf(node.allocatable, name)} of ${number}`,
    )
    return numbers.join('; ')
  }
  return !state.isFresh ? 'a sign that the numbers are those of the new plugin' : undefined
}

/** The plugin's own words (NVIDIA/k8s-device-plugin: internal/plugin/server.go). */
const registered = /Registered device plugin for '[^']+' with Kubelet/

/**
 * Watches the node and its pods until the plugin is Ready and capacity = allocatable = expected, or it is clear that this will not be.
 * Rejects when the signal aborts or a watch breaks.
 */
export async function awaitCapacity(
  ports: CapacityPorts,
  goal: CapacityGoal,
  signal: AbortSignal,
): Promise<CapacityOutcome> {
  const startedAt = ports.now()
  const elapsed = (): number => ports.now() - startedAt
  const ended = new AbortController()
  const sources = AbortSignal.any([signal, ended.signal])
  const { promise: outcome, resolve: settle, reject: fail } = Promise.withResolvers<CapacityOutcome>()
  const isPlugins = ownedBy(goal.plugin)
  const pods = new Map<string, PodState>()
  const isOld = new Set(goal.oldPods)
  let node: NodeState | undefined
  let hasCome = false
  let completeSinceMs: number | undefined
  let log: readonly string[] = []
  let events: readonly string[] = []

  const stateNow = (): CapacityState => {
    const allPods = [...pods.values()]
    const own = allPods.filter((pod) => isPlugins(pod) && !isOld.has(pod.uid))
    const isReady = own.some((pod) => pod.isReady && !pod.isTerminating)
    const isWhole = isComplete(node, goal.expected)
    // Seen to be less, and then to be enough: that is a registration.
    if (node !== undefined && !isWhole) hasCome = true
    completeSinceMs = isWhole && isReady ? (completeSinceMs ?? elapsed()) : undefined
    const hasSettled = completeSinceMs !== undefined && elapsed() - completeSinceMs >= settleMs
    const isPodNew = own.some((pod) => pod.isReady && !goal.podsBefore.includes(pod.uid))
    const saysSo = isPodNew && log.some((line) => registered.test(line))
    // A new kubelet begins without devices (pkg/kubelet/cm/devicemanager/manager.go, readCheckpoint): what it writes was registered anew.
    const isOfNewKubelet =
      goal.isRestarted &&
      !goal.isPluginChanged &&
      node?.heartbeatAt !== undefined &&
      node.heartbeatAt !== goal.before?.heartbeatAt
    const mayBeStale = goal.isPluginChanged || goal.isRestarted
    const isProven = hasCome || hasSettled || saysSo || (goal.before !== undefined && isOfNewKubelet)
    const isFresh = !mayBeStale || (isWhole && isReady && isProven)
    return { ...(node === undefined ? {} : { node }), pods: own, allPods, isFresh, log, events }
  }
  const judge = (): void => {
    const state = stateNow()
    const elapsedMs = elapsed()
    ports.onState?.(state, elapsedMs)
    const missing = missingCapacity(state, goal)
    const hopeless = missing === undefined ? undefined : judgePlugin(state, goal, elapsedMs)
    if (missing === undefined) settle({ type: 'ready', state, elapsedMs })
    else if (hopeless) settle({ type: 'hopeless', ...hopeless, state, elapsedMs })
    else if (elapsedMs >= goal.timeoutMs) settle({ type: 'deadline', missing, state, elapsedMs })
  }

  /** Log and events of the newest pod, while there is something to wait for: what it says is the reason, if there is one. */
  let isAsking = false
  const ask = async (): Promise<void> => {
    const pod = stateNow().pods.at(-1)
    if (pod === undefined || isAsking) return
    isAsking = true
    try {
      const { namespace, name } = pod
      const isStarted = pod.restarts > 0 || pod.isReady || pod.problems.length > 0
      if (isStarted) log = (await ports.cluster.podLog(namespace, name, 40, sources)).split('\n').filter(Boolean)
      else events = await ports.cluster.podEvents(namespace, name, sources)
      judge()
    } catch (error) {
      if (!sources.aborted) fail(error)
    } finally {
      isAsking = false
    }
  }

  const intervalsMs = ports.intervalsMs ?? usualIntervalsMs
  const timers = [setInterval(judge, intervalsMs.judge), setInterval(() => void ask(), intervalsMs.ask)]
  const whenAborted = (): void => fail(signal.reason)
  signal.addEventListener('abort', whenAborted, { once: true })
  const runs = [
    ports.cluster.watch(
      goal.node,
      (event) => {
        if (event.type === 'node') node = event.node
        else if (event.type === 'gone') node = undefined
        if (event.type !== 'lease') judge()
      },
      sources,
    ),
    ports.cluster.watchPods(
      goal.node,
      (event) => {
        if (event.type === 'pod') pods.set(`${event.pod.namespace}/${event.pod.name}`, event.pod)
        else pods.delete(`${event.namespace}/${event.name}`)
        judge()
      },
      sources,
    ),
  ].map((run) =>
    run.then(
      () => {
        if (!sources.aborted) fail(new Error('a watch ended before the GPU was registered'))
      },
      (error: unknown) => {
        if (!sources.aborted) fail(error)
      },
    ),
  )
  try {
    signal.throwIfAborted()
    return await outcome
  } finally {
    for (const timer of timers) clearInterval(timer)
    signal.removeEventListener('abort', whenAborted)
    ended.abort(new Error('the wait is over'))
    await Promise.all(runs)
  }
}
