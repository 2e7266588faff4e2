/** What a join meets, and what comes before it. */
import type { JoinFault } from '../contract.ts'
import type { Fault } from './model.ts'

export const joinFaults: Readonly<Record<JoinFault, Fault>> = {
  'oidc-untrusted': {
    family: 'kubeconfig',
    shows: 'Pulumi trusts another environment of the repository than the one in which the job runs',
    code: 'oidc-rejected',
    log: [/environment\b.*\boceanid\b/, /job_workflow_ref\b.*join-node\.yml/, /repository_id\b/],
  },
  'esc-permission': {
    family: 'kubeconfig',
    shows: 'the Pulumi token may see the ESC environment, but not open it',
    code: 'esc-permission',
    log: [/ryan-taylor\/default\/oceanid-cluster/],
  },
  'esc-property-missing': {
    family: 'kubeconfig',
    shows: 'the ESC environment has no kubeconfig by any of the names that are tried: somebody wrote kube_config',
    code: 'esc-property-missing',
    log: [/pulumiConfig\["oceanid-cluster:kube_config"\]/, /esc env set .*--secret/],
  },
  'kubeconfig-expired': {
    family: 'kubeconfig',
    shows: 'the kubeconfig in the ESC environment was copied over a year ago, and its certificate has ended',
    code: 'kubeconfig-credentials',
    log: [/esc env set ryan-taylor\/default\/oceanid-cluster .*oceanid-cluster:kubeconfig.*--secret/, /restart k3s/],
  },
  'server-hidden': {
    family: 'kubeconfig',
    shows: 'the runner cannot reach the API server, and goes through an SSH tunnel (needs OpenSSH)',
    log: [/tunnel/],
    edits: [
      [
        'user: tunnel, local-port: 16443 }',
        `user: tunnel, local-port: 16443, private-key-property: 'pulumiConfig["oceanid-cluster:tunnel_ssh_key"]' }`,
      ],
    ],
  },
  'wrong-host-key': {
    family: 'access',
    shows: 'calypso offers another host key than the one that is pinned',
    code: 'host-key-mismatch',
  },
  'wrong-ca-hash': {
    family: 'network',
    shows: 'somebody else answers at the address of the API server, as calypso sees it',
    code: 'ca-mismatch',
    unmetBy: ['adopt'],
  },
  'wrong-token': {
    family: 'network',
    shows: 'the supervisor refuses the minted token',
    code: 'token-refused',
    unmetBy: ['adopt', 'dry-run'],
  },
  'api-blocked': {
    family: 'network',
    shows: 'a firewall between calypso and the API server drops its packets',
    code: 'api-unreachable',
    unmetBy: ['adopt'],
  },
  'port-closed': {
    family: 'network',
    shows: 'nothing listens on the API server’s port, as calypso sees it',
    code: 'api-unreachable',
    unmetBy: ['adopt'],
  },
  'name-unknown': {
    family: 'network',
    shows: 'calypso’s resolver does not know the name of the API server',
    code: 'api-unreachable',
    unmetBy: ['adopt'],
    edits: [['server: https://157.173.210.123:6443', 'server: https://k3s.oceanid.test:6443']],
  },
  'clock-skew': {
    family: 'machine',
    shows: 'the clock of calypso is ten minutes ahead of the API server’s',
    code: 'host-clock',
    unmetBy: ['dry-run'],
  },
  'no-sudo': {
    family: 'access',
    shows: 'the user on calypso may not become root',
    code: 'host-sudo',
    unmetBy: ['dry-run'],
  },
  'disk-full': {
    family: 'machine',
    shows: 'the disk below /var/lib/rancher is full',
    code: 'host-disk',
    unmetBy: ['dry-run'],
  },
  'agent-newer': {
    family: 'release',
    shows: 'the cluster file pins a version newer than the server’s',
    code: 'k3s-version',
    unmetBy: ['dry-run'],
    edits: [['version: v1.33.4+k3s1', 'version: v1.34.1+k3s1']],
  },
  'never-ready': {
    family: 'start',
    shows: 'the agent starts and its node never becomes Ready',
    code: 'cni-not-initialised',
    unmetBy: ['adopt', 'dry-run'],
  },
  'template-harmful': {
    family: 'start',
    shows: 'a containerd template for containerd 1 lies on calypso: containerd starts, and loses the pod network',
    code: 'containerd-template-harmful',
    unmetBy: ['adopt', 'dry-run'],
  },
  'template-broken': {
    family: 'start',
    shows: 'a containerd template on calypso is no TOML: containerd does not start',
    code: 'containerd-config-invalid',
    unmetBy: ['adopt', 'dry-run'],
  },
  'crash-loop': {
    family: 'start',
    shows:
      'a configuration file of calypso gives the kubelet an argument that it does not know: it exits at every start',
    code: 'kubelet-flag-unknown',
    unmetBy: ['adopt', 'dry-run'],
  },
  'restricted-label': {
    family: 'start',
    shows: 'a configuration file of calypso sets a label that the kubelet refuses',
    code: 'restricted-label',
    unmetBy: ['dry-run'],
  },
  'restricted-label-ignored': {
    family: 'start',
    shows:
      'the same, the check that finds it is ignored, and the node exists already: the start succeeds, and the kubelet exits',
    code: 'restricted-label',
    unmetBy: ['adopt', 'dry-run'],
    scenario: 'agent-stopped',
    inputs: { 'ignore-checks': 'k3s.labels' },
  },
  'no-rbac': {
    family: 'cluster',
    shows: 'the kubeconfig may not do what a join needs',
    code: 'kubeconfig-rights',
    codeBefore: 'server-access',
    unmetBy: ['adopt'],
  },
  'checksum-mismatch': {
    family: 'release',
    shows: 'the downloaded k3s is not what its checksum file says',
    code: 'checksum-mismatch',
    unmetBy: ['adopt', 'adopt-apply', 'dry-run', 'agent-stopped', 'node-deleted'],
  },
  'node-password': {
    family: 'cluster',
    shows: 'calypso was installed anew: the node and its password are from before, and it is the same machine',
    // Of a node that is alive no password is ever deleted: its agent is to be stopped first.
    codeIn: { 'adopt-apply': 'node-password-rejected' },
  },
  'node-password-orphan': {
    family: 'cluster',
    shows: 'a password for the name calypso is left in the cluster, and nobody can prove whose it was',
    code: 'node-password-rejected',
    unmetBy: ['adopt', 'adopt-apply', 'agent-stopped', 'dry-run'],
  },
  'node-password-ignored': {
    family: 'cluster',
    shows: 'the same, and the check that finds it is ignored: the server rejects the agent',
    code: 'node-password-rejected',
    unmetBy: ['adopt', 'adopt-apply', 'agent-stopped', 'dry-run'],
    inputs: { 'ignore-checks': 'k3s.node-password' },
  },
  'name-taken': {
    family: 'cluster',
    shows: 'the name calypso belongs to another machine, which is not alive any more',
    code: 'cluster-name',
    unmetBy: ['dry-run'],
  },
  'duplicate-name': {
    family: 'cluster',
    shows: 'the name calypso belongs to another machine, which is alive',
    code: 'cluster-name',
    unmetBy: ['dry-run'],
  },
  'forwarding-refused': { family: 'access', shows: 'sshd on calypso allows no port forwarding' },
}
