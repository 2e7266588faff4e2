import { createHash } from 'node:crypto'
import type { Taint } from '../../cluster-file/index.ts'
import type { ApplyObject, NodeState } from '../../kubernetes/index.ts'
import { fieldManager, type GpuSituation, pluginName, pluginNamespace, presentLabel } from '../model.ts'
import { lastingTaints } from './scheduling.ts'
import type { Toleration } from './shape.ts'

/**
 * Digest of what we set. A field that a later version no longer sets is still in the live object, where no comparison of what we do set
 * would find it.
 */
export const renderedAnnotation = 'k3s-gpu-actions/rendered'

export interface PluginWish {
  readonly image: string
  /** Of the GPU nodes, those of controllers left out. */
  readonly taints: readonly Taint[]
}

const gpuTaintKey = 'nvidia.com/gpu'
const folder = '/var/lib/kubelet/device-plugins'

/** k3s ships the RuntimeClass; where containerd is a unit of its own nobody does, so the plan makes it with the plugin that names it. */
export function isClassMade({ wish, gpu, reading }: GpuSituation): boolean {
  return gpu.service !== undefined && wish.devicePlugin === 'apply' && reading.runtimeClass === undefined
}

export function renderRuntimeClass(): ApplyObject {
  return {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'nvidia', labels: { 'app.kubernetes.io/managed-by': fieldManager } },
    handler: 'nvidia',
  }
}

/** The taints that the plugin has to tolerate, each once, in one order whatever the order of the nodes. */
export function taintsOfGpuNodes(nodes: readonly Pick<NodeState, 'taints'>[]): readonly Taint[] {
  const all = nodes
    .flatMap(lastingTaints)
    .map(({ key, value, effect }) => ({ key, ...(value ? { value } : {}), effect }))
  const byText = new Map(all.map((taint) => [JSON.stringify([taint.key, taint.effect, taint.value ?? '']), taint]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, taint]) => taint)
}

/** The real taints and nothing wider: a plugin that tolerates everything would also come to nodes that are being emptied. */
export function tolerationsFor(taints: readonly Taint[]): readonly Toleration[] {
  const own = taints
    .filter(({ key }) => key !== gpuTaintKey)
    .map(({ key, value, effect }) =>
      value === undefined ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect },
    )
  return [{ key: gpuTaintKey, operator: 'Exists' }, ...own]
}

/**
 * The device plugin as NVIDIA's static manifest makes it (NVIDIA/k8s-device-plugin v0.20.0:
 * deployments/static/nvidia-device-plugin.yml), and what k3s needs besides: the nvidia runtime, which brings libnvidia-ml into the
 * container, and the nodes' own taints. FAIL_ON_INIT_ERROR is not set: its default, true, ends the container with a reason.
 * The root file system is not read-only: NVIDIA ships it so nowhere, and the runtime's hooks write links and ld.so.cache into it.
 */
export function renderDevicePlugin({ image, taints }: PluginWish): ApplyObject {
  const labels = {
    'app.kubernetes.io/name': 'nvidia-device-plugin',
    'app.kubernetes.io/instance': pluginName,
    'app.kubernetes.io/component': 'device-plugin',
    'app.kubernetes.io/part-of': fieldManager,
    'app.kubernetes.io/managed-by': fieldManager,
  }
  const selector = {
    'app.kubernetes.io/name': labels['app.kubernetes.io/name'],
    'app.kubernetes.io/instance': labels['app.kubernetes.io/instance'],
  }
  const spec = {
    selector: { matchLabels: selector },
    updateStrategy: { type: 'RollingUpdate' },
    template: {
      metadata: { labels },
      spec: {
        runtimeClassName: 'nvidia',
        nodeSelector: { [presentLabel]: 'true' },
        tolerations: tolerationsFor(taints),
        priorityClassName: 'system-node-critical',
        // It speaks to the kubelet by a socket, never to the API server.
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'nvidia-device-plugin-ctr',
            image,
            // The image sets both as well; a mirror may not, and without them the runtime injects nothing.
            env: [
              { name: 'NVIDIA_VISIBLE_DEVICES', value: 'all' },
              { name: 'NVIDIA_DRIVER_CAPABILITIES', value: 'compute,utility' },
            ],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            volumeMounts: [{ name: 'kubelet-device-plugins-dir', mountPath: folder }],
          },
        ],
        volumes: [{ name: 'kubelet-device-plugins-dir', hostPath: { path: folder, type: 'Directory' } }],
      },
    },
  }
  const digest = createHash('sha256').update(JSON.stringify({ labels, spec })).digest('hex')
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name: pluginName,
      namespace: pluginNamespace,
      labels,
      annotations: { [renderedAnnotation]: digest.slice(0, 16) },
    },
    spec,
  }
}
