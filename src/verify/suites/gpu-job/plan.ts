import {
  defaultProofImage,
  type ImageGrade,
  imageOnNode,
  type ProofContainer,
  proofContainer,
  proofSeed,
} from '../../../gpu/index.ts'
import type { VerifyWish } from '../../model.ts'
import type { PodSpec } from '../../pod-run/index.ts'
import { type DeviceShare, physicalGpus, sharesOf } from '../gpu/devices.ts'
import type { GpuNode, GpuWorld } from '../gpu/read.ts'

/** What is tried on one node; or why nothing is. Plain data. */
export type JobPlan =
  | { readonly type: 'skip'; readonly why: string; readonly remedy?: string }
  | {
      /** `claim`: a pod that asks for the GPU. `look`: the GPU is held, so that a pod only looks at it, without asking for it. */
      readonly type: 'claim' | 'look'
      readonly seed: number
      readonly spec: PodSpec
      readonly share: DeviceShare
      /** What the image can do; undefined: it was given, and will show. */
      readonly grade?: ImageGrade
    }

/** A pod may claim at most this many at once. */
const mostDevices = 16

/** `pods of triton hold all of nvidia.com/gpu`, always in the same words while nothing changes. */
export function heldBy({ resource, holders }: Pick<DeviceShare, 'resource' | 'holders'>): string {
  return holders.length === 0
    ? `nothing of ${resource} is free`
    : `pods of ${holders.slice(0, 5).join(', ')} hold all of ${resource}`
}

/** What a pod of a proof is made from. Every free GPU is claimed, so that each one computes; of a shared one a single share. */
function specOf(
  one: GpuNode & Required<Pick<GpuNode, 'node'>>,
  world: Pick<GpuWorld, 'runtimeClass'>,
  wish: Pick<VerifyWish, 'namespace' | 'gpuImage'>,
  image: string,
  container: ProofContainer,
  devices: Readonly<Record<string, number>>,
): PodSpec {
  const number = Math.max(1, ...Object.values(devices))
  return {
    purpose: 'gpu-proof',
    namespace: wish.namespace,
    node: one.node,
    image,
    // What the node has is not fetched again, whatever its tag means today.
    pull: one.node.images.includes(image) ? 'never' : 'if-missing',
    ...container,
    devices,
    // A context of CUDA takes some hundred MiB of the host's memory for every GPU.
    memoryMiB: 1024 + 512 * number,
    ...(world.runtimeClass === undefined ? {} : { runtimeClass: 'nvidia' }),
  }
}

/** What to try on a node whose lower layers are well. Pure. */
export function planJob(
  one: GpuNode,
  world: Pick<GpuWorld, 'runtimeClass'>,
  wish: Pick<VerifyWish, 'namespace' | 'gpuImage'>,
  runId: string,
): JobPlan {
  const { name, node } = one
  if (node === undefined) return { type: 'skip', why: 'the node is not there' }
  if (node.unschedulable) return { type: 'skip', why: `${name} is cordoned`, remedy: `kubectl uncordon ${name}` }
  const shares = sharesOf(one)
  const share = shares.find(({ free }) => free > 0) ?? shares[0]
  if (share === undefined) return { type: 'skip', why: 'no GPU is registered' }
  const found = wish.gpuImage === '' ? (imageOnNode(node.images) ?? defaultProofImage) : { image: wish.gpuImage }
  const seed = proofSeed(runId, name)
  const grade = 'grade' in found ? { grade: found.grade } : {}
  const withNode = { ...one, node }
  if (share.free === 0) {
    const spec = specOf(withNode, world, wish, found.image, proofContainer(seed, 'device'), {})
    return { type: 'look', seed, spec, share, ...grade }
  }
  const number = share.isShared || physicalGpus(one) === undefined ? 1 : Math.min(share.free, mostDevices)
  const devices = { [share.resource]: number }
  const spec = specOf(withNode, world, wish, found.image, proofContainer(seed, 'all'), devices)
  return { type: 'claim', seed, spec, share, ...grade }
}
