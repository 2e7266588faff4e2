/** What others did to the cluster's GPUs before gpu-runtime comes: device plugins that are not ours, as their makers lay them. Pure but for the store. */
import type { FaultName } from '../contract.ts'
import { withDefaults } from './defaults.ts'
import { ownersAfter } from './field-managers.ts'
import { type ApiObject, keyOf, type Resource, resources } from './objects.ts'
import type { MemoryStore } from './store.ts'

type Json = Readonly<Record<string, unknown>>

interface Stranger {
  readonly manager: string
  readonly namespace: string
  readonly metadata: Json
  readonly spec: Json
}

const kubeletFolder = {
  mount: { name: 'device-plugin', mountPath: '/var/lib/kubelet/device-plugins' },
  volume: { name: 'device-plugin', hostPath: { path: '/var/lib/kubelet/device-plugins' } },
}

/** Where it may run, and the file by whose name it mounts NVML from the host. */
interface ByHand {
  readonly tolerations: readonly Json[]
  readonly nodeSelector: Json
  readonly library: string
}

/** The manifest of seed 001: privileged, NVML mounted from the host by the name of one driver version, failures hidden. */
const privilegedByHand = ({ tolerations, nodeSelector, library }: ByHand): Stranger => ({
  manager: 'kubectl-client-side-apply',
  namespace: 'kube-system',
  metadata: { name: 'nvidia-device-plugin-daemonset' },
  spec: {
    selector: { matchLabels: { name: 'nvidia-device-plugin-ds' } },
    updateStrategy: { type: 'RollingUpdate' },
    template: {
      metadata: { labels: { name: 'nvidia-device-plugin-ds' } },
      spec: {
        tolerations,
        nodeSelector,
        priorityClassName: 'system-node-critical',
        containers: [
          {
            image: 'nvcr.io/nvidia/k8s-device-plugin:v0.14.5',
            name: 'nvidia-device-plugin-ctr',
            env: [{ name: 'FAIL_ON_INIT_ERROR', value: 'false' }],
            securityContext: { privileged: true },
            volumeMounts: [
              kubeletFolder.mount,
              { name: 'dev', mountPath: '/dev' },
              { name: 'nvidia-ml-lib', mountPath: '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1', readOnly: true },
              { name: 'nvidia-ml-actual', mountPath: library, readOnly: true },
            ],
          },
        ],
        volumes: [
          kubeletFolder.volume,
          { name: 'dev', hostPath: { path: '/dev' } },
          { name: 'nvidia-ml-lib', hostPath: { path: '/lib/x86_64-linux-gnu/libnvidia-ml.so.1' } },
          { name: 'nvidia-ml-actual', hostPath: { path: library } },
        ],
      },
    },
  },
})

/** Somebody copied it for calypso, whose driver has another version by now: nothing is found, and the pod is Running and Ready with no GPU. */
const onCalypso = privilegedByHand({
  tolerations: [{ key: 'workload-type', operator: 'Equal', value: 'gpu-compute', effect: 'NoSchedule' }],
  nodeSelector: { 'oceanid.node/name': 'calypso' },
  library: '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.570.133.07',
})

/** "Final NVIDIA Device Plugin Configuration" of the seed, word by word: on velaryon the driver still has that version. */
const ofGoldentooth = privilegedByHand({
  tolerations: [{ key: 'gpu', operator: 'Equal', value: 'true', effect: 'NoSchedule' }],
  nodeSelector: { gpu: 'true' },
  library: '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.575.51.03',
})

/** NVIDIA's chart (NVIDIA/k8s-device-plugin:deployments/helm), for any node, with the tolerations of its values.yaml. */
const fromHelm: Stranger = {
  manager: 'helm',
  namespace: 'nvidia-device-plugin',
  metadata: {
    name: 'nvdp-nvidia-device-plugin',
    labels: {
      'app.kubernetes.io/instance': 'nvdp',
      'app.kubernetes.io/managed-by': 'Helm',
      'app.kubernetes.io/name': 'nvidia-device-plugin',
      'app.kubernetes.io/version': '0.17.1',
      'helm.sh/chart': 'nvidia-device-plugin-0.17.1',
    },
    annotations: { 'meta.helm.sh/release-name': 'nvdp', 'meta.helm.sh/release-namespace': 'nvidia-device-plugin' },
  },
  spec: {
    selector: {
      matchLabels: { 'app.kubernetes.io/instance': 'nvdp', 'app.kubernetes.io/name': 'nvidia-device-plugin' },
    },
    updateStrategy: { type: 'RollingUpdate' },
    template: {
      metadata: { labels: { 'app.kubernetes.io/instance': 'nvdp', 'app.kubernetes.io/name': 'nvidia-device-plugin' } },
      spec: {
        runtimeClassName: 'nvidia',
        priorityClassName: 'system-node-critical',
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        tolerations: [
          { key: 'CriticalAddonsOnly', operator: 'Exists' },
          { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
        ],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'oceanid.node/gpu', operator: 'Exists' }] }],
            },
          },
        },
        containers: [
          {
            image: 'nvcr.io/nvidia/k8s-device-plugin:v0.17.1',
            imagePullPolicy: 'IfNotPresent',
            name: 'nvidia-device-plugin-ctr',
            command: ['nvidia-device-plugin'],
            env: [{ name: 'NVIDIA_MIG_MONITOR_DEVICES', value: 'all' }],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            volumeMounts: [kubeletFolder.mount],
          },
        ],
        volumes: [kubeletFolder.volume],
      },
    },
  },
}

