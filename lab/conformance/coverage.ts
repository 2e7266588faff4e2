/** What is shown where: the table of docs/lab.md, which `npm run docs` writes. A test holds every name against the scenarios themselves. */
import type { FaultName } from '../../rehearsal/contract.ts'

/** Shown nowhere: what stands in the table instead, and why. */
export interface Nowhere {
  readonly nowhere: string
}

export interface CoverageRow {
  /** In a person's words. */
  readonly what: string
  /**
   * In the embedded world, whose parts are simulated: scenarios of `npm run rehearse`, a fault after a `+`; or a file of tests
   * that shows it there.
   */
  readonly rehearsal: readonly string[] | Nowhere
  /** On real parts: scenarios of `npm run lab`. */
  readonly lab: readonly string[] | Nowhere
}

const realOnly: Nowhere = { nowhere: 'on real parts only' }
const notYet: Nowhere = { nowhere: 'not yet' }
const comesWith = (what: string): Nowhere => ({ nowhere: `not yet: comes with ${what}` })

/** Longhorn runs in no lab, and a machine there has one disk and no modules of its own. */
const ofStorage: Nowhere = {
  nowhere:
    'the lab has no second disk, no kernel modules to load and no Longhorn; its scripts run in test/protocol/prerequisites.long.test.ts',
}

