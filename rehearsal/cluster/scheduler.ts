/** The scheduler: a node for every pod that has none, or why there is none, in the words of a real one (1.33). */
import { recordEvent } from './events.ts'
import { timestamp } from './node-objects.ts'
import type { ApiObject } from './objects.ts'
import { askedBy, isOver, quantity } from './quantity.ts'
import { isSelected, type Taint, tolerates } from './scheduling.ts'
import { isTooMany } from './spread.ts'
import type { MemoryStore } from './store.ts'
import { unboundWords } from './volumes.ts'

type Json = Readonly<Record<string, unknown>>
const given = (value: unknown): Json => (value ?? {}) as Json
const nodeOf = (pod: ApiObject): string => String(given(pod.spec).nodeName ?? '')

/** Why a node is not for a pod. */
interface Misfit {
  readonly reasons: readonly string[]
  /** Taking other pods away would change nothing. */
  readonly isFinal: boolean
}

/** The first of the scheduler's filters that refuses, as it asks them: cordoned, taints, selectors, resources. */
function misfit(pod: ApiObject, node: ApiObject, others: readonly ApiObject[]): Misfit | undefined {
  const spec = given(pod.spec)
  const nodeSpec = given(node.spec) as { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] }
  const tolerations = (spec.tolerations ?? []) as Parameters<typeof tolerates>[0]
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  if (nodeSpec.unschedulable === true && !tolerates(tolerations, cordon))
    return { reasons: ['node(s) were unschedulable'], isFinal: true }
  const bad = (nodeSpec.taints ?? []).find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(tolerations, taint),
  )
  if (bad !== undefined)
    return { reasons: [`node(s) had untolerated taint {${bad.key}: ${bad.value ?? ''}}`], isFinal: true }
  if (!isSelected(spec, node)) return { reasons: ["node(s) didn't match Pod's node affinity/selector"], isFinal: true }
  const room = given(given(node.status).allocatable) as Readonly<Record<string, string>>
  const used = others.map((one) => askedBy(given(one.spec), 'requests'))
  const reasons = Object.entries(askedBy(spec, 'requests'))
    .filter(([name, asked]) => {
      const taken = used.reduce((sum, one) => sum + (one[name] ?? 0), 0)
      return asked > 0 && taken + asked > quantity(room[name])
    })
    .map(([name]) => `Insufficient ${name}`)
  if (others.length + 1 > quantity(room.pods ?? '110')) reasons.unshift('Too many pods')
  return reasons.length === 0 ? undefined : { reasons, isFinal: false }
}

/** The last filter that is asked here. Other pods of its kind cannot be taken away for it, since they are no less important. */
function tooMany(...all: Parameters<typeof isTooMany>): Misfit | undefined {
  return isTooMany(...all)
    ? { reasons: ["node(s) didn't match pod topology spread constraints"], isFinal: false }
    : undefined
}

/** What is said when no node was looked at. */
function beforeNodes(reason: string, count: number): string {
  const none = `0/${count} nodes are available`
  return `${none}: ${reason}. preemption: ${none}: ${count} Preemption is not helpful for scheduling.`
}

/** `1 Insufficient nvidia.com/gpu, 3 node(s) didn't match …`, as Go sorts the words. */
function histogram(texts: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts]
    .map(([text, count]) => `${count} ${text}`)
    .sort()
    .join(', ')
}

function unschedulable(misfits: readonly Misfit[]): string {
  const none = `0/${misfits.length} nodes are available`
  if (misfits.length === 0) return 'no nodes available to schedule pods'
  const preemption = histogram(
    misfits.map(({ isFinal }) =>
      isFinal ? 'Preemption is not helpful for scheduling.' : 'No preemption victims found for incoming pod.',
    ),
  ).replaceAll('.,', ',')
  return `${none}: ${histogram(misfits.flatMap(({ reasons }) => reasons))}. preemption: ${none}: ${preemption}`
}

export interface Scheduler {
  stop(): void
}

export function startScheduler(objects: MemoryStore, nowMs: () => number): Scheduler {
  let isQueued = false
  let isStopped = false

  const bind = (pod: ApiObject, node: string): void => {
    const { namespace = '', name, uid = '' } = pod.metadata
    const key = `pods/${namespace}/${name}`
    const about = { kind: 'Pod', namespace, name, uid }
    const status = { ...given(pod.status), conditions: [scheduled(nowMs(), undefined)] }
    // A kubelet hears of it as of a pod that has come.
    objects.put(key, { ...pod, spec: { ...given(pod.spec), nodeName: node }, status })
    recordEvent(
      objects,
      about,
      'default-scheduler',
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to ${node}`,
      'Normal',
    )
  }

  const refuse = (pod: ApiObject, message: string): void => {
    const { namespace = '', name, uid = '' } = pod.metadata
    const [before] = (given(pod.status).conditions ?? []) as readonly Condition[]
    if (before?.message === message) return
    const condition = scheduled(nowMs(), message)
    // It was so before, if for another reason.
    if (before?.status === 'False') condition.lastTransitionTime = before.lastTransitionTime
    objects.put(`pods/${namespace}/${name}`, {
      ...pod,
      status: { ...given(pod.status), conditions: [condition] },
    })
    recordEvent(objects, { kind: 'Pod', namespace, name, uid }, 'default-scheduler', 'FailedScheduling', message)
  }

  const sync = (): void => {
    const pods = objects.view('pods')
    const waiting = pods.filter(
      (pod) => nodeOf(pod) === '' && !isOver(pod) && given(pod.spec).schedulingGates === undefined,
    )
    if (waiting.length === 0) return
    const nodes = objects.view('nodes')
    const on = new Map<string, ApiObject[]>(nodes.map((node) => [node.metadata.name, []]))
    for (const pod of pods) if (!isOver(pod)) on.get(nodeOf(pod))?.push(pod)
    for (const pod of waiting) {
      const unbound = unboundWords(objects, pod)
      if (unbound !== undefined) {
        refuse(pod, beforeNodes(unbound, nodes.length))
        continue
      }
      const misfits = nodes.map(
        (node) => misfit(pod, node, on.get(node.metadata.name) ?? []) ?? tooMany(pod, node, nodes, on),
      )
      const free = nodes.filter((_, index) => misfits[index] === undefined)
      const [best] = free.toSorted(
        (a, b) => (on.get(a.metadata.name)?.length ?? 0) - (on.get(b.metadata.name)?.length ?? 0),
      )
      if (best === undefined) refuse(pod, unschedulable(misfits.filter((one) => one !== undefined)))
      else {
        on.get(best.metadata.name)?.push(pod)
        bind(pod, best.metadata.name)
      }
    }
  }

  const stopListening = objects.listen((event) => {
    if (!/^(pods|nodes|persistentvolumeclaims)\//.test(event.key) || isQueued || isStopped) return
    isQueued = true
    setImmediate(() => {
      isQueued = false
      if (!isStopped) sync()
    })
  })
  return {
    stop() {
      isStopped = true
      stopListening()
    },
  }
}

interface Condition {
  readonly type: 'PodScheduled'
  readonly status: 'True' | 'False'
  readonly reason?: 'Unschedulable'
  readonly message?: string
  readonly lastProbeTime: null
  lastTransitionTime: string
}

function scheduled(nowMs: number, message: string | undefined): Condition {
  const common = { type: 'PodScheduled', lastProbeTime: null, lastTransitionTime: timestamp(nowMs) } as const
  return message === undefined
    ? { ...common, status: 'True' }
    : { ...common, status: 'False', reason: 'Unschedulable', message }
}
