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
}

/** The resources that this world stores, by plural name. */
export const resources: ReadonlyMap<string, Resource> = new Map(
  [
    { plural: 'nodes', kind: 'Node', group: '', version: 'v1', isNamespaced: false, hasStatus: true },
    { plural: 'namespaces', kind: 'Namespace', group: '', version: 'v1', isNamespaced: false, hasStatus: true },
    { plural: 'secrets', kind: 'Secret', group: '', version: 'v1', isNamespaced: true, hasStatus: false },
    { plural: 'configmaps', kind: 'ConfigMap', group: '', version: 'v1', isNamespaced: true, hasStatus: false },
    { plural: 'events', kind: 'Event', group: '', version: 'v1', isNamespaced: true, hasStatus: false },
    { plural: 'pods', kind: 'Pod', group: '', version: 'v1', isNamespaced: true, hasStatus: true },
    { plural: 'daemonsets', kind: 'DaemonSet', group: 'apps', version: 'v1', isNamespaced: true, hasStatus: true },
    {
      plural: 'runtimeclasses',
      kind: 'RuntimeClass',
      group: 'node.k8s.io',
      version: 'v1',
      isNamespaced: false,
      hasStatus: false,
    },
    {
      plural: 'leases',
      kind: 'Lease',
      group: 'coordination.k8s.io',
      version: 'v1',
      isNamespaced: true,
      hasStatus: false,
    },
  ].map((resource) => [resource.plural, resource]),
)

/** `v1` or `coordination.k8s.io/v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}

/** The store's key of an object: `<plural>[/<namespace>]/<name>`. */
export function keyOf(resource: Resource, namespace: string, name: string): string {
  return resource.isNamespaced ? `${resource.plural}/${namespace}/${name}` : `${resource.plural}/${name}`
}
