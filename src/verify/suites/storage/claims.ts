import type { ApiObject } from '../../../kubernetes/index.ts'
import type { Finding } from '../../model.ts'
import { line, nameOf, namespaceOf, since, textAt, timeAt, typeable } from '../reading.ts'

const minuteMs = 60_000
/** A provisioner may need a while. */
const patienceMs = 10 * minuteMs

/** A PersistentVolumeClaim. Remote text. */
export interface Claim {
  readonly namespace: string
  readonly name: string
  readonly phase: string
  readonly storageClass: string
  /** The scheduler chose a node for a pod that uses it. */
  readonly hasPod: boolean
  readonly createdMs?: number
  readonly deletedMs?: number
}

export function readClaim(object: ApiObject): Claim {
  const createdMs = timeAt(object, 'metadata', 'creationTimestamp')
  const deletedMs = timeAt(object, 'metadata', 'deletionTimestamp')
  return {
    namespace: namespaceOf(object),
    name: nameOf(object),
    phase: textAt(object, 'status', 'phase'),
    storageClass: textAt(object, 'spec', 'storageClassName'),
    hasPod: textAt(object, 'metadata', 'annotations', 'volume.kubernetes.io/selected-node') !== '',
    ...(createdMs === undefined ? {} : { createdMs }),
    ...(deletedMs === undefined ? {} : { deletedMs }),
  }
}

export interface StorageClass {
  readonly name: string
  /** Nothing is made before a pod asks for it. */
  readonly waitsForPod: boolean
  /** A volume goes with its claim. */
  readonly isDeleting: boolean
}

export function readStorageClass(object: ApiObject): StorageClass {
  return {
    name: nameOf(object),
    waitsForPod: textAt(object, 'volumeBindingMode') === 'WaitForFirstConsumer',
    // Delete is the default of the API (kubernetes/kubernetes: pkg/apis/storage/v1/defaults.go).
    isDeleting: (textAt(object, 'reclaimPolicy') || 'Delete') === 'Delete',
  }
}

/** `namespace/name` of a claim → what its events say. */
export type ClaimWords = ReadonlyMap<string, string>

export function readClaimEvent(object: ApiObject): readonly [string, string] {
  const of = (key: string) => textAt(object, 'involvedObject', key)
  return [`${of('namespace')}/${of('name')}`, textAt(object, 'message')]
}

/** Claims without a volume. One that nobody uses yet is as it should be where volumes are made for the first pod. */
export function judgeClaims(
  claims: readonly Claim[],
  classes: readonly StorageClass[],
  words: ClaimWords,
  nowMs: number,
): { readonly findings: readonly Finding[]; readonly unused: number; readonly bound: number } {
  const waiting = new Set(classes.filter(({ waitsForPod }) => waitsForPod).map(({ name }) => name))
  const isUnused = (claim: Claim) => claim.phase === 'Pending' && !claim.hasPod && waiting.has(claim.storageClass)
  const findings = claims.flatMap((claim): readonly Finding[] => {
    const about = { namespace: claim.namespace, subject: `${claim.namespace}/${claim.name}` }
    const describe = `kubectl -n ${typeable(claim.namespace, 'NAMESPACE')} describe pvc ${typeable(claim.name)}`
    if (claim.phase === 'Lost') {
      return [
        {
          ...about,
          verdict: 'fail',
          found: 'Lost',
          cause: 'the volume that it was bound to does not exist any more; its data may be gone',
          remedy: `${describe}; restore from a backup, then create the claim anew`,
        },
      ]
    }
    if (claim.deletedMs !== undefined && nowMs - claim.deletedMs > patienceMs) {
      return [
        {
          ...about,
          verdict: 'warn',
          found: `is being deleted${since(claim.deletedMs)} without an end`,
          cause: 'a pod still uses it, or a finalizer is never removed',
          remedy: describe,
        },
      ]
    }
    if (claim.phase !== 'Pending' || isUnused(claim)) return []
    if (claim.createdMs !== undefined && nowMs - claim.createdMs < patienceMs) return []
    const said = words.get(`${claim.namespace}/${claim.name}`) ?? ''
    return [
      {
        ...about,
        verdict: 'fail',
        found: `Pending${since(claim.createdMs)}`,
        cause: line(said, 200) || 'no volume was made for it: its storage class, its provisioner, or a full disk',
        remedy: describe,
      },
    ]
  })
  return {
    findings,
    unused: claims.filter(isUnused).length,
    bound: claims.filter(({ phase }) => phase === 'Bound').length,
  }
}
