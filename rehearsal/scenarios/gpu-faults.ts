/** What gpu-runtime meets: the node is joined, and its GPU does not become usable. */
import type { GpuFault } from '../contract.ts'
import { scenarios } from './list.ts'
import type { Fault } from './model.ts'

/** A run that ends before gpu-runtime begins meets none of these. */
const beforeGpu = ['dry-run', 'adopt']
/** Where the toolkit is there already nothing is installed. */
const withToolkit = scenarios.filter(({ machine }) => machine?.toolkit !== '').map(({ name }) => name)

export const gpuFaults: Readonly<Record<GpuFault, Fault>> = {
  'gpu-no-driver': {
    family: 'gpu',
    shows: 'calypso has an NVIDIA card and no driver for it',
    code: 'gpu-driver',
    unmetBy: beforeGpu,
  },
  'gpu-driver-mismatch': {
    family: 'gpu',
    shows: 'the driver on calypso was upgraded under a loaded module: its libraries are newer',
    code: 'gpu-driver-version',
    unmetBy: beforeGpu,
  },
  'gpu-module-not-loaded': {
    family: 'gpu',
    shows: 'the driver’s module was not loaded on calypso, because Secure Boot refuses it',
    code: 'gpu-driver',
    unmetBy: beforeGpu,
  },
  'gpu-harmful-template': {
    family: 'gpu',
    shows:
      'a copy of an old containerd configuration lies on calypso as a template: k3s finds the runtime, and containerd never hears of it',
    code: 'gpu-containerd-template',
    unmetBy: beforeGpu,
  },
  'gpu-stale-toolkit': {
    family: 'gpu',
    shows: 'a gpu-operator that is gone has left its wrapper on calypso, where k3s looks first',
    code: 'gpu-search-path',
    unmetBy: beforeGpu,
  },
  'gpu-plugin-runtime': {
    family: 'gpu',
    shows: 'somebody’s own device plugin runs without NVIDIA’s runtime, hides that it fails, and offers no GPU',
    code: 'gpu-plugin-owner',
    unmetBy: beforeGpu,
  },
  'gpu-taint': {
    family: 'gpu',
    shows: 'the device plugin of a Helm chart does not tolerate the taint of calypso, and shall stay',
    code: 'gpu-tolerations',
    unmetBy: beforeGpu,
    inputs: { 'device-plugin': 'verify' },
  },
  'gpu-operator': {
    family: 'gpu',
    shows: 'the gpu-operator looks after the cluster’s GPUs',
    code: 'gpu-plugin-owner',
    unmetBy: beforeGpu,
  },
  'gpu-fewer': {
    family: 'gpu',
    shows: 'the cluster file expects two GPUs, and calypso has one',
    code: 'gpu-count',
    unmetBy: beforeGpu,
    edits: [['gpu: { count: 1,', 'gpu: { count: 2,']],
  },
  'gpu-restart-fails': {
    family: 'gpu',
    shows: 'the template is moved aside, and containerd does not start without it: everything is put back',
    code: 'port-in-use',
    log: [/taken back: quarantine-template, restart/, /calypso is Ready again with what was there before/],
    unmetBy: beforeGpu,
    inputs: { 'quarantine-template': 'true', 'allow-gpu-disruption': 'true' },
  },
  'gpu-in-use': {
    family: 'gpu',
    shows: 'a tritonserver outside of containers uses the GPU of a machine that has no toolkit: nothing is touched',
    code: 'plan-gpu-in-use',
    log: [/tritonserver \(pid 2371/, /nothing was changed on calypso or in the cluster/],
    unmetBy: withToolkit,
    scenario: 'gpu-bare',
  },
  'gpu-wrong-key': {
    family: 'gpu',
    shows: 'somebody else answers at the address of NVIDIA’s package repository, with a key of his own',
    code: 'key-differs',
    log: [/0123456789ABCDEF0123456789ABCDEF01234567/],
    unmetBy: withToolkit,
    scenario: 'gpu-bare',
  },
  'gpu-version-missing': {
    family: 'gpu',
    shows: 'the package repository is in the middle of an upload: the newest version lacks one of its four packages',
    code: 'version-unavailable',
    log: [/to be had: 1\.19\.1 /],
    unmetBy: withToolkit,
    scenario: 'gpu-bare',
  },
  'gpu-dpkg-interrupted': {
    family: 'gpu',
    shows: 'calypso was switched off in the middle of an upgrade: dpkg does nothing before somebody has finished it',
    code: 'dpkg-interrupted',
    log: [/linux-image-6\.8\.0-63-generic/, /sudo dpkg --configure -a/],
    unmetBy: withToolkit,
    scenario: 'gpu-bare',
  },
  'gpu-apt-locked': {
    family: 'gpu',
    shows: 'unattended-upgrades is installing something on calypso, and ends after a while',
    scenario: 'gpu-bare',
  },
  'gpu-kubeadm-version-1': {
    family: 'gpu',
    shows:
      'containerd’s configuration on velaryon names no version: nvidia-ctk would say that it did its work, and nothing would change',
    code: 'gpu-containerd-config',
    log: [/names no version/, /containerd config default/, /nothing was changed on velaryon or in the cluster/],
    scenario: 'velaryon',
  },
  'gpu-kubeadm-broken-config': {
    family: 'gpu',
    shows: 'somebody edited containerd’s configuration on velaryon, and the next start of containerd would fail',
    code: 'gpu-containerd-config',
    log: [/expected character \]/, /nothing was changed on velaryon or in the cluster/],
    scenario: 'velaryon',
  },
  'gpu-kubeadm-plugin': {
    family: 'gpu',
    shows:
      'nobody has allowed that the device plugin of seed 001 is replaced: privileged, and bound to one version of the driver',
    code: 'gpu-plugin-owner',
    log: [/replace-device-plugin: kube-system\/nvidia-device-plugin-daemonset/],
    inputs: { 'replace-device-plugin': '' },
    scenario: 'velaryon',
  },
}
