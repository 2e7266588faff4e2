import type { CheckEntry } from '../../join/index.ts'

const preflight = (id: string, severity: CheckEntry['severity'], asks: string, remedy: string): CheckEntry => ({
  id,
  stage: 'preflight',
  severity,
  asks,
  remedy,
  isIgnorable: true,
})

const handshake = (id: string, asks: string, remedy: string): CheckEntry => ({
  id,
  stage: 'handshake',
  severity: 'fail',
  asks,
  remedy,
  isIgnorable: false,
})

/** Checks that only k3s asks, in the order in which they are asked. */
export const k3sCheckRegistry: readonly CheckEntry[] = [
  preflight(
    'k3s.version',
    'fail',
    'Does an agent of the wanted version go with the server: not newer, at most 3 minor versions older, no pair that is known to break? A warning when it is older',
    '`version: match-server`',
  ),
  preflight(
    'k3s.installed-version',
    'warn',
    'Is what is installed not newer than the server?',
    'press the button with `adopt: apply`, or upgrade the servers',
  ),
  preflight('k3s.role', 'fail', 'Is this host free of a k3s server?', 'name another host'),
  preflight(
    'host.port.10250',
    'fail',
    'Is the kubelet’s port free, or held by the running agent?',
    'stop the process that the check names',
  ),
  preflight(
    'host.port.6444',
    'fail',
    'Is the port of the agent’s load balancer free, or held by the running agent?',
    'stop the process that the check names',
  ),
  preflight(
    'host.modules',
    'fail',
    'Does the kernel have overlay, br_netfilter, nf_conntrack and vxlan? Only overlay is vital',
    'reboot after a kernel update, or install the kernel’s extra modules',
  ),
  preflight(
    'host.swap',
    'warn',
    'Will the kubelet start with the swap that is there? k3s lets it, unless fail-swap-on is set',
    'take fail-swap-on out of the configuration',
  ),
  preflight(
    'host.selinux',
    'warn',
    'Where SELinux is enforcing, is the policy of k3s installed?',
    'install container-selinux and k3s-selinux',
  ),
  preflight(
    'host.resolver',
    'warn',
    'Which name servers will pods use? With loopback ones only, k3s silently takes 8.8.8.8',
    'give `resolv-conf` in `extra-config`',
  ),
  preflight(
    'host.firewall',
    'warn',
    'Does an active ufw or firewalld let in 10250/tcp and 8472/udp from nodes, and the networks of pods and services?',
    'the commands that the check prints',
  ),
  preflight(
    'host.cni',
    'fail',
    'Is the host free of another Kubernetes: a running kubelet, or what one left behind (a warning)?',
    'leave the other cluster with its own tools; the commands that the check prints',
  ),
  preflight(
    'k3s.labels',
    'fail',
    'Is the kubelet given no label that it refuses (most of kubernetes.io and k8s.io), by configuration or unit?',
    'take it out there, and give it as `labels` of this action',
  ),
  preflight(
    'k3s.node-password',
    'fail',
    'Will the server accept the node’s password? One that is this machine’s own is healed',
    '`replace-node`, or another `node` name',
  ),
  preflight(
    'k3s.containerd-template',
    'warn',
    'Does a containerd template extend the built-in one?',
    'rename the file and restart, or let gpu-runtime quarantine it',
  ),
  preflight(
    'k3s.place',
    'fail',
    'Is k3s installed where its installer puts it?',
    'move it there, or uninstall it and press the button again',
  ),
  preflight(
    'k3s.server-token',
    'warn',
    'Is the host free of the cluster’s long-lived tokens?',
    '`adopt: apply` replaces it; then rotate the token',
  ),
  {
    id: 'plan.node-password',
    stage: 'plan',
    severity: 'fail',
    asks: 'Would a node that lives come back from the start that is planned, although its password file was lost or changed?',
    remedy: 'stop the agent, wait until the node is no longer alive, press the button again',
    isIgnorable: false,
  },
  handshake('handshake.ca', 'Does the server show the CA of the kubeconfig?', 'see what answers at that address'),
  handshake(
    'handshake.token',
    'Does the server accept the join token?',
    'press the button again; with a given token, give another',
  ),
  handshake(
    'handshake.apiserver',
    'Which API servers does the server name?',
    'make the server reachable from the host; the check says what stands in the way',
  ),
  handshake(
    'handshake.apiserver.<address>',
    'Does the host reach every API server that the cluster names?',
    'allow its port from the host, or give the server an address that the host reaches',
  ),
]
