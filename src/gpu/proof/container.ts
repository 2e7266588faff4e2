import { proofMark } from './model.ts'
import { scripts } from './scripts.generated.ts'

/** What a container has to run to give a proof, and what it has to be told. */
export interface ProofContainer {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * `all`: nvidia-smi and a computation, on devices that the kubelet gave. `device`: nvidia-smi alone, on all that the node has: it makes
 * no context, so it takes no memory from whoever holds the GPU.
 */
export function proofContainer(seed: number, steps: 'all' | 'device'): ProofContainer {
  return {
    command: ['/bin/sh', '-c', scripts.proof],
    env: {
      PROOF_MARK: proofMark,
      PROOF_SEED: String(seed),
      PROOF_STEPS: steps,
      PROOF_PY: steps === 'all' ? scripts.compute : '',
      PROOF_PTX: steps === 'all' ? scripts.kernel : '',
      // Images that were not made for GPUs do not say what they want of the driver; without utility there is no nvidia-smi.
      NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
      // What an image demands of the driver (NVIDIA_REQUIRE_CUDA) keeps its container from starting (nvidia-container-cli: unsatisfied
      // condition, smallcloudai/refact#368). The program of the proof needs the driver's own library and nothing of the image's CUDA.
      NVIDIA_DISABLE_REQUIRE: '1',
      // An unprivileged pod may ask so, unless the toolkit's configuration says otherwise (NVIDIA/nvidia-container-toolkit:
      // api/config/v1/config.go, accept-nvidia-visible-devices-envvar-when-unprivileged).
      ...(steps === 'device' ? { NVIDIA_VISIBLE_DEVICES: 'all' } : {}),
    },
  }
}
