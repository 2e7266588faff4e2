import type { GpuFacts, GpuReading, GpuSituation, GpuWish } from '../../src/gpu/index.ts'
import type { DaemonSetState, NodeState, PodState } from '../../src/kubernetes/index.ts'
import { factsOfCalypso, nodeCalypso } from './situations.ts'

export const image = 'nvcr.io/nvidia/k8s-device-plugin:v0.20.0'

export function wishOf(changes: Partial<GpuWish> = {}): GpuWish {
  return {
    node: 'calypso',
    toolkit: 'install',
    repositoryKeys: [],
    holdPackages: 'toolkit',
    devicePlugin: 'apply',
    devicePluginImage: image,
    replaceDevicePlugin: '',
    defaultRuntime: 'keep',
    quarantineTemplate: false,
    allowGpuDisruption: false,
    ...changes,
  }
}

export function gpuOf(changes: Partial<GpuFacts> = {}): GpuFacts {
  return {
    pci: [{ address: '0000:01:00.0', id: '10de:2684', driver: 'nvidia' }],
    smi: { isInstalled: true, exitCode: 0, said: '' },
    devices: [
      {
        index: 0,
        uuid: 'GPU-4c1a2b3d-0000-4000-8000-000000000001',
        name: 'NVIDIA GeForce RTX 4090',
        driverVersion: '575.51.03',
        pciBusId: '00000000:01:00.0',
        computeCapability: '8.9',
      },
    ],
    migDevices: [],
    cudaVersion: '12.9',
    driver: {
      loaded: '575.51.03',
      onDisk: '575.51.03',
      userSpace: '575.51.03',
      packages: [],
      isNouveauLoaded: false,
      secureBoot: 'disabled',
      rebootPending: [],
      hasUnattendedUpgrades: false,
      kernelLog: [],
    },
    toolkit: {
      packageManager: 'apt',
      packages: [{ name: 'nvidia-container-toolkit', version: '1.20.0-1', isHeld: true }],
      repository: { path: '', urls: [], keyring: '' },
      keyFingerprints: [],
      missingPrerequisites: [],
      ctkVersion: '1.20.0',
    },
    k3s: { unit: 'k3s-agent', activeState: 'active', version: 'v1.33.4+k3s1', searchPath: [], defaultRuntimes: [] },
    runtimes: [],
    containerd: { templates: [] },
    deviceLinks: { missing: [], hasRule: true, isNeeded: false },
    ownFiles: [],
    ...changes,
  }
}

