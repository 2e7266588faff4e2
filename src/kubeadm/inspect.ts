import type { Host } from '../host/index.ts'
import { httpsScript } from '../host/index.ts'
import { HostHttpsFault, hostHttps, type JoinSituation, targetOf } from '../join/index.ts'
import { type AccessRequest, type Cluster, ClusterError } from '../kubernetes/index.ts'
import { parseClusterInfo, parseKubeadmConfig, parseKubeletConfig } from './cluster-info.ts'
import type { ClusterSide, KubeadmInstallation } from './model.ts'
import { joinsBy } from './plan.ts'
import { sharesAuthority } from './spki.ts'

type Document<T> =
  | ({ readonly state: 'read' } & T)
  | { readonly state: 'missing' | 'unreadable'; readonly problem: string }

/** One ConfigMap, read into what is needed of it. What may not be read is said, and stops nothing by itself. */
async function read<T extends object>(
  cluster: Cluster,
  namespace: string,
  name: string,
  into: (data: Readonly<Record<string, string>>) => T | undefined,
  signal: AbortSignal,
): Promise<Document<T>> {
  try {
    const data = await cluster.configMap(namespace, name, signal)
    if (data === undefined) return { state: 'missing', problem: `there is no ConfigMap ${namespace}/${name}` }
    const found = into(data)
    return found === undefined
      ? { state: 'unreadable', problem: `${namespace}/${name} does not hold what kubeadm writes there` }
      : { state: 'read', ...found }
  } catch (error) {
    if (signal.aborted || !(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { state: 'unreadable', problem: error.message }
  }
}

/** With whose authority the certificate can be checked that the host is shown. One look: what cannot be reached, the handshake explains. */
async function servedBy(
  host: Host,
  server: string,
  kubeconfig: string,
  clusterInfo: string | undefined,
  signal: AbortSignal,
): Promise<ClusterSide['served']> {
  const target = targetOf(server)
  if (target === undefined) return 'unknown'
  const https = hostHttps(host, httpsScript)
  const isShownBy = async (caPem: string): Promise<boolean | undefined> => {
    try {
      await https.reach(target.address, target.port, caPem, signal)
      return true
    } catch (error) {
      if (signal.aborted) throw error
      return error instanceof HostHttpsFault && error.kind === 'authority' ? false : undefined
    }
  }
  const byKubeconfig = await isShownBy(kubeconfig)
  if (byKubeconfig !== false) return byKubeconfig ? 'kubeconfig' : 'unknown'
  if (clusterInfo === undefined || sharesAuthority(clusterInfo, kubeconfig)) return 'neither'
  const byClusterInfo = await isShownBy(clusterInfo)
  return byClusterInfo === undefined ? 'unknown' : byClusterInfo ? 'cluster-info' : 'neither'
}

/**
 * What only a second look can say: the authority of the kubeconfig, and, where a join is ahead, what the cluster keeps for those who
 * join, and whose certificate the host is shown. Changes nothing. Rejects with ClusterError, or with HostError when the host is lost.
 */
export async function inspectCluster(
  host: Host,
  cluster: Cluster,
  situation: JoinSituation,
  found: KubeadmInstallation,
  signal: AbortSignal,
): Promise<KubeadmInstallation> {
  const known = { ...found, authorityPem: cluster.caPem }
  if (!joinsBy(situation, known)) return known
  const [clusterInfo, kubeadmConfig, kubeletConfig] = await Promise.all([
    read(cluster, 'kube-public', 'cluster-info', (data) => parseClusterInfo(data.kubeconfig ?? ''), signal),
    read(cluster, 'kube-system', 'kubeadm-config', parseKubeadmConfig, signal),
    read(cluster, 'kube-system', 'kubelet-config', parseKubeletConfig, signal),
  ])
  const infoPem = clusterInfo.state === 'read' && clusterInfo.caPem !== '' ? clusterInfo.caPem : undefined
  const served = await servedBy(host, situation.server, cluster.caPem, infoPem, signal)
  return { ...known, cluster: { clusterInfo, kubeadmConfig, kubeletConfig, served } }
}

/**
 * What the second look reads of the cluster, besides the rights of any join: the documents that kubeadm itself reads, by name. A run does
 * without them when it may not, and says less.
 */
export const documentAccessRequests: readonly AccessRequest[] = [
  { namespace: 'kube-public', name: 'cluster-info' },
  { namespace: 'kube-system', name: 'kubeadm-config' },
  { namespace: 'kube-system', name: 'kubelet-config' },
].map((one) => ({ verb: 'get', group: '', resource: 'configmaps', ...one }))
