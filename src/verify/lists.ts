import type { ApiObject, Cluster, KindReference, ListOptions } from '../kubernetes/index.ts'
import type { ClusterLists } from './model.ts'
import { podSeen } from './pods.ts'

const podKind: KindReference = { group: '', version: 'v1', resource: 'pods' }
const leaseKind: KindReference = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' }

/** A Lease is renewed every 10 s: what was read longer ago is read again. */
const leasesFreshMs = 10_000

interface LeaseObject {
  readonly metadata?: { readonly name?: string }
  readonly spec?: { readonly renewTime?: string }
}

function renewal(object: ApiObject): readonly [string, number] {
  const { metadata, spec } = object as LeaseObject
  const renewedMs = Date.parse(String(spec?.renewTime ?? ''))
  return [String(metadata?.name ?? ''), Number.isNaN(renewedMs) ? 0 : renewedMs]
}

/** Lists of whole kinds, each read once (Leases: once in 10 s) however often it is asked, also at the same time. One that failed is asked again by the next. */
export function openLists(cluster: Cluster, now: () => number, signal: AbortSignal, joining = ''): ClusterLists {
  let leasesAskedMs = Number.NEGATIVE_INFINITY
  const kept = new Map<unknown, Map<string, Promise<unknown>>>()

  async function once<Answer>(owner: unknown, key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const own = kept.get(owner) ?? new Map<string, Promise<unknown>>()
    kept.set(owner, own)
    const asked = (own.get(key) as Promise<Answer> | undefined) ?? ask()
    own.set(key, asked)
    try {
      return await asked
    } catch (error) {
      if (own.get(key) === asked) own.delete(key)
      throw error
    }
  }

  async function of<Item>(
    kind: KindReference,
    read: (object: ApiObject) => Item,
    options: ListOptions = {},
  ): Promise<readonly Item[] | undefined> {
    const { namespace, labelSelector, fieldSelector, isMetadataOnly } = options
    const key = JSON.stringify([
      kind.group,
      kind.version,
      kind.resource,
      namespace,
      labelSelector,
      fieldSelector,
      isMetadataOnly,
    ])
    // Another reader makes other items of the same objects, so it is another list.
    return await once(read, key, () => cluster.list(kind, read, signal, options))
  }

  return {
    nodes: () => once('nodes', '', async () => (await cluster.nodes(signal)).filter(({ name }) => name !== joining)),
    pods: async () => (await of(podKind, podSeen)) ?? [],
    leases: () => {
      // Compared with a clock that goes on, renewals of minutes ago would make every node look dead.
      if (now() - leasesAskedMs > leasesFreshMs) kept.delete('leases')
      if (!kept.has('leases')) leasesAskedMs = now()
      return once('leases', '', async () => {
        const renewals = await cluster.list(leaseKind, renewal, signal, { namespace: 'kube-node-lease' })
        return new Map(renewals ?? [])
      })
    },
    of,
    health: () => once('health', '', () => cluster.health(signal)),
    versionsOf: async (group) => {
      const groups = await once('groups', '', () => cluster.apiGroups(signal))
      return groups.get(group) ?? []
    },
    serverTimeMs: () => cluster.serverTimeMs ?? now(),
  }
}
