import type { Row } from './model.ts'
import { gpuStages } from './rows-gpu-driver.ts'

/** What the device plugin, the scheduler and the kubelet say of GPUs. */
export const gpuPluginRows: readonly Row[] = [
  {
    id: 'gpu-plugin-runtime',
    code: 'gpu-plugin-runtime',
    strength: 'cause',
    stages: gpuStages,
    matches: [/Incompatible (?:strategy|platform) detected/],
    title: 'the device plugin does not run under the runtime nvidia, so that it sees no GPU',
    cause:
      'its pod has no runtimeClassName: nvidia (NVIDIA’s own manifest has none), and containerd starts it with runc; or the driver is not there',
    remedy: 'give its DaemonSet runtimeClassName: nvidia, or let device-plugin: apply put ours in its place',
    link: 'https://github.com/NVIDIA/k8s-device-plugin/issues/1220',
    provenance: 'reported',
    seen: 'NVIDIA/k8s-device-plugin internal/plugin/factory.go, #1220, #1574, #406, #368; seed 001, v0.14.5 on a node of kubeadm',
    recorded: [
      'E0506 17:45:45.421956       1 factory.go:112] Incompatible strategy detected auto',
      'E0719 16:20:41.050191       1 factory.go:115] Incompatible platform detected',
    ],
  },
  {
    id: 'gpu-plugin-nvml',
    code: 'gpu-plugin-nvml',
    strength: 'symptom',
    stages: gpuStages,
    matches: [/could not load NVML library/, /Nvml init failed: ERROR_LIBRARY_NOT_FOUND/],
    title: 'the device plugin does not find the driver’s library',
    cause: 'its pod does not run under the runtime nvidia, which would bring the library in; or the host has no driver',
    remedy:
      'nvidia-smi on the host must work; then give the plugin’s DaemonSet runtimeClassName: nvidia, or let device-plugin: apply put ours in its place',
    link: 'https://github.com/NVIDIA/k8s-device-plugin/issues/478',
    provenance: 'reported',
    seen: 'NVIDIA/k8s-device-plugin#23, #182, #478, #1011, #1805',
    recorded: [
      '2020/10/14 18:04:53 Failed to initialize NVML: could not load NVML library.',
      'Nvml init failed: ERROR_LIBRARY_NOT_FOUND',
    ],
  },
  {
    id: 'gpu-device-unhealthy',
    code: 'gpu-device-unhealthy',
    strength: 'cause',
    stages: gpuStages,
    matches: [/XidCriticalError: Xid=(?<xid>\d{1,4}) on Device=(?<device>[\w.…-]{1,60}); marking device as unhealthy/],
    title: 'the device plugin has taken GPU {device} out of service (Xid {xid})',
    cause: 'the driver reported a fault of the GPU; the plugin never takes a device back into service by itself',
    remedy:
      'look up the Xid; when nvidia-smi is well again: kubectl -n kube-system rollout restart daemonset of the plugin; when it is not, reboot the host',
    link: 'https://docs.nvidia.com/deploy/xid-errors/',
    provenance: 'reported',
    seen: 'NVIDIA/k8s-device-plugin internal/rm/health.go (form of the message), #1014; NVIDIA/gpu-operator#1065',
    recorded: [
      'XidCriticalError: Xid=48 on Device=GPU-e78e68c0-4e6a-737e-f9cc-4223fe50aead; marking device as unhealthy.',
    ],
  },
  {
    id: 'gpu-handler-unknown',
    code: 'gpu-handler-unknown',
    strength: 'cause',
    stages: gpuStages,
    matches: [/RuntimeHandler "(?<runtime>[^"]{1,60})" not supported/],
    title: 'the node’s container runtime has no handler {runtime}',
    cause: 'pods run in Docker here (cri-dockerd), which has no handlers of its own',
    remedy: 'let the agent run with its own containerd: take --docker out of its arguments and configuration',
    link: 'https://github.com/sgl-project/sglang/issues/5515',
    provenance: 'reported',
    seen: 'sgl-project/sglang#5515',
    recorded: ['Failed to create pod sandbox: rpc error: code = Unknown desc = RuntimeHandler "nvidia" not supported'],
  },
  {
    id: 'gpu-runtime-class-missing',
    code: 'gpu-runtime-class-missing',
    strength: 'cause',
    stages: gpuStages,
    matches: [/RuntimeClass "(?<runtime>[^"]{1,60})" not found/],
    title: 'the cluster has no RuntimeClass {runtime}',
    cause:
      'k3s brings it along (runtimes.yaml) unless it is switched off with --disable=runtimes, or somebody deleted it',
    remedy:
      'take runtimes out of disable in the servers’ configuration and restart them; or: kubectl create -f - with kind RuntimeClass, name and handler {runtime}',
    link: 'https://github.com/k3s-io/k3s/issues/8700',
    provenance: 'reported',
    seen: 'kubernetes plugin/pkg/admission/runtimeclass (form of the message); k3s-io/k3s#8700, #8751',
    recorded: ['pods "nvidia-smi" is forbidden: pod rejected: RuntimeClass "nvidia" not found'],
  },
  {
    id: 'gpu-shared-request',
    code: 'gpu-shared-request',
    strength: 'cause',
    stages: gpuStages,
    matches: [/maximum request size for shared resources is 1; found (?<count>\d{1,5})/],
    title: 'a pod asks for {count} parts of a shared GPU, and may have one',
    cause:
      'the device plugin shares GPUs (time-slicing with failRequestsGreaterThanOne, or MPS), where a pod that asks for more gets none',
    remedy: 'let the pod ask for nvidia.com/gpu: 1',
    link: 'https://github.com/NVIDIA/k8s-device-plugin/issues/929',
    provenance: 'reported',
    seen: 'NVIDIA/k8s-device-plugin#929',
    recorded: [
      'request for “nvidia.com/gpu”: invalid request: maximum request size for shared resources is 1; found 10, which is unexpected',
    ],
  },
  {
    id: 'gpu-not-there-yet',
    code: 'gpu-unavailable-at-admission',
    strength: 'symptom',
    stages: gpuStages,
    matches: [
      /Allocate failed due to requested number of devices unavailable for (?<resource>nvidia\.com\/[\w.-]{1,60})\. Requested: \d{1,4}, Available: \d{1,4}/,
    ],
    title: 'the kubelet refused a pod, because {resource} was not there at that moment',
    cause:
      'after a restart of the kubelet the device plugin has to register anew; a pod that comes first is refused, and stays failed',
    remedy:
      'delete the failed pod: its owner makes a new one; kubectl get pods -A --field-selector status.phase=Failed',
    link: 'https://github.com/kubernetes/kubernetes/issues/124345',
    provenance: 'reported',
    seen: 'Project-HAMi/HAMi#596; kubernetes/kubernetes#124345, #124934',
    recorded: [
      'Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected',
    ],
  },
  {
    id: 'gpu-taint',
    code: 'gpu-taint-not-tolerated',
    strength: 'symptom',
    stages: gpuStages,
    matches: [/node\(s\) had untolerated taint \{(?<taint>[^}]{1,200})\}/],
    title: 'a pod does not tolerate the taint {taint}',
    cause: 'the node keeps pods away that do not name its taint; NVIDIA’s own manifest tolerates nvidia.com/gpu only',
    remedy:
      'add the toleration to the pod or DaemonSet, or let device-plugin: apply put ours in its place, which has it',
    link: 'https://github.com/NVIDIA/k8s-device-plugin/issues/421',
    provenance: 'reported',
    seen: 'NVIDIA/k8s-device-plugin#421',
    recorded: [
      '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: }. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling..',
    ],
  },
  {
    id: 'gpu-insufficient',
    code: 'gpu-insufficient',
    strength: 'symptom',
    stages: gpuStages,
    matches: [/Insufficient (?<resource>nvidia\.com\/[\w.-]{1,60})/],
    title: 'no node has a free {resource}',
    cause: 'all are in use, the device plugin has registered none, or it runs on no node with a GPU',
    remedy:
      'kubectl get nodes -o custom-columns=NAME:.metadata.name,GPU:.status.allocatable.nvidia\\.com/gpu; then look who has it: kubectl get pods -A',
    link: 'https://github.com/NVIDIA/k8s-device-plugin/issues/33',
    provenance: 'reported',
    seen: 'NVIDIA/k8s-device-plugin#33, #71; NVIDIA/gpu-operator#233',
    recorded: ['0/1 nodes are available: 1 Insufficient nvidia.com/gpu'],
  },
]
