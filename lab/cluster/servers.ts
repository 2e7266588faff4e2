/** The two servers of the cluster as objects, kept alive by the lab: no machine stands behind them. */
import {
  type Forerunner,
  leaseObject,
  microTimestamp,
  nodePasswordSecret,
  type SeedAddresses,
  seedNodes,
  timestamp,
} from '../../rehearsal/cluster/index.ts'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { ApiClient } from './api-client.ts'

export interface ServersOptions {
  readonly api: ApiClient
  readonly version: string
  readonly addresses: SeedAddresses
  readonly onFailure: (error: unknown) => void
}

export interface Servers {
  readonly names: readonly string[]
  /** Makes both what they were at the beginning, and waits until the cluster thinks so too. */
  restore(signal: AbortSignal): Promise<void>
  /** Whoever has the name calypso before calypso comes. The Lease of one that is alive is renewed until the next `restore`. */
  addForerunner(forerunner: Forerunner, signal: AbortSignal): Promise<void>
  close(): void
}

const renewEveryMs = 10_000
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
const unreachable = 'node.kubernetes.io/unreachable'

/** As the cluster's own agents would, renews their Leases every 10 s: the node controller then believes their Ready conditions. */
export function keepServers(options: ServersOptions): Servers {
  const { api } = options
  const seeds = seedNodes(options.version, Date.now(), options.addresses)
  const names = seeds.map((seed) => seed.metadata.name)
  const alive = new Set(names)

  const renew = async (name: string): Promise<void> => {
    const renewal = { spec: { renewTime: microTimestamp(Date.now()), holderIdentity: name } }
    if ((await api.request('PATCH', `${leases}/${name}`, renewal)) !== undefined) return
    const node = (await api.request('GET', `/api/v1/nodes/${name}`)) as KubernetesObject | undefined
    if (node) await api.request('POST', leases, leaseObject(name, Date.now(), node.metadata.uid))
  }
  const interval = setInterval(() => {
    for (const name of alive) renew(name).catch(options.onFailure)
  }, renewEveryMs)
  interval.unref()

  const restoreNode = async (seed: KubernetesObject): Promise<void> => {
    const path = `/api/v1/nodes/${seed.metadata.name}`
    const current = (await api.request('GET', path)) as KubernetesObject | undefined
    if (!current) await api.request('POST', '/api/v1/nodes', withoutHistory(seed))
    else {
      const { labels, annotations } = seed.metadata
      await api.request('PATCH', path, [
        { op: 'replace', path: '/metadata/labels', value: labels },
        { op: 'replace', path: '/metadata/annotations', value: annotations },
        { op: 'replace', path: '/spec', value: seed.spec },
      ])
      if (!isReady(current)) await api.request('PATCH', `${path}/status`, { status: seed.status })
    }
    await renew(seed.metadata.name)
  }

  return {
    names,
    async restore(signal) {
      alive.clear()
      for (const name of names) alive.add(name)
      await Promise.all(seeds.map(restoreNode))
      const areWell = (nodes: readonly KubernetesObject[]) =>
        nodes.filter((node) => names.includes(node.metadata.name) && isReady(node) && taintsOf(node).length === 0)
          .length === names.length
      await api.until('/api/v1/nodes', '', areWell, signal)
    },
    async addForerunner({ node, isAlive, seenMs, password }, signal) {
      const secret = nodePasswordSecret('calypso', password)
      await api.request('POST', '/api/v1/namespaces/kube-system/secrets', secret)
      if (node === undefined) return
      const posted = withoutHistory(isAlive ? node : silentSince(node, seenMs))
      const { metadata } = (await api.request('POST', '/api/v1/nodes', posted)) as KubernetesObject
      await api.request('POST', leases, leaseObject('calypso', seenMs, metadata.uid))
      if (!isAlive) return
      alive.add('calypso')
      // A new Node is tainted until its controller has believed its condition.
      const isWell = (nodes: readonly KubernetesObject[]) =>
        nodes.some((one) => isReady(one) && taintsOf(one).length === 0)
      await api.until('/api/v1/nodes', 'metadata.name=calypso', isWell, signal)
    },
    close: () => clearInterval(interval),
  }
}

/** What the node controller would say of it; left to itself it would only come to this conclusion a minute from now. */
function silentSince(node: KubernetesObject, seenMs: number): KubernetesObject {
  const noticed = timestamp(seenMs + 53_000)
  const taints = ['NoSchedule', 'NoExecute'].map((effect) => ({ key: unreachable, effect, timeAdded: noticed }))
  const conditions = conditionsOf(node).map((condition) => ({
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastHeartbeatTime: timestamp(seenMs),
    lastTransitionTime: noticed,
  }))
  const spec = { ...(node.spec as object), taints }
  return { ...node, spec, status: { ...(node.status as object), conditions } }
}

/** When a Node was created is for the API server to say. */
function withoutHistory(node: KubernetesObject): KubernetesObject {
  const { creationTimestamp: _, ...metadata } = node.metadata
  return { ...node, metadata }
}

interface Condition {
  readonly type: string
  readonly status: string
}

function conditionsOf(node: KubernetesObject): readonly Condition[] {
  return (node.status as { conditions?: readonly Condition[] } | undefined)?.conditions ?? []
}

function isReady(node: KubernetesObject): boolean {
  return conditionsOf(node).some((condition) => condition.type === 'Ready' && condition.status === 'True')
}

function taintsOf(node: KubernetesObject): readonly unknown[] {
  return (node.spec as { taints?: readonly unknown[] } | undefined)?.taints ?? []
}