export const features: readonly CoverageRow[] = [
  { what: 'first join, until the node is Ready', rehearsal: ['join-calypso'], lab: ['join-calypso'] },
  { what: 'a pod runs on the new node and completes', rehearsal: realOnly, lab: ['pod'] },
  { what: 'pressed again: unchanged, no SSH connection', rehearsal: ['again'], lab: ['again', 'pod'] },
  {
    what: 'a storage node is given what it needs, joins, and Longhorn may use its disk',
    rehearsal: ['k3s2'],
    lab: ofStorage,
  },
  { what: 'a storage node pressed again: unchanged', rehearsal: ['k3s2-again'], lab: ofStorage },
  { what: 'dry run: plan and permissions, nothing changed', rehearsal: ['dry-run'], lab: ['dry-run'] },
  { what: 'adoption is planned', rehearsal: ['adopt'], lab: ['adopt'] },
  { what: 'adoption is carried out', rehearsal: ['adopt-apply'], lab: ['adopt-apply'] },
  { what: 'a dead agent of a joined node is started again', rehearsal: ['agent-stopped'], lab: ['agent-stopped'] },
  {
    what: 'a node that was deleted by hand joins again with a new token',
    rehearsal: ['node-deleted'],
    lab: ['node-deleted'],
  },
  {
    what: 'a node that works for the cluster leaves it: drained, its volume detached, uninstalled, deleted',
    rehearsal: ['remove'],
    lab: ['remove', 'kubeadm-remove'],
  },
  { what: 'pressed again after a removal: unchanged', rehearsal: ['remove-again'], lab: ['remove', 'kubeadm-remove'] },
  {
    what: 'dry run of a removal: every pod, and nothing changed',
    rehearsal: ['remove-dry-run'],
    lab: ['remove', 'kubeadm-remove'],
  },
  { what: 'the cluster is cleared of a machine that is gone', rehearsal: ['remove-gone'], lab: notYet },
  {
    what: 'labels and taints are edited without a restart',
    rehearsal: ['test/bundle/k3s-join-living-cluster.long.test.ts'],
    lab: ['labels-and-taints'],
  },
  {
    what: 'the token is gone in every ending',
    rehearsal: ['test/bundle/k3s-join-promises.test.ts', 'test/bundle/k3s-join-living-cluster.long.test.ts'],
    lab: ['join-calypso', 'cancelled', 'killed'],
  },
  {
    what: 'the agent is restarted after its token is gone',
    rehearsal: ['test/bundle/k3s-join-promises.test.ts'],
    lab: ['token-deleted'],
  },
  {
    what: 'a node that is dead but still Ready is told by its Lease',
    rehearsal: notYet,
    lab: ['silently-dead'],
  },
  {
    what: 'another machine of the same name is alive: neither loses it',
    rehearsal: ['join-calypso+duplicate-name'],
    lab: ['live-duplicate', 'join-calypso-duplicate-name'],
  },
  {
    what: 'two machines join at the same time',
    rehearsal: ['test/bundle/k3s-join-two-runs.long.test.ts'],
    lab: ['two-at-once'],
  },
  {
    what: 'two runs for one machine: one waits for the other',
    rehearsal: ['test/bundle/k3s-join-two-runs.long.test.ts'],
    lab: ['two-runs'],
  },
  {
    what: 'the run is cancelled, or killed',
    rehearsal: ['test/bundle/k3s-join-living-cluster.long.test.ts', 'test/bundle/k3s-join-interrupted.long.test.ts'],
    lab: ['cancelled', 'killed', 'interrupted'],
  },
  {
    what: 'sshd or the scripts of a run are killed',
    rehearsal: ['test/bundle/k3s-join-interrupted.long.test.ts'],
    lab: ['interrupted-host'],
  },
  { what: 'sudo asks for a password', rehearsal: ['test/protocol/host-sudo.test.ts'], lab: ['sudo-password'] },
  { what: 'the user is root', rehearsal: notYet, lab: ['root'] },
  { what: 'the runner is the machine itself', rehearsal: ['test/protocol/host-local.test.ts'], lab: ['local'] },
  { what: 'the kubelet offers the devices of a plugin', rehearsal: realOnly, lab: ['device-plugin'] },
  {
    what: 'k3s’s search for nvidia-container-runtime, and containers that it starts',
    rehearsal: realOnly,
    lab: ['nvidia-runtime', 'device-plugin'],
  },
  { what: 'NVIDIA’s own nvidia-ctk links the devices of a card', rehearsal: realOnly, lab: ['nvidia-ctk'] },
  {
    what: 'kubeconfig-esc opens a tunnel through sshd to the API server, and a node joins through it',
    rehearsal: ['test/protocol/tunnel-open.test.ts', 'test/protocol/tunnel-life.test.ts'],
    lab: ['tunnel'],
  },
  {
    what: 'sshd refuses the tunnel: its host key, its user, its forwarding',
    rehearsal: ['test/protocol/tunnel-open.test.ts'],
    lab: ['tunnel-refused'],
  },
  {
    what: 'the tunnel breaks between two steps, and in the middle of one: the step says so, and the next run converges',
    rehearsal: ['test/protocol/tunnel-life.test.ts'],
    lab: ['tunnel-broken'],
  },
  { what: 'Triton answers an inference request', rehearsal: realOnly, lab: ['triton'] },
  {
    what: 'the rehearsal itself, as root, changes nothing outside its folder',
    rehearsal: realOnly,
    lab: ['rehearsal-as-root'],
  },
  {
    what: 'kubeadm: first join, until the node is Ready; pressed again: unchanged',
    rehearsal: ['goldentooth', 'goldentooth-again'],
    lab: ['kubeadm-join'],
  },
  {
    what: 'kubeadm: a node’s GPU is made usable by nvidia-ctk and one restart of a containerd of its own; taken back where that fails; pressed again: no change',
    rehearsal: ['velaryon', 'test/bundle/gpu-runtime-kubeadm.long.test.ts'],
    lab: ['kubeadm-gpu'],
  },
  {
    what: 'kubeadm: a device plugin that somebody applied is replaced when its name is typed',
    rehearsal: ['velaryon', 'velaryon+gpu-kubeadm-plugin'],
    lab: { nowhere: 'seed 001’s plugin and its image are not there' },
  },
  {
    what: 'kubeadm: a person joins a machine, which is what the lab itself is worth',
    rehearsal: realOnly,
    lab: ['kubeadm-by-hand'],
  },
  { what: 'kubeadm: dry run', rehearsal: ['goldentooth-dry-run'], lab: ['kubeadm-dry-run'] },
  {
    what: 'kubeadm: what it would refuse or not notice (forwarding, swap, port, containerd, leftovers, authorities that disagree, versions) is named before anything changes',
    rehearsal: ['goldentooth+kubeadm-stale-ca', 'test/protocol/world-kubeadm.long.test.ts'],
    lab: ['kubeadm-refused'],
  },
  {
    what: 'kubeadm: a kubelet that never comes up is named in seconds, and the join taken back',
    rehearsal: ['goldentooth+kubeadm-kubelet-crashes'],
    lab: ['kubeadm-hopeless'],
  },
  {
    what: 'kubeadm: a node is drained and removed, removed again without a change, and joins anew',
    rehearsal: notYet,
    lab: ['kubeadm-remove'],
  },
  {
    what: 'kubeadm: a machine that is a node of another cluster, which is alive, stays one',
    rehearsal: ['goldentooth+kubeadm-leftovers-live'],
    lab: ['kubeadm-elsewhere'],
  },
  {
    what: 'kubeadm: the run is cancelled or killed, kubeadm, the scripts or sshd are killed on the machine: the next press converges',
    rehearsal: notYet,
    lab: ['kubeadm-killed', 'kubeadm-cancelled', 'kubeadm-interrupted-host'],
  },
  {
    what: 'kubeconfig from Pulumi ESC',
    rehearsal: comesWith('the action kubeconfig-esc'),
    lab: comesWith('the action kubeconfig-esc'),
  },
  {
    what: 'gpu-runtime makes a joined node’s GPU usable with one restart; pressed again: four calls, one SSH channel, no change',
    rehearsal: ['gpu-bare'],
    lab: ['gpu-runtime'],
  },
  {
    what: 'gpu-runtime: the toolkit by apt from a signed repository, held; taken back when the restart fails; refused with another key',
    rehearsal: ['test/protocol/gpu-apply-apt.long.test.ts'],
    lab: ['gpu-toolkit'],
  },
  {
    what: 'gpu-runtime: a harmful containerd template is moved aside, and put back where that was not the cause',
    rehearsal: ['gpu-quarantine'],
    lab: ['gpu-template'],
  },
  {
    what: 'verify-cluster asks a Triton whose model is well, on the CPU, dead, unloaded, never loaded, without its GPU, loading or restricted',
    rehearsal: ['test/protocol/verify-triton.test.ts'],
    lab: ['verify-triton'],
  },
  {
    what: 'verify-cluster asks models of other kinds: streams, sequences, ensembles, free lengths, bytes, answers that are too long, several versions',
    rehearsal: ['test/unit/verify-triton-models.test.ts'],
    lab: { nowhere: 'not yet: the model of the lab is one' },
  },
  {
    what: 'verify-cluster reaches Triton through Cloudflare Access and a tunnel, or meets a login, a 403, a 530, a 502',
    rehearsal: ['test/protocol/verify-triton.test.ts'],
    lab: { nowhere: 'never: Cloudflare is somebody else’s; its answers are as users quote them' },
  },
  {
    what: 'verify-cluster asks through the proxy of the runner, and tells a proxy that refuses from a server that is down',
    rehearsal: ['test/protocol/http-proxy.test.ts'],
    lab: { nowhere: 'the proxy of the rehearsal is as real as one in the lab would be' },
  },
  {
    what: 'Triton computes on a GPU, and its statistics and metrics say so',
    rehearsal: ['test/protocol/verify-triton.test.ts'],
    lab: { nowhere: 'not yet: there is no GPU; what a server on the processor shows is in verify-triton' },
  },
  {
    what: 'verify-cluster runs a GPU Job: free, busy, not admitted, tainted, without image, over a quota, refused by Pod Security, cancelled',
    rehearsal: ['test/unit/verify-gpu-job.test.ts', 'test/unit/verify-pod-run.test.ts'],
    lab: ['verify-gpu-job'],
  },
  {
    what: 'verify-cluster tells pods by their real state, with the rights of its manifest and no others',
    rehearsal: ['test/unit/verify-workloads.test.ts'],
    lab: ['verify-workloads'],
  },
  {
    what: 'verify-cluster finds a node dead that is still Ready',
    rehearsal: ['test/unit/verify-nodes.test.ts'],
    lab: ['silently-dead'],
  },
  {
    what: 'the CUDA kernel of verify-cluster’s GPU Job computes',
    rehearsal: ['test/unit/gpu-proof.test.ts'],
    lab: { nowhere: 'not yet: there is no GPU, and no image with Python' },
  },
  {
    what: 'a real k3s release and its installer',
    rehearsal: { nowhere: 'their stand-ins only' },
    lab: notYet,
  },
  {
    what: 'control groups of version 2',
    rehearsal: ['join-calypso'],
    lab: { nowhere: 'not yet: a lab has what its machine has, and so far that was version 1' },
  },
]

