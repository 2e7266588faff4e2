/** The GPU Job of verify-cluster on real parts: API server, scheduler, Job controller, kubelet and containerd; the GPU is a stand-in. */
import assert from 'node:assert/strict'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import { addresses } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import type { Situation } from '../situation.ts'
import { expectPress, inSituation, until } from './expect.ts'
import { gpusOf, layRuntime, loadPluginImage, pluginObject, resource, uuidOf } from './gpu-machine.ts'
import { expectChecks, type Verified, verify } from './verify.ts'
import { withWebhook } from './webhook.ts'

const namespace = 'k3s-gpu-actions-verify'
const image = 'docker.io/lab/busybox:1'
const daemonSets = '/apis/apps/v1/namespaces/kube-system/daemonsets'
const quotas = `/api/v1/namespaces/${namespace}/resourcequotas`
/** What a failure may take to be named: far below any time limit, and above what a machine with two processors needs. */
const atOnceMs = 20_000

const suites = ['gpu', 'gpu-job']
const probeInputs = {
  mode: 'probe',
  nodes: 'calypso',
  'expect-nodes': 'calypso',
  'expect-gpus': 'calypso=1',
  'gpu-image': image,
  timeout: '60s',
  'fail-on': 'never',
}

/** Presses with a probe, and holds the cluster against the promise that nothing of it stays. */
async function probe(situation: Situation, inputs: Readonly<Record<string, string>> = {}): Promise<Verified> {
  const verified = await verify(situation, suites, { ...probeInputs, ...inputs })
  await expectNothingLeft(situation)
  return verified
}

async function expectNothingLeft(situation: Situation): Promise<void> {
  const left = async (path: string): Promise<readonly string[]> =>
    ((await situation.cluster.request('GET', path)) as { items: readonly KubernetesObject[] }).items.map(
      ({ metadata }) => metadata.name,
    )
  assert.deepEqual(await left(`/apis/batch/v1/namespaces/${namespace}/jobs`), [], 'a Job was left')
  // Deletion in the background: the Job is gone first.
  await until(
    'the pods of the probe to go',
    10_000,
    async () => (await left(`/api/v1/namespaces/${namespace}/pods`)).length === 0,
  )
}

async function untilOffered(situation: Situation, gpus: string): Promise<void> {
  await until(`${gpus} GPUs`, 30_000, async () => (await gpusOf(situation)).join() === gpus)
}

/** Somebody's pod on the GPU, for as long as the body takes. */
async function whileBusy(situation: Situation, body: () => Promise<void>): Promise<void> {
  const pods = '/api/v1/namespaces/default/pods'
  const { cluster } = situation
  await until(
    'service account default',
    20_000,
    async () => (await cluster.request('GET', '/api/v1/namespaces/default/serviceaccounts/default')) !== undefined,
  )
  await cluster.request('POST', pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'training' },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': 'calypso' },
      tolerations: [{ operator: 'Exists' }],
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image,
          imagePullPolicy: 'Never',
          command: ['sleep', '600'],
          resources: { limits: { [resource]: '1' } },
        },
      ],
    },
  })
  const phase = async () =>
    ((await cluster.request('GET', `${pods}/training`)) as { status: { phase: string } } | undefined)?.status.phase
  await until('the training to run', 20_000, async () => (await phase()) === 'Running')
  await body()
  await cluster.request('DELETE', `${pods}/training`)
  await until('the training to end', 20_000, async () => (await phase()) === undefined)
}

/** Joins calypso with its GPU, which a real DaemonSet offers to the real kubelet. */
async function furnish(situation: Situation): Promise<void> {
  const { calypso, cluster } = situation
  await layRuntime(calypso)
  expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'joined' } })
  await loadPluginImage(calypso)
  await cluster.request('PATCH', '/api/v1/nodes/calypso', {
    metadata: { labels: { [`${resource}.present`]: 'true' } },
  })
  await cluster.request('POST', daemonSets, pluginObject('plugin', 'nvidia'))
  await untilOffered(situation, '1,1')
}

/** The GPU is at work: nothing fails. Then the API server believes in a second one, and the kubelet knows better. */
async function onBusyGpu(situation: Situation): Promise<void> {
  const busy = await probe(situation)
  const failed = busy.press.report?.checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
  assert.deepEqual(failed?.map(({ id }) => id) ?? [], [], 'a GPU that is at work is no failure')

  const two = { [resource]: '2' }
  const believe = () =>
    situation.cluster.request('PATCH', '/api/v1/nodes/calypso/status', { status: { capacity: two, allocatable: two } })
  await believe()
  // The kubelet sets it right within 10 s.
  const again = setInterval(() => void believe().catch(() => undefined), 200)
  try {
    const believed = await probe(situation, { 'expect-gpus': 'calypso=2' })
    expectChecks(believed, { 'gpu-job.scheduled.calypso': ['fail', /UnexpectedAdmissionError/] })
  } finally {
    clearInterval(again)
  }
  await untilOffered(situation, '1,1')
}

