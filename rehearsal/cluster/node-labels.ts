/** Labels of a Kubernetes namespace that a kubelet may give itself (kubernetes, pkg/kubelet/apis/well_known_labels.go). */
export const allowedLabels = [
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'kubernetes.io/arch',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
]

function isKubernetes(namespace: string): boolean {
  return /(^|\.)(kubernetes|k8s)\.io$/.test(namespace)
}

/**
 * Keys that make a kubelet exit, and that NodeRestriction keeps from its certificate: in a Kubernetes namespace, and neither
 * allowed by name nor by prefix.
 */
export function restrictedKeys(labels: readonly string[]): string[] {
  return labels
    .map((label) => label.split('=')[0] ?? '')
    .filter((key) => {
      const namespace = key.includes('/') ? key.slice(0, key.indexOf('/')) : ''
      if (!isKubernetes(namespace) || allowedLabels.includes(key)) return false
      return !/(^|\.)(kubelet|node)\.kubernetes\.io$/.test(namespace)
    })
    .sort()
}
