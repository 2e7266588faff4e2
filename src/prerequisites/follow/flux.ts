import type { ApiObject } from '../../kubernetes/index.ts'
import type { Check } from '../../report/index.ts'
import { conditionsOf, textAt, valueAt } from './reading.ts'

/** What a node can be missing for: the kinds of Flux that bring workloads. */
export const fluxKinds = [
  { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations', kind: 'Kustomization' },
  { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases', kind: 'HelmRelease' },
] as const

/** Remote text all of it. */
export interface FluxState {
  /** `Kustomization flux-system/infrastructure-storage` */
  readonly name: string
  readonly isReady: boolean
  readonly isSuspended: boolean
  /** Of its Ready condition. */
  readonly words: string
}

export function readFlux(kind: string, object: ApiObject): FluxState {
  const ready = conditionsOf(valueAt(object, 'status')).find((one) => one.type === 'Ready')
  const generation = valueAt(object, 'metadata', 'generation')
  const observed = valueAt(object, 'status', 'observedGeneration')
  // A condition of an older generation says nothing about what is wanted now.
  const isCurrent = typeof generation !== 'number' || typeof observed !== 'number' || observed >= generation
  return {
    name: `${kind} ${textAt(object, 'metadata', 'namespace')}/${textAt(object, 'metadata', 'name')}`,
    isReady: ready?.status === 'True' && isCurrent,
    isSuspended: valueAt(object, 'spec', 'suspend') === true,
    words: ready?.words ?? 'no controller has reported on it',
  }
}

/** Those that are still waiting. One that somebody has suspended waits for him, not for a node. */
export function waiting(states: readonly FluxState[]): readonly FluxState[] {
  return states.filter((state) => !state.isReady && !state.isSuspended)
}

/** What the report says in the end: of those that waited when the node came. They stop nothing: many wait for something else. */
export function fluxCheck(cameReady: readonly string[], left: readonly FluxState[]): Check | undefined {
  if (cameReady.length + left.length === 0) return undefined
  const id = 'confirm.flux'
  const question = 'Did what Flux has not brought about yet become ready with the node?'
  const found = [
    cameReady.length > 0 ? `ready now: ${cameReady.join(', ')}` : '',
    left.length > 0 ? `not ready: ${left.map(({ name }) => name).join(', ')}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ')
  if (left.length === 0) return { id, verdict: 'pass', question, found }
  return {
    id,
    verdict: 'warn',
    question,
    found,
    cause: left[0]?.words || 'it has not said why',
    remedy: 'wait for their next reconciliation, or see why: flux get all -A',
    evidence: left.slice(0, 16).map(({ name, words }) => `${name}: ${words}`),
  }
}
