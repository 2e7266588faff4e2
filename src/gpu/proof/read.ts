import { type ComputeFact, type DeviceFact, type Proof, proofMark } from './model.ts'

type Tree = Readonly<Record<string, unknown>>
const tree = (value: unknown): Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {}
/** Printable ASCII, bounded: what a container prints is somebody else's text. */
const text = (value: unknown, limit = 120): string =>
  typeof value === 'string' ? value.replace(/[^\x20-\x7e]+/g, ' ').slice(0, limit) : ''
const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

const mostGpus = 64
const longestLine = 16 * 1024
const uuidShape = /^(GPU|MIG)-[0-9A-Za-z/-]{8,80}$/

const gpusOf = (value: unknown): readonly Tree[] => (Array.isArray(value) ? value.slice(0, mostGpus).map(tree) : [])
const uuidOf = (one: Tree): string => (uuidShape.test(text(one.uuid)) ? text(one.uuid) : '')

function deviceFact(line: Tree): DeviceFact {
  return {
    fact: 'device',
    exit: wholeNumber(line.exit) ?? -1,
    said: text(line.said, 300),
    cuda: /^\d{1,3}(\.\d{1,3})?$/.test(text(line.cuda)) ? text(line.cuda) : '',
    gpus: gpusOf(line.gpus).flatMap((one) => {
      const uuid = uuidOf(one)
      if (uuid === '') return []
      const [totalMiB, usedMiB] = [wholeNumber(one.total), wholeNumber(one.used)]
      return {
        uuid,
        name: text(one.name),
        driver: text(one.driver, 40),
        ...(totalMiB === undefined ? {} : { totalMiB }),
        ...(usedMiB === undefined ? {} : { usedMiB }),
      }
    }),
  }
}

function computeFact(line: Tree): ComputeFact {
  return {
    fact: 'compute',
    by: line.by === 'libcuda' || line.by === 'sample' ? line.by : 'none',
    // Without a code it would count as carried out.
    code: typeof line.code === 'string' ? text(line.code, 60) : 'unreadable',
    said: text(line.said, 300),
    cuda: wholeNumber(line.cuda) ?? 0,
    gpus: gpusOf(line.gpus).map((one) => ({
      uuid: uuidOf(one),
      name: text(one.name),
      capability: text(one.capability, 10),
      digest: /^[0-9a-f]{16}$/.test(text(one.digest)) ? text(one.digest) : '',
    })),
  }
}

/**
 * What the log of a GPU Job says: the last line of each fact that has the mark and the seed of this run. Whatever else is there, in
 * whatever shape, is left alone. Pure.
 */
export function readProof(log: string, seed: number): Proof {
  let proof: Proof = {}
  for (const line of log.split('\n')) {
    if (!line.startsWith(`${proofMark} {`) || line.length > longestLine) continue
    let said: Tree
    try {
      said = tree(JSON.parse(line.slice(proofMark.length + 1)))
    } catch {
      continue
    }
    if (said.seed !== String(seed)) continue
    if (said.fact === 'device') proof = { ...proof, device: deviceFact(said) }
    if (said.fact === 'compute') proof = { ...proof, compute: computeFact(said) }
  }
  return proof
}
