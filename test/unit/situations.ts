import type { DesiredNode } from '../../src/cluster-file/index.ts'
import type { HostFacts } from '../../src/host/index.ts'
import type { JoinSituation } from '../../src/join/index.ts'
import type { K3sInstallation } from '../../src/k3s/index.ts'
import type { NodeState } from '../../src/kubernetes/index.ts'

export const version = 'v1.33.4+k3s1'
export const server = 'https://157.173.210.123:6443'

/** calypso as clusters/oceanid.yaml wants it. */
export function desiredCalypso(changes: Partial<DesiredNode> = {}): DesiredNode {
  return {
    cluster: 'oceanid',
    node: 'calypso',
    distribution: 'k3s',
    access: {
      transport: 'ssh',
      address: '192.168.2.80',
      port: 22,
      user: 'oceanid',
      hostKeyFingerprints: [],
      hostKeySource: 'input',
    },
    server,
    version,
    labels: { 'oceanid.node/name': 'calypso', 'oceanid.node/gpu': 'nvidia-rtx-4090' },
    taints: [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
    extraConfig: {},
    podNetwork: 'isolated',
    gpu: { count: 1 },
    nodesWanted: 3,
    sources: {},
    ...changes,
  }
}

export function factsOfCalypso(changes: Partial<HostFacts> = {}): HostFacts {
  return {
    hostname: 'calypso',
    user: 'oceanid',
    machineId: 'c3d037f2f3264c7b9067ba81c4d8a9d7',
    systemUuid: '4c4c4544-0000-1000-8000-000000000035',
    os: { id: 'ubuntu', idLike: 'debian', versionId: '22.04', prettyName: 'Ubuntu 22.04.5 LTS' },
    kernel: '6.8.0',
    architecture: 'amd64',
    init: 'systemd',
    systemdVersion: 249,
    privilege: { state: 'passwordless', problem: '' },
    cgroup: { version: 2, controllers: ['cpuset', 'cpu', 'io', 'memory', 'pids'] },
    readOnly: [],
    memoryBytes: 64 * 1024 ** 3,
    swapBytes: 0,
    ports: [],
    disks: [
      { path: '/var/lib', availableBytes: 100 * 1024 ** 3, totalBytes: 900 * 1024 ** 3, availableInodes: 1_000_000 },
    ],
    clock: { hostMs: 1_000_000, runnerMs: 1_000_000 },
    defaultRoute: { via: '192.168.2.1', device: 'eno1', source: '192.168.2.80' },
    hasNoDefaultRoute: false,
    addresses: ['192.168.2.80'],
    resolvers: [
      { path: '/etc/resolv.conf', isReadable: true, servers: ['127.0.0.53'] },
      { path: '/run/systemd/resolve/resolv.conf', isReadable: true, servers: ['192.168.2.1'] },
    ],
    selinux: 'disabled',
    modules: ['overlay', 'br_netfilter', 'nf_conntrack', 'vxlan'].map((name) => ({ name, state: 'loaded' as const })),
    kubernetes: [],
    firewalls: [],
    sshForwarding: 'yes',
    runtimes: [],
    gpu: { devices: [], pciDevices: 0, problem: '', processes: [], areProcessesKnown: true },
    distribution: [],
    ...changes,
  }
}

export function nodeCalypso(changes: Partial<NodeState> = {}): NodeState {
  return {
    name: 'calypso',
    uid: 'fd554f3a-1352-4df9-b7ef-0b1754445eac',
    resourceVersion: '492',
    createdAt: '1970-01-01T00:03:13Z',
    labels: {
      'kubernetes.io/hostname': 'calypso',
      'oceanid.node/name': 'calypso',
      'oceanid.node/gpu': 'nvidia-rtx-4090',
    },
    annotations: {},
    taints: [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
    ready: 'True',
    readyReason: 'KubeletReady',
    readyMessage: 'kubelet is posting ready status',
    kubeletVersion: version,
    osImage: 'Ubuntu 22.04.5 LTS',
    architecture: 'amd64',
    systemUuid: '4c4c4544-0000-1000-8000-000000000035',
    machineId: 'c3d037f2f3264c7b9067ba81c4d8a9d7',
    internalIps: ['192.168.2.80'],
    externalIps: [],
    capacity: {},
    allocatable: {},
    isServer: false,
    unschedulable: false,
    conditions: [],
    images: [],
    ...changes,
  }
}

export const serverNode = (): NodeState =>
  nodeCalypso({
    name: 'srv712429',
    uid: 'server',
    isServer: true,
    internalIps: ['157.173.210.123'],
    systemUuid: 'other',
    machineId: 'other',
    labels: {},
    taints: [],
  })

export function situation(changes: Partial<JoinSituation> = {}): JoinSituation {
  return {
    desired: desiredCalypso(),
    server,
    version,
    reading: { version, serverTimeMs: 1_000_000 },
    nodes: [serverNode()],
    facts: factsOfCalypso(),
    consent: { adopt: 'plan', allowServerToken: false, allowGpuDisruption: false, replaceNode: '' },
    isDeep: false,
    hasGivenToken: false,
    tokenLifetimeMs: 600_000,
    readAtRunnerMs: 1_000_000,
    ...changes,
  }
}

export const tritonInDocker = {
  pid: 2143,
  name: 'tritonserver',
  usedMemoryMiB: 4096,
  owner: 'container',
  ownerDetail: 'docker',
} as const

export const nothingInstalled: K3sInstallation = {
  configFiles: [],
  hasServerUnit: false,
  changedSinceStart: [],
  hasNodePassword: false,
  templates: [],
  settings: [],
  hasSelinuxPolicy: false,
}

/** What seed 000's commands leave behind. */
export const joinedByHand: K3sInstallation = {
  binary: { path: '/usr/local/bin/k3s', version, sha256: 'a'.repeat(64) },
  unit: {
    name: 'k3s-agent',
    path: '/etc/systemd/system/k3s-agent.service',
    sha256: 'b'.repeat(64),
    arguments: [
      'agent',
      '--node-label',
      'oceanid.node/name=calypso',
      '--node-label',
      'oceanid.node/gpu=nvidia-rtx-4090',
    ],
    activeState: 'active',
    subState: 'running',
    isEnabled: true,
    restarts: 0,
    needsReload: false,
  },
  environment: {
    path: '/etc/systemd/system/k3s-agent.service.env',
    sha256: 'c'.repeat(64),
    mode: '600',
    keys: ['K3S_TOKEN', 'K3S_URL'],
    url: server,
    tokenKind: 'server',
  },
  hasServerUnit: false,
  changedSinceStart: [],
  configFiles: [],
  hasNodePassword: true,
  templates: [],
  settings: [],
  hasSelinuxPolicy: false,
}
