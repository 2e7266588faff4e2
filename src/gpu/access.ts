import type { AccessRequest } from '../kubernetes/index.ts'
import { type GpuWish, pluginName, pluginNamespace } from './model.ts'

const anywhere = (group: string, resource: string, ...verbs: readonly string[]): readonly AccessRequest[] =>
  verbs.map((verb) => ({ verb, group, resource }))

const daemonSets = { group: 'apps', resource: 'daemonsets', namespace: pluginNamespace }

/** To look only: the node, its pods, the device plugins, and that it is alive. */
const reading: readonly AccessRequest[] = [
  ...anywhere('', 'nodes', 'get', 'list', 'watch'),
  ...anywhere('', 'pods', 'list', 'watch'),
  ...anywhere('apps', 'daemonsets', 'list'),
  { verb: 'get', group: 'node.k8s.io', resource: 'runtimeclasses', name: 'nvidia' },
  ...['get', 'list', 'watch'].map((verb) => ({
    verb,
    group: 'coordination.k8s.io',
    resource: 'leases',
    namespace: 'kube-node-lease',
  })),
]

/** The annotation, and the label. */
const marking: readonly AccessRequest[] = anywhere('', 'nodes', 'patch')

/** Our one object. Server-side apply is a patch, and a create where it is not there yet; a create cannot be limited to a name. */
const keeping: readonly AccessRequest[] = [
  { verb: 'create', ...daemonSets },
  { verb: 'patch', ...daemonSets, name: pluginName },
  { verb: 'delete', ...daemonSets, name: pluginName },
]

/** What gpu-runtime needs of the kubeconfig's user. A test compares it with `manifests/gpu-runtime-rbac.yaml`. */
export function gpuAccessRequests(
  wish: Pick<GpuWish, 'devicePlugin' | 'replaceDevicePlugin'>,
  isClassMade = false,
): readonly AccessRequest[] {
  const isKept = wish.devicePlugin === 'apply' || wish.devicePlugin === 'absent'
  return [
    ...reading,
    ...marking,
    ...(isKept ? keeping : []),
    ...(isClassMade ? classKeeping : []),
    ...replacing(wish.replaceDevicePlugin),
  ]
}

/** The RuntimeClass that nobody but k3s ships, made where containerd is a unit of its own. */
const classKeeping: readonly AccessRequest[] = [
  { verb: 'create', group: 'node.k8s.io', resource: 'runtimeclasses' },
  { verb: 'patch', group: 'node.k8s.io', resource: 'runtimeclasses', name: 'nvidia' },
]

/** To delete the DaemonSet that was typed again, and to make it once more when ours cannot work. Not in the manifest: it is done once. */
function replacing(replaced: string): readonly AccessRequest[] {
  const [namespace = '', name = ''] = replaced.split('/')
  if (name === '') return []
  return [
    { verb: 'delete', group: 'apps', resource: 'daemonsets', namespace, name },
    { verb: 'patch', group: 'apps', resource: 'daemonsets', namespace, name },
    { verb: 'create', group: 'apps', resource: 'daemonsets', namespace },
  ]
}

/**
 * What a run asks for when something is wrong, or when the plugin is another's, and does without when it may not: words of the plugin
 * and its pod, the node's events for the evidence, the configuration of a plugin that shares GPUs. Nobody checks for these.
 */
export const optionalGpuAccessRequests: readonly AccessRequest[] = [
  { verb: 'get', group: '', resource: 'pods/log', namespace: pluginNamespace },
  { verb: 'list', group: '', resource: 'events', namespace: pluginNamespace },
  { verb: 'list', group: '', resource: 'events', namespace: 'default' },
  { verb: 'get', group: '', resource: 'configmaps', namespace: pluginNamespace },
]
