import type { ApiObject } from '../../../kubernetes/index.ts'
import { type Check, count } from '../../../report/index.ts'
import { gather } from '../../gather.ts'
import type { Finding, SeverityRule } from '../../model.ts'
import { forDays, questionOf, typed } from '../../words.ts'
import { patienceMs, workloadEntries } from './entries.ts'

/** A Job. Remote text all of it. */
export interface JobSeen {
  readonly namespace: string
  readonly name: string
  /** Name of its CronJob; empty: none. */
  readonly cronJob: string
  readonly startedMs: number
  readonly endedMs: number
  readonly state: 'failed' | 'complete' | 'suspended' | 'running'
  /** It has, or had, a pod. */
  readonly hasPods: boolean
  /** Of the Failed condition. */
  readonly reason: string
  readonly message: string
}

interface JobObject {
  readonly metadata?: {
    readonly namespace?: string
    readonly name?: string
    readonly creationTimestamp?: string
    readonly ownerReferences?: readonly { readonly kind?: string; readonly name?: string }[]
  }
  readonly spec?: { readonly suspend?: boolean }
  readonly status?: {
    readonly startTime?: string
    readonly active?: number
    readonly succeeded?: number
    readonly failed?: number
    readonly conditions?: readonly {
      readonly type?: string
      readonly status?: string
      readonly reason?: string
      readonly message?: string
      readonly lastTransitionTime?: string
    }[]
  }
}

const timeOf = (text: string | undefined): number => Date.parse(text ?? '') || 0

export function jobSeen(object: ApiObject): JobSeen {
  const { metadata, spec, status } = object as JobObject
  const is = (wanted: string) =>
    status?.conditions?.find(({ type, status: value }) => type === wanted && value === 'True')
  const failed = is('Failed')
  const complete = is('Complete')
  const isSuspended = spec?.suspend === true || is('Suspended') !== undefined
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    cronJob: metadata?.ownerReferences?.find(({ kind }) => kind === 'CronJob')?.name ?? '',
    startedMs: timeOf(status?.startTime ?? metadata?.creationTimestamp),
    endedMs: timeOf((failed ?? complete)?.lastTransitionTime),
    state: failed ? 'failed' : complete ? 'complete' : isSuspended ? 'suspended' : 'running',
    hasPods: [status?.active, status?.succeeded, status?.failed].some((number) => (number ?? 0) > 0),
    reason: failed?.reason ?? '',
    message: failed?.message ?? '',
  }
}

const isOver = ({ state }: JobSeen): boolean => state === 'failed' || state === 'complete'

/**
 * Of a CronJob only the newest that is over counts: it keeps one that failed long after others went well. Times have whole seconds: of two
 * that ended at once the failed one counts.
 */
function superseded(jobs: readonly JobSeen[]): ReadonlySet<JobSeen> {
  const byCronJob = Map.groupBy(
    jobs.filter((job) => job.cronJob !== '' && isOver(job)),
    ({ namespace, cronJob }) => `${namespace}/${cronJob}`,
  )
  const failedFirst = (a: JobSeen, b: JobSeen): number => Number(b.state === 'failed') - Number(a.state === 'failed')
  return new Set(
    [...byCronJob.values()].flatMap((some) =>
      some.toSorted((a, b) => b.endedMs - a.endedMs || failedFirst(a, b)).slice(1),
    ),
  )
}

export function judgeJobs(jobs: readonly JobSeen[], nowMs: number, severities: readonly SeverityRule[]): Check {
  const id = 'workloads.jobs'
  const old = superseded(jobs)
  const findings = jobs.flatMap((job): Finding[] => {
    const { namespace, name, cronJob } = job
    const inNamespace = `kubectl -n ${typed(namespace, 'namespace')}`
    if (job.state === 'failed' && !old.has(job)) {
      return [
        {
          namespace,
          subject: cronJob === '' ? `job/${name}` : `cronjob/${cronJob}`,
          found: `${cronJob === '' ? 'failed' : 'its newest run failed'}${forDays(job.endedMs, nowMs)}`,
          // What runs by the clock will fail again tonight; what ran once is over.
          verdict: cronJob === '' ? 'warn' : 'fail',
          cause: [job.reason, job.message].filter((part) => part !== '').join(': ') || 'it does not say',
          remedy: `${inNamespace} describe job ${typed(name, 'job')}${cronJob === '' ? `; when nobody needs it: ${inNamespace} delete job ${typed(name, 'job')}` : ''}`,
        },
      ]
    }
    if (job.state === 'running' && !job.hasPods && nowMs - job.startedMs >= patienceMs) {
      return [
        {
          namespace,
          subject: `job/${name}`,
          found: `has no pod${forDays(job.startedMs, nowMs)}`,
          verdict: 'fail',
          // Seen with Kubernetes 1.33: such a Job has neither pod nor condition, and its events alone say why.
          cause:
            'its pods are refused: by Pod Security, a quota, a LimitRange, or for a RuntimeClass that is not there',
          remedy: `${inNamespace} describe job ${typed(name, 'job')}`,
        },
      ]
    }
    return []
  })
  const passed = jobs.length === 0 ? 'there are no Jobs' : `${count(jobs.length, 'Job')}, none failed`
  return gather(id, questionOf(workloadEntries, id), findings, passed, severities)
}
