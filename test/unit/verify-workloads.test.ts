import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { ApiObject } from '../../src/kubernetes/index.ts'
import type { PodSeen, RunMemory } from '../../src/verify/model.ts'
import { podSeen } from '../../src/verify/pods.ts'
import {
  type ControllerSeen,
  controllerReaders,
  type JobSeen,
  jobSeen,
  judgeControllers,
  judgeJobs,
  judgePods,
  stateOf,
  workloadOf,
} from '../../src/verify/suites/workloads/index.ts'

const fixture = (name: string): readonly ApiObject[] =>
  (JSON.parse(readFileSync(join('test', 'fixtures', 'verify', `${name}.json`), 'utf8')) as { items: ApiObject[] }).items

const minute = 60_000
const day = 24 * 60 * minute
const recordedMs = Date.parse('2026-11-22T01:57:00Z')
const pods = fixture('real-pods').map(podSeen)
const podOf = (workload: string): PodSeen => {
  const found = pods.find((pod) => pod.namespace === 'apps' && workloadOf(pod) === workload)
  if (found === undefined) throw new Error(`no pod of ${workload}`)
  return found
}

describe('pods as a real cluster has them, twelve days later', () => {
  const later = recordedMs + 12 * day
  it.each([
    ['well', undefined],
    ['sidecar', undefined],
    ['hostport-1', undefined],
    ['done', undefined],
    ['cron', undefined],
    ['gated', undefined],
    ['retried', undefined],
    ['crash', 'CrashLoopBackOff'],
    ['liveness', 'CrashLoopBackOff'],
    ['daemon', 'CrashLoopBackOff'],
    ['set-0', 'CrashLoopBackOff'],
    ['onfailure', 'CrashLoopBackOff'],
    ['init-crash', 'CrashLoopBackOff'],
    ['oomloop', 'CrashLoopBackOff (OOMKilled)'],
    ['image', 'ImagePullBackOff for 12 days'],
    ['pending', 'Unschedulable for 12 days'],
    ['claim-gone', 'Unschedulable for 12 days'],
    ['init-stuck', 'stuck at its init containers for 12 days'],
    ['volume', 'its containers are not made for 12 days'],
    ['unready', 'Running, and not Ready for 12 days'],
    ['stuck-end', 'Terminating for 12 days, and does not end'],
    ['failed', 'left over: Error'],
    ['evicted', 'left over: Evicted'],
  ])('%s: %s', (workload, found) => {
    const state = stateOf(podOf(workload), later)
    expect(state?.found).toBe(found)
    if (found !== undefined) {
      expect(state?.verdict).toBe(found.startsWith('left over') ? 'warn' : 'fail')
      expect(state?.cause).not.toBe('')
      expect(state?.remedy).toMatch(/^kubectl -n apps (describe|logs|delete) /)
    }
  })

  it('leaves a pod that failed to its Job, which may have tried again with success', () => {
    const failed = pods.filter((pod) => pod.phase === 'Failed' && pod.owner.startsWith('Job/'))
    expect(failed.map(({ owner }) => owner)).toContain('Job/retried')
    expect(failed.map((pod) => stateOf(pod, later))).toEqual(failed.map(() => undefined))
  })

  it('says nothing about what only waits, as long as it may still come', () => {
    const young = pods.filter((pod) => pod.namespace === 'apps').filter((pod) => stateOf(pod, recordedMs) !== undefined)
    const names = new Set(young.map(workloadOf))
    for (const waits of ['pending', 'init-stuck', 'volume', 'unready', 'stuck-end']) expect(names).not.toContain(waits)
    // What cannot come is told at once.
    for (const broken of ['image', 'crash', 'oomloop', 'evicted']) expect(names).toContain(broken)
  })

  it('names the cause in the words of the cluster', () => {
    expect(stateOf(podOf('image'), later)?.cause).toContain('no such host')
    expect(stateOf(podOf('crash'), later)?.cause).toBe('a container ends again and again: Error, exit code 2')
    expect(stateOf(podOf('pending'), later)?.cause).toContain('nodes are available')
    expect(stateOf(podOf('oomloop'), later)?.cause).toBe('a container needs more memory than its limit')
  })

  it('makes one check of a namespace, with the same words the day after, and the same ids when pods are replaced', () => {
    const own = pods.filter(({ namespace }) => namespace === 'apps')
    const { checks, metrics } = judgePods(own, later, undefined, [])
    expect(checks.map(({ id }) => id)).toEqual(['workloads.apps'])
    const renamed = own.map((pod) => ({ ...pod, name: `${pod.name.slice(0, -5)}zzzzz`, uid: `${pod.uid}x` }))
    const crashing = (some: readonly PodSeen[]) =>
      judgePods(
        some.filter((pod) => pod.owner.startsWith('ReplicaSet/')),
        later,
        undefined,
        [],
      ).checks[0]?.found
    expect(crashing(renamed)).toBe(crashing(own))
    expect(checks[0]).toMatchObject({ verdict: 'fail' })
    expect(checks[0]?.evidence).toHaveLength(20)
    expect(metrics['pod_restarts.apps']).toBeGreaterThan(10)
  })

  it('lets one known broken operator be a warning', () => {
    const operator = [{ ...podOf('image'), namespace: 'pulumi-system' }]
    const rule = { check: 'workloads.*', namespace: 'pulumi-system', atMost: 'warn' } as const
    expect(judgePods(operator, later, undefined, [rule]).checks).toMatchObject([
      {
        id: 'workloads.pulumi-system',
        verdict: 'warn',
        found: 'image: ImagePullBackOff for 12 days; severity lowered in the cluster file',
      },
    ])
  })

  it('counts pods of one workload in the same state as one', () => {
    const some = [1, 2, 3].map((number) => ({ ...podOf('image'), name: `image-${number}`, uid: `${number}` }))
    expect(judgePods(some, later, undefined, []).checks[0]?.found).toBe('image: ImagePullBackOff for 12 days (3 pods)')
  })
})

