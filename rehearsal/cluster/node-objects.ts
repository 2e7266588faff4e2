/** Node and Lease objects as a k3s cluster has them. Pure. */
import { createHash } from 'node:crypto'
import type { KubernetesObject } from '../contract.ts'

export interface NodeDescription {
  /** Default: k3s. */
  readonly distribution?: 'k3s' | 'kubeadm'
  /** Default: amd64. */
  readonly architecture?: 'amd64' | 'arm64'
  readonly name: string
  /** InternalIP. */
  readonly address: string
  readonly role: 'server' | 'agent'
  readonly version: string
  readonly osImage: string
  readonly kernel: string
  readonly podCidr: string
  readonly systemUuid: string
  readonly machineId: string
  /** Words of `k3s.io/node-args`. */
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly createdMs: number
  readonly cpus: number
  readonly memoryKi: number
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[]
}

/** RFC 3339 with seconds, as metav1.Time. */
export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** RFC 3339 with microseconds, as metav1.MicroTime. */
export function microTimestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/Z$/, '000Z')
}

/** Labels, annotations and spec that k3s gives to its nodes, or kubeadm and Calico to theirs. */
function ofDistribution(node: NodeDescription): {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: Readonly<Record<string, unknown>>
  readonly runtime: string
} {
  if (node.distribution === 'kubeadm')
    return {
      labels:
        node.role === 'server'
          ? {
              'node-role.kubernetes.io/control-plane': '',
              'node.kubernetes.io/exclude-from-external-load-balancers': '',
            }
          : {},
      annotations: {
        'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///var/run/containerd/containerd.sock',
        'projectcalico.org/IPv4Address': `${node.address}/20`,
      },
      spec: {},
      runtime: 'containerd://1.7.27',
    }
  return {
    labels: {
      'beta.kubernetes.io/instance-type': 'k3s',
      'node.kubernetes.io/instance-type': 'k3s',
      ...(node.role === 'server' && {
        'node-role.kubernetes.io/control-plane': 'true',
        'node-role.kubernetes.io/etcd': 'true',
        'node-role.kubernetes.io/master': 'true',
      }),
    },
    annotations: {
      'alpha.kubernetes.io/provided-node-ip': node.address,
      'flannel.alpha.coreos.com/backend-data': `{"VNI":1,"VtepMAC":"${hardwareAddress(node.name)}"}`,
      'flannel.alpha.coreos.com/backend-type': 'vxlan',
      'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
      'flannel.alpha.coreos.com/public-ip': node.address,
      'k3s.io/hostname': node.name,
      'k3s.io/internal-ip': node.address,
      'k3s.io/node-args': JSON.stringify(node.arguments),
      'k3s.io/node-env': JSON.stringify(node.environment),
    },
    spec: { providerID: `k3s://${node.name}` },
    runtime: 'containerd://2.0.5-k3s2',
  }
}

/** A Node that has been Ready since its creation. */
export function nodeObject(node: NodeDescription): KubernetesObject {
  const own = ofDistribution(node)
  const architecture = node.architecture ?? 'amd64'
  const resources = { cpu: String(node.cpus), 'ephemeral-storage': '100Gi', memory: `${node.memoryKi}Ki`, pods: '110' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      creationTimestamp: timestamp(node.createdMs),
      labels: {
        'beta.kubernetes.io/arch': architecture,
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': architecture,
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        ...own.labels,
        ...node.labels,
      },
      annotations: {
        ...own.annotations,
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: {
      podCIDR: node.podCidr,
      podCIDRs: [node.podCidr],
      ...own.spec,
      ...(node.taints && { taints: node.taints }),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: node.address },
        { type: 'Hostname', address: node.name },
      ],
      allocatable: resources,
      capacity: resources,
      conditions: readyConditions(node.createdMs),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture,
        bootID: '',
        containerRuntimeVersion: own.runtime,
        kernelVersion: node.kernel,
        kubeProxyVersion: '',
        kubeletVersion: node.version,
        machineID: node.machineId,
        operatingSystem: 'linux',
        osImage: node.osImage,
        systemUUID: node.systemUuid,
      },
    },
  }
}

/** The four conditions of a kubelet that is well, with its own words. */
export function readyConditions(sinceMs: number): readonly Readonly<Record<string, string>>[] {
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: timestamp(sinceMs),
    lastTransitionTime: timestamp(sinceMs),
  })
  return [
    condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ]
}

export function leaseObject(node: string, renewedMs: number, nodeUid?: string): KubernetesObject {
  const metadata = {
    name: node,
    namespace: 'kube-node-lease',
    ...(nodeUid && { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid: nodeUid }] }),
  }
  return {
    metadata,
    spec: { holderIdentity: node, leaseDurationSeconds: 40, renewTime: microTimestamp(renewedMs) },
  }
}

/** A locally administered address that stays the same for a name. */
function hardwareAddress(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 6)
  bytes[0] = (bytes[0]! & 0xfe) | 0x02
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}
