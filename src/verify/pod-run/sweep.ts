import { type ApiObject, ClusterError, type KindReference } from '../../kubernetes/index.ts'
import type { PodPorts } from './model.ts'
import { jobKind, ownSelector } from './render.ts'

/** A Job of ours that is still there. Remote text. */
interface Leftover {
  readonly name: string
  readonly uid: string
  readonly createdMs: number
}

export interface Sweep {
  /** Names of Jobs that were deleted. */
  readonly removed: readonly string[]
  /** Names of Jobs that should be gone and are not, with the reason. */
  readonly left: readonly { readonly name: string; readonly why: string }[]
}

/** No run lasts that long: what is older belongs to one that was killed. */
export const leftoverAfterMs = 60 * 60 * 1000

function leftover(object: ApiObject): Leftover {
  const { metadata } = object as {
    metadata?: { name?: unknown; uid?: unknown; creationTimestamp?: unknown; deletionTimestamp?: unknown }
  }
  // What is being deleted already is nobody's business any more.
  const createdMs =
    metadata?.deletionTimestamp === undefined ? Date.parse(String(metadata?.creationTimestamp)) : Number.NaN
  return { name: String(metadata?.name ?? ''), uid: String(metadata?.uid ?? ''), createdMs }
}

/** Deletes Jobs, or what else is named, of this project that runs before left in the namespace, once they are older than any run can be. */
export async function sweepPods(
  ports: Pick<PodPorts, 'cluster' | 'signal'>,
  namespace: string,
  nowMs: number,
  kind: KindReference = jobKind,
): Promise<Sweep> {
  const { cluster, signal } = ports
  const jobs =
    (await cluster.list(kind, leftover, signal, { namespace, labelSelector: ownSelector, isMetadataOnly: true })) ?? []
  const removed: string[] = []
  const left: { name: string; why: string }[] = []
  for (const { name, uid, createdMs } of jobs) {
    if (name === '' || uid === '' || !(nowMs - createdMs > leftoverAfterMs)) continue
    try {
      await cluster.deleteObject(kind, namespace, name, uid, signal)
      removed.push(name)
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      left.push({ name, why: error.message })
    }
  }
  return { removed, left }
}
