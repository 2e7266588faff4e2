import type { CheckEntry } from '../../join/index.ts'

const preflight = (id: string, severity: CheckEntry['severity'], asks: string, remedy: string): CheckEntry => ({
  id,
  stage: 'preflight',
  severity,
  asks,
  remedy,
  isIgnorable: true,
})

const fixed = (stage: 'preflight' | 'plan' | 'handshake', id: string, asks: string, remedy: string): CheckEntry => ({
  id,
  stage,
  severity: 'fail',
  asks,
  remedy,
  isIgnorable: false,
})

/** Checks that only kubeadm asks, in the order in which they are asked. */
export const kubeadmCheckRegistry: readonly CheckEntry[] = [
  preflight(
    'kubeadm.programs',
    'fail',
    'Are kubeadm, the kubelet and the programs that this kubeadm demands installed?',
    'install the packages kubelet and kubeadm of the cluster’s minor version',
  ),
  preflight(
    'kubeadm.version',
    'fail',
    'Do the installed packages go with the server: the kubelet not newer, at most 3 minor versions older; kubeadm at most one newer? A warning when they differ otherwise',
    'install the packages of the server’s version',
  ),
  preflight(
    'kubeadm.kubelet-unit',
    'fail',
    'Is there a unit kubelet that is not masked and reads what kubeadm writes?',
    'install the package kubelet; put 10-kubeadm.conf back',
  ),
  preflight(
    'kubeadm.cri-socket',
    'fail',
    'Is it clear which container runtime the kubelet uses? kubeadm refuses when it finds two',
    'remove the runtime that is not used, or start containerd',
  ),
  preflight(
    'kubeadm.containerd',
    'fail',
    'Does the container runtime run, with its interface for kubelets? A warning when it is not started at boot',
    '`sudo systemctl enable --now containerd`; take cri out of disabled_plugins',
  ),
  preflight(
    'kubeadm.cgroup-driver',
    'fail',
    'Do kubelet and container runtime use the same cgroup driver?',
    'set `SystemdCgroup = true` in containerd’s configuration and restart it',
  ),
  preflight(
    'kubeadm.swap',
    'fail',
    'Will the kubelet start with the swap that is there? kubeadm only warns, and then waits for minutes',
    '`sudo swapoff -a`, and take swap out of /etc/fstab',
  ),
  preflight(
    'kubeadm.ip-forward',
    'fail',
    'Does the kernel forward packets (net.ipv4.ip_forward; of IPv6 where the server has such an address)?',
    'set it in `sysctl` of this node',
  ),
  preflight(
    'kubeadm.port',
    'fail',
    'Is port 10250 free, or held by the kubelet of this cluster?',
    'stop the process that the check names',
  ),
  fixed(
    'preflight',
    'kubeadm.leftovers',
    'Is the host free of what an earlier join left? What an interrupted run of this project left is reset',
    '`sudo kubeadm reset -f` on the host, when nothing of it is needed',
  ),
  preflight(
    'kubeadm.ca',
    'fail',
    'Do kubeconfig, kube-public/cluster-info, host and server name the same certificate authority? It says which of them is stale',
    'the one that the check says: fetch the kubeconfig again, write cluster-info anew, or reset the host',
  ),
  fixed(
    'plan',
    'plan.kubeadm-cluster',
    'Does the host belong to no other cluster, and to no control plane?',
    'leave the other cluster first; name another host',
  ),
  fixed(
    'plan',
    'plan.kubeadm-node',
    'Is there no Node of this name that is called Ready, while the host is no node?',
    'wait a minute, or `replace-node`',
  ),
  fixed(
    'handshake',
    'handshake.ca',
    'Does the server show the host the CA of the kubeconfig?',
    'see what answers at that address',
  ),
  fixed(
    'handshake',
    'handshake.cluster-info',
    'Can cluster-info be read without credentials, and does it name the CA of the kubeconfig?',
    'on a control plane: `sudo kubeadm init phase bootstrap-token`',
  ),
  fixed(
    'handshake',
    'handshake.token',
    'Does cluster-info carry the signature of the token, and does the server accept it?',
    'press the button again; with a given token, give another',
  ),
  fixed(
    'handshake',
    'handshake.kubeadm-config',
    'May who holds the token read kubeadm-config and kubelet-config, as kubeadm will?',
    'on a control plane: `sudo kubeadm init phase upload-config all`',
  ),
  fixed(
    'handshake',
    'handshake.apiserver.<address>',
    'Does the host reach the API server that it joins through, and the one that cluster-info names?',
    'allow its port from the host, or give the server an address that the host reaches',
  ),
]
