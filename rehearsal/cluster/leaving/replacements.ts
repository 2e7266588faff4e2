/**
 * What ReplicaSets and StatefulSets do about a pod that goes: another one, of the same template. A ReplicaSet does not wait for the end of
 * the old one, a StatefulSet does (pkg/controller/replicaset, pkg/controller/statefulset). Only what was evicted is replaced: a cluster
 * that somebody laid out with a pod less stays as it was laid out.
 */
import { randomInt } from 'node:crypto'
import type { ApiObject } from '../objects.ts'
import type { MemoryStore, StoreEvent } from '../store.ts'
import { nameAlphabet } from '../verbs.ts'
import { controllerOf, isTerminating } from './budgets.ts'

type Json = Readonly<Record<string, unknown>>
const given = (value: unknown): Json => (value ?? {}) as Json

function replacement(pod: ApiObject, set: ApiObject, name: string): ApiObject {
  const template = given(given(set.spec).template) as { metadata?: Json; spec?: Json }
  const { namespace, labels, ownerReferences, generateName } = pod.metadata
  return {
    metadata: {
      name,
      namespace,
      labels,
      ownerReferences,
      ...(generateName !== undefined && { generateName }),
    } as ApiObject['metadata'],
    spec: { ...template.spec },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  }
}

/** Told of every change. */
export function replace(objects: MemoryStore, { type, object: pod, previous }: StoreEvent): void {
  const owner = controllerOf(pod)
  const { namespace = '', name } = pod.metadata
  const hasGone = type === 'DELETED' && previous !== undefined && isTerminating(previous)
  const goes = type === 'MODIFIED' && isTerminating(pod) && previous !== undefined && !isTerminating(previous)
  if (owner?.kind === 'ReplicaSet' && goes) {
    const set = objects.get(`replicasets/${namespace}/${owner.name}`)
    if (set === undefined) return
    const suffix = Array.from({ length: 5 }, () => nameAlphabet[randomInt(nameAlphabet.length)]).join('')
    const next = `${owner.name}-${suffix}`
    objects.put(`pods/${namespace}/${next}`, replacement(pod, set, next))
  }
  if (owner?.kind === 'StatefulSet' && hasGone) {
    const set = objects.get(`statefulsets/${namespace}/${owner.name}`)
    if (set !== undefined) objects.put(`pods/${namespace}/${name}`, replacement(pod, set, name))
  }
}
