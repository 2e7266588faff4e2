/**
 * The Job controller: pods for Jobs, their status, deadlines and ends (pkg/controller/job, pkg/controller/ttlafterfinished). Statuses
 * and words as they were seen on a real one (1.33).
 */
import { randomInt } from 'node:crypto'
import { refusalOf } from './admission.ts'
import { recordEvent } from './events.ts'
import { timestamp } from './node-objects.ts'
import type { ApiObject } from './objects.ts'
import { isOver } from './quantity.ts'
import type { MemoryStore, StoreEvent } from './store.ts'
import { nameAlphabet } from './verbs.ts'

type Json = Readonly<Record<string, unknown>>
interface Condition {
  readonly type: string
  readonly status: string
}
interface JobSpec {
  readonly parallelism?: number
  readonly completions?: number
  readonly backoffLimit?: number
  readonly activeDeadlineSeconds?: number
  readonly ttlSecondsAfterFinished?: number
  readonly completionMode?: string
  readonly suspend?: boolean
  readonly template?: { readonly metadata?: Json; readonly spec?: Json }
}

export interface JobsOptions {
  readonly objects: MemoryStore
  readonly nowMs: () => number
  /** Pods that have ended until their Job says so; on real parts 2 to 3 s. */
  readonly lagMs: number
}

export interface Jobs {
  stop(): void
}

const given = (value: unknown): Json => (value ?? {}) as Json
const keyOf = (object: ApiObject, kind: string): string =>
  `${kind}/${object.metadata.namespace}/${object.metadata.name}`
