import { type ComputeFact, type DeviceFact, type Proof, proofDigest, type RecordedGpus } from '../../../gpu/index.ts'
import type { Check } from '../../../report/index.ts'
import { causeOfCuda, causeOfSmi } from './causes.ts'

/** A verdict on one step, before the cluster file's rules. */
export type Judgement = Pick<Check, 'verdict' | 'found'> & Partial<Pick<Check, 'cause' | 'remedy' | 'evidence'>>

interface Seen {
  readonly node: string
  /** undefined: nothing was recorded. */
  readonly recorded?: RecordedGpus
  /** GPUs that were asked for; 0: the pod only looks. */
  readonly claimed: number
  /** Parts of GPUs (MIG), which have other UUIDs than what was recorded. */
  readonly isDivided: boolean
}

const gpuWords = ({ gpus }: Pick<DeviceFact, 'gpus'>): string => {
  const names = [...new Set(gpus.map(({ name }) => name))].join(', ')
  return `${gpus.length} × ${names}, driver ${[...new Set(gpus.map(({ driver }) => driver))].join(', ')}`
}

/** L6: what nvidia-smi says in the pod, against what was recorded for the node. Pure. */
export function judgeDevice(device: DeviceFact, { node, recorded, claimed, isDivided }: Seen): Judgement {
  const evidence = device.gpus.map(({ uuid, name, driver }) => `${uuid} ${name}, driver ${driver}`)
  if (device.gpus.length === 0) {
    return {
      verdict: 'fail',
      found: `the pod sees no GPU (nvidia-smi: exit code ${device.exit})`,
      ...causeOfSmi(device.said, node),
      evidence: device.said === '' ? [] : [device.said],
    }
  }
  if (device.gpus.length < claimed && !isDivided) {
    return {
      verdict: 'fail',
      found: `the pod sees ${device.gpus.length} of the ${claimed} GPUs that the kubelet gave it`,
      cause: 'one of them is lost, or the runtime did not bring it in',
      remedy: `on ${node}: nvidia-smi -L, and dmesg | grep -i xid`,
      evidence,
    }
  }
  const words = gpuWords(device)
  const known = new Set(recorded?.gpus.map(({ uuid }) => uuid))
  const other = device.gpus.find(({ uuid }) => uuid.startsWith('GPU-') && known.size > 0 && !known.has(uuid))
  // Before whatever nvidia-smi complains about: with another card nothing else that is said is about this node's.
  if (recorded !== undefined && other !== undefined && !isDivided) {
    return {
      verdict: 'fail',
      found: `the pod sees another GPU than was recorded for ${node}: ${other.uuid} ${other.name}`,
      cause: 'the card was exchanged since gpu-runtime last ran, or the pod ran on another machine',
      remedy: `press gpu-runtime for ${node}, which records anew what is there`,
      evidence: [...evidence, ...recorded.gpus.map(({ uuid, product }) => `recorded: ${uuid} ${product}`)].slice(0, 12),
    }
  }
  if (device.exit !== 0) {
    return {
      verdict: 'warn',
      found: `${words}; nvidia-smi ended with exit code ${device.exit}`,
      cause:
        device.exit === 14
          ? 'the infoROM of a card is corrupt; it works all the same'
          : 'nvidia-smi complains about something',
      remedy: `on ${node}: nvidia-smi -q`,
      evidence,
    }
  }
  if (recorded === undefined || known.size === 0)
    return { verdict: 'pass', found: `${words}; nothing is recorded to compare it with`, evidence }
  const driver = device.gpus[0]?.driver ?? ''
  if (recorded.driver !== '' && driver !== recorded.driver) {
    return {
      verdict: 'warn',
      found: `the pod sees driver ${driver}, recorded is ${recorded.driver}`,
      cause: 'the driver was updated since gpu-runtime last ran',
      remedy: `press gpu-runtime for ${node}, which records anew what is there`,
      evidence,
    }
  }
  return { verdict: 'pass', found: `${words}, as recorded`, evidence }
}

