/** What a node does for its cluster before somebody presses the button that takes it out, and what then gets in the way. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, leaseObject } from './cluster/index.ts'
import { layWork } from './cluster/leaving/index.ts'
import type { FaultName } from './contract.ts'
import type { StartedHost } from './host/index.ts'

export interface Leaver {
  readonly cluster: Cluster
  readonly host: StartedHost
  /** Node that is about to leave. */
  readonly node: string
  /** Nodes of the cluster besides; half of the work is on the last of them. */
  readonly others: readonly string[]
  readonly faults: ReadonlySet<FaultName>
}

const limitMs = 20_000
/** A Lease counts for 40 s. */
const silentMs = 41_000
/** Somebody else is quick. */
const otherHandMs = 200

/** Lays the work out, and waits until all of it runs. @throws Error when it does not */
export async function putToWork({ cluster, node, others, faults, host }: Leaver): Promise<void> {
  const { objects } = cluster
  layWork({ objects, nowMs: Date.now(), node, other: others.at(-1) ?? node, faults })
  const end = performance.now() + limitMs
  const isMounted = (): boolean => host.mounted().some((path) => path.includes('kubernetes.io~csi'))
  const isRunning = (): boolean =>
    objects
      .view('pods')
      .filter(({ spec }) => (spec as { nodeName?: string } | undefined)?.nodeName === node)
      .every(({ status }) => ['Running', 'Succeeded'].includes(String((status as { phase?: string }).phase)))
  await host.atPace(0.05, async () => {
    while (!isRunning() || !isMounted()) {
      if (performance.now() > end) throw new Error(`the work of ${node} does not run within ${limitMs / 1000} s`)
      await sleep(10)
    }
  })
}

/** What comes over the cluster when all of that runs. */
export async function getInTheWay({ cluster, host, node, faults }: Leaver): Promise<void> {
  const { objects } = cluster
  if (faults.has('remove-unreachable')) await host.stopAgent()
  const present = objects.get(`nodes/${node}`)
  if (present === undefined) return
  // Longer ago than its Lease says that it counts: nobody can take it for alive.
  if (faults.has('remove-unreachable'))
    objects.put(`leases/kube-node-lease/${node}`, leaseObject(node, Date.now() - silentMs, present.metadata.uid))
  if (faults.has('remove-server')) {
    // As k3s labels its servers (k3s-io/k3s:pkg/server/server.go, setNodeLabelsAndAnnotations).
    const labels = { ...present.metadata.labels, 'node-role.kubernetes.io/control-plane': 'true' }
    objects.put(`nodes/${node}`, { ...present, metadata: { ...present.metadata, labels } })
  }
  if (!faults.has('remove-node-gone')) return
  const stop = objects.listen(({ key, object }) => {
    if (key !== `nodes/${node}` || (object.spec as { unschedulable?: boolean } | undefined)?.unschedulable !== true)
      return
    stop()
    setTimeout(() => objects.delete(key), otherHandMs).unref()
  })
}