export const gpuTaint = { key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' } as const

export function nodeOf(changes: Partial<NodeState> = {}): NodeState {
  return nodeCalypso({
    labels: { 'nvidia.com/gpu.present': 'true' },
    annotations: {},
    taints: [gpuTaint],
    capacity: { cpu: '24', 'nvidia.com/gpu': '1' },
    allocatable: { cpu: '24', 'nvidia.com/gpu': '1' },
    ...changes,
  })
}

export function readingOf(changes: Partial<GpuReading> = {}): GpuReading {
  const node = 'node' in changes ? changes.node : nodeOf()
  return {
    ...(node === undefined ? {} : { node }),
    gpuNodes: node === undefined ? [] : [node],
    daemonSets: [],
    pods: [],
    runtimeClass: { handler: 'nvidia' },
    ...changes,
  }
}

export function situationOf(
  wish: Partial<GpuWish>,
  reading: Partial<GpuReading>,
  gpu: Partial<GpuFacts> = {},
): GpuSituation {
  return { wish: wishOf(wish), host: factsOfCalypso(), gpu: gpuOf(gpu), reading: readingOf(reading) }
}

interface DaemonSetParts {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly spec: object
}

export function daemonSet(name: string, parts: DaemonSetParts, changes: Partial<DaemonSetState> = {}): DaemonSetState {
  const [namespace = '', short = ''] = name.split('/')
  const { labels = {}, annotations = {}, spec } = parts
  return {
    namespace,
    name: short,
    uid: `uid-${short}`,
    resourceVersion: '1',
    labels,
    annotations,
    fieldManagers: [],
    owners: [],
    object: { metadata: { labels, annotations }, spec },
    desired: 1,
    ready: 1,
    isObserved: true,
    ...changes,
  }
}

const pod = (template: object) => ({ template: { spec: template } })
const sockets = { name: 'device-plugin', hostPath: { path: '/var/lib/kubelet/device-plugins' } }

/** The manifest at the end of seed 001, as it is written there. */
export const seed001 = daemonSet(
  'kube-system/nvidia-device-plugin-daemonset',
  {
    spec: pod({
      tolerations: [{ key: 'gpu', operator: 'Equal', value: 'true', effect: 'NoSchedule' }],
      nodeSelector: { gpu: 'true' },
      priorityClassName: 'system-node-critical',
      containers: [
        {
          image: 'nvcr.io/nvidia/k8s-device-plugin:v0.14.5',
          name: 'nvidia-device-plugin-ctr',
          env: [{ name: 'FAIL_ON_INIT_ERROR', value: 'false' }],
          securityContext: { privileged: true },
        },
      ],
      volumes: [
        sockets,
        { name: 'dev', hostPath: { path: '/dev' } },
        { name: 'nvidia-ml-lib', hostPath: { path: '/lib/x86_64-linux-gnu/libnvidia-ml.so.1' } },
        { name: 'nvidia-ml-actual', hostPath: { path: '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.575.51.03' } },
      ],
    }),
  },
  { fieldManagers: ['kubectl-client-side-apply', 'kube-controller-manager'] },
)

/** NVIDIA/k8s-device-plugin v0.20.0: deployments/static/nvidia-device-plugin.yml */
const upstream = {
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  priorityClassName: 'system-node-critical',
  containers: [{ image, name: 'nvidia-device-plugin-ctr', env: [] }],
  volumes: [sockets],
}
export const upstreamStatic = daemonSet(
  'kube-system/nvidia-device-plugin-daemonset',
  { spec: pod(upstream) },
  { fieldManagers: ['kubectl-create'] },
)

/** NVIDIA/k8s-device-plugin: deployments/helm/nvidia-device-plugin (values.yaml, templates/daemonset-device-plugin.yml, with a config). */
export function helmChart(config?: string, changes: Partial<DaemonSetState> = {}): DaemonSetState {
  const term = (key: string, value: string) => ({ matchExpressions: [{ key, operator: 'In', values: [value] }] })
  const required = {
    nodeSelectorTerms: [
      term('feature.node.kubernetes.io/pci-10de.present', 'true'),
      term('feature.node.kubernetes.io/cpu-model.vendor_id', 'NVIDIA'),
      term('nvidia.com/gpu.present', 'true'),
    ],
  }
  return daemonSet(
    'nvidia/nvdp-nvidia-device-plugin',
    {
      labels: { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'nvdp' },
      annotations: { 'meta.helm.sh/release-name': 'nvdp', 'meta.helm.sh/release-namespace': 'nvidia' },
      spec: pod({
        ...upstream,
        runtimeClassName: 'nvidia',
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, ...upstream.tolerations],
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
        ...(config === undefined
          ? {}
          : {
              volumes: [sockets, { name: 'available-configs', configMap: { name: config } }],
              containers: [
                { image, name: 'nvidia-device-plugin-sidecar', command: ['config-manager'] },
                { image, name: 'nvidia-device-plugin-ctr', command: ['nvidia-device-plugin'] },
              ],
            }),
      }),
    },
    { fieldManagers: ['helm'], ...changes },
  )
}

/** NVIDIA/gpu-operator: assets/state-device-plugin/0500_daemonset.yaml */
export const operators = daemonSet(
  'gpu-operator/nvidia-device-plugin-daemonset',
  {
    labels: { app: 'nvidia-device-plugin-daemonset' },
    spec: pod({ ...upstream, nodeSelector: { 'nvidia.com/gpu.deploy.device-plugin': 'true' } }),
  },
  { owners: ['ClusterPolicy/cluster-policy'], fieldManagers: ['gpu-operator'] },
)

export function podOf(changes: Partial<PodState> = {}): PodState {
  return {
    namespace: 'kube-system',
    name: 'k3s-gpu-actions-nvidia-device-plugin-x7k2p',
    uid: 'pod-1',
    labels: {},
    phase: 'Running',
    isReady: true,
    isTerminating: false,
    createdAt: '2026-08-01T10:00:00Z',
    owner: 'DaemonSet/k3s-gpu-actions-nvidia-device-plugin',
    runtimeClass: 'nvidia',
    images: [image],
    devices: {},
    restarts: 0,
    problems: [],
    ...changes,
  }
}
