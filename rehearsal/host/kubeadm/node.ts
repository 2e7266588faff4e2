/** The Node that a kubelet of kubeadm's posts: that of k3s without what k3s adds. Pure. */
import type { KubernetesObject } from '../../contract.ts'
import { type Machine, type NetworkState, nodeObject } from '../node.ts'

export interface KubeletNode {
  readonly name: string
  readonly version: string
  readonly network: NetworkState
  readonly since: Date
  /** key=value */
  readonly labels: readonly string[]
  /** key=value:Effect */
  readonly taints: readonly string[]
  /** Empty: the machine's address. */
  readonly nodeIp: string
}

/** Of Docker's package containerd.io, which goldentooth's machines have. */
export const containerdVersion = '1.7.27'

export function kubeletNode(machine: Machine, node: KubeletNode): KubernetesObject {
  const { name, version, network, since, labels, taints, nodeIp } = node
  const config = {
    server: '',
    token: '',
    nodeName: name,
    labels,
    taints,
    nodeIp,
    nodeExternalIp: '',
    kubeletArguments: [],
    defaultRuntime: '',
    nodeArguments: [],
    nodeEnvironment: {},
  }
  const object = nodeObject(machine, config, version, network, since, new Date())
  const { nodeInfo, ...status } = object.status as { readonly nodeInfo: object }
  const own = { ...object.metadata.labels }
  for (const key of ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type']) delete own[key]
  return {
    ...object,
    metadata: {
      name,
      labels: own,
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
        ...(nodeIp !== '' && { 'alpha.kubernetes.io/provided-node-ip': nodeIp }),
      },
    },
    status: { ...status, nodeInfo: { ...nodeInfo, containerRuntimeVersion: `containerd://${containerdVersion}` } },
  }
}
