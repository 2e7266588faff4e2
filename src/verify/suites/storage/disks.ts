import type { ApiObject } from '../../../kubernetes/index.ts'
import type { Finding } from '../../model.ts'
import {
  type Condition,
  conditionsOf,
  entriesAt,
  nameOf,
  namespaceOf,
  numberAt,
  since,
  textAt,
  typeable,
  valueAt,
  wordsOf,
} from '../reading.ts'

/** A disk of a node of Longhorn. */
export interface LonghornDisk {
  readonly name: string
  readonly path: string
  /** Bytes. */
  readonly maximum: number
  readonly available: number
  readonly isWanted: boolean
  readonly conditions: readonly Condition[]
}

/** A node as Longhorn sees it (longhorn/longhorn-manager:k8s/pkg/apis/longhorn/v1beta2/node.go). Remote text. */
export interface LonghornNode {
  readonly home: string
  readonly name: string
  /** Replicas may be put here, as somebody wants it. */
  readonly isWanted: boolean
  readonly conditions: readonly Condition[]
  readonly disks: readonly LonghornDisk[]
}

export function readLonghornNode(object: ApiObject): LonghornNode {
  return {
    home: namespaceOf(object),
    name: nameOf(object),
    isWanted: valueAt(object, 'spec', 'allowScheduling') !== false,
    conditions: conditionsOf(valueAt(object, 'status')),
    disks: entriesAt(object, 'status', 'diskStatus').map(([name, disk]) => ({
      name,
      path: textAt(disk, 'diskPath') || textAt(object, 'spec', 'disks', name, 'path'),
      maximum: numberAt(disk, 'storageMaximum') ?? 0,
      available: numberAt(disk, 'storageAvailable') ?? 0,
      isWanted: valueAt(object, 'spec', 'disks', name, 'allowScheduling') !== false,
      conditions: conditionsOf(disk),
    })),
  }
}

const isFalse = ({ status }: Condition) => status === 'False'
const named = (conditions: readonly Condition[], type: string) => conditions.find((one) => one.type === type)

/**
 * Nodes and disks that Longhorn cannot use. Ready is what counts; what a node is not fit for (packages, multipathd, an NFS client) is a
 * warning, and only where replicas are wanted.
 */
export function judgeLonghornNodes(nodes: readonly LonghornNode[]): readonly Finding[] {
  return nodes.flatMap((node): readonly Finding[] => {
    const remedy = `kubectl -n ${typeable(node.home, 'longhorn-system')} describe nodes.longhorn.io ${typeable(node.name)}`
    const about = { namespace: node.home, subject: node.name, remedy }
    const ready = named(node.conditions, 'Ready')
    if (ready === undefined || ready.status !== 'True') {
      const cause = ready === undefined ? '' : wordsOf(ready)
      const found = `Longhorn does not call it ready${since(ready?.sinceMs)}`
      return [{ ...about, found, verdict: 'fail', cause: cause || 'its longhorn-manager does not run' }]
    }
    if (!node.isWanted) return []
    const limits = node.conditions
      .filter((one) => one.type !== 'Ready' && isFalse(one))
      .map((one): Finding => {
        return { ...about, found: `${one.type} is False${since(one.sinceMs)}`, verdict: 'warn', cause: wordsOf(one) }
      })
    const disks = node.disks
      .filter(({ isWanted }) => isWanted)
      .flatMap((disk): readonly Finding[] => {
        const subject = `${node.name}:${disk.path || disk.name}`
        const diskReady = named(disk.conditions, 'Ready')
        if (diskReady !== undefined && isFalse(diskReady)) {
          const found = `disk not ready${since(diskReady.sinceMs)}`
          return [{ ...about, subject, found, verdict: 'fail', cause: wordsOf(diskReady) }]
        }
        const schedulable = named(disk.conditions, 'Schedulable')
        // A full disk is what storage.space is about.
        if (schedulable === undefined || !isFalse(schedulable) || schedulable.reason === 'DiskPressure') return []
        const found = `takes no more replicas${since(schedulable.sinceMs)}`
        return [{ ...about, subject, found, verdict: 'warn', cause: wordsOf(schedulable) }]
      })
    return [...limits, ...disks]
  })
}

/** How full something is. */
export interface Space {
  readonly namespace: string
  /** `calypso:/var/lib/longhorn`, `default/data`. */
  readonly subject: string
  /** 0 to 100. */
  readonly freePercent: number
  readonly remedy: string
}

export function spacesOf(nodes: readonly LonghornNode[]): readonly Space[] {
  return nodes.flatMap((node) =>
    node.disks
      .filter(({ maximum, available }) => maximum > 0 && available >= 0 && available <= maximum)
      .map((disk) => ({
        namespace: node.home,
        subject: `${node.name}:${disk.path || disk.name}`,
        freePercent: (100 * disk.available) / disk.maximum,
        remedy: `on ${typeable(node.name, 'the node')}: df -h; delete snapshots and backups that nobody needs, or add a disk`,
      })),
  )
}

/** Below the wanted share a warning, below half of it a failure. Said in steps, so that it does not change every night. */
export function judgeSpaces(spaces: readonly Space[], wantedPercent: number): readonly Finding[] {
  return spaces
    .filter(({ freePercent }) => freePercent < wantedPercent)
    .map(({ namespace, subject, freePercent, remedy }) => ({
      namespace,
      subject,
      found:
        freePercent < wantedPercent / 2
          ? `less than ${wantedPercent / 2} % is free`
          : `less than ${wantedPercent} % is free`,
      verdict: freePercent < wantedPercent / 2 ? 'fail' : 'warn',
      cause: 'it fills up; a full disk stops every volume on it',
      remedy,
      evidence: [`${freePercent.toFixed(1)} % free`],
    }))
}
