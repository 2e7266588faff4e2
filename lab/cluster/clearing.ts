/** Takes away what joins and workloads left in the cluster. */
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { ApiClient, ObjectList } from './api-client.ts'
import type { PasswordCollector } from './node-passwords.ts'

const secrets = '/api/v1/namespaces/kube-system/secrets'
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
const namespaces = '/api/v1/namespaces'
const pods: Kind = { group: '/api/v1', resource: 'pods' }
/** Whatever makes pods. A cluster at its beginning has nothing of it, in no namespace. */
const makers: readonly Kind[] = [
  { group: '/apis/batch/v1', resource: 'cronjobs' },
  { group: '/apis/batch/v1', resource: 'jobs' },
  ...['daemonsets', 'deployments', 'replicasets', 'statefulsets'].map((resource) => ({
    group: '/apis/apps/v1',
    resource,
  })),
]
const atOnce = { gracePeriodSeconds: 0, propagationPolicy: 'Background' }
/** The API server makes these itself, and again when they go. */
const ofEveryCluster = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

interface Kind {
  readonly group: string
  readonly resource: string
}

/**
 * Deletes every Node but those to keep, their Leases and passwords, all bootstrap tokens, all workloads with their pods, and every
 * namespace that neither the cluster nor a manifest made.
 * @param manifestNamespaces are emptied, and stay
 */
export async function clear(
  api: ApiClient,
  kept: readonly string[],
  manifestNamespaces: readonly string[],
  collector: Pick<PasswordCollector, 'collected'>,
  signal: AbortSignal,
): Promise<void> {
  const isExtra = (object: KubernetesObject) => !kept.includes(object.metadata.name)
  const isToken = ({ type, metadata }: KubernetesObject) =>
    type === 'bootstrap.kubernetes.io/token' || /^bootstrap-token-|\.node-password\.k3s$/.test(metadata.name)
  const isSomebodys = ({ metadata }: KubernetesObject) =>
    ![...ofEveryCluster, ...manifestNamespaces].includes(metadata.name)
  // Before the Nodes: nothing may be started anew while they go.
  for (const kind of makers) await removeEverywhere(api, kind)
  const [nodes] = await Promise.all([
    removeAll(api, '/api/v1/nodes', isExtra),
    removeAll(api, secrets, isToken),
    removeEverywhere(api, pods),
    removeAll(api, namespaces, isSomebodys),
  ])
  await Promise.all(nodes.map((node) => collector.collected(node.metadata.uid ?? '')))
  // A kubelet renews until its Node is gone.
  await removeAll(api, leases, isExtra)
  await api.until(`${pods.group}/${pods.resource}`, '', (items) => items.length === 0, signal)
  await api.until(namespaces, '', (items) => !items.some(isSomebodys), signal)
}

/** Deletes the objects of a kind in all namespaces: whoever would take pods away from a machine that is gone is a minute late. */
async function removeEverywhere(api: ApiClient, { group, resource }: Kind): Promise<void> {
  const { items } = (await api.request('GET', `${group}/${resource}`)) as ObjectList
  await Promise.all(
    items.map(({ metadata }) => remove(api, `${group}/namespaces/${metadata.namespace}/${resource}`, metadata)),
  )
}

/** Deletes the selected objects of a collection without grace, and returns them. */
async function removeAll(
  api: ApiClient,
  collection: string,
  isSelected: (object: KubernetesObject) => boolean,
): Promise<readonly KubernetesObject[]> {
  const { items } = (await api.request('GET', collection)) as ObjectList
  const selected = items.filter(isSelected)
  await Promise.all(selected.map(({ metadata }) => remove(api, collection, metadata)))
  return selected
}

async function remove(api: ApiClient, collection: string, metadata: KubernetesObject['metadata']): Promise<void> {
  const path = `${collection}/${metadata.name}`
  // The finalizers of a job's pods wait for a controller that counts them; nobody wants the count any more.
  if ('finalizers' in metadata) await api.request('PATCH', path, { metadata: { finalizers: null } })
  await api.request('DELETE', path, atOnce)
}
