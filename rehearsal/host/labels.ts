/** Which labels a kubelet gives itself, and how it refuses the others (kubernetes, cmd/kubelet/app/options, NodeRestriction). */
const allowed = [
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

/** Keys that make the kubelet exit: in a Kubernetes namespace, and neither allowed by name nor by prefix. */
export function restrictedKeys(labels: readonly string[]): string[] {
  return labels
    .map((label) => label.split('=')[0] ?? '')
    .filter((key) => {
      const namespace = key.includes('/') ? key.slice(0, key.indexOf('/')) : ''
      if (!isKubernetes(namespace) || allowed.includes(key)) return false
      return !/(^|\.)(kubelet|node)\.kubernetes\.io$/.test(namespace)
    })
    .sort()
}

/** The kubelet's own lines, as recorded: klog's header, the reason, the rule. Indented by tabs, which journalctl shows as blanks. */
export function refusalOf(keys: readonly string[], at: Date, pid: number): string {
  const stamp = at.toISOString()
  const header = `E${stamp.slice(5, 7)}${stamp.slice(8, 10)} ${stamp.slice(11, 23)}000 ${String(pid).padStart(7, ' ')} run.go:72] "command failed" err=<`
  return [
    header,
    `\tfailed to validate kubelet flags: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [${keys.join(' ')}]`,
    `\t--node-labels in the 'kubernetes.io' namespace must begin with an allowed prefix (kubelet.kubernetes.io, node.kubernetes.io) or be in the specifically allowed set (${allowed.join(', ')})`,
    ' >',
  ].join('\n')
}
