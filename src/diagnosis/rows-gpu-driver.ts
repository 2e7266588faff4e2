import type { Row } from './model.ts'

/**
 * Where a GPU is being made usable. Rows of GPUs hold there only: a pod that cannot have its GPU is no reason why a node
 * does not join, though the kubelet speaks of it.
 */
export const gpuStages = ['driver', 'toolkit', 'runtime', 'plugin', 'capacity', 'containers'] as const

/** What the driver, its kernel module and nvidia-smi say, on the host or out of a container. */
export const gpuDriverRows: readonly Row[] = [
  {
    id: 'gpu-driver-mismatch',
    code: 'gpu-driver-mismatch',
    strength: 'cause',
    stages: gpuStages,
    matches: [
      /Failed to initialize NVML: Driver\/library version mismatch/,
      /nvml error: driver\/library version mismatch/,
      /NVRM: API mismatch: the client has the version \d/,
    ],
    title: 'the driver’s libraries are newer than its kernel module that is loaded',
    cause:
      'an upgrade, most often an unattended one, replaced the libraries of the driver; the module in the kernel is still the old one',
    remedy:
      'reboot the host, or stop everything that uses the GPU and: sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo modprobe nvidia; then let hold-packages keep it from happening again',
    link: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/394',
    provenance: 'reported',
    seen: 'intel/llvm#17614; NVIDIA/k8s-device-plugin#1431; saharmor/dalle-playground#104; NVIDIA/nvidia-container-toolkit#394',
    recorded: [
      'Failed to initialize NVML: Driver/library version mismatch',
      'nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: unknown',
      '[ 7386.259769] NVRM: API mismatch: the client has the version 515.48.07, but',
    ],
  },
  {
    id: 'gpu-lost-in-container',
    code: 'gpu-lost-in-container',
    strength: 'cause',
    stages: gpuStages,
    matches: [/Failed to initialize NVML: Unknown Error/],
    title: 'a running container has lost its GPU',
    cause:
      'a daemon-reload of systemd made it set the container’s devices anew, without the GPU, which has no link in /dev/char',
    remedy:
      'start the container or pod again; the step link-devices of gpu-runtime makes the links, so that it does not happen again',
    link: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/48',
    provenance: 'reported',
    seen: 'NVIDIA/nvidia-docker#1671; NVIDIA/nvidia-container-toolkit#48, #251, #1227',
    recorded: ['Failed to initialize NVML: Unknown Error'],
  },
  {
    id: 'gpu-module-rejected',
    code: 'gpu-module-rejected',
    strength: 'cause',
    stages: gpuStages,
    matches: [
      /could not insert '(?<module>nvidia[\w-]{0,40})': (?<why>Key was rejected by service|Required key not available)/,
    ],
    title: 'Secure Boot refuses the driver’s kernel module {module}',
    cause: 'the kernel says: {why}; the module is not signed with a key that this machine’s firmware knows',
    remedy:
      'enrol the key: sudo mokutil --import /var/lib/shim-signed/mok/MOK.der (Ubuntu, Debian), reboot, and confirm at the machine’s own screen; or switch Secure Boot off in its firmware',
    link: 'https://wiki.debian.org/SecureBoot#Enrolling_your_key',
    provenance: 'reported',
    seen: 'canonical/nvidia-graphics-drivers#61; acidanthera/bugtracker#2237',
    recorded: ["modprobe: ERROR: could not insert 'nvidia': Key was rejected by service"],
  },
  {
    id: 'gpu-nouveau',
    code: 'gpu-nouveau',
    strength: 'cause',
    stages: gpuStages,
    matches: [/NVRM: The NVIDIA probe routine was not called for (?<count>\d{1,4}) device/],
    title: 'another driver holds the GPU ({count} device(s))',
    cause: 'nouveau, or another driver that came first, owns the device; NVIDIA’s driver was not asked',
    remedy:
      "printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf && sudo update-initramfs -u (Fedora, openSUSE: sudo dracut --force); then reboot",
    provenance: 'reported',
    seen: 'mattshma/bigdata#133; NVIDIA/gpu-operator#8',
    recorded: ['[188549.976351] NVRM: The NVIDIA probe routine was not called for 3 device(s).'],
  },
  {
    id: 'gpu-module-missing',
    code: 'gpu-module-missing',
    strength: 'cause',
    stages: gpuStages,
    matches: [
      /modprobe: FATAL: Module (?:nvidia|nvidia-current) not found(?: in directory (?<directory>\/\S{1,100}))?/,
    ],
    title: 'there is no kernel module of the driver for the running kernel',
    cause: 'the kernel was updated, and the driver’s module was not built for it: headers or dkms are missing',
    remedy:
      'sudo apt-get install linux-headers-$(uname -r) && sudo dkms autoinstall && sudo modprobe nvidia; with packaged modules: the linux-modules-nvidia-… package of this kernel',
    link: 'https://github.com/GoogleCloudPlatform/compute-gpu-installation/pull/18',
    provenance: 'reported',
    seen: 'compiler-explorer/infra#1413; NVIDIA/nvidia-docker#291; Witko/nvidia-xrun#148',
    recorded: [
      'modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.8.0-1015-aws',
      'modprobe: FATAL: Module nvidia not found.',
      'modprobe: FATAL: Module nvidia-current not found in directory /lib/modules/4.19.0-9-amd64',
    ],
  },
  {
    id: 'gpu-fallen-off',
    code: 'gpu-fallen-off',
    strength: 'cause',
    stages: gpuStages,
    matches: [
      /NVRM: Xid \(PCI:[0-9a-f:.]{1,20}\): 79,/i,
      /Unable to determine the device handle for (?:GPU|gpu) ?[0-9A-Fa-f:.]{0,20}: (?:Unknown Error|GPU is lost)/,
      /\bnvml: GPU is lost\b/,
    ],
    title: 'a GPU does not answer any more (it has fallen off the bus)',
    cause: 'it lost its power or its connection, overheated, or its firmware hangs (Xid 79)',
    remedy:
      'switch the machine off and on again (a reboot may not be enough); look at sudo dmesg | grep -i xid, at power supply, temperature and seat of the card',
    link: 'https://docs.nvidia.com/deploy/xid-errors/',
    provenance: 'reported',
    seen: 'NVIDIA/NVSentinel#155; NVIDIA/dcgm-exporter#604; kubernetes/kubernetes#97131',
    recorded: [
      'NVRM: Xid (PCI:0000:44:00): 79, GPU has fallen off the bus',
      'Unable to determine the device handle for GPU 000:BA:80.0: Unknown Error',
      'Pod Allocate failed due to device plugin GetPreferredAllocation rpc failed with err: rpc error: code = Unknown desc = Unable to retrieve list of available devices: error creating nvml.Device 5: nvml: GPU is lost, which is unexpected',
    ],
  },
  {
    id: 'gpu-library-missing',
    code: 'gpu-library-missing',
    strength: 'cause',
    stages: gpuStages,
    matches: [/NVIDIA-SMI couldn't find libnvidia-ml\.so library/],
    title: 'nvidia-smi does not find the driver’s library libnvidia-ml.so (exit code 12)',
    cause: 'the libraries of the driver are not installed, only in part, or the linker’s cache does not know them',
    remedy:
      'sudo ldconfig && nvidia-smi; if that does not help, install the driver’s packages anew, all of one version',
    provenance: 'reported',
    seen: 'projectbluefin/dakota#373; NVIDIA/nvidia-docker#876',
    recorded: [
      "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure that the NVIDIA Display Driver is properly installed and present in your system.",
    ],
  },
  {
    id: 'gpu-driver-not-loaded',
    code: 'gpu-driver-not-loaded',
    // Rows above say why, where the kernel or modprobe was heard.
    strength: 'symptom',
    stages: gpuStages,
    matches: [
      /NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver/,
      /nvidia-container-cli: initialization error: nvml error: driver not loaded/,
    ],
    title: 'the driver’s kernel module is not loaded (nvidia-smi: exit code 9)',
    cause: 'it is not built for the running kernel, refused by Secure Boot, kept out by nouveau, or not installed',
    remedy:
      'on the host: sudo modprobe nvidia; sudo dmesg | grep -iE "nvrm|nvidia" | tail: they say which of these it is',
    provenance: 'reported',
    seen: 'NVIDIA/nvidia-docker#988, #1393; GoogleCloudPlatform/compute-gpu-installation#18',
    recorded: [
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
      'nvidia-container-cli: initialization error: nvml error: driver not loaded',
    ],
  },
  {
    id: 'gpu-none-found',
    code: 'gpu-none-found',
    strength: 'symptom',
    stages: gpuStages,
    matches: [/^\s*No devices were found\s*$/],
    title: 'the driver is loaded, and finds no GPU that it can use',
    cause:
      'the GPU is lost, has no power, is given to a virtual machine, or is too old or too new for this version of the driver',
    remedy:
      'sudo dmesg | grep -iE "nvrm|xid" | tail; then switch the machine off and on again, or install another driver',
    link: 'https://github.com/NVIDIA/k8s-device-plugin/issues/414',
    provenance: 'reported',
    seen: 'NVIDIA/k8s-device-plugin#414',
    recorded: ['No devices were found'],
  },
]
