import type { Row } from './model.ts'
import { gpuStages } from './rows-gpu-driver.ts'

/** What NVIDIA's runtime says when it starts a container, what CUDA says in it, and what apt says of the toolkit's repository. */
export const gpuContainerRows: readonly Row[] = [
  {
    id: 'gpu-cuda-requirement',
    code: 'gpu-cuda-too-new',
    strength: 'cause',
    stages: gpuStages,
    matches: [
      /requirement error: unsatisfied condition: (?<condition>[a-z]{1,20}\s{0,3}[<>=!]{1,2}\s{0,3}[\d.]{1,20})/,
      /(?<condition>CUDA driver version is insufficient for CUDA runtime version)/,
    ],
    title: 'the image needs a newer driver than the host has ({condition})',
    cause: 'an image is built for a version of CUDA, and the driver serves none above its own (nvidia-smi shows it)',
    remedy: 'take an image for that version of CUDA or an older one, or install a newer driver on the host and reboot',
    link: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/152',
    provenance: 'reported',
    seen: 'MauriceNino/dashdot#1226; NVIDIA/nvidia-container-toolkit#152; NVIDIA/nvidia-docker#1442; NVIDIA/gpu-operator#415',
    recorded: [
      'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version, or use an earlier cuda container: unknown',
      'CUDA driver version is insufficient for CUDA runtime version',
    ],
  },
  {
    id: 'gpu-cdi-unresolved',
    code: 'gpu-cdi-unresolved',
    strength: 'cause',
    stages: gpuStages,
    matches: [/unresolvable CDI devices (?<device>[\w./-]{1,60}=[\w:.-]{1,60})/],
    title: 'the runtime does not know the CDI device {device}',
    cause: 'the list of devices in /etc/cdi or /var/run/cdi is missing, older than the driver, or of another kind',
    remedy:
      'on the host: sudo nvidia-ctk cdi generate --output=/var/run/cdi/nvidia.yaml && nvidia-ctk cdi list; and name runtimeClassName: nvidia, not nvidia-cdi',
    link: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/1239',
    provenance: 'reported',
    seen: 'NVIDIA/nvidia-container-toolkit#1239; NVIDIA/gpu-operator#531',
    recorded: [
      'Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: could not apply required modification to OCI specification: error modifying OCI spec: failed to inject CDI devices: unresolvable CDI devices management.nvidia.com/gpu=GPU-e78e68c0-4e6a-737e-f9cc-4223fe50aead',
    ],
  },
  {
    id: 'gpu-smi-missing-in-pod',
    code: 'gpu-smi-missing-in-pod',
    strength: 'symptom',
    stages: gpuStages,
    matches: [/exec: "nvidia-smi": executable file not found in \$PATH/],
    title: 'a container has no nvidia-smi, so that NVIDIA’s runtime has not prepared it',
    cause: 'its pod has no runtimeClassName: nvidia, or its image asks for capabilities of the driver without utility',
    remedy: 'set runtimeClassName: nvidia and, where the image sets it, NVIDIA_DRIVER_CAPABILITIES=compute,utility',
    link: 'https://github.com/NVIDIA/k8s-device-plugin/issues/346',
    provenance: 'reported',
    seen: 'NVIDIA/k8s-device-plugin#346',
    recorded: ['exec: "nvidia-smi": executable file not found in $PATH: unknown'],
  },
  {
    id: 'gpu-cri-missing',
    code: 'containerd-config-invalid',
    strength: 'symptom',
    stages: gpuStages,
    matches: [/unknown service (?<service>runtime\.v1(?:alpha2)?\.RuntimeService)/],
    title: 'containerd runs without the part that Kubernetes talks to ({service})',
    cause: 'containerd did not load its CRI plugin: a template made a configuration that it refuses',
    remedy:
      'move the template out of /var/lib/rancher/k3s/agent/etc/containerd and restart the agent; why it was refused is in /var/lib/rancher/k3s/agent/containerd/containerd.log',
    link: 'https://github.com/k3d-io/k3d/issues/1108',
    provenance: 'reported',
    seen: 'k3d-io/k3d#1108',
    recorded: ['rpc error: code = Unimplemented desc = unknown service runtime.v1alpha2.RuntimeService'],
  },
  {
    id: 'gpu-repository-signed-by',
    code: 'gpu-repository-conflict',
    strength: 'cause',
    stages: gpuStages,
    matches: [
      /E: Conflicting values set for option Signed-By regarding source (?<source>\S{1,200}) \S{0,100}: (?<keys>[^\r\n]{1,200})/,
    ],
    title: 'the toolkit’s repository stands in two files of apt, with different keys',
    cause: 'apt reads nothing at all then: {source} ({keys})',
    remedy:
      'grep -rl libnvidia-container /etc/apt/sources.list.d; keep nvidia-container-toolkit.list and remove the other',
    link: 'https://github.com/NVIDIA/libnvidia-container/issues/194',
    provenance: 'reported',
    seen: 'NVIDIA/libnvidia-container#194; labdao/plex#18',
    recorded: [
      'E: Conflicting values set for option Signed-By regarding source https://nvidia.github.io/libnvidia-container/stable/ubuntu18.04/amd64/ /: /usr/share/keyrings/nvidia-container-toolkit-keyring.gpg !=',
    ],
  },
  {
    id: 'gpu-repository-key',
    code: 'gpu-repository-key',
    strength: 'cause',
    stages: gpuStages,
    matches: [/the public key is not available: NO_PUBKEY (?<key>[0-9A-F]{8,40})/],
    title: 'apt does not have the key {key} of a repository',
    cause: 'the keyring is empty, is another one, or apt may not read it (it must be readable for everybody)',
    remedy:
      'ls -l /usr/share/keyrings; remove the file that the list names, and press the button again: the key is fetched and compared anew',
    link: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/81',
    provenance: 'reported',
    seen: 'NVIDIA/nvidia-container-toolkit#81, #160',
    recorded: [
      "The following signatures couldn't be verified because the public key is not available: NO_PUBKEY DDCAE044F796ECB0",
    ],
  },
]
