import type { DaemonSetState } from '../../kubernetes/index.ts'
import { fieldManager, pluginName, pluginNamespace } from '../model.ts'
import { type ContainerShape, templateOf } from './shape.ts'

/** Who keeps a device plugin, and so who has to take it away. `hand`: nobody but people, it can be replaced. */
export type OwnerKind = 'ours' | 'gpu-operator' | 'flux' | 'argo-cd' | 'helm' | 'k3s-manifest' | 'hand'

export interface PluginOwner {
  readonly kind: OwnerKind
  /** In words, e.g. `Helm release nvdp of namespace nvidia`. */
  readonly words: string
}

export const nameOf = ({ namespace, name }: { namespace: string; name: string }): string => `${namespace}/${name}`

/** `nvcr.io/nvidia/k8s-device-plugin:v0.20.0@sha256:…` → `nvcr.io/nvidia/k8s-device-plugin` */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

/** Images that register GPUs as devices, whoever made them; AMD's has the same last name. Not those that give whole GPUs to VMs. */
function isOfNvidia({ image, name }: ContainerShape): boolean {
  const repository = repositoryOf(image)
  if (/rocm|amd|intel|kubevirt/i.test(repository)) return false
  return /nvidia/i.test(`${repository} ${name}`) || /(^|\/)k8s-device-plugin$/.test(repository)
}

/**
 * A device plugin for NVIDIA GPUs: it reaches the kubelet's folder of plugin sockets and has NVIDIA in its image or name. The chart's
 * other DaemonSets run the same image (gpu-feature-discovery, mps-control-daemon) without that folder
 * (NVIDIA/k8s-device-plugin: deployments/helm/nvidia-device-plugin/templates).
 */
export function isDevicePlugin(daemonSet: DaemonSetState): boolean {
  const template = templateOf(daemonSet)
  return template.hostPaths.some((path) => /\/device-plugins\/?$/.test(path)) && template.containers.some(isOfNvidia)
}

/** Name, namespace and label: a DaemonSet that only has our name is somebody else's. */
export function isOurs(daemonSet: DaemonSetState): boolean {
  return (
    daemonSet.namespace === pluginNamespace &&
    daemonSet.name === pluginName &&
    daemonSet.labels['app.kubernetes.io/managed-by'] === fieldManager
  )
}

export function ownerOf(daemonSet: DaemonSetState): PluginOwner {
  const { labels, annotations, fieldManagers, owners } = daemonSet
  const managedBy = (labels['app.kubernetes.io/managed-by'] ?? '').toLowerCase()
  if (isOurs(daemonSet)) return { kind: 'ours', words: 'this project' }
  // NVIDIA/gpu-operator: assets/state-device-plugin/0500_daemonset.yaml; its ClusterPolicy owns what it makes.
  const policy = owners.find((one) => one.startsWith('ClusterPolicy/'))
  const hasOperatorsSelector = 'nvidia.com/gpu.deploy.device-plugin' in templateOf(daemonSet).nodeSelector
  if (policy !== undefined || managedBy === 'gpu-operator' || hasOperatorsSelector)
    return { kind: 'gpu-operator', words: `gpu-operator${policy ? ` (${policy})` : ''}` }
  // Set by Flux on everything it applies (fluxcd/pkg: ssa, fluxcd/helm-controller).
  for (const [domain, what] of [
    ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ] as const) {
    const name = labels[`${domain}/name`]
    if (name !== undefined)
      return { kind: 'flux', words: `Flux (${what} ${labels[`${domain}/namespace`] ?? ''}/${name})` }
  }
  if (fieldManagers.includes('kustomize-controller')) return { kind: 'flux', words: 'Flux (kustomize-controller)' }
  // argoproj/argo-cd: common/common.go
  if ('argocd.argoproj.io/tracking-id' in annotations || fieldManagers.includes('argocd-controller'))
    return { kind: 'argo-cd', words: 'Argo CD' }
  const release = annotations['meta.helm.sh/release-name']
  if (release !== undefined || managedBy === 'helm' || fieldManagers.includes('helm')) {
    const of = annotations['meta.helm.sh/release-namespace'] ?? daemonSet.namespace
    return { kind: 'helm', words: `Helm (release ${release ?? labels['app.kubernetes.io/instance'] ?? '?'} of ${of})` }
  }
  // Manifests in k3s's folder are applied again at every start of a server (rancher/wrangler: pkg/apply, k3s-io/k3s: pkg/deploy).
  if (Object.values({ ...labels, ...annotations }).some((value) => /k3s\.cattle\.io\/.*Kind=Addon/.test(value))) {
    const addon = annotations['objectset.rio.cattle.io/owner-name'] ?? '?'
    return { kind: 'k3s-manifest', words: `k3s's folder of manifests (addon ${addon})` }
  }
  const who = fieldManagers.filter((one) => !/^k(3s|ube-controller-manager)$/.test(one)).join(', ')
  return { kind: 'hand', words: who === '' ? 'nobody that left a name' : `whoever applied it by hand (${who})` }
}

/** What is wrong with how a plugin is made, in words; empty: nothing. The first two are the shape of the manifest of seed 001. */
export function weaknesses(daemonSet: DaemonSetState): readonly string[] {
  const { containers, hostPaths, runtimeClass } = templateOf(daemonSet)
  const libraries = hostPaths.filter((path) => /libnvidia-ml\.so/.test(path))
  const words: string[] = []
  if (libraries.length > 0)
    words.push(`mounts ${libraries.join(', ')} from the host: the next update of the driver breaks it`)
  if (containers.some((one) => one.isPrivileged)) words.push('runs privileged: it needs no privilege')
  if (containers.some(({ env }) => env.FAIL_ON_INIT_ERROR === 'false'))
    words.push('has FAIL_ON_INIT_ERROR=false: it stays Running without a GPU, and hides why')
  if (runtimeClass === '' && libraries.length === 0)
    words.push('has no runtimeClassName: it sees the GPU only where nvidia is the default runtime')
  return words
}

/** True for a plugin made by hand that carries the driver's libraries from the host: it works until the driver is updated. */
export function hasHostLibraries(daemonSet: DaemonSetState): boolean {
  return templateOf(daemonSet).hostPaths.some((path) => /libnvidia-ml\.so/.test(path))
}
