import type { JoinSituation } from '../../join/index.ts'
import { type KubeadmInstallation, kubeletPort, paths } from '../model.ts'
import { missingTools } from './programs.ts'

const dashed = (path: string): string => path.replaceAll('/', '-')

/** kubeadm's own names (preflight/checks.go) for what a check of ours asks, as far as it concerns this host. */
const names: Readonly<Record<string, (situation: JoinSituation, found: KubeadmInstallation) => readonly string[]>> = {
  'kubeadm.programs': (_, found) => missingTools(found).map((name) => `FileExisting-${name}`),
  'kubeadm.version': () => ['KubeletVersion'],
  'kubeadm.swap': ({ facts }) => (facts.swapBytes > 0 ? ['Swap'] : []),
  'kubeadm.ip-forward': ({ server }) => [
    new URL(server).hostname.startsWith('[')
      ? 'FileContent--proc-sys-net-ipv6-conf-default-forwarding'
      : 'FileContent--proc-sys-net-ipv4-ip_forward',
  ],
  'kubeadm.port': () => [`Port-${kubeletPort}`],
  'kubeadm.containerd': () => ['CRI'],
  'kubeadm.kubelet-unit': () => ['Service-Kubelet'],
  'kubeadm.leftovers': (_, found) => [
    // Never kubelet.conf: kubeadm that joins over it may go Ready in the cluster that it names.
    ...[paths.bootstrapConfig, paths.clusterAuthority]
      .filter((path) => found.files.includes(path))
      .map((path) => `FileAvailable-${dashed(path)}`),
    ...(found.manifests.length > 0 ? [`DirAvailable-${dashed(paths.manifests)}`] : []),
  ],
  'host.cgroup': () => ['SystemVerification'],
}

/**
 * What kubeadm is told to ignore: an explicit list of its own names for the checks that `ignore-checks` names. Never `all`, and never a
 * phase that is skipped. Pure.
 */
export function ignoredPreflightErrors(
  situation: JoinSituation,
  found: KubeadmInstallation,
  ignoredChecks: readonly string[],
): readonly string[] {
  return [...new Set(ignoredChecks.flatMap((id) => names[id]?.(situation, found) ?? []))].sort()
}
