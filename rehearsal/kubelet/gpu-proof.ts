/**
 * What a container says that is told to prove its GPU (the program of a GPU Job: `PROOF_SEED`, `PROOF_MARK`, `PROOF_STEPS`). The digest
 * is computed here a second time, after the kernel's own text, so that the two can be held against each other. Pure.
 */
import { createHash } from 'node:crypto'
import type { CardState } from './model.ts'

export interface ProofGround {
  /** GPUs that the container was given, under NVIDIA's runtime; none: it sees none. */
  readonly gpus: readonly { readonly uuid: string; readonly card: CardState }[]
  readonly image: string
  /** The GPU computes something else than it should. */
  readonly computesWrong?: boolean
}

const words = 1 << 16
const rounds = 64
/** Looked up once: in the context of a test four million look-ups of a global are seconds. */
const { imul } = Math

/** x = x·1664525 + 1013904223; x ^= x ≫ 13; x += 3·(x mod 2048) + 1; 64 times, for every word. */
function digestOf(seed: number): string {
  const bytes = Buffer.alloc(4 * words)
  for (let index = 0; index < words; index++) {
    let word = imul(index, 2654435761) ^ seed
    for (let round = 0; round < rounds; round++) {
      word = (imul(word, 1664525) + 1013904223) | 0
      word ^= word >>> 13
      word = (word + 3 * (word & 0x7ff) + 1) | 0
    }
    bytes.writeInt32LE(word, 4 * index)
  }
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

/** Lines of its log; it exits with 0 whatever it finds. */
export function proofLog(environment: Readonly<Record<string, string>>, ground: ProofGround): readonly string[] {
  const { PROOF_MARK: mark = '', PROOF_SEED: seed = '0', PROOF_STEPS: steps = 'all' } = environment
  const said = (fact: object): string => `${mark} ${JSON.stringify(fact)}`
  const [first] = ground.gpus
  const device = {
    fact: 'device',
    seed,
    exit: first === undefined ? 127 : 0,
    said: first === undefined ? 'nvidia-smi is not in the container' : '',
    cuda: first?.card.cuda ?? '',
    gpus: ground.gpus.map(({ uuid, card }) => ({
      uuid,
      name: card.name,
      driver: card.driver,
      total: card.memoryMiB,
      used: card.usedMiB,
    })),
  }
  return steps === 'all' ? [said(device), said(computed(seed, ground))] : [said(device)]
}

function computed(seed: string, { gpus, image, computesWrong }: ProofGround): object {
  const fact = { fact: 'compute', seed, by: 'libcuda', code: '', said: '', cuda: 0, gpus: [] as object[] }
  const [first] = gpus
  const isSample = /cuda-sample/.test(image)
  const hasPython = /python|pytorch|tensorflow|triton|label-studio/.test(image)
  if (!isSample && !hasPython)
    return { ...fact, by: 'none', code: 'no-python', said: 'neither Python nor a CUDA sample is in this image' }
  if (isSample) {
    const failed = 'exit code 1: Failed to allocate device vector A (error code no CUDA-capable device is detected)!'
    return first === undefined
      ? { ...fact, by: 'sample', code: 'sample-failed', said: failed }
      : { ...fact, by: 'sample', said: 'Test PASSED' }
  }
  if (first === undefined) {
    const words = 'libcuda.so.1: cannot open shared object file: No such file or directory'
    return { ...fact, code: 'no-libcuda', said: words }
  }
  const [major = '0', minor = '0'] = first.card.cuda.split('.')
  const digest = digestOf(Number(seed) ^ (computesWrong === true ? 1 : 0))
  const of = gpus.map(({ uuid, card }) => ({ uuid, name: card.name, capability: card.capability, digest }))
  return { ...fact, cuda: Number(major) * 1000 + Number(minor) * 10, gpus: of }
}
