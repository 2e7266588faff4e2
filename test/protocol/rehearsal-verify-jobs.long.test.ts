/** Jobs in the embedded cluster: what a real Job controller, scheduler and admission of 1.33 said, this one says. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Cluster, startCluster } from '../../rehearsal/cluster/index.ts'
import { type Ask, asker } from './world-gpu-machine.ts'

let cluster: Cluster
let ask: Ask
beforeAll(async () => {
  cluster = await startCluster({ directory: '', faults: new Set(), calypso: 'in-service', jobLagMs: 20 })
  ask = asker(cluster)
  await ask('POST', '/api/v1/namespaces', namespace('strict', { 'pod-security.kubernetes.io/enforce': 'restricted' }))
  await ask('POST', '/api/v1/namespaces', namespace('counted', {}))
})
afterAll(() => cluster.close())

const namespace = (name: string, labels: object) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
})
const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  runAsUser: 65534,
  seccompProfile: { type: 'RuntimeDefault' },
}
const tolerations = [{ key: 'workload-type', operator: 'Exists' }]
const onCalypso = { nodeSelector: { 'kubernetes.io/hostname': 'calypso' }, tolerations, runtimeClassName: 'nvidia' }
const gpu = { resources: { limits: { 'nvidia.com/gpu': '1' } } }

function job(name: string, pod: object = {}, container: object = {}, spec: object = {}) {
  const main = { name: 'proof', image: 'docker.io/library/python:3.12-slim', securityContext: restricted, ...container }
  const template = { spec: { restartPolicy: 'Never', containers: [main], ...pod } }
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, template, ...spec } }
}
const path = (namespaced: string, kind = 'jobs') => `/apis/batch/v1/namespaces/${namespaced}/${kind}`

async function until<Value>(what: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
  for (let number = 0; number < 300; number++) {
    const value = await what()
    if (value !== undefined) return value
    await sleep(10)
  }
  throw new Error('it did not come')
}
// biome-ignore lint/suspicious/noExplicitAny: tests look into objects
type Loose = any
const one = (kind: string, where: string, name: string): Loose =>
  cluster.objects.list(`${kind}/${where}`).find(({ metadata }) => metadata.name.startsWith(name))
const said = (where: string, about: string): readonly string[] =>
  cluster.objects
    .list(`events/${where}`)
    .filter((event: Loose) => event.involvedObject.name.startsWith(about))
    .map((event: Loose) => `${event.reason} ${event.message}`)
const waits = (where: string, name: string): Promise<string> =>
  until(
    () =>
      one('pods', where, name)?.status.conditions?.find((c: Loose) => c.type === 'PodScheduled' && c.status === 'False')
        ?.message,
  )
const ended = (where: string, name: string): Promise<Loose> =>
  until(() => one('jobs', where, name)?.status.conditions && one('jobs', where, name))

describe('a Job', () => {
  it('is carried out by a pod with a node, a log and an end, and takes it along when it is deleted', async () => {
    const environment = { PROOF_MARK: 'mark', PROOF_SEED: '7', PROOF_STEPS: 'device' }
    const env = Object.entries(environment).map(([name, value]) => ({ name, value }))
    const created = await ask('POST', path('strict'), job('ok', onCalypso, { ...gpu, env }))
    expect([created.status, created.json.spec.completionMode]).toEqual([201, 'NonIndexed'])
    const { status } = await ended('strict', 'ok')
    expect(status).toMatchObject({ succeeded: 1, ready: 0, terminating: 0, uncountedTerminatedPods: {} })
    expect(status.conditions.map((c: Loose) => [c.type, c.reason])).toEqual([
      ['SuccessCriteriaMet', 'CompletionsReached'],
      ['Complete', 'CompletionsReached'],
    ])
    const pod = one('pods', 'strict', 'ok-')
    expect(pod.metadata.labels).toMatchObject({ 'job-name': 'ok', 'batch.kubernetes.io/job-name': 'ok' })
    expect(pod.status).toMatchObject({
      phase: 'Succeeded',
      containerStatuses: [{ state: { terminated: { reason: 'Completed' } } }],
    })
    const log = await ask('GET', `/api/v1/namespaces/strict/pods/${pod.metadata.name}/log`)
    expect(log.text).toMatch(/^mark \{"fact":"device","seed":"7","exit":0,.*"uuid":"GPU-/)
    await ask('DELETE', `${path('strict')}/ok`, { propagationPolicy: 'Background' })
    expect(one('pods', 'strict', 'ok-')).toBeUndefined()
  })

  it('has no pod where admission refuses it: its events say why, again and again, and its create warned', async () => {
    const loose = { securityContext: undefined }
    const created = await ask('POST', path('strict'), job('refused', {}, loose))
    expect(created.status).toBe(201)
    const [message] = await until(() => (said('strict', 'refused').length > 1 ? said('strict', 'refused') : undefined))
    expect(message?.replace(/refused-[a-z0-9]{5}/, 'refused-x')).toBe(
      'FailedCreate Error creating: pods "refused-x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "proof" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "proof" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "proof" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "proof" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    )
    expect(one('jobs', 'strict', 'refused').status).toEqual({
      ready: 0,
      startTime: expect.any(String),
      terminating: 0,
      uncountedTerminatedPods: {},
    })
  })

  it.each([
    [
      'root and the host’s files',
      { hostNetwork: true, volumes: [{ name: 'd', hostPath: { path: '/' } }] },
      {},
      'host namespaces (hostNetwork=true), restricted volume types (volume "d" uses restricted volume type "hostPath")',
    ],
    [
      'user 0',
      {},
      { securityContext: { ...restricted, runAsNonRoot: undefined, runAsUser: 0 } },
      'runAsNonRoot != true (pod or container "proof" must set securityContext.runAsNonRoot=true), runAsUser=0 (container "proof" must not set runAsUser=0)',
    ],
    ['no such RuntimeClass', { runtimeClassName: 'nothere' }, {}, 'pod rejected: RuntimeClass "nothere" not found'],
  ])('is refused for %s in the words of a real API server', async (what, pod, container, words) => {
    const name = `no-${what.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`
    await ask('POST', path('strict'), job(name, pod, container))
    const [message] = await until(() => (said('strict', name).length > 0 ? said('strict', name) : undefined))
    expect(message).toContain(words)
  })

  it.each([
    [
      'requests.nvidia.com/gpu',
      'exceeded quota: q, requested: requests.nvidia.com/gpu=1, used: requests.nvidia.com/gpu=0, limited: requests.nvidia.com/gpu=0',
    ],
    ['pods', 'exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0'],
    ['limits.cpu', 'failed quota: q: must specify limits.cpu for: proof'],
  ])('meets a quota of %s', async (resource, words) => {
    const quotas = '/api/v1/namespaces/counted/resourcequotas'
    await ask('POST', quotas, { metadata: { name: 'q' }, spec: { hard: { [resource]: '0' } } })
    const name = `quota-${resource.length}`
    await ask('POST', path('counted'), job(name, {}, gpu))
    const [message] = await until(() => (said('counted', name).length > 0 ? said('counted', name) : undefined))
    expect(message).toContain(`is forbidden: ${words}`)
    await ask('DELETE', `${path('counted')}/${name}`)
    await ask('DELETE', `${quotas}/q`)
  })

  it('waits where no node is for it, and the scheduler says why', async () => {
    const many = { resources: { limits: { 'nvidia.com/gpu': '2' } } }
    await ask('POST', path('counted'), job('many', onCalypso, many))
    await ask('POST', path('counted'), job('taint', { ...onCalypso, tolerations: [] }, gpu))
    await ask(
      'POST',
      path('counted'),
      job('nowhere', { nodeSelector: { 'kubernetes.io/hostname': 'styx' }, tolerations }),
    )
    expect(await waits('counted', 'many-')).toBe(
      "0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    )
    expect(await waits('counted', 'taint-')).toBe(
      "0/3 nodes are available: 1 node(s) had untolerated taint {workload-type: gpu-compute}, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    )
    expect(await waits('counted', 'nowhere-')).toBe(
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    )
    const pod = one('pods', 'counted', 'many-').metadata.name
    const log = await ask('GET', `/api/v1/namespaces/counted/pods/${pod}/log`)
    expect([log.status, log.text]).toEqual([200, ''])
    const event: Loose = cluster.objects.list('events/counted').find((e: Loose) => e.involvedObject.name === pod)
    expect(event).toMatchObject({
      reason: 'FailedScheduling',
      firstTimestamp: null,
      source: {},
      reportingComponent: 'default-scheduler',
    })
    for (const name of ['many', 'taint', 'nowhere']) await ask('DELETE', `${path('counted')}/${name}`)
  })

  it('fails at its deadline, without its pod, and goes when its time is over', async () => {
    await ask(
      'POST',
      path('counted'),
      job('late', { nodeSelector: { a: 'b' } }, {}, { activeDeadlineSeconds: 1, ttlSecondsAfterFinished: 1 }),
    )
    const { status } = await ended('counted', 'late')
    expect(status.conditions.map((c: Loose) => [c.type, c.reason, c.message])).toEqual(
      ['FailureTarget', 'Failed'].map((type) => [
        type,
        'DeadlineExceeded',
        'Job was active longer than specified deadline',
      ]),
    )
    expect(one('pods', 'counted', 'late-')).toBeUndefined()
    await until(() => (one('jobs', 'counted', 'late') === undefined ? true : undefined))
  })

  it('is no Job with a field that does not exist, in no namespace, or with pods that never end', async () => {
    const strict = await ask('POST', `${path('strict')}?fieldValidation=Strict`, job('a', { runtimeClass: 'nvidia' }))
    expect([strict.status, strict.json.message]).toEqual([
      400,
      'Job in version "v1" cannot be handled as a Job: strict decoding error: unknown field "spec.template.spec.runtimeClass"',
    ])
    const gone = await ask('POST', path('gone'), job('a'))
    expect([gone.status, gone.json.message]).toEqual([404, 'namespaces "gone" not found'])
    expect((await ask('POST', path('strict'), job('a', { restartPolicy: 'Always' }))).status).toBe(422)
  })
})
