import type { AccessRequest } from '../../kubernetes/index.ts'

const inNamespace = (namespace: string, group: string, resource: string, ...verbs: readonly string[]) =>
  verbs.map((verb): AccessRequest => ({ verb, group, resource, namespace }))

/** What runPod and sweepPods need in the namespace of the probes. */
export function podAccess(namespace: string): readonly AccessRequest[] {
  return [
    ...inNamespace(namespace, 'batch', 'jobs', 'create', 'delete', 'list'),
    ...inNamespace(namespace, '', 'pods', 'list', 'watch'),
    ...inNamespace(namespace, '', 'pods/log', 'get'),
    ...inNamespace(namespace, '', 'events', 'list'),
  ]
}

/** What makeVolume needs there besides. That a volume is gone is seen in a list of all. */
export function volumeAccess(namespace: string): readonly AccessRequest[] {
  return [
    ...inNamespace(namespace, '', 'persistentvolumeclaims', 'create', 'delete', 'list'),
    { verb: 'list', group: '', resource: 'persistentvolumes' },
  ]
}