/** A taint of those that controllers set: a probe does not tolerate them, whatever is on the node. */
async function onTaintedNode(situation: Situation): Promise<Verified> {
  const taint = async (value: readonly object[]) =>
    await situation.cluster.request('PATCH', '/api/v1/nodes/calypso', { spec: { taints: value } })
  const own = (await situation.node())?.spec.taints ?? []
  await taint([...own, { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoSchedule' }])
  const verified = await probe(situation)
  await taint(own)
  return verified
}

/** A quota of the namespace refuses the pod: the Job exists, and no pod of it ever does. */
async function overQuota(situation: Situation): Promise<Verified> {
  const { cluster } = situation
  await cluster.request('POST', quotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'no-gpus' },
    spec: { hard: { [`requests.${resource}`]: '0' } },
  })
  try {
    await until('the quota to count', 10_000, async () => {
      const quota = (await cluster.request('GET', `${quotas}/no-gpus`)) as { status?: { hard?: object } }
      return quota.status?.hard !== undefined
    })
    return await probe(situation)
  } finally {
    await cluster.request('DELETE', `${quotas}/no-gpus`)
  }
}

/** The webhook of somebody makes of the pod what Pod Security refuses; the API server acts on it a moment after it was told. */
async function underWebhook(situation: Situation): Promise<Verified> {
  const patch = [{ op: 'add', path: '/spec/hostNetwork', value: true }]
  return await withWebhook(situation.cluster, namespace, patch, async () => {
    await until('the webhook to act', 10_000, async () => {
      const trial = { metadata: { name: 'trial' }, spec: { containers: [{ name: 'main', image }] } }
      const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`
      const refusal = await situation.cluster.request('POST', path, { apiVersion: 'v1', kind: 'Pod', ...trial }).then(
        () => '',
        (error: Error) => error.message,
      )
      return refusal.includes('hostNetwork=true')
    })
    return await probe(situation)
  })
}

/** Cancelled while its pod waits for an image that nobody sends. */
async function cancelled(situation: Situation): Promise<void> {
  const inputs = { ...probeInputs, suites: suites.join('\n'), 'gpu-image': `${addresses.github}:8/lab/silent:1` }
  const running = situation.start(inputs, { action: 'verify-cluster' })
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`
  await until('the Job of a probe', 20_000, async () => {
    const { items } = (await situation.cluster.request('GET', jobs)) as { items: readonly unknown[] }
    return items.length > 0
  })
  running.child.kill('SIGINT')
  const press = await running.ended
  assert.notEqual(press.exitCode, 0, press.stdout)
  await expectNothingLeft(situation)
}

export const verifyGpuJobScenarios: readonly LabScenario[] = [
  inSituation(
    'verify-gpu-job',
    'a GPU Job of verify-cluster gets the device; busy, not admitted, tainted, without image, over its quota, refused by Pod Security and without a plugin are told apart in seconds',
    {},
    async (situation) => {
      await furnish(situation)
      const free = await probe(situation)
      expectChecks(free, {
        'gpu.node.calypso': ['pass'],
        'gpu.runtime-class': ['pass'],
        'gpu.plugin.calypso': ['pass'],
        'gpu.capacity.calypso': ['pass'],
        'gpu-job.scheduled.calypso': ['pass'],
        'gpu-job.device.calypso': ['pass', new RegExp(await uuidOf(situation.calypso))],
      })
      await whileBusy(situation, () => onBusyGpu(situation))

      const missing = await probe(situation, { 'gpu-image': 'docker.io/lab/not-there:1' })
      // It cannot be had from here: nobody knows anything of the GPU.
      expectChecks(missing, { 'gpu-job.scheduled.calypso': ['pass'], 'gpu-job.device.calypso': ['error', /not-there/] })
      const tainted = await onTaintedNode(situation)
      expectChecks(tainted, { 'gpu-job.scheduled.calypso': ['fail', /out-of-service/] })
      const refused = await overQuota(situation)
      expectChecks(refused, { 'gpu-job.scheduled.calypso': ['error', /exceeded quota: no-gpus/] })
      const insecure = await underWebhook(situation)
      expectChecks(insecure, {
        'gpu-job.scheduled.calypso': ['error', /violates PodSecurity "restricted:latest": host namespaces/],
      })
      for (const [name, { elapsedMs }] of Object.entries({ missing, tainted, refused, insecure }))
        assert.ok(elapsedMs < atOnceMs, `${name} was named after ${Math.round(elapsedMs)} ms`)
      await cancelled(situation)

      await situation.cluster.request('DELETE', `${daemonSets}/plugin`)
      await untilOffered(situation, '1,0')
      expectChecks(await probe(situation), {
        'gpu.plugin.calypso': ['fail'],
        'gpu-job.scheduled.calypso': ['skip', /blocked by gpu\.plugin\.calypso/],
      })
      return 'the card’s UUID came out of the pod; a busy GPU fails nothing; every cause by its name, and nothing is ever left'
    },
  ),
]
