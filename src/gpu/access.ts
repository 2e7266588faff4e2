import type { AccessRequest } from '../kubernetes/index.ts'
import type { Change } from '../report/index.ts'
import { changeIds, type GpuWish, pluginNamespace } from './model.ts'

const daemonSet = (verb: string, namespace = pluginNamespace): AccessRequest => ({
  verb,
  group: 'apps',
  resource: 'daemonsets',
  namespace,
})
const node = (verb: string): AccessRequest => ({ verb, group: '', resource: 'nodes' })

/** The rights that each change needs, beside those that reading has needed already. */
const rights: Readonly<Record<string, (wish: GpuWish) => readonly AccessRequest[]>> = {
  [changeIds.restart]: () => [
    node('watch'),
    { verb: 'get', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' },
  ],
  [changeIds.label]: () => [node('patch')],
  [changeIds.unlabel]: () => [node('patch')],
  [changeIds.record]: () => [node('patch')],
  // Server-side apply is a patch that may create (kubernetes.io, Server-Side Apply).
  [changeIds.applyPlugin]: () => [
    daemonSet('create'),
    daemonSet('patch'),
    node('watch'),
    { verb: 'watch', group: '', resource: 'pods' },
  ],
  [changeIds.deletePlugin]: () => [daemonSet('delete')],
  [changeIds.replacePlugin]: ({ replaceDevicePlugin }) => {
    const namespace = replaceDevicePlugin.split('/')[0] || pluginNamespace
    return [daemonSet('delete', namespace), daemonSet('create', namespace), daemonSet('patch', namespace)]
  },
}

/** Every right that the planned changes need, each once. Pure. */
export function gpuAccessRequests(wish: GpuWish, changes: readonly Change[]): readonly AccessRequest[] {
  const all = changes.flatMap(({ id }) => rights[id]?.(wish) ?? [])
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}
