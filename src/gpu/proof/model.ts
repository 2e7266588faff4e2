/**
 * What the container of a GPU Job prints: lines of JSON behind a mark, one a fact, among whatever else is in its log. Written by
 * `scripts/proof.sh` and `scripts/compute.py`; read by `readProof`.
 *
 *     k3s-gpu-actions/gpu-proof {"fact":"device","seed":"3735928559","exit":0,"cuda":"12.9","gpus":[{"uuid":"GPU-…","name":"NVIDIA GeForce RTX 4090","driver":"575.51.03","total":24564,"used":312}]}
 *     k3s-gpu-actions/gpu-proof {"fact":"compute","seed":"3735928559","by":"libcuda","code":"","cuda":12090,"gpus":[{"uuid":"GPU-…","name":"NVIDIA GeForce RTX 4090","capability":"8.9","digest":"0123456789abcdef"}]}
 *
 * `seed` is a number of this one run, given as PROOF_SEED: what the GPU has to compute depends on it, and the digest is compared with
 * what `proofDigest(seed)` computes here. Everything in such a line is remote text.
 */
export const proofMark = 'k3s-gpu-actions/gpu-proof'

/** nvidia-smi in the container. */
export interface DeviceFact {
  readonly fact: 'device'
  /** Exit code of nvidia-smi; 127: it is not in the container. 14 is a warning beside a whole answer. */
  readonly exit: number
  /** What it printed when it listed nothing, one line; empty: it listed GPUs. */
  readonly said: string
  /** Highest CUDA version that the driver serves, e.g. `12.9`; empty: it does not say. */
  readonly cuda: string
  readonly gpus: readonly {
    /** `GPU-…` */
    readonly uuid: string
    readonly name: string
    readonly driver: string
    /** MiB; undefined: not said. */
    readonly totalMiB?: number
    readonly usedMiB?: number
  }[]
}

/** The computation. */
export interface ComputeFact {
  readonly fact: 'compute'
  /** `libcuda`: a kernel of ours by the driver's own library. `sample`: NVIDIA's vectorAdd. `none`: there was nothing to do it with. */
  readonly by: 'libcuda' | 'sample' | 'none'
  /**
   * Empty: it was carried out. Else why not: a CUDA error (`CUDA_ERROR_OUT_OF_MEMORY`), `no-python`, `no-libcuda`, `no-memory` (too
   * little was free, so nothing was tried), `crashed` (ended by a signal), `sample-failed`.
   */
  readonly code: string
  /** The call that failed, and its words; empty: none did. */
  readonly said: string
  /** cuDriverGetVersion, e.g. 12090; 0: not asked. */
  readonly cuda: number
  /** Of a sample: those on which it passed, by their UUIDs alone. */
  readonly gpus: readonly {
    readonly uuid: string
    readonly name: string
    /** `8.9` */
    readonly capability: string
    /** 16 hex digits over everything that the GPU computed. */
    readonly digest: string
  }[]
}

/** What a log proves, as far as anybody can read it. */
export interface Proof {
  readonly device?: DeviceFact
  readonly compute?: ComputeFact
}
