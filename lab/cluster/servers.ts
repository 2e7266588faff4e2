/** The two servers of the cluster as objects, kept alive by the lab: no machine stands behind them. */
import {
  leaseObject,
  microTimestamp,
  nodePasswordSecret,
  type SeedAddresses,
  seedNodes,
  staleNode,
  staleSeenMs,
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
  /** What an earlier installation of calypso left: a Node last seen nine days ago, and a password nobody has any more. */
  addStaleNode(systemUuid: string, password: string): Promise<void>
  /** Another machine of calypso's name, which is alive: its Node is Ready, and its Lease is renewed until the next `restore`. */
  addLiveNode(systemUuid: string, password: string, signal: AbortSignal): Promise<void>
  /** The password of a Node that is not there any more, or never was. */
  addPassword(password: string): Promise<void>
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

  const addPassword = async (password: string): Promise<void> => {
    await api.request('POST', '/api/v1/namespaces/kube-system/secrets', nodePasswordSecret('calypso', password))
  }

  return {
    names,
    addPassword,
    async restore(signal) {
      alive.clear()
      for (const name of names) alive.add(name)
      await Promise.all(seeds.map(restoreNode))
      const areWell = (nodes: readonly KubernetesObject[]) =>
        nodes.filter((node) => names.includes(node.metadata.name) && isReady(node) && taintsOf(node).length === 0)
          .length === names.length
      await api.until('/api/v1/nodes', '', areWell, signal)
    },
    async addStaleNode(systemUuid, password) {
      const nowMs = Date.now()
      const seenMs = staleSeenMs(nowMs)
      const node = withoutHistory(staleNode(options.version, nowMs, systemUuid, options.addresses))
      // Left to itself the node controller would only come to this conclusion a minute from now.
      const taints = ['NoSchedule', 'NoExecute'].map((effect) => ({
        key: unreachable,
        effect,
        timeAdded: timestamp(seenMs + 53_000),
      }))
      const conditions = conditionsOf(node).map((condition) => ({
        ...condition,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastHeartbeatTime: timestamp(seenMs),
        lastTransitionTime: timestamp(seenMs + 53_000),
      }))
      const stored = (await api.request('POST', '/api/v1/nodes', {
        ...node,
        spec: { ...(node.spec as object), taints },
        status: { ...(node.status as object), conditions },
      })) as KubernetesObject
      await api.request('POST', leases, leaseObject('calypso', seenMs, stored.metadata.uid))
      await addPassword(password)
    },
    async addLiveNode(systemUuid, password, signal) {
      const node = withoutHistory(staleNode(options.version, Date.now(), systemUuid, options.addresses))
      await api.request('POST', '/api/v1/nodes', node)
      await renew('calypso')
      alive.add('calypso')
      await addPassword(password)
      // A new Node is tainted until its controller has believed its condition.
      const isWell = (nodes: readonly KubernetesObject[]) =>
        nodes.some((one) => isReady(one) && taintsOf(one).length === 0)
      await api.until('/api/v1/nodes', 'metadata.name=calypso', isWell, signal)
    },
    close: () => clearInterval(interval),
  }
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
