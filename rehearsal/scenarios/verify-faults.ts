/** What verify-cluster finds at night, and which of its checks say so. */
import type { VerifyFault } from '../contract.ts'

export interface VerifyFaultShown {
  /** What goes wrong, in one line. */
  readonly shows: string
  /** What verification says of it: ids of checks → verdict. Others may say more; none: nothing is wrong. */
  readonly checks: Readonly<Record<string, 'warn' | 'fail' | 'error'>>
}

const found = (shows: string, checks: VerifyFaultShown['checks']): VerifyFaultShown => ({ shows, checks })

export const verifyFaults: Readonly<Record<VerifyFault, VerifyFaultShown>> = {
  'verify-node-dead': found('the agent of srv712695 has just died: its Node is Ready, and only its Lease tells', {
    'nodes.heartbeat': 'fail',
    'network.pods.srv712695': 'warn',
  }),
  'verify-node-not-ready': found('srv712695 has lost its pod network', { 'nodes.ready': 'fail' }),
  'verify-node-cordoned': found('somebody closed srv712695 to new pods three days ago', { 'nodes.cordoned': 'warn' }),
  'verify-node-missing': found('the node srv712695 was deleted, and the cluster file still wants it', {
    'nodes.expected': 'fail',
  }),
  'verify-node-pressure': found('the disk of srv712695 is nearly full, and its kubelet evicts', {
    'nodes.pressure': 'fail',
  }),
  'verify-node-labels': found('somebody took a label and the taint of calypso away', {
    'nodes.labels': 'fail',
    'nodes.taints': 'fail',
  }),
  'verify-node-version': found('the kubelet of srv712695 is four minors behind the server', {
    'nodes.version': 'fail',
  }),
  'verify-pod-crash-loop': found('a pod of apps exits at every start, and is Running all the same', {
    'workloads.apps': 'fail',
    'workloads.controllers': 'fail',
  }),
  'verify-pod-image': found('a new version of cloudflared names an image that is not there', {
    'workloads.cloudflared': 'fail',
    'workloads.controllers': 'warn',
  }),
  'verify-pod-pending': found('a pod asks for more than any node has', {
    'workloads.apps': 'fail',
    'workloads.controllers': 'fail',
  }),
  'verify-pod-evicted': found('a pod that was evicted days ago is left over', { 'workloads.apps': 'warn' }),
  'verify-pod-stuck': found('a pod has been terminating for six hours', { 'workloads.apps': 'fail' }),
  'verify-job-failed': found('the Job of last night has failed for good', { 'workloads.jobs': 'fail' }),
  'verify-flux-not-ready': found('a Kustomization of Flux cannot be built', { 'flux.ready': 'fail' }),
  'verify-flux-suspended': found('somebody told Flux to leave infrastructure alone', { 'flux.suspended': 'warn' }),
  'verify-flux-stale': found('Flux has fetched a newer revision, and never applied it', { 'flux.current': 'fail' }),
  'verify-flux-controller': found('a controller of Flux does not start', {
    'flux.installed': 'fail',
    'workloads.flux-system': 'fail',
    'workloads.controllers': 'fail',
  }),
  'verify-volume-degraded': found('a volume of Longhorn has lost a replica', { 'storage.volumes': 'warn' }),
  'verify-disk-full': found('Longhorn’s disk on srv712695 is nearly full', { 'storage.space': 'fail' }),
  'verify-claim-pending': found('a claim names a storage class that does not exist', { 'storage.claims': 'fail' }),
  'verify-certificate-soon': found('a certificate of cert-manager is not renewed, and ends in five days', {
    'certificates.cert-manager': 'fail',
  }),
  'verify-server-certificate-soon': found('the API server’s certificate ends in ten days', {
    'certificates.server': 'warn',
  }),
  'verify-node-certificates': found('k3s on srv712429 has run for a year, and its certificates end soon', {
    'certificates.nodes': 'warn',
  }),
  'verify-token-left': found('a run that was killed has left its join token in the cluster', {
    'api.join-tokens': 'warn',
  }),
  'verify-dns-down': found('CoreDNS runs and is not ready', {
    'network.dns': 'fail',
    'workloads.kube-system': 'fail',
    'workloads.controllers': 'fail',
  }),
  'verify-target-down': found('Prometheus cannot scrape Triton', { 'monitoring.targets': 'fail' }),
  'verify-pod-network': found('pods of the servers reach neither DNS nor services', {
    'network.pods.srv712695': 'fail',
    'network.pods.srv712429': 'fail',
  }),
  'verify-no-rights': found('somebody took rights away from the kubeconfig of verification', { 'api.rights': 'warn' }),
  'verify-api-not-ready': found('the API server says of itself that it is not ready: etcd', { 'api.ready': 'fail' }),
  // Nothing is to be said about it: the list is begun again.
  'verify-api-slow-pages-410': found('a slow API server forgets its list between two pages', {}),
  'verify-gpu-capacity-zero': found('the device plugin of calypso lost its registration: no GPU is offered', {
    'gpu.capacity.calypso': 'fail',
  }),
  'verify-gpu-unhealthy': found('the GPU of calypso is registered, and unhealthy', { 'gpu.capacity.calypso': 'fail' }),
  'verify-gpu-plugin-gone': found('somebody deleted the device plugin', { 'gpu.plugin.calypso': 'fail' }),
  // Production is at work: that is no failure.
  'verify-gpu-busy': found('a pod of apps holds the GPU of calypso', {}),
  'verify-gpu-taint': found('calypso is tainted just when the GPU Job is to come', {
    'gpu-job.scheduled.calypso': 'fail',
  }),
  'verify-gpu-image-missing': found('no image on calypso can prove the GPU, and the registry is out of reach', {
    'gpu-job.device.calypso': 'error',
  }),
  'verify-gpu-runtime': found('k3s on calypso was started without NVIDIA’s runtime', {
    'gpu-job.device.calypso': 'fail',
  }),
  'verify-gpu-rejected': found('the kubelet of calypso has no device to give', { 'gpu-job.scheduled.calypso': 'fail' }),
  'verify-gpu-job-refused': found('a webhook adds a container to the GPU Job that Pod Security refuses', {
    'gpu-job.scheduled.calypso': 'error',
  }),
  'verify-gpu-job-quota': found('a quota allows no GPU in the namespace of verification', {
    'gpu-job.scheduled.calypso': 'error',
  }),
  'verify-gpu-compute-wrong': found('the GPU of calypso computes wrong', { 'gpu-job.compute.calypso': 'fail' }),
  'verify-gpu-other-device': found('the pod sees another GPU than gpu-runtime recorded', {
    'gpu-job.device.calypso': 'fail',
  }),
}
