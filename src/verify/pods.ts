import { type ApiObject, devicesOf, type PodWithLimits, quoteRemote } from '../kubernetes/index.ts'
import type { PodSeen } from './model.ts'

interface Ended {
  readonly reason?: string
  readonly message?: string
  readonly exitCode?: number
  readonly finishedAt?: string
}
interface ContainerStatus {
  readonly name?: string
  readonly restartCount?: number
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly running?: object
    readonly terminated?: Ended
  }
  readonly lastState?: { readonly terminated?: Ended }
}
interface PodObject extends PodWithLimits {
  readonly metadata?: {
    readonly namespace?: string
    readonly name?: string
    readonly uid?: string
    readonly creationTimestamp?: string
    readonly deletionTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly {
      readonly kind?: string
      readonly name?: string
      readonly controller?: boolean
    }[]
  }
  readonly spec?: PodWithLimits['spec'] & { readonly nodeName?: string }
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly {
      readonly type?: string
      readonly status?: string
      readonly reason?: string
      readonly message?: string
      readonly lastTransitionTime?: string
    }[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

type Trouble = PodSeen['troubles'][number]

/** Waiting for the usual is no trouble. */
const usualWaits = new Set(['ContainerCreating', 'PodInitializing'])
/** More than this nobody reads, and a pod may have any number of containers. */
const mostTroubles = 10

const timeOf = (text: string | undefined): number | undefined => {
  const timeMs = Date.parse(String(text ?? ''))
  return Number.isNaN(timeMs) ? undefined : timeMs
}

const trouble = (reason: unknown, message: unknown, container: unknown): Trouble => ({
  reason: quoteRemote(String(reason ?? '')),
  message: quoteRemote(String(message ?? '')),
  container: quoteRemote(String(container ?? '')),
})

function troublesOf({ name, state, lastState }: ContainerStatus): readonly Trouble[] {
  const ended = (one: Ended): Trouble =>
    trouble(one.reason || 'Error', one.message || `exit code ${one.exitCode}`, name)
  const { waiting, terminated } = state ?? {}
  const former = lastState?.terminated
  return [
    ...(waiting && !usualWaits.has(waiting.reason ?? '') ? [trouble(waiting.reason, waiting.message, name)] : []),
    ...(terminated && terminated.exitCode !== 0 ? [ended(terminated)] : []),
    // While it runs again, how it ended before is history, and `restarts` tells of it.
    ...(former && former.exitCode !== 0 && waiting ? [ended(former)] : []),
  ]
}

/** A pod as verification keeps it. Whatever is missing becomes empty. */
export function podSeen(object: ApiObject): PodSeen {
  const { metadata, spec, status } = object as PodObject
  const owner = metadata?.ownerReferences?.find((one) => one.controller === true)
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  const isReady = ready?.status === 'True'
  const notReadySinceMs = isReady ? undefined : timeOf(ready?.lastTransitionTime)
  const endsByMs = timeOf(metadata?.deletionTimestamp)
  const ends = containers.flatMap(
    ({ state, lastState }) => timeOf(state?.terminated?.finishedAt) ?? timeOf(lastState?.terminated?.finishedAt) ?? [],
  )
  const refused = (status?.conditions ?? []).filter(
    (one) => one.status === 'False' && one.type === 'PodScheduled' && one.reason !== undefined,
  )
  const isInitialising = status?.conditions?.some((one) => one.type === 'Initialized' && one.status === 'False')
  const running = (status?.initContainerStatuses ?? []).filter(({ state }) => state?.running !== undefined)
  const troubles = [
    ...(status?.reason ? [trouble(status.reason, status.message, '')] : []),
    ...refused.map(({ reason, message }) => trouble(reason, message, '')),
    ...containers.flatMap(troublesOf),
    ...(isInitialising ? running.map(({ name }) => trouble('PodInitializing', 'has not ended yet', name)) : []),
  ]
  const distinct = new Map(troubles.map((one) => [`${one.reason}\n${one.container}`, one]))
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    node: spec?.nodeName ?? '',
    owner: owner === undefined ? '' : `${owner.kind}/${owner.name}`,
    phase: status?.phase ?? '',
    isReady,
    isTerminating: metadata?.deletionTimestamp !== undefined,
    ...(endsByMs === undefined ? {} : { endsByMs }),
    createdMs: timeOf(metadata?.creationTimestamp) ?? 0,
    ...(notReadySinceMs === undefined ? {} : { notReadySinceMs }),
    restarts: containers.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0),
    ...(ends.length === 0 ? {} : { lastEndMs: Math.max(...ends) }),
    troubles: [...distinct.values()].slice(0, mostTroubles),
    devices: devicesOf({ ...(spec === undefined ? {} : { spec }) }),
    labels: metadata?.labels ?? {},
  }
}