type Ending = readonly [isGood: boolean, reason: string, message: string]
const endings: Readonly<Record<'good' | 'bad', Ending>> = {
  good: [true, 'CompletionsReached', 'Reached expected number of succeeded pods'],
  bad: [false, 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'],
}
const longestMs = 2 ** 31 - 1

export function startJobs({ objects, nowMs, lagMs }: JobsOptions): Jobs {
  const timers = new Map<string, NodeJS.Timeout>()
  /** Job's uid → how often its pod was refused. */
  const refused = new Map<string, number>()
  let isStopped = false

  const later = (name: string, delayMs: number, act: () => void): void => {
    clearTimeout(timers.get(name))
    const timer = setTimeout(
      () => {
        timers.delete(name)
        if (!isStopped) act()
      },
      Math.min(Math.max(0, delayMs), longestMs),
    )
    timer.unref()
    timers.set(name, timer)
  }

  const podsOf = (job: ApiObject): readonly ApiObject[] =>
    objects
      .view(`pods/${job.metadata.namespace}`)
      .filter((pod) =>
        ((pod.metadata.ownerReferences ?? []) as { uid?: string }[]).some(({ uid }) => uid === job.metadata.uid),
      )

  const about = (job: ApiObject) => {
    const { namespace = '', name, uid = '' } = job.metadata
    return { kind: 'Job', namespace, name, uid }
  }

  const createPod = (job: ApiObject, spec: JobSpec, index: number): void => {
    const { namespace = '', name, uid = '' } = job.metadata
    const podSpec = spec.template?.spec ?? {}
    const suffix = Array.from({ length: 5 }, () => nameAlphabet[randomInt(nameAlphabet.length)]).join('')
    const prefix = spec.completionMode === 'Indexed' ? `${name}-${index}-` : `${name}-`
    const refusal = refusalOf(objects, namespace, podSpec)
    if (refusal !== undefined) {
      const said = refusal.isNameless ? prefix : `${prefix}${suffix}`
      const message = `Error creating: pods "${said}" is forbidden: ${refusal.words}`
      recordEvent(objects, about(job), 'job-controller', 'FailedCreate', message)
      const times = (refused.get(uid) ?? 0) + 1
      refused.set(uid, times)
      later(`refused ${uid}`, 1000 * 2 ** (times - 1), () => sync(keyOf(job, 'jobs')))
      return
    }
    const { creationTimestamp: _created, ...metadata } = spec.template?.metadata ?? {}
    const indexed = { 'batch.kubernetes.io/job-completion-index': String(index) }
    objects.put(`pods/${namespace}/${prefix}${suffix}`, {
      metadata: {
        ...metadata,
        name: `${prefix}${suffix}`,
        generateName: prefix,
        namespace,
        labels: {
          ...(given(metadata).labels as Readonly<Record<string, string>>),
          ...(spec.completionMode === 'Indexed' ? indexed : {}),
        },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true, blockOwnerDeletion: true },
        ],
      } as ApiObject['metadata'],
      spec: podSpec,
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    })
    recordEvent(objects, about(job), 'job-controller', 'SuccessfulCreate', `Created pod: ${prefix}${suffix}`, 'Normal')
  }

  const finish = (job: ApiObject, isGood: boolean, reason: string, message: string): void => {
    const at = timestamp(nowMs())
    const condition = (type: string) => ({
      type,
      status: 'True',
      reason,
      message,
      lastProbeTime: at,
      lastTransitionTime: at,
    })
    const types = isGood ? ['SuccessCriteriaMet', 'Complete'] : ['FailureTarget', 'Failed']
    const status = { ...given(job.status), conditions: types.map(condition), ...(isGood && { completionTime: at }) }
    objects.put(keyOf(job, 'jobs'), { ...job, status: counted(podsOf(job), status) })
    recordEvent(
      objects,
      about(job),
      'job-controller',
      isGood ? 'Completed' : reason,
      isGood ? 'Job completed' : message,
      isGood ? 'Normal' : 'Warning',
    )
  }

  const sync = (key: string): void => {
    const job = objects.get(key)
    if (job === undefined || isStopped) return
    const spec = given(job.spec) as JobSpec
    const { uid = '' } = job.metadata
    const status = given(job.status) as { readonly startTime?: string; readonly conditions?: readonly Condition[] }
    const isFinished = status.conditions?.some(
      ({ type, status: is }) => ['Complete', 'Failed'].includes(type) && is === 'True',
    )
    if (isFinished === true) {
      if (spec.ttlSecondsAfterFinished !== undefined)
        later(`ttl ${uid}`, spec.ttlSecondsAfterFinished * 1000, () => objects.delete(key))
      return
    }
    if (spec.suspend === true) return
    const startTime = status.startTime ?? timestamp(nowMs())
    const deadlineMs = Date.parse(startTime) + (spec.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000
    if (nowMs() >= deadlineMs) {
      // Its pods go, with their statuses and logs.
      for (const pod of podsOf(job)) if (!isOver(pod)) objects.delete(keyOf(pod, 'pods'))
      const failed = { ...status, failed: Math.max(1, Number(given(status).failed ?? 0)) }
      finish({ ...job, status: failed }, false, 'DeadlineExceeded', 'Job was active longer than specified deadline')
      return
    }
    if (Number.isFinite(deadlineMs)) later(`deadline ${uid}`, deadlineMs - nowMs() + 50, () => sync(key))
    const pods = podsOf(job)
    const ended = (phase: string) => pods.filter((pod) => given(pod.status).phase === phase).length
    const { parallelism = 1, completions = parallelism, backoffLimit = 6 } = spec
    const end =
      ended('Succeeded') >= completions ? endings.good : ended('Failed') > backoffLimit ? endings.bad : undefined
    if (end !== undefined) {
      later(`end ${uid}`, lagMs, () => {
        const latest = objects.get(key)
        if (latest !== undefined) finish(latest, ...end)
      })
      return
    }
    const active = pods.filter((pod) => !isOver(pod))
    const missing = Math.min(parallelism, completions - ended('Succeeded')) - active.length
    objects.put(key, { ...job, status: counted(pods, { ...status, startTime }) })
    const isWaiting = timers.has(`refused ${uid}`)
    for (let number = 0; number < missing && !isWaiting; number++) createPod(job, spec, pods.length + number)
  }

  let queued = new Set<string>()
  const notice = (event: StoreEvent): void => {
    if (event.type === 'DELETED' && event.key.startsWith('jobs/')) {
      if (!event.isOrphaning) for (const pod of podsOf(event.object)) objects.delete(keyOf(pod, 'pods'))
      for (const name of [...timers.keys()])
        if (name.endsWith(` ${event.object.metadata.uid}`)) {
          clearTimeout(timers.get(name))
          timers.delete(name)
        }
      return
    }
    const owner = ((event.object.metadata.ownerReferences ?? []) as { kind?: string; name?: string }[]).find(
      ({ kind }) => kind === 'Job',
    )
    const isPod = event.key.startsWith('pods/') && owner !== undefined
    if (!event.key.startsWith('jobs/') && !isPod) return
    if (queued.size === 0)
      setImmediate(() => {
        const keys = queued
        queued = new Set()
        if (!isStopped) for (const key of keys) sync(key)
      })
    queued.add(isPod ? `jobs/${event.object.metadata.namespace}/${owner.name}` : event.key)
  }
  const stopListening = objects.listen(notice)
  return {
    stop() {
      isStopped = true
      stopListening()
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

/** Numbers of a Job's status; Go leaves out what is zero, but not `ready` and `terminating`. */
function counted(pods: readonly ApiObject[], status: Json): Json {
  const { active: _active, succeeded: _succeeded, ...rest } = status
  const of = (phases: readonly string[]) =>
    pods.filter((pod) => phases.includes(String(given(pod.status).phase))).length
  const ready = pods.filter((pod) => {
    const conditions = (given(pod.status).conditions ?? []) as readonly Condition[]
    return !isOver(pod) && conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True')
  }).length
  const [active, succeeded, failed] = [of(['Pending', 'Running']), of(['Succeeded']), of(['Failed'])]
  return {
    ...rest,
    ...(active > 0 && { active }),
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    ready,
    terminating: 0,
    uncountedTerminatedPods: {},
  }
}
