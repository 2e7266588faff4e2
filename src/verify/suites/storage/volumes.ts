import type { ApiObject } from '../../../kubernetes/index.ts'
import type { Finding } from '../../model.ts'
import {
  type Condition,
  conditionsOf,
  nameOf,
  namespaceOf,
  numberAt,
  since,
  textAt,
  timeAt,
  typeable,
  valueAt,
  wordsOf,
} from '../reading.ts'

/** A volume of Longhorn (longhorn/longhorn-manager:k8s/pkg/apis/longhorn/v1beta2/volume.go). Remote text. */
export interface LonghornVolume {
  /** Of the claim that it stands behind; empty: none. */
  readonly namespace: string
  readonly claim: string
  /** Longhorn's own namespace and its name for it. */
  readonly home: string
  readonly name: string
  readonly state: string
  readonly robustness: string
  readonly replicas: number
  readonly degradedMs?: number
  readonly scheduled?: Condition
}

export function readLonghornVolume(object: ApiObject): LonghornVolume {
  const degradedMs = timeAt(object, 'status', 'lastDegradedAt')
  const scheduled = conditionsOf(valueAt(object, 'status')).find(({ type }) => type === 'Scheduled')
  return {
    namespace: textAt(object, 'status', 'kubernetesStatus', 'namespace'),
    claim: textAt(object, 'status', 'kubernetesStatus', 'pvcName'),
    home: namespaceOf(object),
    name: nameOf(object),
    state: textAt(object, 'status', 'state'),
    robustness: textAt(object, 'status', 'robustness'),
    replicas: numberAt(object, 'spec', 'numberOfReplicas') ?? 0,
    ...(degradedMs === undefined ? {} : { degradedMs }),
    ...(scheduled === undefined ? {} : { scheduled }),
  }
}

/** A PersistentVolume, of any provisioner. */
export interface PersistentVolume {
  readonly name: string
  /** Of the claim that it is, or was, for. */
  readonly namespace: string
  readonly claim: string
  readonly phase: string
  readonly message: string
}

export function readPersistentVolume(object: ApiObject): PersistentVolume {
  return {
    name: nameOf(object),
    namespace: textAt(object, 'spec', 'claimRef', 'namespace'),
    claim: textAt(object, 'spec', 'claimRef', 'name'),
    phase: textAt(object, 'status', 'phase'),
    message: textAt(object, 'status', 'message') || textAt(object, 'status', 'reason'),
  }
}

function subjectOf({ namespace, claim, name }: { namespace: string; claim: string; name: string }): string {
  return claim === '' ? name : `${namespace}/${claim} (${name})`
}

/** Volumes that Kubernetes gave up on. */
export function judgePersistentVolumes(volumes: readonly PersistentVolume[]): readonly Finding[] {
  return volumes
    .filter(({ phase }) => phase === 'Failed')
    .map((volume) => ({
      namespace: volume.namespace,
      subject: subjectOf(volume),
      found: 'Failed',
      verdict: 'fail',
      cause: volume.message || 'it could not be deleted or made reusable after its claim had gone',
      remedy: `kubectl describe pv ${typeable(volume.name)}`,
    }))
}

/**
 * Longhorn's own words: a volume that is attached is `healthy` or `degraded`, a detached one is `unknown` (which is well) or `faulted`.
 * A replica that was never placed is not always called degraded (longhorn/longhorn#11916), so its condition is asked as well.
 */
export function judgeLonghornVolumes(volumes: readonly LonghornVolume[]): readonly Finding[] {
  return volumes.flatMap((volume): readonly Finding[] => {
    const about = { namespace: volume.namespace, subject: subjectOf(volume) }
    const remedy = `kubectl -n ${typeable(volume.home, 'longhorn-system')} describe volumes.longhorn.io ${typeable(volume.name)}`
    const { scheduled } = volume
    const isUnplaced = scheduled?.status === 'False'
    if (volume.robustness === 'faulted') {
      return [
        {
          ...about,
          verdict: 'fail',
          found: 'faulted: no replica of it works',
          cause: 'every disk or node that held a replica failed; its data cannot be read',
          remedy: `${remedy}; bring a node with a replica back, or restore from a backup`,
        },
      ]
    }
    if (volume.robustness !== 'degraded' && !isUnplaced) return []
    const cause = isUnplaced
      ? wordsOf(scheduled) || 'a replica could not be placed'
      : 'a replica is missing or being rebuilt; the next fault may lose data'
    const found =
      volume.robustness === 'degraded'
        ? `degraded${since(volume.degradedMs)}: not all of its ${volume.replicas} replicas work`
        : `a replica of ${volume.replicas} cannot be placed${since(scheduled?.sinceMs)}`
    return [{ ...about, verdict: 'warn', found, cause, remedy }]
  })
}