describe('restarts since the last run', () => {
  const memoryOf = (restarts: number): RunMemory => ({
    at: '2026-11-21T01:57:00Z',
    run: '40',
    checks: {},
    metrics: { 'pod_restarts.apps': restarts },
  })
  const restless: PodSeen = { ...podOf('well'), restarts: 9, lastEndMs: recordedMs - 60 * minute }
  it.each([
    ['has risen', memoryOf(2), restless, 'warn'],
    ['is as it was', memoryOf(9), restless, 'pass'],
    ['has risen by one', memoryOf(8), restless, 'pass'],
    ['was none', { ...memoryOf(2), metrics: { 'pod_restarts.others': 1 } }, restless, 'warn'],
    ['was not counted', { ...memoryOf(2), metrics: {} }, restless, 'pass'],
    ['is not known', undefined, restless, 'pass'],
    ['was of a time before the last run', memoryOf(2), { ...restless, lastEndMs: recordedMs - 40 * day }, 'pass'],
  ] as const)('the number %s', (_what, memory, pod, verdict) => {
    expect(judgePods([pod], recordedMs, memory, []).checks[0]?.verdict).toBe(verdict)
  })

  // Seen with a real kubelet: between two crashes the pod of `exit 2` is Ready, and everything about it looks well.
  it.each([
    ['lately', { ...restless, lastEndMs: recordedMs - 9 * minute }, 'warn'],
    ['a while ago', { ...restless, lastEndMs: recordedMs - 11 * minute }, 'pass'],
    ['lately, and not often', { ...restless, restarts: 2, lastEndMs: recordedMs - minute }, 'pass'],
  ] as const)(
    'a first run remembers nothing, and sees whose container ended again and again, the last time %s',
    (_when, pod, verdict) => {
      const [check] = judgePods([pod], recordedMs, undefined, []).checks
      expect(check?.verdict).toBe(verdict)
      if (verdict === 'warn') expect(check?.found).toContain('Ready, and ends again and again')
    },
  )
})

describe('controllers as a real cluster has them', () => {
  const readers = {
    Deployment: controllerReaders.deployments,
    StatefulSet: controllerReaders.statefulsets,
    DaemonSet: controllerReaders.daemonsets,
  } as const
  const all = fixture('real-controllers')
    .filter(({ kind }) => String(kind) in readers)
    .map((one) => readers[one.kind as keyof typeof readers](one))
  const of = (name: string): ControllerSeen => all.find((one) => one.name === name) ?? (undefined as never)
  const judge = (...some: readonly ControllerSeen[]) => judgeControllers(some, recordedMs + day, [])

  it.each([
    ['well', 'pass', '1 controller, all with as many pods as they want'],
    ['sidecar', 'pass', '1 controller, all with as many pods as they want'],
    ['image', 'fail', 'deployment/image: 0 of 1 available for 1 day'],
    ['crash', 'fail', 'deployment/crash: 0 of 1 available for 1 day'],
    ['daemon', 'fail', 'daemonset/daemon: 0 of 1 available'],
    ['set', 'fail', 'statefulset/set: 0 of 2 available'],
  ])('%s: %s', (name, verdict, found) => {
    const check = judge(of(name))
    expect(check).toMatchObject({ id: 'workloads.controllers', verdict })
    expect(check.found.replace('0 of 1 controller as wanted; ', '')).toBe(found)
  })

  it('is patient with what is new, and with a roll-out on its way', () => {
    const rolling = { ...of('image'), createdMs: 0, sinceMs: 0 }
    expect(judgeControllers([of('image')], recordedMs, []).verdict).toBe('pass')
    expect(judgeControllers([{ ...rolling, progressedMs: recordedMs }], recordedMs + minute, []).verdict).toBe('pass')
    expect(judgeControllers([{ ...rolling, progressedMs: recordedMs }], recordedMs + 11 * minute, []).verdict).toBe(
      'fail',
    )
  })

  it('warns where some are missing, and fails where nobody looks at it', () => {
    expect(judge({ ...of('well'), wanted: 3, available: 2 })).toMatchObject({ verdict: 'warn' })
    expect(judge({ ...of('well'), isObserved: false }).found).toContain('not looked at by its controller')
    expect(judge({ ...of('well'), wanted: 0, available: 0 }).verdict).toBe('pass')
  })
})

