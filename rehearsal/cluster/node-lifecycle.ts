/** What the controllers of a cluster do to Nodes: notice dead agents, keep the condition taints, collect what a deleted Node leaves. */
import { leaseObject, timestamp } from './node-objects.ts'
import { nodePasswordKey } from './node-passwords.ts'
import type { ApiObject } from './objects.ts'
import type { MemoryStore } from './store.ts'

export interface LifecycleOptions {
  readonly objects: MemoryStore
  readonly nowMs: () => number
  /** Seen on real parts: a node whose agent died stays Ready for 53 s. */
  readonly graceMs: number
  /** How long after a Node its Lease and its password Secret go. */
  readonly collectMs: number
}

export interface Lifecycle {
  /** Nodes whose agents the world plays itself: their Leases are always fresh. */
  readonly heartbeats: Set<string>
  /** Brings Leases, Ready conditions and taints up to the present. Runs before every request and once a second. */
  sweep(): void
  /** Every agent that lives has just been heard of, whatever its Lease says afterwards. */
  hear(): void
  stop(): void
}

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastHeartbeatTime?: string
  readonly lastTransitionTime?: string
}
interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: string
  readonly timeAdded?: string
}

const renewEveryMs = 10_000
/** The node controller looks at its Nodes this often: what it saw amiss becomes an eviction at its next look. */
const evictAfterMs = 5000
/** The conditions that every kubelet reports, and that the node controller speaks for in its place. */
const reportedTypes = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const
const notReady = 'node.kubernetes.io/not-ready'
const unreachable = 'node.kubernetes.io/unreachable'

export function startLifecycle(options: LifecycleOptions): Lifecycle {
  const { objects, nowMs } = options
  const heartbeats = new Set<string>()
  const timers = new Set<NodeJS.Timeout>()
  /** Node's uid → latest heartbeat, epoch milliseconds. */
  const heard = new Map<string, number>()

  const stopListening = objects.listen((event) => {
    if (event.type !== 'DELETED' || !event.key.startsWith('nodes/')) return
    const name = event.object.metadata.name
    const timer = setTimeout(() => {
      timers.delete(timer)
      // A machine that registered anew in the meantime has a right to its own.
      if (objects.get(event.key) !== undefined) return
      objects.delete(nodePasswordKey(name))
      objects.delete(`leases/kube-node-lease/${name}`)
    }, options.collectMs)
    timer.unref()
    timers.add(timer)
  })

  const sweep = (): void => {
    const now = nowMs()
    for (const name of heartbeats) {
      const node = objects.peek(`nodes/${name}`)
      const renewedMs = renewedAt(objects.peek(`leases/kube-node-lease/${name}`))
      if (node && !(now - renewedMs < renewEveryMs)) {
        objects.put(`leases/kube-node-lease/${name}`, leaseObject(name, now, node.metadata.uid))
      }
    }
    for (const node of objects.view('nodes')) {
      const { uid = '' } = node.metadata
      const renewedMs = renewedAt(objects.peek(`leases/kube-node-lease/${node.metadata.name}`))
      // Only a later time is a heartbeat: a Lease that somebody sets back makes no Node older (kubernetes, updateNodeHealth).
      // A Node without a Lease was last heard of when it was made.
      const seenMs = Number.isNaN(renewedMs) ? Date.parse(node.metadata.creationTimestamp ?? '') : renewedMs
      const heardMs = Math.max(seenMs, heard.get(uid) ?? seenMs)
      heard.set(uid, heardMs)
      const aged = now - heardMs > options.graceMs ? withUnknownConditions(node, now) : node
      const next = withConditionTaints(aged, now)
      if (next !== node) objects.put(`nodes/${node.metadata.name}`, next)
    }
  }
  const interval = setInterval(sweep, 1000)
  interval.unref()
  return {
    heartbeats,
    sweep,
    hear() {
      for (const name of heartbeats) heard.set(objects.peek(`nodes/${name}`)?.metadata.uid ?? '', nowMs())
    },
    stop() {
      clearInterval(interval)
      for (const timer of timers) clearTimeout(timer)
      stopListening()
    },
  }
}

/** NaN without a Lease. */
function renewedAt(lease: ApiObject | undefined): number {
  return Date.parse((lease?.spec as { renewTime?: string } | undefined)?.renewTime ?? '')
}

function conditionsOf(node: ApiObject): readonly Condition[] {
  return (node.status as { conditions?: readonly Condition[] } | undefined)?.conditions ?? []
}

/** The node controller's words for a kubelet that no longer reports, or never did (kubernetes, pkg/controller/nodelifecycle). */
function withUnknownConditions(node: ApiObject, now: number): ApiObject {
  const conditions = conditionsOf(node)
  const isReported = ({ type }: Condition): boolean => (reportedTypes as readonly string[]).includes(type)
  const stopped = conditions.map((condition) =>
    !isReported(condition) || condition.status === 'Unknown'
      ? condition
      : {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: timestamp(now),
        },
  )
  const never = reportedTypes
    .filter((type) => !conditions.some((condition) => condition.type === type))
    .map((type) => ({
      type,
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
      lastHeartbeatTime: node.metadata.creationTimestamp ?? timestamp(now),
      lastTransitionTime: timestamp(now),
    }))
  if (never.length === 0 && stopped.every((condition, index) => condition === conditions[index])) return node
  return { ...node, status: { ...(node.status as object), conditions: [...stopped, ...never] } }
}

/**
 * not-ready for Ready=False, unreachable for Unknown, neither for True. New pods are kept away at once; the taint that
 * evicts those that run comes 5 s later (seen on a real controller).
 */
function withConditionTaints(node: ApiObject, now: number): ApiObject {
  const ready = conditionsOf(node).find((condition) => condition.type === 'Ready')
  if (ready === undefined) return node
  const key = ready.status === 'True' ? undefined : ready.status === 'Unknown' ? unreachable : notReady
  const spec = (node.spec ?? {}) as { taints?: readonly Taint[] }
  const taints = spec.taints ?? []
  const own = taints.filter((taint) => taint.key !== notReady && taint.key !== unreachable)
  const present = taints.filter((taint) => taint.key === key)
  const keptAway = present.find(({ effect }) => effect === 'NoSchedule')
  const isLasting = keptAway !== undefined && now - Date.parse(keptAway.timeAdded ?? '') >= evictAfterMs
  const wanted = key === undefined ? [] : isLasting ? ['NoSchedule', 'NoExecute'] : ['NoSchedule']
  const added = wanted
    .filter((effect) => !present.some((taint) => taint.effect === effect))
    .map((effect) => ({ key: key ?? '', effect, timeAdded: timestamp(now) }))
  if (added.length === 0 && own.length + present.length === taints.length) return node
  const { taints: _, ...rest } = spec
  const next = [...own, ...present, ...added]
  return { ...node, spec: next.length === 0 ? rest : { ...rest, taints: next } }
}
