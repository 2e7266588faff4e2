import type { BoundPod, Budget, DrainWishes } from './model.ts'

/** What a drain does with one pod. */
export type PodRuling =
  /** Asked to leave by the eviction API. */
  | { readonly type: 'leaves' }
  /** Ends already: it is waited for. */
  | { readonly type: 'ends' }
  /** Stays until the node goes, because it belongs to it. */
  | { readonly type: 'stays'; readonly because: 'DaemonSet' | 'static' | 'finished' }
  /** Stops the drain unless its owner allows it. `input`: what allows it; empty: nothing does. */
  | { readonly type: 'stops'; readonly why: string; readonly input: string }

export interface RuledPod {
  readonly pod: BoundPod
  readonly ruling: PodRuling
}

/** What the cluster calls a pod: `namespace/name`. */
export const podName = (pod: Pick<BoundPod, 'namespace' | 'name'>): string => `${pod.namespace}/${pod.name}`

/**
 * What becomes of one pod. The order is that of `kubectl drain` (kubernetes: staging/src/k8s.io/kubectl/pkg/drain/filters.go), with one
 * difference: what has finished is left to the cluster, which deletes it with the node. Pure.
 */
export function rulePod(pod: BoundPod, wishes: DrainWishes): PodRuling {
  if (pod.isMirror) return { type: 'stays', because: 'static' }
  if (pod.isFinished) return { type: 'stays', because: 'finished' }
  if (pod.owner?.kind === 'DaemonSet') {
    if (wishes.ignoreDaemonSets) return { type: 'stays', because: 'DaemonSet' }
    return {
      type: 'stops',
      why: `belongs to DaemonSet ${pod.owner.name}, which brings it back`,
      input: 'ignore-daemonsets',
    }
  }
  if (pod.isTerminating) return { type: 'ends' }
  if (pod.owner === undefined && !wishes.deleteUnmanagedPods)
    return { type: 'stops', why: 'has no controller: nothing brings it back elsewhere', input: 'delete-unmanaged-pods' }
  if (pod.emptyDirs.length > 0 && !wishes.deleteEmptyDirData) {
    const what = `emptyDir ${pod.emptyDirs.join(', ')}`
    return { type: 'stops', why: `loses what is in its ${what}`, input: 'delete-emptydir-data' }
  }
  return { type: 'leaves' }
}

/** Every pod of the node with what becomes of it, in the order of their names. Pure. */
export function planDrain(pods: readonly BoundPod[], wishes: DrainWishes): readonly RuledPod[] {
  return [...pods]
    .sort((a, b) => (podName(a) < podName(b) ? -1 : 1))
    .map((pod) => ({ pod, ruling: rulePod(pod, wishes) }))
}

/** What becomes of a pod, in a few words. */
export function rulingWords({ ruling }: RuledPod): string {
  switch (ruling.type) {
    case 'leaves':
      return 'leaves'
    case 'ends':
      return 'ends already'
    case 'stays':
      return `stays (${ruling.because})`
    case 'stops':
      return `${ruling.why}${ruling.input === '' ? '' : ` (${ruling.input})`}`
  }
}

export const isOfType =
  (type: PodRuling['type']) =>
  (one: RuledPod): boolean =>
    one.ruling.type === type

export function budgetsOf(pod: BoundPod, budgets: readonly Budget[]): readonly Budget[] {
  return budgets.filter((one) => one.namespace === pod.namespace && one.selects?.(pod.labels) === true)
}

/**
 * Why a budget can never let a pod go, however long anybody waits; undefined: it may. All its pods are healthy and it wants them all:
 * nothing but an edit of it, or more replicas, changes that. A budget that is about nobody yet (expectedPods 0), or whose pods are not
 * all healthy, may still come to allow it. Pure.
 */
export function neverAllows(pod: BoundPod, budget: Budget): string | undefined {
  if (!pod.isReady && budget.letsUnhealthyGo) return undefined
  const { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed } = budget
  const wantsAll = expectedPods > 0 && desiredHealthy >= expectedPods && currentHealthy >= expectedPods
  if (disruptionsAllowed > 0 || !wantsAll) return undefined
  return `budget ${budget.namespace}/${budget.name} wants ${desiredHealthy} healthy of ${expectedPods}, so it never lets one go`
}

/** Two budgets for one pod: the eviction API refuses every try (kubernetes: eviction.go). Pure. */
export function contradicting(pod: BoundPod, budgets: readonly Budget[]): string | undefined {
  const own = budgetsOf(pod, budgets)
  if (own.length < 2) return undefined
  return `${own.length} budgets are about it (${own.map((one) => one.name).join(', ')}), which evictions do not support`
}
