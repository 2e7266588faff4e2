import type { V1ContainerStatus, V1DaemonSet, V1Pod } from '@kubernetes/client-node'
import { quoteRemote } from './errors.ts'
import type { ApiObject, DaemonSetState, PodState } from './model.ts'
import type { Wire } from './objects.ts'

interface Owner {
  readonly kind: string
  readonly name: string
  readonly controller?: boolean
}

const nameOwner = ({ kind, name }: Owner): string => `${kind}/${name}`

/** Reads a DaemonSet as the server sent it; whatever is missing becomes empty. */
export function daemonSetState(object: Wire<V1DaemonSet> | ApiObject): DaemonSetState {
  const { metadata, spec, status } = object as Wire<V1DaemonSet>
  const labels = metadata?.labels ?? {}
  const annotations = metadata?.annotations ?? {}
  const managers = (metadata?.managedFields ?? []).flatMap(({ manager }) => manager ?? [])
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    labels,
    annotations,
    fieldManagers: [...new Set(managers)],
    owners: (metadata?.ownerReferences ?? []).map(nameOwner),
    object: { metadata: { labels, annotations }, spec: spec ?? {} },
    desired: status?.desiredNumberScheduled ?? 0,
    ready: status?.numberReady ?? 0,
    isObserved: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
  }
}

/** Limits of extended resources are whole numbers; what is none (`1k`, text) counts as one, never as nothing. */
function wholeNumber(quantity: string): number {
  return /^\d{1,9}$/.test(quantity) ? Number(quantity) : 1
}

interface WithLimits {
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> }
}
/** What devicesOf needs of a Pod. */
export interface PodWithLimits {
  readonly spec?: { readonly containers?: readonly WithLimits[]; readonly initContainers?: readonly WithLimits[] }
}

/** A name with a domain that is not Kubernetes' own, e.g. `nvidia.com/gpu`. */
function isExtended(resource: string): boolean {
  const [domain = ''] = resource.split('/')
  return resource.includes('/') && !/(^|\.)kubernetes\.io$/.test(domain)
}

/** Extended resources that a pod holds: sum over its containers' limits; of init containers the largest. */
export function devicesOf(pod: PodWithLimits): Readonly<Record<string, number>> {
  const sum = new Map<string, number>()
  const limitsOf = (container: WithLimits) =>
    Object.entries(container.resources?.limits ?? {}).filter(([name]) => isExtended(name))
  for (const container of pod.spec?.containers ?? [])
    for (const [name, quantity] of limitsOf(container)) sum.set(name, (sum.get(name) ?? 0) + wholeNumber(quantity))
  // Init containers run one after the other, before the rest.
  for (const container of pod.spec?.initContainers ?? [])
    for (const [name, quantity] of limitsOf(container))
      sum.set(name, Math.max(sum.get(name) ?? 0, wholeNumber(quantity)))
  return Object.fromEntries([...sum].filter(([, number]) => number > 0))
}

const sentence = (reason: string | undefined, message: string | undefined): string =>
  quoteRemote([reason, message].filter((part) => part).join(': '))

/** Waiting for the usual is no problem. */
const usualWaits = new Set(['ContainerCreating', 'PodInitializing'])

function containerProblems(status: Wire<V1ContainerStatus>): string[] {
  const { waiting, terminated } = status.state ?? {}
  const former = status.lastState?.terminated
  const ended = (one: NonNullable<typeof terminated>): string =>
    sentence(
      `container ${status.name} ended with exit code ${one.exitCode} (${one.reason ?? 'no reason'})`,
      one.message,
    )
  return [
    ...(waiting && !usualWaits.has(waiting.reason ?? '') ? [sentence(waiting.reason, waiting.message)] : []),
    ...(terminated && terminated.exitCode !== 0 ? [ended(terminated)] : []),
    ...(former && former.exitCode !== 0 && !terminated ? [ended(former)] : []),
  ]
}

function problemsOf(pod: Wire<V1Pod>): readonly string[] {
  const { status } = pod
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  // That containers are not ready is said better by the containers themselves.
  const conditions = (status?.conditions ?? []).filter(
    (one) => one.status === 'False' && ['PodScheduled', 'DisruptionTarget'].includes(one.type),
  )
  return [
    ...containers.flatMap(containerProblems),
    ...conditions.map((one) => sentence(one.reason, one.message)),
    ...(status?.reason || status?.message ? [sentence(status.reason, status.message)] : []),
  ].filter((text) => text !== '')
}

/** Reads a Pod; whatever is missing becomes empty. */
export function podState(pod: Wire<V1Pod>): PodState {
  const { metadata, spec, status } = pod
  const owners: readonly Owner[] = metadata?.ownerReferences ?? []
  const owner = owners.find((one) => one.controller === true)
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    labels: metadata?.labels ?? {},
    ...(spec?.nodeName ? { node: spec.nodeName } : {}),
    phase: status?.phase ?? '',
    isReady: status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false,
    isTerminating: metadata?.deletionTimestamp !== undefined,
    createdAt: metadata?.creationTimestamp ?? '',
    owner: owner === undefined ? '' : nameOwner(owner),
    runtimeClass: spec?.runtimeClassName ?? '',
    images: (spec?.containers ?? []).map((one) => one.image ?? ''),
    devices: devicesOf(pod),
    restarts: (status?.containerStatuses ?? []).reduce((sum, one) => sum + (one.restartCount ?? 0), 0),
    problems: problemsOf(pod),
  }
}
