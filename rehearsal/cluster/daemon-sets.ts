/** The DaemonSet controller: a pod for every node that a DaemonSet selects, and its status (pkg/controller/daemon). */
import { createHash, randomInt } from 'node:crypto'
import { recordEvent } from './events.ts'
import type { ApiObject } from './objects.ts'
import { daemonTolerations, placement } from './scheduling.ts'
import type { MemoryStore, StoreEvent } from './store.ts'
import { nameAlphabet } from './verbs.ts'

type Json = Readonly<Record<string, unknown>>
interface Owner {
  readonly kind?: string
  readonly uid?: string
}

const templateHash = 'controller-revision-hash'

export interface DaemonSets {
  /** Brings pods and statuses up to what is wanted now. */
  sync(): void
  stop(): void
}

export function startDaemonSets(objects: MemoryStore): DaemonSets {
  let isQueued = false
  let isStopped = false
  const sync = (): void => {
    for (const daemonSet of objects.list('daemonsets')) syncOne(objects, daemonSet)
  }
  const queue = (event: StoreEvent): void => {
    if (!/^(daemonsets|nodes|pods)\//.test(event.key) || isQueued || isStopped) return
    // A status that changed is no news of its own.
    isQueued = true
    setImmediate(() => {
      isQueued = false
      if (!isStopped) sync()
    })
  }
  const collect = (event: StoreEvent): void => {
    if (event.type !== 'DELETED' || event.isOrphaning) return
    if (event.key.startsWith('daemonsets/')) for (const pod of podsOf(objects, event.object)) objects.delete(keyOf(pod))
    if (event.key.startsWith('nodes/'))
      for (const pod of objects.list('pods')) if (nodeOf(pod) === event.object.metadata.name) objects.delete(keyOf(pod))
  }
  const stopListening = [objects.listen(collect), objects.listen(queue)]
  return {
    sync,
    stop() {
      isStopped = true
      for (const stop of stopListening) stop()
    },
  }
}

const keyOf = (pod: ApiObject): string => `pods/${pod.metadata.namespace}/${pod.metadata.name}`
const nodeOf = (pod: ApiObject): string => String((pod.spec as Json | undefined)?.nodeName ?? '')

function podsOf(objects: MemoryStore, daemonSet: ApiObject): readonly ApiObject[] {
  return objects
    .view(`pods/${daemonSet.metadata.namespace}`)
    .filter((pod) =>
      ((pod.metadata.ownerReferences ?? []) as Owner[]).some(({ uid }) => uid === daemonSet.metadata.uid),
    )
}

function hashOf(template: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(template)).digest()
  return [...digest.subarray(0, 10)].map((byte) => nameAlphabet[byte % nameAlphabet.length]).join('')
}

function isReady(pod: ApiObject): boolean {
  const { conditions = [] } = (pod.status ?? {}) as { conditions?: { type: string; status: string }[] }
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

function syncOne(objects: MemoryStore, daemonSet: ApiObject): void {
  const { namespace = '', name } = daemonSet.metadata
  const spec = (daemonSet.spec ?? {}) as Json
  const template = (spec.template ?? {}) as { metadata?: Json; spec?: Json }
  const hash = hashOf(template)
  const nodes = objects.view('nodes')
  const present = podsOf(objects, daemonSet)
  const count = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0 }
  for (const node of nodes) {
    const on = present.filter((pod) => nodeOf(pod) === node.metadata.name)
    const { shouldRun, mayStay } = placement(template.spec ?? {}, node)
    if (shouldRun) count.desired += 1
    if (!shouldRun && !mayStay) {
      for (const pod of on) objects.delete(keyOf(pod))
      continue
    }
    // One at a time, the old before the new, as RollingUpdate does with the default of one that may be missing.
    const old = on.filter((pod) => pod.metadata.labels?.[templateHash] !== hash)
    const onDelete = ((spec.updateStrategy ?? {}) as Json).type === 'OnDelete'
    if (shouldRun && old.length > 0 && !onDelete) for (const pod of old) objects.delete(keyOf(pod))
    const kept = on.filter((pod) => onDelete || !shouldRun || !old.includes(pod))
    if (shouldRun && kept.length === 0) {
      const pod = createPod(objects, daemonSet, template, hash, node.metadata.name)
      if (pod !== undefined) kept.push(pod)
    }
    if (kept.length === 0) continue
    if (shouldRun) count.current += 1
    else count.misscheduled += 1
    if (shouldRun && kept.some(isReady)) count.ready += 1
    if (shouldRun && kept.some((pod) => pod.metadata.labels?.[templateHash] === hash)) count.updated += 1
  }
  for (const pod of present) if (!nodes.some((node) => node.metadata.name === nodeOf(pod))) objects.delete(keyOf(pod))
  const unavailable = count.desired - count.ready
  const status = {
    currentNumberScheduled: count.current,
    numberMisscheduled: count.misscheduled,
    desiredNumberScheduled: count.desired,
    numberReady: count.ready,
    observedGeneration: daemonSet.metadata.generation,
    updatedNumberScheduled: count.updated,
    // What is zero the API leaves out.
    ...(count.ready > 0 && { numberAvailable: count.ready }),
    ...(unavailable > 0 && { numberUnavailable: unavailable }),
  }
  objects.put(`daemonsets/${namespace}/${name}`, {
    ...(objects.get(`daemonsets/${namespace}/${name}`) ?? daemonSet),
    status,
  })
}

function createPod(
  objects: MemoryStore,
  daemonSet: ApiObject,
  template: { readonly metadata?: Json; readonly spec?: Json },
  hash: string,
  node: string,
): ApiObject | undefined {
  const { namespace = '', name, uid = '' } = daemonSet.metadata
  const spec = template.spec ?? {}
  const { runtimeClassName } = spec
  if (runtimeClassName !== undefined && objects.get(`runtimeclasses/${String(runtimeClassName)}`) === undefined) {
    // The admission plugin RuntimeClass (plugin/pkg/admission/runtimeclass).
    const message = `Error creating: pods "${name}-" is forbidden: pod rejected: RuntimeClass "${String(runtimeClassName)}" not found`
    recordEvent(objects, { kind: 'DaemonSet', namespace, name, uid }, 'daemonset-controller', 'FailedCreate', message)
    return undefined
  }
  const suffix = Array.from({ length: 5 }, () => nameAlphabet[randomInt(nameAlphabet.length)]).join('')
  const { creationTimestamp: _created, ...metadata } = template.metadata ?? {}
  const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }]
  return objects.put(`pods/${namespace}/${name}-${suffix}`, {
    metadata: {
      ...metadata,
      name: `${name}-${suffix}`,
      generateName: `${name}-`,
      namespace,
      labels: {
        ...((metadata as Json).labels as Readonly<Record<string, string>>),
        [templateHash]: hash,
        'pod-template-generation': daemonSet.metadata.annotations?.['deprecated.daemonset.template.generation'] ?? '1',
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    } as ApiObject['metadata'],
    spec: {
      ...spec,
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
      nodeName: node,
      tolerations: [...((spec.tolerations ?? []) as object[]), ...daemonTolerations(spec)],
    },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  })
}
