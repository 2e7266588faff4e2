import { annotations, type JoinSituation } from '../join/index.ts'
import { type JoinState, type KubeadmInstallation, type LeftKubeconfig, paths } from './model.ts'
import { sharesAuthority } from './spki.ts'
import { endpointOf } from './target.ts'

/** Manifests that only a control plane has. */
const controlPlaneManifests = /^(kube-(apiserver|controller-manager|scheduler)|etcd)\.ya?ml$/

function endpoint(server: string): string {
  try {
    return endpointOf(server)
  } catch {
    return ''
  }
}

/** The authority that a kubeconfig names; where it names none, that of pki/ca.crt beside it. */
function authorityOf(found: KubeadmInstallation, one: LeftKubeconfig): string {
  return one.caPem || found.caPem || ''
}

/** Whether a kubeconfig that was left is of this cluster: the same authority; without one, the same address. */
export function isOfThisCluster(
  situation: Pick<JoinSituation, 'server'>,
  found: KubeadmInstallation,
  one: LeftKubeconfig,
): boolean {
  const authority = authorityOf(found, one)
  if (found.authorityPem !== undefined && authority !== '') return sharesAuthority(authority, found.authorityPem)
  return one.server !== '' && endpoint(one.server) === endpoint(situation.server)
}

/** Traces of another cluster, as `PATH (server)`: kubeconfigs and the authority's file. */
export function foreignTraces(situation: Pick<JoinSituation, 'server'>, found: KubeadmInstallation): readonly string[] {
  const configs = found.kubeconfigs
    .filter((one) => !isOfThisCluster(situation, found, one))
    .map((one) => `${one.path} (${one.server || 'names no server'})`)
  const isForeignFile =
    found.caPem !== undefined && found.authorityPem !== undefined && !sharesAuthority(found.caPem, found.authorityPem)
  return isForeignFile ? [...configs, `${paths.clusterAuthority} (another authority)`] : configs
}

/** How far the host is. Pure; before the second look only addresses tell clusters apart. */
export function joinState(situation: Pick<JoinSituation, 'server'>, found: KubeadmInstallation): JoinState {
  if (found.manifests.some((name) => controlPlaneManifests.test(name))) return 'control-plane'
  const joined = found.kubeconfigs.find((one) => one.path === paths.kubeletConfig)
  const isInterrupted = found.interrupted.some((one) => one.server === endpoint(situation.server))
  const foreign = foreignTraces(situation, found)
  if (joined && isOfThisCluster(situation, found, joined)) {
    if (found.hasClientCertificate) return 'joined'
    return isInterrupted && foreign.length === 0 && found.manifests.length === 0 ? 'unfinished' : 'leftover'
  }
  // A kubelet.conf is what a kubelet lives by: nobody else's is taken away, whoever interrupted what.
  if (joined) return 'foreign'
  const isClean = found.files.length === 0 && found.manifests.length === 0
  if (isClean) return 'fresh'
  // No join of a worker writes manifests: they are somebody's, and a reset would delete them.
  if (isInterrupted && foreign.length === 0 && found.manifests.length === 0) return 'unfinished'
  return hasJoinFiles(found) ? 'leftover' : 'fresh'
}

/** Whether there is anything that kubeadm refuses to join over, or that misleads a join. */
function hasJoinFiles(found: KubeadmInstallation): boolean {
  const names: readonly string[] = [paths.bootstrapConfig, paths.clusterAuthority, paths.kubeletConfig]
  return found.manifests.length > 0 || found.files.some((path) => names.includes(path))
}

/** A node that a run of this project has brought to its end, or that nothing but an interrupted run of it has touched. */
export function isOurs(situation: JoinSituation): boolean {
  return situation.reading.node?.annotations[annotations.desired] !== undefined
}
