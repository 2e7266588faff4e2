import type { JoinSituation } from '../../join/index.ts'
import { type KubeadmInstallation, kubeletPort } from '../model.ts'
import { missingTools } from './programs.ts'

/**
 * kubeadm's own names (preflight/checks.go) for what a check of ours asks, as far as it concerns this host. No FileAvailable: a join over a
 * kubelet.conf may go Ready in the cluster that it names, and a foreign pki/ca.crt would stay.
 */
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
  return [
    ...new Set(
      ignoredChecks.flatMap((id) => (Object.hasOwn(names, id) ? names[id]?.(situation, found) : undefined) ?? []),
    ),
  ].sort()
}
