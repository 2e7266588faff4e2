import type { AccessRequest } from './model.ts'

const leases = { group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' } as const

/**
 * The rights that a join needs of the kubeconfig's user, apart from those on tokens. A test compares them with the manifest and with
 * the requests that are really made:
 *
 * - nodes: get (read, changeNode), list (nodes, watch), watch (watch), patch (changeNode), delete (deleteNode)
 * - leases of kube-node-lease: get (read), list and watch (watch, which lists first)
 *
 * Everybody who is authenticated may get /version and create SelfSubjectAccessReviews.
 */
export const joinAccessRequests: readonly AccessRequest[] = [
  ...['get', 'list', 'watch', 'patch', 'delete'].map((verb) => ({ verb, group: '', resource: 'nodes' })),
  ...['get', 'list', 'watch'].map((verb) => ({ verb, ...leases })),
]

/** What a run asks for when it fails, and does without when it may not: events of its node for the evidence. Nobody checks for these. */
export const optionalAccessRequests: readonly AccessRequest[] = [
  { verb: 'list', group: '', resource: 'events', namespace: 'default' },
]

/**
 * What following a storage node needs after it is Ready: Longhorn's object of it, and what Flux has not brought about yet. Asked only
 * for a node with a profile; a run that may not says so and does without.
 */
export const storageAccessRequests: readonly AccessRequest[] = [
  { group: 'longhorn.io', resource: 'nodes', namespace: 'longhorn-system' },
  { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations' },
  { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' },
].flatMap((kind) => ['list', 'watch'].map((verb) => ({ verb, ...kind })))

/** What nodePassword (list) and deleteNodePassword (delete) need besides; minting a token needs the same and more. */
export const nodePasswordAccessRequests: readonly AccessRequest[] = ['list', 'delete'].map((verb) => ({
  verb,
  group: '',
  resource: 'secrets',
  namespace: 'kube-system',
}))

const leasesOfNodes = { group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' } as const

/**
 * The rights that a removal needs of the kubeconfig's user. A test compares them with `manifests/remove-node-rbac.yaml`:
 *
 * - nodes: get and list (is it there, is another one left), patch (cordon), delete
 * - leases of kube-node-lease: get (is it alive)
 * - pods: list and watch (who is on it, who has left); pods/eviction: create
 * - poddisruptionbudgets: list and watch (who does not let a pod go, and when it does again)
 * - volumeattachments: list and watch (no volume is still attached); persistentvolumes: list (whose data lies on this node alone)
 */
export const removeAccessRequests: readonly AccessRequest[] = [
  ...['get', 'list', 'patch', 'delete'].map((verb) => ({ verb, group: '', resource: 'nodes' })),
  { verb: 'get', ...leasesOfNodes },
  ...['list', 'watch'].map((verb) => ({ verb, group: '', resource: 'pods' })),
  { verb: 'create', group: '', resource: 'pods/eviction' },
  ...['list', 'watch'].map((verb) => ({ verb, group: 'policy', resource: 'poddisruptionbudgets' })),
  ...['list', 'watch'].map((verb) => ({ verb, group: 'storage.k8s.io', resource: 'volumeattachments' })),
  { verb: 'list', group: '', resource: 'persistentvolumes' },
]
