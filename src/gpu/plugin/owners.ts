import type { DaemonSetState } from '../../kubernetes/index.ts'
import { type GpuReading, type GpuSituation, type GpuWish, pluginName, pluginNamespace } from '../model.ts'
import { isDevicePlugin, isOurs, nameOf, type OwnerKind, ownerOf } from './recognise.ts'
import { renderDevicePlugin, taintsOfGpuNodes } from './render.ts'
import { obstacles } from './scheduling.ts'
import { templateOf } from './shape.ts'

/** Our DaemonSet; undefined: there is none. */
export function ownPlugin(reading: GpuReading): DaemonSetState | undefined {
  return reading.daemonSets.find(isOurs)
}

/** Device plugins of others, and whatever of others has the name that ours needs. */
export function foreignPlugins(reading: GpuReading): readonly DaemonSetState[] {
  return reading.daemonSets.filter(
    (one) => !isOurs(one) && (isDevicePlugin(one) || (one.namespace === pluginNamespace && one.name === pluginName)),
  )
}

/** The plugin that serves the node: ours, else the first that comes to it, else the first that there is. */
export function servingPlugin(reading: GpuReading): DaemonSetState | undefined {
  const own = ownPlugin(reading)
  if (own !== undefined) return own
  const others = foreignPlugins(reading).filter(isDevicePlugin)
  const { node } = reading
  const comes = (one: DaemonSetState): boolean => node !== undefined && obstacles(templateOf(one), node).length === 0
  return others.find(comes) ?? others[0]
}

/** A plugin as far as it is waited for and counted by: of the cluster, or as it is about to be applied. */
export type PluginObject = Pick<DaemonSetState, 'namespace' | 'name' | 'object'>

/** The plugin that serves the node once the plan is carried out; undefined: there is none, or none is wanted. Pure. */
export function intendedPlugin({ wish, reading }: Pick<GpuSituation, 'wish' | 'reading'>): PluginObject | undefined {
  if (wish.devicePlugin === 'absent') return undefined
  if (wish.devicePlugin !== 'apply') return servingPlugin(reading)
  const { metadata, spec } = renderDevicePlugin({
    image: wish.devicePluginImage,
    taints: taintsOfGpuNodes(reading.gpuNodes),
  })
  return { namespace: pluginNamespace, name: pluginName, object: { metadata, spec } }
}

/** Deleted once, it stays away: nothing would bring it back. */
const canBeReplaced = (kind: OwnerKind): boolean => kind === 'hand'

/** The plugin that was named to be replaced, and that nobody would bring back. */
export function replacedPlugin(reading: GpuReading, wish: GpuWish): DaemonSetState | undefined {
  if (wish.devicePlugin !== 'apply' || wish.replaceDevicePlugin === '') return undefined
  return foreignPlugins(reading).find(
    (one) => nameOf(one) === wish.replaceDevicePlugin && canBeReplaced(ownerOf(one).kind),
  )
}

/** What has to be done so that another owner's plugin is gone for good. */
export function remedyFor(daemonSet: DaemonSetState): string {
  const name = nameOf(daemonSet)
  const keep = 'keep it and press again with `device-plugin: verify`'
  const remove = `kubectl -n ${daemonSet.namespace} delete daemonset ${daemonSet.name}`
  switch (ownerOf(daemonSet).kind) {
    case 'gpu-operator':
      return `${keep}, or switch the operator's off: kubectl patch clusterpolicies.nvidia.com cluster-policy --type merge -p '{"spec":{"devicePlugin":{"enabled":false}}}'`
    case 'flux':
      return `${keep}, or take it out of the repository that Flux reads: deleted by hand, it comes back`
    case 'argo-cd':
      return `${keep}, or take it out of its Argo CD application: deleted by hand, it comes back`
    case 'helm': {
      const release = daemonSet.annotations['meta.helm.sh/release-name'] ?? '<release>'
      const namespace = daemonSet.annotations['meta.helm.sh/release-namespace'] ?? daemonSet.namespace
      return `${keep}, or: helm uninstall ${release} -n ${namespace}`
    }
    case 'k3s-manifest':
      return `${keep}, or remove its file from /var/lib/rancher/k3s/server/manifests on every server, then: ${remove}`
    case 'ours':
    case 'hand':
      return `have it replaced: press again with \`replace-device-plugin: ${name}\`; or ${keep}`
  }
}