/** The lab presses k3s-join with a kubeconfig of its own: what comes before that in a workflow has no other parts there. */
const beforeTheJoin: Nowhere = {
  nowhere: 'it ends a workflow before k3s-join begins, with the same embedded Pulumi Cloud',
}

/** A containerd of its own with what goes wrong there: the lab has the real nvidia-ctk, and what it makes of each file is recorded. */
const ofAContainerd: Nowhere = {
  nowhere: 'what the real nvidia-ctk makes of it is recorded in test/fixtures/containerd/nvidia-ctk-1.20.0',
}

/** Faults of a driver, a card or somebody's plugin: what they need no lab has, or its scenarios of gpu-runtime show it in their own way. */
const ofTheGpu: Nowhere = {
  nowhere: 'the machine has no GPU; what of it can be real is in the scenarios of gpu-runtime',
}

/** The lab has scenarios of its own for kubeadm, on clusters that kubeadm itself made. */
const ofKubeadm: Nowhere = { nowhere: 'not yet: the real kubeadm was seen to say it, in test/fixtures/kubeadm' }

/** Faults of a removal that no scenario of the lab plays. */
const ofARemoval: Nowhere = { nowhere: 'not yet: of what can hold a removal up the lab plays the budget alone' }

/** Scenarios of the lab that play each fault of the rehearsal, or why none does. */
const faultsInTheLab: Readonly<Record<FaultName, readonly string[] | Nowhere>> = {
  'wrong-host-key': ['join-calypso-wrong-host-key'],
  'wrong-ca-hash': ['join-calypso-wrong-ca-hash'],
  'wrong-token': ['join-calypso-wrong-token'],
  'api-blocked': ['join-calypso-api-blocked'],
  'no-sudo': ['join-calypso-no-sudo'],
  'never-ready': ['join-calypso-never-ready'],
  'restricted-label': ['join-calypso-restricted-label'],
  'no-rbac': ['join-calypso-no-rbac'],
  'checksum-mismatch': ['join-calypso-checksum-mismatch'],
  'node-password': ['join-calypso-node-password'],
  'port-closed': ['join-calypso-port-closed'],
  'name-unknown': ['join-calypso-name-unknown'],
  'clock-skew': ['join-calypso-clock-skew'],
  'disk-full': ['join-calypso-disk-full'],
  'agent-newer': ['join-calypso-agent-newer'],
  'template-harmful': ['join-calypso-template-harmful'],
  'template-broken': ['join-calypso-template-broken'],
  'crash-loop': ['join-calypso-crash-loop'],
  'restricted-label-ignored': ['agent-stopped-restricted-label-ignored'],
  'node-password-orphan': ['join-calypso-node-password-orphan'],
  'node-password-ignored': ['join-calypso-node-password-ignored'],
  'name-taken': ['join-calypso-name-taken'],
  'duplicate-name': ['join-calypso-duplicate-name'],
  'forwarding-refused': ['join-calypso-forwarding-refused'],
  'oidc-untrusted': beforeTheJoin,
  'esc-permission': beforeTheJoin,
  'esc-property-missing': beforeTheJoin,
  'kubeconfig-expired': beforeTheJoin,
  'server-hidden': { nowhere: 'the lab has the tunnel on a real sshd, in scenarios of its own' },
  'kubeadm-stale-ca': ['kubeadm-refused'],
  'kubeadm-no-signer': ofKubeadm,
  'kubeadm-anonymous-off': ofKubeadm,
  'kubeadm-config-missing': ofKubeadm,
  'kubeadm-group-missing': ofKubeadm,
  'kubeadm-csr-pending': ['kubeadm-hopeless'],
  'kubeadm-leftovers': ['kubeadm-refused'],
  'kubeadm-leftovers-live': ['kubeadm-elsewhere'],
  'kubeadm-leftover-ca': ['kubeadm-refused'],
  'kubeadm-unfinished': ['kubeadm-killed'],
  'kubeadm-port-taken': ['kubeadm-refused'],
  'kubeadm-ip-forward': ['kubeadm-refused'],
  'kubeadm-swap': ['kubeadm-refused'],
  'kubeadm-containerd-down': ['kubeadm-refused'],
  'kubeadm-cgroup-driver': { nowhere: 'never: the containerd of the lab, 2.0, tells the kubelet its driver' },
  'kubeadm-two-sockets': ['kubeadm-refused'],
  'kubeadm-kubelet-crashes': ['kubeadm-hopeless'],
  'kubeadm-restricted-label': ['kubeadm-hopeless'],
  'kubeadm-newer': ['kubeadm-refused'],
  'kubeadm-not-installed': ofKubeadm,
  'gpu-no-driver': ofTheGpu,
  'gpu-driver-mismatch': ofTheGpu,
  'gpu-module-not-loaded': ofTheGpu,
  'gpu-harmful-template': ofTheGpu,
  'gpu-stale-toolkit': ofTheGpu,
  'gpu-plugin-runtime': ofTheGpu,
  'gpu-taint': ofTheGpu,
  'gpu-operator': ofTheGpu,
  'gpu-fewer': ofTheGpu,
  'gpu-restart-fails': ofTheGpu,
  'gpu-in-use': ofTheGpu,
  'gpu-wrong-key': ['gpu-toolkit'],
  'gpu-version-missing': { nowhere: 'the real apt meets it in test/protocol/gpu-apply-apt.long.test.ts' },
  'gpu-dpkg-interrupted': {
    nowhere: 'the real dpkg is interrupted in test/protocol/gpu-apply-apt.long.test.ts, by a run of ours',
  },
  'storage-disk-unmounted': ofStorage,
  'storage-disk-read-only': ofStorage,
  'storage-package-unknown': ofStorage,
  'storage-apt-busy': ofStorage,
  'storage-module-missing': ofStorage,
  'storage-service-fails': ofStorage,
  'storage-switched-off': ofStorage,
  'storage-no-longhorn': ofStorage,
  'gpu-apt-locked': { nowhere: 'not yet: nobody else installs packages on a machine of the lab' },
  'gpu-kubeadm-version-1': ofAContainerd,
  'gpu-kubeadm-broken-config': ofAContainerd,
  'gpu-kubeadm-plugin': ofTheGpu,
  'remove-budget': ['remove', 'kubeadm-remove'],
  'remove-emptydir': ofARemoval,
  'remove-unmanaged': ofARemoval,
  'remove-pod-stays': ofARemoval,
  'remove-volume-attached': ofARemoval,
  'remove-foreign-mount': ofARemoval,
  'remove-uninstall-hangs': ofARemoval,
  'remove-unreachable': ofARemoval,
  'remove-node-gone': ofARemoval,
  'remove-server': ofARemoval,
}

/** Every feature, then every fault of a first join in the words of the rehearsal. */
export function coverage(
  faults: Readonly<Record<FaultName, { readonly shows: string; readonly scenario?: string }>>,
): readonly CoverageRow[] {
  // In the order of the rehearsal: some of its words lean on those before.
  const rows = (Object.keys(faults) as FaultName[]).map((name) => ({
    what: `fault: ${faults[name].shows}`,
    rehearsal: [`${faults[name].scenario ?? 'join-calypso'}+${name}`],
    lab: faultsInTheLab[name],
  }))
  return [...features, ...rows]
}
