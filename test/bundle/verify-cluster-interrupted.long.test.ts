/** Probes of verify-cluster that are cancelled, killed, or not alone, through its bundle: what they made goes, and nothing else does. */
import { describe, expect, it } from '@jest/globals'
import type { StoreEvent } from '../../rehearsal/cluster/store.ts'
import { type Door, doors, type Running } from './door.ts'
import { objectsOf, until } from './gpu-runtime-door.ts'
import {
  checksOf,
  counted,
  idsWith,
  job,
  keeping,
  namespace,
  outputNames,
  probes,
  requestsOf,
  writes,
} from './verify-cluster-door.ts'

const opened = doors()
const limitMs = 300_000
const probe = { mode: 'probe', suites: 'api, gpu, gpu-job, network' }

type Moment = (event: StoreEvent) => boolean

const of =
  (type: StoreEvent['type'], kind: string, name: string): Moment =>
  (event) =>
    event.type === type && event.key.startsWith(`${kind}/${namespace}/k3s-gpu-actions-${name}-`)
const hasEnded: Moment = (event) =>
  of('MODIFIED', 'pods', 'gpu-proof')(event) &&
  (event.object.status as { phase?: string } | undefined)?.phase === 'Succeeded'

const moments: Readonly<Record<string, Moment>> = {
  'the Job was made, and the answer is on its way': of('ADDED', 'jobs', 'gpu-proof'),
  'its pod is there': of('ADDED', 'pods', 'gpu-proof'),
  'its pod has ended': hasEnded,
  'pods on all nodes ask for the network': of('ADDED', 'pods', 'pod-network'),
}

/** Presses, and acts once, at that moment. */
function pressUntil(door: Door, moment: Moment, act: (running: Running) => void, inputs = {}): Running {
  const running = door.start({ ...probe, ...inputs }, 'main', {}, { machine: job })
  const stop = door.world.cluster.objects.listen((event) => {
    if (!moment(event)) return
    stop()
    act(running)
  })
  return running
}

/** Its own events come and go. */
const kept = (door: Door) =>
  Object.fromEntries(Object.entries(objectsOf(door)).filter(([name]) => !name.includes(`Namespace /${namespace}`)))

describe('cancelled', () => {
  it(
    'while a Job runs, by either signal or both: the Job and its pod are gone when the run is',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const before = kept(door)
      const ways: readonly (readonly NodeJS.Signals[])[] = [['SIGINT'], ['SIGTERM'], ['SIGINT', 'SIGTERM', 'SIGINT']]
      for (const [name, moment] of Object.entries(moments))
        for (const signals of ways) {
          const { child, ended } = pressUntil(door, moment, (running) => {
            for (const signal of signals) running.child.kill(signal)
          })
          const press = await ended
          const where = `${signals.join()} when ${name}`
          expect([where, press.exitCode, child.signalCode, press.stderr]).toEqual([where, 1, null, ''])
          expect([where, press.outputs['failure-code'], press.outputs.result]).toEqual([where, 'cancelled', 'failed'])
          expect([where, probes(door).map(({ metadata }) => metadata.name)]).toEqual([where, []])
          expect(Object.keys(press.outputs).sort()).toEqual(outputNames)
          expect(press.summary).toMatch(/^## ❌ oceanid: the run was cancelled/)
        }
      expect(kept(door)).toEqual(before)
    },
    limitMs,
  )

  it(
    'tells no issue and asks nobody anything more',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster, github, triton } = door.world
      const { ended } = pressUntil(door, moments['its pod is there'] as Moment, ({ child }) => child.kill('SIGINT'), {
        suites: 'api, gpu, gpu-job, triton, flux',
        ...keeping(door),
      })
      expect((await ended).outputs['failure-code']).toBe('cancelled')
      expect([github.requests, triton.requests]).toEqual([[], []])
      expect(requestsOf(door).filter((request) => request.includes('fluxcd'))).toEqual([])
      // While the model is asked, too.
      const running = door.start({ suites: 'triton' }, 'main', {}, { machine: job })
      await until('Triton is asked', () => triton.requests.some((request) => request.includes('/infer')))
      running.child.kill('SIGTERM')
      expect((await running.ended).outputs).toMatchObject({ 'failure-code': 'cancelled', verdict: 'error' })
      expect(cluster.objects.list(`jobs/${namespace}/`)).toEqual([])
    },
    limitMs,
  )
})

