/** Takes away what joins and workloads left in the cluster. */
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { ApiClient, ObjectList } from './api-client.ts'
import type { PasswordCollector } from './node-passwords.ts'

const secrets = '/api/v1/namespaces/kube-system/secrets'
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
const pods = '/api/v1/namespaces/default/pods'
const jobs = '/apis/batch/v1/namespaces/default/jobs'
/** Nothing of a cluster at its beginning is one. */
const daemonSets = '/apis/apps/v1/namespaces/kube-system/daemonsets'
const systemPods = '/api/v1/namespaces/kube-system/pods'
const atOnce = { gracePeriodSeconds: 0, propagationPolicy: 'Background' }

/** Deletes every Node but those to keep, their Leases and passwords, all bootstrap tokens, the pods and jobs in default, and device plugins. */
export async function clear(
  api: ApiClient,
  kept: readonly string[],
  collector: Pick<PasswordCollector, 'collected'>,
  signal: AbortSignal,
): Promise<void> {
  const isExtra = (object: KubernetesObject) => !kept.includes(object.metadata.name)
  const isToken = ({ type, metadata }: KubernetesObject) =>
    type === 'bootstrap.kubernetes.io/token' || /^bootstrap-token-|\.node-password\.k3s$/.test(metadata.name)
  // Before the Nodes: nothing may be started anew while they go.
  await Promise.all([jobs, daemonSets].map((collection) => removeAll(api, collection, () => true)))
  const [nodes] = await Promise.all([
    removeAll(api, '/api/v1/nodes', isExtra),
    removeAll(api, secrets, isToken),
    removeAll(api, pods, () => true),
    removeAll(api, systemPods, isOfDaemonSet),
  ])
  await Promise.all(nodes.map((node) => collector.collected(node.metadata.uid ?? '')))
  // A kubelet renews until its Node is gone.
  await removeAll(api, leases, isExtra)
  await api.until(pods, '', (items) => items.length === 0, signal)
  await api.until(systemPods, '', (items) => !items.some(isOfDaemonSet), signal)
}

/** Its machine is gone, and nobody else would take the pod away before the node controller did. */
function isOfDaemonSet({ metadata }: KubernetesObject): boolean {
  const { ownerReferences = [] } = metadata as { readonly ownerReferences?: readonly { readonly kind: string }[] }
  return ownerReferences.some(({ kind }) => kind === 'DaemonSet')
}

/** Deletes the selected objects of a collection without grace, and returns them. */
async function removeAll(
  api: ApiClient,
  collection: string,
  isSelected: (object: KubernetesObject) => boolean,
): Promise<readonly KubernetesObject[]> {
  const { items } = (await api.request('GET', collection)) as ObjectList
  const selected = items.filter(isSelected)
  await Promise.all(
    selected.map(async ({ metadata }) => {
      const path = `${collection}/${metadata.name}`
      // The finalizers of a job's pods wait for a controller that counts them; nobody wants the count any more.
      if ('finalizers' in metadata) await api.request('PATCH', path, { metadata: { finalizers: null } })
      await api.request('DELETE', path, atOnce)
    }),
  )
  return selected
}
