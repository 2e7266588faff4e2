import { gpuAnnotation, renderDevicePlugin } from '../../src/gpu/index.ts'
import type { ExpectedNode, PodSeen, VerifyWish } from '../../src/verify/index.ts'
import type { GpuNode, GpuWorld } from '../../src/verify/suites/gpu/read.ts'
import { daemonSet, gpuOf, gpuTaint, image } from './gpu-cluster-world.ts'
import { nodeCalypso } from './situations.ts'

export const nowMs = Date.parse('2026-11-22T02:00:00Z')
export const uuid = 'GPU-4c1a2b3d-0000-4000-8000-000000000001'
export const tritonImage = 'nvcr.io/nvidia/tritonserver:25.08-py3'
export const annotation = gpuAnnotation(gpuOf(), { isLabelOurs: true })

export const expectedCalypso: ExpectedNode = {
  role: 'agent',
  address: '192.168.2.80',
  version: '',
  labels: {},
  taints: [],
  podNetwork: 'isolated',
  gpu: { count: 1, product: 'NVIDIA GeForce RTX 4090' },
}

export function podSeen(changes: Partial<PodSeen> = {}): PodSeen {
  return {
    namespace: 'kube-system',
    name: 'plugin-x7k2p',
    uid: 'pod-1',
    node: 'calypso',
    owner: 'DaemonSet/k3s-gpu-actions-nvidia-device-plugin',
    phase: 'Running',
    isReady: true,
    isTerminating: false,
    createdMs: nowMs - 3_600_000,
    restarts: 0,
    troubles: [],
    devices: {},
    labels: {},
    ...changes,
  }
}

/** Ours, as it is applied for a node with this taint. */
export function ours() {
  const { metadata, spec } = renderDevicePlugin({ image, taints: [gpuTaint] })
  return daemonSet(`${metadata.namespace}/${metadata.name}`, { labels: metadata.labels ?? {}, spec: spec as object })
}

/** Something of production that holds the GPU. */
export const holder = podSeen({
  namespace: 'triton',
  name: 'triton-0',
  owner: 'StatefulSet/triton',
  devices: { 'nvidia.com/gpu': 1 },
})

export const calypsoNode = (changes: Parameters<typeof nodeCalypso>[0] = {}) =>
  nodeCalypso({
    labels: { 'kubernetes.io/hostname': 'calypso', 'nvidia.com/gpu.present': 'true' },
    annotations: { 'k3s-gpu-actions/gpu': annotation },
    taints: [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
    capacity: { cpu: '16', 'nvidia.com/gpu': '1' },
    allocatable: { cpu: '16', 'nvidia.com/gpu': '1' },
    images: [tritonImage],
    conditions: [],
    ...changes,
  })

/** calypso with everything well; a change of undefined takes away. */
export function gpuNode(changes: { readonly [Key in keyof GpuNode]?: GpuNode[Key] | undefined } = {}): GpuNode {
  const node = {
    name: 'calypso',
    node: calypsoNode(),
    expected: expectedCalypso,
    leaseMs: nowMs - 5_000,
    pods: [podSeen()],
    plugin: ours(),
    ...changes,
  }
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined)) as unknown as GpuNode
}

export function gpuWorld(nodes: readonly GpuNode[] = [gpuNode()], changes: Partial<GpuWorld> = {}): GpuWorld {
  return { nodes, nowMs, runtimeClass: { handler: 'nvidia' }, ...changes }
}

export function wishOf(changes: Partial<VerifyWish> = {}): VerifyWish {
  return {
    cluster: 'oceanid',
    mode: 'probe',
    suites: new Set(['gpu', 'gpu-job']),
    distribution: 'k3s',
    nodes: [],
    joining: '',
    version: '',
    tunnel: '',
    flux: 'optional',
    triton: [],
    endpoints: [],
    certificateWarnMs: 0,
    certificateFailMs: 0,
    freePercent: 10,
    storageClass: '',
    prometheus: '',
    nodeJobs: [],
    gpuImage: '',
    probeImage: '',
    namespace: 'k3s-gpu-actions-verify',
    timeoutMs: 60_000,
    severities: [],
    ...changes,
  }
}
