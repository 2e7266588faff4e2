/** calypso's Node as k3s-join and gpu-runtime have left it a month ago: labelled, tainted, recorded, its GPU offered. */
import type { KubernetesObject } from '../../contract.ts'
import type { CardState, ContainerGround } from '../../kubelet/model.ts'
import { leaseObject, nodeObject } from '../node-objects.ts'
import { dayMs, type Stage, uuidOf } from './stage.ts'
import { putDaemonSet } from './workloads.ts'

export const calypsoGpu = `GPU-${uuidOf('gpu calypso')}`
export const calypsoCard: CardState = {
  name: 'NVIDIA GeForce RTX 4090',
  driver: '575.51.03',
  memoryMiB: 24_564,
  usedMiB: 1894,
  capability: '8.9',
  cuda: '12.9',
}
export const taint = { key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }
/** It has Python, and is there: what proves the GPU downloads nothing. */
export const pythonImage = 'docker.io/library/python:3.12-slim'
const plugin = 'k3s-gpu-actions-nvidia-device-plugin'

export function calypsoNode(stage: Stage, version: string, address: string, systemUuid: string): KubernetesObject {
  const node = nodeObject({
    name: 'calypso',
    address,
    role: 'agent',
    version,
    osImage: 'Ubuntu 22.04.5 LTS',
    kernel: '6.8.0-60-generic',
    podCidr: '10.42.2.0/24',
    arguments: ['agent'],
    environment: {},
    systemUuid,
    machineId: uuidOf('machine calypso').replaceAll('-', ''),
    createdMs: stage.nowMs - 30 * dayMs,
    cpus: 32,
    memoryKi: 65_536_000,
    labels: {
      'oceanid.node/name': 'calypso',
      'oceanid.node/gpu': 'nvidia-rtx-4090',
      'nvidia.com/gpu.present': 'true',
    },
    taints: [taint],
  })
  const gpu = {
    by: 'k3s-gpu-actions',
    gpus: [{ uuid: calypsoGpu, product: calypsoCard.name }],
    driver: calypsoCard.driver,
    cuda: calypsoCard.cuda,
    toolkit: '1.20.0',
    label: 'nvidia.com/gpu.present',
  }
  const status = node.status as { capacity: object; allocatable: object }
  const devices = { 'nvidia.com/gpu': '1' }
  return {
    ...node,
    metadata: {
      ...node.metadata,
      uid: uuidOf('nodes/calypso'),
      annotations: { ...node.metadata.annotations, 'k3s-gpu-actions/gpu': JSON.stringify(gpu) },
    },
    status: {
      ...status,
      capacity: { ...status.capacity, ...devices },
      allocatable: { ...status.allocatable, ...devices },
      images: imagesOf([
        'nvcr.io/nvidia/k8s-device-plugin:v0.20.0',
        'docker.io/rancher/mirrored-pause:3.6',
        'docker.io/rancher/klipper-lb:v0.4.13',
        pythonImage,
      ]),
    },
  }
}

/** As a kubelet reports them; digests are left out, because they are nobody's to invent. */
export function imagesOf(names: readonly string[]) {
  return names.map((name, index) => ({ names: [name], sizeBytes: 120_000_000 - index }))
}

export function putCalypso(stage: Stage, node: KubernetesObject): void {
  const { uid } = stage.put('nodes/calypso', node).metadata
  stage.put('leases/kube-node-lease/calypso', leaseObject('calypso', stage.nowMs, uid))
  stage.heartbeats.add('calypso')
}

/** As gpu-runtime renders it (src/gpu/plugin/render.ts). */
export function putDevicePlugin(stage: Stage): void {
  const labels = { 'app.kubernetes.io/name': 'nvidia-device-plugin', 'app.kubernetes.io/instance': plugin }
  const folder = '/var/lib/kubelet/device-plugins'
  putDaemonSet(
    stage,
    {
      namespace: 'kube-system',
      name: plugin,
      image: 'nvcr.io/nvidia/k8s-device-plugin:v0.20.0',
      nodes: [],
      labels,
      ageMs: 30 * dayMs,
      pod: {
        runtimeClassName: 'nvidia',
        nodeSelector: { 'nvidia.com/gpu.present': 'true' },
        tolerations: [
          { key: 'nvidia.com/gpu', operator: 'Exists' },
          { operator: 'Equal', ...taint },
        ],
        priorityClassName: 'system-node-critical',
        automountServiceAccountToken: false,
        volumes: [{ name: 'kubelet-device-plugins-dir', hostPath: { path: folder, type: 'Directory' } }],
      },
      container: {
        env: [
          { name: 'NVIDIA_VISIBLE_DEVICES', value: 'all' },
          { name: 'NVIDIA_DRIVER_CAPABILITIES', value: 'compute,utility' },
        ],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        volumeMounts: [{ name: 'kubelet-device-plugins-dir', mountPath: folder }],
      },
    },
    {
      labels: {
        'app.kubernetes.io/component': 'device-plugin',
        'app.kubernetes.io/part-of': 'k3s-gpu-actions',
        'app.kubernetes.io/managed-by': 'k3s-gpu-actions',
      },
    },
  )
}

/** The Leases and images of the servers are the seed's; what runs in containers there is Kubernetes' own. */
export const calypsoGround: ContainerGround = {
  handlers: new Set(['runc', 'nvidia', 'nvidia-cdi']),
  defaultHandler: 'runc',
  gpu: { driver: 'ok', uuids: [calypsoGpu], migProfiles: [], card: calypsoCard },
  hasFile: () => false,
}
