import type { KubernetesObject } from '../contract.ts'

/** A Kubernetes object inside the world: the contract's object, with the rest of its metadata reachable. */
export interface ApiObject extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & Record<string, unknown>
}

export interface Resource {
  readonly plural: string
  readonly kind: string
  readonly group: string
  readonly version: string
  readonly isNamespaced: boolean
  /** `/status` is a resource of its own, and the main one ignores changes to status. */
  readonly hasStatus: boolean
  /** Came with a CustomResourceDefinition: its objects' keys begin with `<plural>.<group>`, and items of lists say their kind. */
  readonly isCustom?: true
  /** Of a custom one: everything that serves the same objects, the preferred version first. */
  readonly versions?: readonly string[]
}

type Row = readonly [plural: string, kind: string, ...does: ('namespaced' | 'status')[]]

/** Group → what Kubernetes itself has of it, as far as this world does. All of version v1. */
const builtIn: Readonly<Record<string, readonly Row[]>> = {
  '': [
    ['nodes', 'Node', 'status'],
    ['namespaces', 'Namespace', 'status'],
    ['secrets', 'Secret', 'namespaced'],
    ['configmaps', 'ConfigMap', 'namespaced'],
    ['events', 'Event', 'namespaced'],
    ['pods', 'Pod', 'namespaced', 'status'],
    ['services', 'Service', 'namespaced', 'status'],
    ['endpoints', 'Endpoints', 'namespaced'],
    ['persistentvolumes', 'PersistentVolume', 'status'],
    ['persistentvolumeclaims', 'PersistentVolumeClaim', 'namespaced', 'status'],
    ['resourcequotas', 'ResourceQuota', 'namespaced', 'status'],
  ],
  apps: [
    ['daemonsets', 'DaemonSet', 'namespaced', 'status'],
    ['deployments', 'Deployment', 'namespaced', 'status'],
    ['replicasets', 'ReplicaSet', 'namespaced', 'status'],
    ['statefulsets', 'StatefulSet', 'namespaced', 'status'],
  ],
  batch: [
    ['jobs', 'Job', 'namespaced', 'status'],
    ['cronjobs', 'CronJob', 'namespaced', 'status'],
  ],
  'node.k8s.io': [['runtimeclasses', 'RuntimeClass']],
  policy: [['poddisruptionbudgets', 'PodDisruptionBudget', 'namespaced', 'status']],
  'coordination.k8s.io': [['leases', 'Lease', 'namespaced']],
  'discovery.k8s.io': [['endpointslices', 'EndpointSlice', 'namespaced']],
  'storage.k8s.io': [
    ['storageclasses', 'StorageClass'],
    ['volumeattachments', 'VolumeAttachment', 'status'],
  ],
}

/** The resources that every cluster has, by plural name. */
export const resources: ReadonlyMap<string, Resource> = new Map(
  Object.entries(builtIn).flatMap(([group, rows]) =>
    rows.map(([plural, kind, ...does]) => {
      const is = { isNamespaced: does.includes('namespaced'), hasStatus: does.includes('status') }
      return [plural, { plural, kind, group, version: 'v1', ...is }] as const
    }),
  ),
)

/** Groups of the resources that every cluster has; the core's is not among them. */
export const builtInGroups: readonly string[] = [...Object.keys(builtIn), 'authorization.k8s.io']
  .filter((group) => group !== '')
  .toSorted()

/** `v1` or `coordination.k8s.io/v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}

/** First part of the keys of a resource's objects. */
export function storedAs({ plural, group, isCustom }: Resource): string {
  return isCustom ? `${plural}.${group}` : plural
}

/** The store's key of an object: `<plural>[/<namespace>]/<name>`, of a custom one `<plural>.<group>[/<namespace>]/<name>`. */
export function keyOf(resource: Resource, namespace: string, name: string): string {
  const stored = storedAs(resource)
  return resource.isNamespaced ? `${stored}/${namespace}/${name}` : `${stored}/${name}`
}

/** The resource that a path means: built in, or one of those that somebody added. */
export function resourceAt(
  { group, version, resource: plural }: { readonly group: string; readonly version: string; readonly resource: string },
  added: readonly Resource[],
): Resource | undefined {
  const known = resources.get(plural)
  if (known !== undefined && known.group === group) return known.version === version ? known : undefined
  const custom = added.find((one) => one.plural === plural && one.group === group)
  const isServed = custom !== undefined && (custom.versions ?? [custom.version]).includes(version)
  return isServed ? { ...custom, version } : undefined
}
