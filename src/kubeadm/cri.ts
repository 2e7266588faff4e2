import type { KubeadmInstallation } from './model.ts'

const containerdSocket = 'unix:///var/run/containerd/containerd.sock'

/**
 * The socket that the kubelet is given: the only one, or containerd's where there are several and containerd serves its CRI. kubeadm
 * itself refuses several (`found multiple CRI endpoints on the host`). Undefined: nobody can tell which is meant. With none,
 * containerd's, which is kubeadm's own default.
 */
export function criSocketOf(found: KubeadmInstallation): string | undefined {
  const [first, ...others] = found.criSockets
  if (first === undefined) return containerdSocket
  if (others.length === 0) return first
  const isUsable = found.containerd.activeState === 'active' && found.containerd.config?.isCriDisabled !== true
  return isUsable && found.criSockets.includes(containerdSocket) ? containerdSocket : undefined
}