describe('killed', () => {
  it(
    'leaves a Job that the next runs let alone while it may belong to one that lives, and take away once it cannot',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { objects } = door.world.cluster
      // Of others: without our labels, or in another namespace.
      const twoHoursAgo = new Date(Date.now() - 7_200_000).toISOString().replace(/\.\d+Z$/, 'Z')
      const foreign = (where: string, name: string, labels: Record<string, string>) => ({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name, namespace: where, labels, creationTimestamp: twoHoursAgo },
        spec: { suspend: true, template: { spec: {} } },
      })
      const ours = { 'app.kubernetes.io/managed-by': 'k3s-gpu-actions', 'k3s-gpu-actions/pod-run': 'abcdefabcdef-1' }
      objects.put(`jobs/${namespace}/somebodys`, foreign(namespace, 'somebodys', {}))
      objects.put(
        `jobs/${namespace}/half`,
        foreign(namespace, 'half', { 'app.kubernetes.io/managed-by': 'k3s-gpu-actions' }),
      )
      objects.put('jobs/apps/elsewhere', foreign('apps', 'elsewhere', ours))
      const own = (): readonly string[] =>
        probes(door)
          .filter(({ metadata }) => metadata.labels?.['k3s-gpu-actions/pod-run'] !== undefined)
          .map(({ kind, metadata }) => `${kind} ${metadata.name}`)

      const { ended } = pressUntil(door, moments['its pod is there'] as Moment, ({ child }) => child.kill('SIGKILL'))
      const press = await ended
      expect([press.exitCode, press.report]).toEqual([null, undefined])
      const left = own()
      expect(left.length).toBe(2)

      const young = await counted(door, probe)
      expect(young.press.exitCode).toBe(0)
      expect(own()).toEqual(expect.arrayContaining(left.filter((name) => name.startsWith('Job'))))

      const name = left.find((one) => one.startsWith('Job'))?.replace('Job ', '') ?? ''
      const key = `jobs/${namespace}/${name}`
      const old = objects.get(key)
      if (old === undefined) throw new Error('the Job is gone')
      objects.put(key, { ...old, metadata: { ...old.metadata, creationTimestamp: twoHoursAgo } })
      const sweeping = await counted(door, probe)
      expect(sweeping.press).toMatchObject({ exitCode: 0 })
      expect(
        writes(sweeping.requests).filter((request) => request.startsWith('DELETE') && request.includes(name)),
      ).toEqual([`DELETE /apis/batch/v1/namespaces/${namespace}/jobs/${name} 200`])
      expect(checksOf(sweeping.press).get('gpu-job.leftovers')?.verdict).toBe('pass')
      expect(own()).toEqual([])
      // Nothing of anybody else.
      expect(
        objects.list('jobs/').filter(({ metadata }) => /^(somebodys|half|elsewhere)$/.test(metadata.name)).length,
      ).toBe(3)
      // A dry run and one that only observes sweep nothing.
      objects.put(key, { ...old, metadata: { ...old.metadata, creationTimestamp: twoHoursAgo } })
      await counted(door, { ...probe, 'dry-run': 'true' })
      await counted(door, { ...probe, mode: 'observe' })
      expect(own().filter((one) => one === `Job ${name}`)).toEqual([`Job ${name}`])
    },
    limitMs,
  )
})

describe('two runs at once', () => {
  it(
    'each prove what they can, and delete their own Jobs alone, each once',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const taken: string[] = []
      const made: string[] = []
      door.world.cluster.objects.listen(({ type, key }) => {
        if (!key.startsWith(`jobs/${namespace}/`)) return
        if (type === 'ADDED') made.push(key)
        if (type === 'DELETED') taken.push(key)
      })
      const before = requestsOf(door).length
      const presses = await Promise.all([door.press(probe, { machine: job }), door.press(probe, { machine: job })])
      const verdicts = presses.map((press) => checksOf(press).get('gpu-job.compute.calypso')?.verdict)
      expect(presses.map(({ exitCode }) => exitCode)).toEqual([0, 0])
      expect(presses.flatMap((press) => idsWith(press, 'fail', 'error'))).toEqual([])
      expect(verdicts).toContain('pass')
      expect(verdicts.filter((verdict) => verdict !== 'pass' && verdict !== 'skip')).toEqual([])
      expect(taken.toSorted()).toEqual(made.toSorted())
      const deleted = writes(requestsOf(door).slice(before)).filter((request) => request.startsWith('DELETE'))
      expect(deleted.length).toBe(made.length)
      expect(deleted.filter((request) => !request.endsWith(' 200'))).toEqual([])
      expect(probes(door)).toEqual([])
      // Their reports did not get in each other's way either.
      expect(new Set(presses.map(({ outputs }) => outputs.report)).size).toBe(2)
    },
    limitMs,
  )
})