/** Somebody else uses the card: that is no fault of it. */
const busyCodes = /^(no-memory|CUDA_ERROR_OUT_OF_MEMORY|CUDA_ERROR_DEVICE_UNAVAILABLE)$/
/** The same in the words of NVIDIA's sample, which prints what cudaGetErrorString says (NVIDIA/cuda-samples: vectorAdd.cu). */
const busyWords = /out of memory|busy or unavailable/
/** The sample was built for a newer driver: nothing is known about the GPU. */
const tooNewWords = /driver version is insufficient|unsupported toolchain/

/** L7: what was computed, against what it must be. Pure. */
export function judgeCompute(
  compute: ComputeFact,
  { node, seed, claimed }: { readonly node: string; readonly seed: number; readonly claimed: number },
): Judgement {
  const { code, said, gpus } = compute
  const evidence = said === '' ? [] : [said]
  if (busyCodes.test(code) || (code === 'sample-failed' && busyWords.test(said))) {
    return {
      verdict: 'skip',
      found: 'busy: too little of the GPU is free to compute on it without disturbing who uses it',
      remedy: `who it is: nvidia-smi on ${node}`,
      evidence,
    }
  }
  if (code === 'no-python') {
    return {
      verdict: 'skip',
      found: 'the image has neither Python 3 nor a CUDA sample to compute with',
      remedy: 'give another one (input gpu-image), e.g. a Debian-based Python image by its digest',
      evidence,
    }
  }
  if (code === 'sample-failed' && tooNewWords.test(said)) {
    return {
      verdict: 'skip',
      found: `the image was made for a newer driver than that of ${node}`,
      remedy:
        "give an image for an older CUDA, or one with Python 3, which needs the driver's own library alone (input gpu-image)",
      evidence,
    }
  }
  if (code !== '' || compute.by === 'none') {
    return {
      verdict: 'fail',
      found: `the GPU did not compute: ${code || 'nothing was tried'}`,
      ...causeOfCuda(code, node),
      evidence,
    }
  }
  const tooFew = (shown: readonly string[]): Judgement => ({
    verdict: 'fail',
    found: `only ${gpus.length} of ${claimed} GPUs computed`,
    cause: 'CUDA does not see all that the kubelet gave',
    remedy: `on ${node}: nvidia-smi -L, and dmesg | grep -i xid`,
    evidence: shown,
  })
  if (compute.by === 'sample') {
    // It computes on one GPU, so it is run once for each.
    if (claimed > 1 && new Set(gpus.map(({ uuid }) => uuid)).size < claimed) return tooFew(gpus.map(({ uuid }) => uuid))
    const where = claimed > 1 ? `, on each of ${claimed} GPUs` : ''
    return { verdict: 'pass', found: `NVIDIA's sample vectorAdd: Test PASSED${where}` }
  }
  const wanted = proofDigest(seed)
  const wrong = gpus.filter(({ digest }) => digest !== wanted)
  const shown = gpus.map(
    ({ uuid, name, capability, digest }) => `${uuid} ${name} (${capability}): ${digest || 'no result'}`,
  )
  if (gpus.length === 0 || wrong.length > 0) {
    return {
      verdict: 'fail',
      found:
        gpus.length === 0
          ? 'no GPU computed'
          : `${wrong.length} of ${gpus.length} GPUs computed something else than was asked: ${wrong[0]?.name ?? ''}`,
      cause: 'its memory or its arithmetic is broken, or what answered was no GPU',
      remedy: `take ${node} out of production: kubectl cordon ${node}; then nvidia-smi -q -d ECC on it`,
      evidence: [...shown, `must be: ${wanted}`],
    }
  }
  // One GPU that is told of twice is one GPU.
  if (new Set(gpus.map(({ uuid }) => uuid)).size < claimed) return tooFew(shown)
  const names = [...new Set(gpus.map(({ name, capability }) => `${name} (compute capability ${capability})`))].join(
    ', ',
  )
  return { verdict: 'pass', found: `${gpus.length} × ${names} computed what was asked`, evidence: shown }
}

/** Whether anything of a proof could be read. */
export const isEmpty = ({ device, compute }: Proof): boolean => device === undefined && compute === undefined
