import type { ApiObject, KindReference, PodState } from '../../kubernetes/index.ts'
import { classify, classifyLate } from './classify.ts'
import type { CreatedJob } from './create.ts'
import type { Ending, PodMoment } from './ending.ts'
import type { PodPorts, PodSpec } from './model.ts'
import { selectorOf } from './render.ts'

const eventKind: KindReference = { group: '', version: 'v1', resource: 'events' }
const mostRefusals = 8

/** How often a silent pod is judged, and the words about it are asked for. A test has no time. */
export interface Intervals {
  readonly judgeMs: number
  readonly askMs: number
  /** How long a deleted pod may take to be gone. */
  readonly goneMs: number
}

/** Message of a FailedCreate event, which is all that tells of a pod that was never let in; undefined: another event. */
function refusal(object: ApiObject): { readonly atMs: number; readonly text: string } | undefined {
  const { reason, message, lastTimestamp, eventTime, metadata } = object as {
    reason?: unknown
    message?: unknown
    lastTimestamp?: unknown
    eventTime?: unknown
    metadata?: { creationTimestamp?: unknown }
  }
  if (reason !== 'FailedCreate') return undefined
  const atMs = Date.parse(String(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp)) || 0
  return { atMs, text: String(message ?? '').slice(0, 2000) }
}

export async function refusalsOf(ports: PodPorts, namespace: string, job: string, signal: AbortSignal) {
  const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${job}`
  const found = await ports.cluster.list(eventKind, refusal, signal, { namespace, fieldSelector })
  return (found ?? [])
    .flatMap((one) => one ?? [])
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ text }) => text)
    .slice(-mostRefusals)
}

/** What it waits for, so that a wait for something else begins anew: without counters and ids that differ from try to try. */
function reasonOf({ pod, podEvents, refusals }: PodMoment): string {
  if (pod === undefined) return refusals.length > 0 ? 'refused' : 'none'
  const [problem = ''] = pod.problems
  const word = /^\w+/.exec(problem)?.[0] ?? ''
  // One trouble in two names, to and fro.
  if (/^(ErrImagePull|ImagePullBackOff)$/.test(word)) return 'image'
  return word || (podEvents.some((one) => one.startsWith('FailedCreatePodSandBox')) ? 'sandbox' : pod.phase)
}

/** The pod of a Job while it is watched. */
export interface PodWatch {
  /** Settles when the outcome is certain, or when time is over. */
  readonly ending: Promise<Ending>
  /** The pod as it was seen last; undefined: there is none, or none any more. */
  pod(): PodState | undefined
  /** True: no pod of the Job is there any more. False: not within `ms`. */
  gone(ms: number): Promise<boolean>
  close(): Promise<void>
}

/** Watches the pod of a Job, and judges it whenever something is heard. */
export function watchJob(
  ports: PodPorts,
  spec: PodSpec,
  job: CreatedJob & { readonly key: string },
  deadlineMs: number,
  intervals: Intervals,
): PodWatch {
  const startedMs = ports.now()
  const ended = new AbortController()
  const { promise: ending, resolve: settle, reject: fail } = Promise.withResolvers<Ending>()
  // Nobody may be waiting for it when the run is cancelled.
  ending.catch(() => undefined)
  const pods = new Map<string, PodState>()
  let last: PodState | undefined
  let hasListed = false
  let podEvents: readonly string[] = []
  let refusals: readonly string[] = []
  let reason = ''
  let sinceMs = startedMs
  let onGone: (() => void) | undefined

  const judge = (): void => {
    const pod = [...pods.values()].at(-1)
    if (pod === undefined && last !== undefined) {
      settle({
        code: 'taken-away',
        isAdmitted: false,
        found: `the pod was deleted on ${spec.node.name} before it had ended`,
        cause: 'somebody or something deletes pods there: a drain, a person, a clean-up job',
        remedy: 'run again when it is calm',
        evidence: last.problems.slice(0, 4),
      })
      return
    }
    const moment: PodMoment = { ...(pod ? { pod } : {}), podEvents, refusals, waitedMs: 0 }
    const reasonNow = reasonOf(moment)
    if (reasonNow !== reason) sinceMs = ports.now()
    reason = reasonNow
    const found = classify({ ...moment, waitedMs: ports.now() - sinceMs }, spec)
    if (found !== undefined) settle(found)
    else if (ports.now() - startedMs >= deadlineMs) settle(classifyLate(moment, spec, deadlineMs))
  }

  let isAsking = false
  let times = 0
  const ask = async (): Promise<void> => {
    const pod = [...pods.values()].at(-1)
    // What goes wrong does so in the first seconds; an image that takes minutes needs no question a second.
    const isRare = times > 8 && times % 4 !== 0
    times += 1
    if (isAsking || isRare || pod?.phase === 'Running') return
    isAsking = true
    try {
      if (pod !== undefined) podEvents = await ports.cluster.podEvents(spec.namespace, pod.name, ended.signal)
      else if (hasListed) refusals = await refusalsOf(ports, spec.namespace, job.name, ended.signal)
      judge()
    } catch {
      // Who may not read events waits for what the pod itself says, and for the deadline: it is asked again in a moment.
    } finally {
      isAsking = false
    }
  }

  const timers = [setInterval(judge, intervals.judgeMs), setInterval(() => void ask(), intervals.askMs)]
  // The list of pods comes within one question: from then on it is known whether there is one.
  const listed = setTimeout(() => {
    hasListed = true
    void ask()
  }, intervals.judgeMs)
  const whenAborted = (): void => fail(ports.signal.reason)
  ports.signal.addEventListener('abort', whenAborted, { once: true })
  if (ports.signal.aborted) whenAborted()
  // Of its own signal: after a cancelled run it still has to be seen that the pod is gone.
  const watching = ports.cluster
    .watchPodsWith(
      spec.namespace,
      selectorOf(job.key),
      (event) => {
        if (event.type === 'pod') {
          pods.set(event.pod.name, event.pod)
          last = event.pod
        } else pods.delete(event.name)
        if (pods.size === 0) onGone?.()
        judge()
      },
      ended.signal,
    )
    .then(
      () => fail(new Error('the watch of the pod ended before the pod did')),
      (error: unknown) => fail(error),
    )

  return {
    ending,
    pod: () => [...pods.values()].at(-1) ?? undefined,
    async gone(ms) {
      if (pods.size === 0) return true
      const { promise, resolve } = Promise.withResolvers<boolean>()
      onGone = () => resolve(true)
      const timer = setTimeout(() => resolve(false), ms)
      try {
        return await promise
      } finally {
        clearTimeout(timer)
      }
    },
    async close() {
      clearTimeout(listed)
      for (const timer of timers) clearInterval(timer)
      ports.signal.removeEventListener('abort', whenAborted)
      ended.abort(new Error('the wait is over'))
      await watching
    },
  }
}
