/** Cause and remedy of what a driver or CUDA says, matched by its text. */
interface Row {
  readonly matches: RegExp
  readonly cause: string
  readonly remedy: string
}

const row = (matches: RegExp, cause: string, remedy: string): Row => ({ matches, cause, remedy })

/** Of nvidia-smi in the container. `<node>` is replaced. */
const ofSmi: readonly Row[] = [
  row(
    /Driver\/library version mismatch/,
    'the driver was updated on disk, and the kernel still runs the old module',
    'reboot <node>; then press gpu-runtime with hold-packages: all, so that it does not come back',
  ),
  row(
    /couldn't communicate with the NVIDIA driver|Driver Not Loaded/i,
    'the kernel module of the driver is not loaded',
    'on <node>: sudo modprobe nvidia; when it refuses: dmesg | tail, and dkms status',
  ),
  row(
    /NVML: Unknown Error/,
    'the container lost its device, as after a daemon-reload (NVIDIA/nvidia-container-toolkit#48)',
    'press gpu-runtime for <node>, which links the devices; then recreate the pods that use the GPU',
  ),
  row(
    /No devices were found|GPU is lost|fallen off the bus/i,
    'the driver has lost the GPU',
    'on <node>: dmesg | grep -i xid; a power cycle brings most of them back',
  ),
  row(
    /not in the container/,
    'the NVIDIA runtime brought nothing into the pod: it did not run under that runtime, or the toolkit does not heed unprivileged pods',
    'press gpu-runtime for <node>; then run again',
  ),
  row(
    /not found|No such file|cannot open shared object/i,
    'nvidia-smi does not run in this image: it has no glibc, or an old one',
    'give another image (input gpu-image), e.g. a Debian-based one',
  ),
]

/** Of CUDA (names of cuda.h's CUresult), and of compute.py. */
const ofCuda: readonly Row[] = [
  row(
    /^no-libcuda$/,
    'libcuda.so.1 is not in the container: the driver on the node is incomplete, or the image has no glibc',
    'on <node>: ldconfig -p | grep libcuda.so.1; or give another image (input gpu-image)',
  ),
  row(
    /^CUDA_ERROR_NO_DEVICE$/,
    'CUDA sees no GPU, although nvidia-smi does or did',
    'on <node>: dmesg | grep -i -e nvrm -e xid',
  ),
  row(
    /^CUDA_ERROR_(SYSTEM_DRIVER_MISMATCH|COMPAT_NOT_SUPPORTED_ON_DEVICE)$/,
    'the image brings CUDA libraries of its own that do not fit the driver',
    'give another image (input gpu-image), or update the driver of <node>',
  ),
  row(
    /^CUDA_ERROR_(SYSTEM_NOT_READY|NVLINK_UNCORRECTABLE)$/,
    'the driver waits for the fabric manager of its NVSwitches',
    'on <node>: systemctl status nvidia-fabricmanager',
  ),
  row(
    /^CUDA_ERROR_(ECC_UNCORRECTABLE|HARDWARE_STACK_ERROR|ILLEGAL_INSTRUCTION|LAUNCH_FAILED|UNKNOWN)$/,
    'the card or its driver failed while it computed',
    'on <node>: nvidia-smi -q, and dmesg | grep -i xid; a reset or power cycle is needed most often',
  ),
  row(
    /^CUDA_ERROR_(UNSUPPORTED_PTX_VERSION|INVALID_PTX|NO_BINARY_FOR_GPU)$/,
    'the driver is too old for the program of this proof',
    'update the driver of <node> (R384 or later)',
  ),
  row(
    /^crashed$/,
    "the program of this proof was ended by a signal within the driver's library: library and kernel module do not fit, or the driver is damaged",
    'on <node>: nvidia-smi, and dmesg | tail -50; then install the driver anew, or reboot',
  ),
  row(
    /^sample-failed$/,
    "NVIDIA's own sample did not pass: its CUDA is newer than the driver, or the GPU does not compute",
    'look at the evidence; give an image for an older CUDA (input gpu-image), or update the driver of <node>',
  ),
]

const unknown = row(
  /^/,
  'the driver or the GPU does not do its work; its words are in the evidence',
  'on <node>: nvidia-smi, and dmesg | tail -50',
)

const choose = (
  rows: readonly Row[],
  said: string,
  node: string,
): { readonly cause: string; readonly remedy: string } => {
  const { cause, remedy } = rows.find(({ matches }) => matches.test(said)) ?? unknown
  return { cause, remedy: remedy.replaceAll('<node>', node) }
}

export const causeOfSmi = (said: string, node: string) => choose(ofSmi, said, node)
export const causeOfCuda = (code: string, node: string) => choose(ofCuda, code, node)