describe('Jobs as a real cluster has them', () => {
  const jobs = fixture('real-jobs').map(jobSeen)
  const of = (name: string): JobSeen => jobs.find((job) => job.name === name) ?? (undefined as never)
  const judge = (...some: readonly JobSeen[]) => judgeJobs(some, recordedMs + day, [])

  it.each([
    ['retried', 'pass', '1 Job, none failed'],
    ['cron-29921876', 'pass', '1 Job, none failed'],
    ['busy-holder', 'pass', '1 Job, none failed'],
    ['exit-3', 'warn', 'job/exit-3: failed for 1 day'],
    ['refused-all', 'warn', 'job/refused-all: failed for 1 day'],
  ])('%s: %s', (name, verdict, found) => expect(judge(of(name))).toMatchObject({ verdict, found }))

  it('one whose pods are refused has neither pod nor condition', () => {
    const refused: JobSeen = { ...of('refused-all'), state: 'running', hasPods: false, reason: '', message: '' }
    expect(judge(refused)).toMatchObject({ verdict: 'fail', found: 'job/refused-all: has no pod for 1 day' })
    expect(judgeJobs([refused], refused.startedMs + minute, []).verdict).toBe('pass')
    expect(judge({ ...refused, state: 'suspended' }).verdict).toBe('pass')
  })

  it('of a CronJob only the newest that is over counts', () => {
    const run = (name: string, state: JobSeen['state'], endedMs: number): JobSeen => ({
      ...of('cron-29921876'),
      name,
      state,
      endedMs,
    })
    expect(judge(run('cron-1', 'failed', 1), run('cron-2', 'complete', 2)).verdict).toBe('pass')
    expect(judge(run('cron-1', 'complete', 1), run('cron-2', 'failed', 2))).toMatchObject({
      verdict: 'fail',
      found: expect.stringMatching(/^cronjob\/cron: its newest run failed/),
    })
    // Times have whole seconds: of two that ended at once the worse one is told, in whatever order they are listed.
    expect(judge(run('cron-1', 'complete', 1), run('cron-2', 'failed', 1)).verdict).toBe('fail')
    expect(judge(run('cron-1', 'failed', 1), run('cron-2', 'complete', 1)).verdict).toBe('fail')
  })

  it('says that there are none', () => expect(judge().found).toBe('there are no Jobs'))
})

describe('a pod that somebody wrote to break us', () => {
  it('is read without a crash, whatever is missing', () => {
    for (const object of [
      {},
      { metadata: {}, spec: {}, status: {} },
      { status: { conditions: [{}], containerStatuses: [{}] } },
    ])
      expect(stateOf(podSeen(object), recordedMs)).toBeDefined()
  })

  it('gives no command of its own to type, and cannot fill a report', () => {
    const text = `x'; reboot #\n${'y'.repeat(50_000)}`
    const hostile = podSeen({
      metadata: { namespace: 'a$(reboot)', name: text, labels: {} },
      status: {
        phase: 'Failed',
        reason: text,
        message: text,
        containerStatuses: Array.from({ length: 500 }, (_, index) => ({
          name: `${index}${text}`,
          state: { waiting: { reason: `${text}${index}`, message: text } },
        })),
      },
    })
    expect(hostile.troubles.length).toBeLessThanOrEqual(10)
    const { checks } = judgePods([hostile], recordedMs, undefined, [])
    expect(checks[0]?.id).toBe('workloads.a-reboot')
    expect(checks[0]?.remedy).toBe('kubectl -n <namespace> delete pod <pod>')
    expect(JSON.stringify(checks).length).toBeLessThan(20_000)
  })
})
