import type { ApiObject } from '../../kubernetes/index.ts'
import type { Check } from '../../report/index.ts'
import { type Condition, conditionsOf, textAt, valueAt } from './reading.ts'

export const longhornGroup = 'longhorn.io'
/** Where Longhorn's own manifests and chart put it. */
export const longhornNamespace = 'longhorn-system'

/** A node as Longhorn sees it (longhorn/longhorn-manager:k8s/pkg/apis/longhorn/v1beta2/node.go). Remote text. */
export interface LonghornNode {
  readonly isWanted: boolean
  readonly conditions: readonly Condition[]
  readonly disks: readonly {
    readonly path: string
    readonly isWanted: boolean
    readonly conditions: readonly Condition[]
  }[]
}

export function readLonghornNode(object: ApiObject): LonghornNode {
  const disks = valueAt(object, 'spec', 'disks')
  const names = typeof disks === 'object' && disks !== null ? Object.keys(disks).slice(0, 64) : []
  return {
    isWanted: valueAt(object, 'spec', 'allowScheduling') !== false,
    conditions: conditionsOf(valueAt(object, 'status')),
    disks: names.map((name) => ({
      path: textAt(object, 'spec', 'disks', name, 'path'),
      isWanted: valueAt(object, 'spec', 'disks', name, 'allowScheduling') !== false,
      conditions: conditionsOf(valueAt(object, 'status', 'diskStatus', name)),
    })),
  }
}

const statusOf = (conditions: readonly Condition[], type: string): Condition | undefined =>
  conditions.find((one) => one.type === type)

const withoutSlash = (path: string): string => path.replace(/\/+$/, '')

/** How far Longhorn is with a node; `isDone`: it may place replicas there, on the wanted disk where one is named. */
export interface LonghornState {
  readonly isDone: boolean
  /** Somebody has switched it off: no waiting mends that. */
  readonly isHopeless?: boolean
  /** A step, in few words; a new one is news. */
  readonly words: string
  /** Why it is not done. */
  readonly because: string
}

/** Pure. `node` undefined: Longhorn has no object for it. */
export function judgeLonghorn(node: LonghornNode | undefined, disk: string | undefined): LonghornState {
  if (node === undefined) {
    const because =
      'its longhorn-manager does not run on the node yet: look for its pod, and for a taint that it does not tolerate'
    return { isDone: false, words: 'Longhorn does not know the node yet', because }
  }
  const ready = statusOf(node.conditions, 'Ready')
  if (ready?.status !== 'True')
    return { isDone: false, words: 'Longhorn knows the node, not ready yet', because: ready?.words ?? '' }
  if (!node.isWanted) {
    return {
      isDone: false,
      isHopeless: true,
      words: 'Longhorn may place nothing on the node',
      because: 'allowScheduling of its object is false: somebody has switched it off',
    }
  }
  const schedulable = statusOf(node.conditions, 'Schedulable')
  if (schedulable?.status === 'False')
    return { isDone: false, words: 'Longhorn calls the node not schedulable', because: schedulable.words }
  const wanted = node.disks.filter((one) => disk === undefined || withoutSlash(one.path) === disk)
  if (wanted.length === 0) {
    const others = node.disks.map((one) => one.path).join(', ')
    return {
      isDone: false,
      words: disk === undefined ? 'Longhorn has no disk of the node yet' : `Longhorn does not use ${disk} yet`,
      because:
        others === ''
          ? 'it takes disks from the annotation only while its setting create-default-disk-labeled-nodes is on; otherwise add the disk to its object of the node'
          : `it uses ${others} already, and takes no disks from the annotation then: add this one to its object of the node`,
    }
  }
  const resting = wanted.find(
    (one) =>
      !one.isWanted || ['Ready', 'Schedulable'].some((type) => statusOf(one.conditions, type)?.status !== 'True'),
  )
  if (resting) {
    const bad = ['Ready', 'Schedulable']
      .map((type) => statusOf(resting.conditions, type))
      .find((one) => one?.status !== 'True')
    return {
      isDone: false,
      isHopeless: !resting.isWanted,
      words: `Longhorn looks at ${resting.path}`,
      because: resting.isWanted
        ? (bad?.words ?? '')
        : 'allowScheduling of this disk is false: somebody has switched it off',
    }
  }
  return {
    isDone: true,
    words: `schedulable for Longhorn, on ${wanted.map((one) => one.path).join(', ')}`,
    because: '',
  }
}

const question = 'May Longhorn place replicas on the node?'

/** What the report says of it in the end. */
export function longhornCheck(state: LonghornState, node: string): Check {
  if (state.isDone) return { id: 'storage.longhorn', verdict: 'pass', question, found: state.words }
  return {
    id: 'storage.longhorn',
    verdict: 'fail',
    question,
    found: state.words,
    cause: state.because || 'it has not said why',
    remedy: `kubectl -n ${longhornNamespace} describe nodes.longhorn.io ${node}; then press the button again: it goes on from there`,
  }
}

/** It could not be asked at all. */
export function longhornUnknown(why: string): Check {
  return { id: 'storage.longhorn', verdict: 'skip', question, found: `unknown: ${why}` }
}
