/** What a join with kubeadm meets: the cases of the lab (lab.md, kubeadm), and what the action has to say where kubeadm waits or says nothing. */
import type { KubeadmFault } from '../contract.ts'
import type { Fault } from './model.ts'

const scenario = 'goldentooth'

export const kubeadmFaults: Readonly<Record<KubeadmFault, Fault>> = {
  'kubeadm-stale-ca': {
    family: 'kubeadm',
    shows: 'the cluster’s CA was renewed, and cluster-info still names the old one: what seed 001 ran into',
    code: 'kubeadm-ca',
    log: [/cluster-info/],
    scenario,
  },
  'kubeadm-no-signer': {
    family: 'kubeadm',
    shows: 'nobody signs cluster-info for the new token: the bootstrap signer is off',
    code: 'token-refused',
    log: [/bootstrapsigner/],
    scenario,
  },
  'kubeadm-anonymous-off': {
    family: 'kubeadm',
    shows: 'the API server lets nobody in without credentials, so that nobody can read cluster-info',
    code: 'handshake-cluster-info',
    scenario,
  },
  'kubeadm-config-missing': {
    family: 'kubeadm',
    shows: 'somebody deleted kubeadm-config: the cluster does not look like one of kubeadm’s',
    code: 'handshake-kubeadm-config',
    scenario,
  },
  'kubeadm-group-missing': {
    family: 'kubeadm',
    shows: 'the role that lets join tokens read kubeadm-config is gone',
    code: 'handshake-kubeadm-config',
    scenario,
  },
  'kubeadm-csr-pending': {
    family: 'kubeadm',
    shows: 'nobody approves the certificate of the new kubelet',
    code: 'kubeadm-csr-not-approved',
    scenario,
  },
  'kubeadm-leftovers': {
    family: 'kubeadm',
    shows: 'karstark was in another cluster before, which is gone',
    code: 'kubeadm-other-cluster',
    log: [/plan\.kubeadm-cluster +.*192\.0\.2\.10/],
    scenario,
  },
  'kubeadm-leftovers-live': {
    family: 'kubeadm',
    shows: 'karstark is a node of another cluster, which lives',
    code: 'kubeadm-other-cluster',
    log: [/plan\.kubeadm-cluster +.*192\.0\.2\.10/],
    scenario,
  },
  'kubeadm-leftover-ca': {
    family: 'kubeadm',
    shows: 'the CA of an earlier cluster lies on karstark, and kubeadm would never overwrite it',
    code: 'kubeadm-joined-already',
    log: [/kubeadm\.ca +.*another authority/],
    scenario,
  },
  'kubeadm-unfinished': {
    family: 'kubeadm',
    shows: 'somebody’s kubeadm join on karstark was killed in the middle, and left its token there',
    code: 'kubeadm-joined-already',
    scenario,
  },
  'kubeadm-port-taken': {
    family: 'kubeadm',
    shows: 'another program on karstark has the kubelet’s port',
    code: 'host-port',
    scenario,
  },
  'kubeadm-ip-forward': {
    family: 'kubeadm',
    shows: 'karstark forwards no packets',
    code: 'kubeadm-ip-forward',
    scenario,
  },
  'kubeadm-swap': {
    family: 'kubeadm',
    shows:
      'karstark swaps, as a Raspberry Pi does when nobody has told it otherwise: kubeadm only warns, and waits for four minutes',
    code: 'kubeadm-swap',
    scenario,
  },
  'kubeadm-containerd-down': {
    family: 'kubeadm',
    shows: 'containerd does not run on karstark: kubeadm only warns, and waits for four minutes',
    code: 'kubeadm-containerd',
    scenario,
  },
  'kubeadm-cgroup-driver': {
    family: 'kubeadm',
    shows: 'containerd on karstark keeps control groups another way than the kubelet will',
    code: 'kubeadm-cgroup-driver',
    scenario,
  },
  'kubeadm-two-sockets': {
    family: 'kubeadm',
    shows: 'karstark has CRI-O beside containerd: kubeadm refuses to choose, and the action says which one it is',
    scenario,
  },
  'kubeadm-kubelet-crashes': {
    family: 'kubeadm',
    shows: 'a file on karstark gives the kubelet an argument that it does not know: it exits at every start',
    code: 'kubelet-flag-unknown',
    scenario,
  },
  'kubeadm-restricted-label': {
    family: 'kubeadm',
    shows: 'a file on karstark gives its kubelet a label that no kubelet may give to itself',
    code: 'restricted-label',
    scenario,
  },
  'kubeadm-newer': {
    family: 'kubeadm',
    shows: 'the packages on karstark are a minor newer than the servers: kubeadm would say nothing',
    code: 'kubeadm-version',
    scenario,
  },
  'kubeadm-not-installed': {
    family: 'kubeadm',
    shows: 'nobody has installed kubeadm on karstark',
    code: 'kubeadm-programs',
    scenario,
  },
}