/** What the gpu-operator makes of its state-device-plugin (NVIDIA/gpu-operator:assets/state-device-plugin). */
const ofOperator: Stranger = {
  manager: 'gpu-operator',
  namespace: 'gpu-operator',
  metadata: {
    name: 'nvidia-device-plugin-daemonset',
    labels: {
      app: 'nvidia-device-plugin-daemonset',
      'app.kubernetes.io/part-of': 'nvidia-gpu-operator',
      'app.kubernetes.io/managed-by': 'gpu-operator',
    },
    ownerReferences: [
      {
        apiVersion: 'nvidia.com/v1',
        kind: 'ClusterPolicy',
        name: 'cluster-policy',
        uid: '6f2f6d3e-0f60-4c3c-9b7a-4a0c8f1b2d11',
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  },
  spec: {
    selector: { matchLabels: { app: 'nvidia-device-plugin-daemonset' } },
    updateStrategy: { type: 'RollingUpdate' },
    template: {
      metadata: { labels: { app: 'nvidia-device-plugin-daemonset' } },
      spec: {
        runtimeClassName: 'nvidia',
        priorityClassName: 'system-node-critical',
        serviceAccountName: 'nvidia-device-plugin',
        nodeSelector: { 'nvidia.com/gpu.deploy.device-plugin': 'true' },
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
        containers: [
          {
            image: 'nvcr.io/nvidia/k8s-device-plugin:v0.17.1',
            name: 'nvidia-device-plugin',
            env: [
              { name: 'PASS_DEVICE_SPECS', value: 'true' },
              { name: 'FAIL_ON_INIT_ERROR', value: 'true' },
            ],
            securityContext: { privileged: true },
            volumeMounts: [kubeletFolder.mount],
          },
        ],
        volumes: [kubeletFolder.volume],
      },
    },
  },
}

const strangers: Readonly<Partial<Record<FaultName, Stranger>>> = {
  'gpu-plugin-runtime': onCalypso,
  'gpu-taint': fromHelm,
  'gpu-operator': ofOperator,
}

/** Resources that a fault adds to the cluster's API. */
export function gpuStrangersOf(faults: ReadonlySet<FaultName>): { readonly added: readonly Resource[] } {
  const policies: Resource = {
    group: 'nvidia.com',
    version: 'v1',
    plural: 'clusterpolicies',
    kind: 'ClusterPolicy',
    isNamespaced: false,
    hasStatus: true,
    isCustom: true,
  }
  return { added: faults.has('gpu-operator') ? [policies] : [] }
}

/** Lays what the faults are about. */
export function seedGpuStrangers(objects: MemoryStore, faults: ReadonlySet<FaultName>): void {
  for (const fault of faults) {
    const stranger = strangers[fault]
    if (stranger !== undefined) lay(objects, stranger)
  }
}

/** The plugin of seed 001, which the cluster has had since its owner applied it. */
export function seedGoldentoothPlugin(objects: MemoryStore): void {
  lay(objects, ofGoldentooth)
}

function lay(objects: MemoryStore, { namespace, manager, metadata, spec }: Stranger): void {
  const resource = resources.get('daemonsets')
  if (resource === undefined) return
  const name = String(metadata.name)
  if (objects.get(`namespaces/${namespace}`) === undefined)
    objects.put(`namespaces/${namespace}`, {
      metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } },
      status: { phase: 'Active' },
    })
  const annotations = {
    'deprecated.daemonset.template.generation': '1',
    ...(metadata.annotations as Readonly<Record<string, string>> | undefined),
  }
  const bare = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { ...metadata, annotations, namespace, name, generation: 1 },
    spec,
  }
  const object = withDefaults(resource, bare as ApiObject)
  const owners = ownersAfter(undefined, object, { manager, time: '2026-09-01T09:12:44Z' })
  objects.put(keyOf(resource, namespace, name), {
    ...object,
    metadata: { ...object.metadata, managedFields: owners },
  } as ApiObject)
}
