/** What Kubernetes is made of on a node: remedies name its units and its commands. */
export type Distribution = 'k3s' | 'kubeadm'

/** A kubelet says in its version what brought it, e.g. `v1.33.4+k3s1`; one of kubeadm's packages says nothing more. Empty: nobody knows. */
export function distributionOf(kubeletVersion: string, otherwise: Distribution = 'k3s'): Distribution {
  if (kubeletVersion === '') return otherwise
  return /\+k3s/.test(kubeletVersion) ? 'k3s' : 'kubeadm'
}

/** The unit on a node whose log tells what its kubelet does. */
export function agentUnit(kubeletVersion: string | undefined): string {
  return distributionOf(kubeletVersion ?? '') === 'k3s' ? 'k3s-agent' : 'kubelet'
}

/** How somebody looks at the log of the API server on its own machine. kubeadm runs it as a static pod. */
export const serverLog: Readonly<Record<Distribution, string>> = {
  k3s: 'journalctl -u k3s -n 100',
  kubeadm: 'sudo crictl ps --all --name kube-apiserver; journalctl -u kubelet -n 100',
}

/** Brings an image to a node by hand. */
export function pullCommand(kubeletVersion: string | undefined, image: string): string {
  return `sudo ${distributionOf(kubeletVersion ?? '') === 'k3s' ? 'k3s ' : ''}crictl pull ${image}`
}
