/**
 * `POST …/pods/NAME/eviction`: what the API server answers, and in which words (kubernetes 1.33.13,
 * pkg/registry/core/pod/storage/eviction.go; k8s.io/apimachinery, NewTooManyRequests).
 */
import { readJson, sendJson } from '../http.ts'
import { timestamp } from '../node-objects.ts'
import type { ApiObject } from '../objects.ts'
import { failures, StatusError } from '../status.ts'
import type { MemoryStore } from '../store.ts'
import { isDryRun, type Target } from '../verbs.ts'
import { budgetsOf, isReady, isTerminating } from './budgets.ts'

type Json = Readonly<Record<string, unknown>>
const given = (value: unknown): Json => (value ?? {}) as Json

interface DeleteOptions {
  readonly gracePeriodSeconds?: number
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
  readonly dryRun?: readonly string[]
}

interface BudgetStatus {
  readonly disruptionsAllowed?: number
  readonly desiredHealthy?: number
  readonly currentHealthy?: number
  readonly observedGeneration?: number
  readonly disruptedPods?: Readonly<Record<string, string>>
}

const keyOf = ({ metadata }: ApiObject): string => `pods/${metadata.namespace}/${metadata.name}`
const phaseOf = (pod: ApiObject): string => String(given(pod.status).phase ?? '')

/** No `Retry-After` comes with 0 seconds (k8s.io/apiserver, responsewriters.ErrorNegotiated), and the field is left out. */
function refused(cause: string, retryAfterSeconds: number): StatusError {
  return new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message: cause }],
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  })
}

export async function evict(target: Target): Promise<void> {
  const { call, info, resource, objects } = target
  if (info.verb !== 'create') throw failures.methodNotAllowed()
  const body = given(await readJson(call)) as {
    kind?: string
    metadata?: { name?: string }
    deleteOptions?: DeleteOptions
  }
  if (body.kind !== undefined && body.kind !== 'Eviction')
    throw failures.badRequest(`not a Eviction object: ${body.kind}`)
  if (body.metadata?.name !== info.name) throw failures.badRequest('name in URL does not match name in Eviction object')
  const options = body.deleteOptions ?? {}
  const pod = objects.get(`pods/${info.namespace}/${info.name}`)
  if (pod === undefined) throw failures.notFound(resource, info.name)
  const isTrial = isDryRun(call) || options.dryRun?.includes('All') === true
  const isCounted = !['Succeeded', 'Failed', 'Pending'].includes(phaseOf(pod)) && !isTerminating(pod)
  if (isCounted) spend(objects, pod, isTrial)
  const { uid } = options.preconditions ?? {}
  if (uid !== undefined && uid !== pod.metadata.uid) {
    const cause = `the UID in the precondition (${uid}) does not match the UID in record (${pod.metadata.uid}). The object might have been deleted and then recreated`
    throw failures.precondition(resource, info.name, cause)
  }
  if (!isTrial) terminate(objects, pod, options.gracePeriodSeconds, isCounted)
  sendJson(call, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
}

/** @throws StatusError when the budget of the pod cannot spare it */
function spend(objects: MemoryStore, pod: ApiObject, isTrial: boolean): void {
  const [budget, another] = budgetsOf(objects, pod)
  if (budget === undefined) return
  if (another !== undefined)
    throw new StatusError(
      500,
      '',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  const { name } = budget.metadata
  const status = given(budget.status) as BudgetStatus
  const { desiredHealthy = 0, currentHealthy = 0, disruptionsAllowed = 0 } = status
  const isAlways = given(budget.spec).unhealthyPodEvictionPolicy === 'AlwaysAllow'
  if (!isReady(pod) && (isAlways || (currentHealthy >= desiredHealthy && desiredHealthy > 0))) return
  if (status.observedGeneration === undefined)
    throw refused(`The disruption budget ${name} is still being processed by the server.`, 10)
  if (disruptionsAllowed === 0)
    throw refused(
      `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
      0,
    )
  if (isTrial) return
  const disruptedPods = { ...status.disruptedPods, [pod.metadata.name]: timestamp(Date.now()) }
  objects.put(`poddisruptionbudgets/${pod.metadata.namespace}/${name}`, {
    ...budget,
    status: { ...status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods },
  })
}

/**
 * Deletes a pod as the API server does: one that has no node or has ended is gone at once; any other has until the end of its grace
 * period, and its kubelet takes it away (pkg/registry/core/pod/strategy.go, CheckGracefulDelete).
 */
function terminate(objects: MemoryStore, pod: ApiObject, asked: number | undefined, isDisrupted: boolean): void {
  if (isTerminating(pod)) return
  const { nodeName = '', terminationGracePeriodSeconds = 30 } = given(pod.spec)
  const hasEnded = ['Succeeded', 'Failed'].includes(phaseOf(pod))
  const seconds = nodeName === '' || hasEnded ? 0 : (asked ?? Number(terminationGracePeriodSeconds))
  const finalizers = (pod.metadata.finalizers ?? []) as readonly string[]
  if (seconds === 0 && finalizers.length === 0) {
    objects.delete(keyOf(pod))
    return
  }
  const now = Date.now()
  const target = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastProbeTime: null,
    lastTransitionTime: timestamp(now),
  }
  const { conditions = [] } = given(pod.status) as { conditions?: readonly Json[] }
  objects.put(keyOf(pod), {
    ...pod,
    metadata: {
      ...pod.metadata,
      deletionTimestamp: timestamp(now + seconds * 1000),
      deletionGracePeriodSeconds: seconds,
    } as ApiObject['metadata'],
    status: { ...given(pod.status), ...(isDisrupted && { conditions: [...conditions, target] }) },
  })
}
