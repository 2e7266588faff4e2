/**
 * The disruption controller: how many pods a PodDisruptionBudget can spare now (kubernetes 1.33.13, pkg/controller/disruption). Sums are
 * made for whole numbers and percentages, of pods that ReplicaSets and StatefulSets look after; others count as many as there are.
 */
import { timestamp } from '../node-objects.ts'
import type { ApiObject } from '../objects.ts'
import type { MemoryStore } from '../store.ts'

type Json = Readonly<Record<string, unknown>>
const given = (value: unknown): Json => (value ?? {}) as Json

interface Owner {
  readonly kind?: string
  readonly name?: string
  readonly uid?: string
  readonly controller?: boolean
}

/** Who looks after a pod, as its metadata says. */
export function controllerOf(pod: ApiObject): Owner | undefined {
  return ((pod.metadata.ownerReferences ?? []) as readonly Owner[]).find(({ controller }) => controller === true)
}

export function isReady(pod: ApiObject): boolean {
  const { conditions = [] } = given(pod.status) as { conditions?: readonly { type: string; status: string }[] }
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

export const isTerminating = (pod: ApiObject): boolean => pod.metadata.deletionTimestamp !== undefined

/** `matchLabels` alone; an empty selector of a budget means no pod here, as the eviction resource reads it. */
export function budgetsOf(objects: MemoryStore, pod: ApiObject): readonly ApiObject[] {
  return objects.view(`poddisruptionbudgets/${pod.metadata.namespace}`).filter((budget) => isCovered(budget, pod))
}

function isCovered(budget: ApiObject, pod: ApiObject): boolean {
  const wanted = Object.entries(given(given(given(budget.spec).selector).matchLabels))
  return wanted.length > 0 && wanted.every(([key, value]) => pod.metadata.labels?.[key] === value)
}

/** A number, or a share of all that there should be, rounded up (intstr.GetScaledValueFromIntOrPercent). */
function scaled(value: unknown, of: number): number {
  return typeof value === 'string' && value.endsWith('%')
    ? Math.ceil((Number.parseInt(value, 10) * of) / 100)
    : Number(value)
}

const pluralOf: Readonly<Record<string, string>> = { ReplicaSet: 'replicasets', StatefulSet: 'statefulsets' }

/** How many pods their controllers want altogether. */
function expectedOf(objects: MemoryStore, pods: readonly ApiObject[]): number {
  const owners = new Map(pods.map((pod) => [controllerOf(pod)?.uid ?? pod.metadata.uid, pod]))
  return [...owners.values()].reduce((sum, pod) => {
    const owner = controllerOf(pod)
    const plural = pluralOf[owner?.kind ?? '']
    const found = plural && objects.peek(`${plural}/${pod.metadata.namespace}/${owner?.name}`)
    return sum + (found ? Number(given(found.spec).replicas ?? 1) : 1)
  }, 0)
}

/** Brings the status of every budget up to its pods. */
export function syncBudgets(objects: MemoryStore, nowMs: number): void {
  for (const budget of objects.view('poddisruptionbudgets')) {
    const { namespace, name } = budget.metadata
    const { minAvailable, maxUnavailable } = given(budget.spec)
    const pods = objects.view(`pods/${namespace}`).filter((pod) => isCovered(budget, pod))
    const isByNumber = maxUnavailable === undefined && !String(minAvailable).endsWith('%')
    const expectedPods = isByNumber ? pods.length : expectedOf(objects, pods)
    const desiredHealthy =
      maxUnavailable === undefined
        ? scaled(minAvailable, expectedPods)
        : Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods))
    const before = given(budget.status) as {
      disruptedPods?: Readonly<Record<string, string>>
      conditions?: readonly Json[]
    }
    // A pod that was given free counts as gone before anybody sees it go.
    const disrupted = Object.entries(before.disruptedPods ?? {}).filter(([pod]) =>
      pods.some((one) => one.metadata.name === pod && !isTerminating(one)),
    )
    const currentHealthy = pods.filter(
      (pod) => isReady(pod) && !isTerminating(pod) && !disrupted.some(([one]) => one === pod.metadata.name),
    ).length
    const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy)
    const [held] = before.conditions ?? []
    const status = disruptionsAllowed > 0 ? 'True' : 'False'
    const condition = {
      type: 'DisruptionAllowed',
      status,
      observedGeneration: budget.metadata.generation ?? 1,
      lastTransitionTime: held?.status === status ? held.lastTransitionTime : timestamp(nowMs),
      // pkg/apis/policy/v1: SufficientPods and InsufficientPods.
      reason: disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    }
    objects.put(`poddisruptionbudgets/${namespace}/${name}`, {
      ...budget,
      status: {
        ...(disrupted.length > 0 && { disruptedPods: Object.fromEntries(disrupted) }),
        conditions: [condition],
        currentHealthy,
        desiredHealthy,
        disruptionsAllowed,
        expectedPods,
        observedGeneration: budget.metadata.generation ?? 1,
      },
    })
  }
}
