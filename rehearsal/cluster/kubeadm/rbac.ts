/** What `kubeadm init` allows whom (kubernetes/kubernetes: cmd/kubeadm/app/phases/{bootstraptoken,kubelet,uploadconfig}, addons/proxy). */

/** Group of a token that `kubeadm token create` makes: without it a token proves who it is, and may do nothing. */
export const nodeTokenGroup = 'system:bootstrappers:kubeadm:default-node-token'

const role = (namespace: string, name: string, configMap: string, subjects: string): string => `kind: Role
metadata: { namespace: ${namespace}, name: ${name} }
rules: [{ apiGroups: [''], resources: [configmaps], resourceNames: [${configMap}], verbs: [get] }]
---
kind: RoleBinding
metadata: { namespace: ${namespace}, name: ${name} }
roleRef: { kind: Role, name: ${name} }
subjects: [${subjects}]
`

const tokens = `{ kind: Group, name: '${nodeTokenGroup}' }`
const nodes = "{ kind: Group, name: 'system:nodes' }"

export const kubeadmManifest: string = [
  role(
    'kube-public',
    "'kubeadm:bootstrap-signer-clusterinfo'",
    'cluster-info',
    "{ kind: User, name: 'system:anonymous' }",
  ),
  role('kube-system', "'kubeadm:nodes-kubeadm-config'", 'kubeadm-config', `${tokens}, ${nodes}`),
  role('kube-system', "'kubeadm:kubelet-config'", 'kubelet-config', `${nodes}, ${tokens}`),
  role('kube-system', 'kube-proxy', 'kube-proxy', tokens),
  `kind: ClusterRole
metadata: { name: 'kubeadm:get-nodes' }
rules: [{ apiGroups: [''], resources: [nodes], verbs: [get] }]
---
kind: ClusterRoleBinding
metadata: { name: 'kubeadm:get-nodes' }
roleRef: { kind: ClusterRole, name: 'kubeadm:get-nodes' }
subjects: [${tokens}]
`,
].join('---\n')
