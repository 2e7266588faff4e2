import { createHash } from 'node:crypto'

/** As in scripts/compute.py. */
const count = 1 << 16
const rounds = 64

// Looked up once: in a context of its own, as tests have, four million look-ups of a global are seconds.
const { imul } = Math

/** One word of the result. Pure. */
export function proofWord(index: number, seed: number): number {
  let word = (imul(index, 2654435761) ^ seed) >>> 0
  for (let round = 0; round < rounds; round++) {
    word = (imul(word, 1664525) + 1013904223) >>> 0
    word = (word ^ (word >>> 13)) >>> 0
    // In single precision on the GPU, and exact there: three times eleven bits, and one.
    word = (word + ((word & 2047) * 3 + 1)) >>> 0
  }
  return word
}

const known = new Map<number, string>()

/** What a GPU must have computed from this seed: the same as scripts/kernel.ptx, 16 hex digits over all of its words. Pure. */
export function proofDigest(seed: number): string {
  const before = known.get(seed)
  if (before !== undefined) return before
  const words = new DataView(new ArrayBuffer(4 * count))
  for (let index = 0; index < count; index++) words.setUint32(4 * index, proofWord(index, seed), true)
  const digest = createHash('sha256').update(words).digest('hex').slice(0, 16)
  known.clear()
  known.set(seed, digest)
  return digest
}

/** A seed from the name of a run and a node: another one every night, so that no answer can be kept from the night before. */
export function proofSeed(runId: string, node: string): number {
  return createHash('sha256').update(`${runId}/${node}`).digest().readUInt32LE(0)
}
