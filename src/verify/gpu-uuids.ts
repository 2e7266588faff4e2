import { gpuAnnotationName } from '../gpu/index.ts'
import type { NodeState } from '../kubernetes/index.ts'

/** No node has more. */
const mostGpus = 64

/**
 * UUIDs of the GPUs that gpu-runtime found when it prepared the node, or all prepared nodes where none is named. What the annotation says
 * may have been written by anybody who may change nodes: only what has the form of a UUID is taken.
 */
export function gpuUuidsOf(nodes: readonly NodeState[], name: string): readonly string[] {
  return nodes
    .filter((node) => name === '' || node.name === name)
    .flatMap((node) => {
      try {
        const recorded = JSON.parse(node.annotations[gpuAnnotationName] ?? '{}') as {
          gpus?: readonly { uuid?: unknown }[]
        }
        return Array.isArray(recorded.gpus)
          ? recorded.gpus.slice(0, mostGpus).map((gpu) => String(gpu?.uuid ?? ''))
          : []
      } catch {
        return []
      }
    })
    .filter((uuid) => /^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid))
}
