/** The control-plane Node as an object, kept alive by the lab: no machine stands behind it. */
import { leaseObject, microTimestamp, timestamp } from '../../rehearsal/cluster/index.ts'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { ApiClient } from '../cluster/api-client.ts'
import { criSocket, kubernetesVersion } from './texts.ts'

const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
const renewEveryMs = 10_000

/** As kubeadm marks it and its kubelet reports it. */
export function controlPlaneNode(name: string, address: string): KubernetesObject {
  const now = timestamp(Date.now())
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': process.arch === 'arm64' ? 'arm64' : 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node-role.kubernetes.io/control-plane': '',
      },
      annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': criSocket },
    },
    spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
      nodeInfo: {
        architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
        bootID: '',
        containerRuntimeVersion: 'containerd://2.0.13',
        kernelVersion: '6.1.0',
        kubeProxyVersion: '',
        kubeletVersion: kubernetesVersion,
        machineID: '',
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
        systemUUID: '',
      },
    },
  }
}

/** Renews the Node's Lease every 10 s, as its kubelet would, until it is closed. */
export async function keepAlive(
  api: ApiClient,
  name: string,
  onFailure: (error: unknown) => void,
): Promise<{ close(): void }> {
  const renew = async (): Promise<void> => {
    const renewal = { spec: { renewTime: microTimestamp(Date.now()), holderIdentity: name } }
    if ((await api.request('PATCH', `${leases}/${name}`, renewal)) !== undefined) return
    const node = (await api.request('GET', `/api/v1/nodes/${name}`)) as KubernetesObject | undefined
    if (node) await api.request('POST', leases, leaseObject(name, Date.now(), node.metadata.uid))
  }
  await renew()
  const interval = setInterval(() => renew().catch(onFailure), renewEveryMs)
  interval.unref()
  return { close: () => clearInterval(interval) }
}
