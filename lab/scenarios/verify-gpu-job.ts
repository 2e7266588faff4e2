/** The GPU Job of verify-cluster on real parts: API server, scheduler, Job controller, kubelet and containerd; the GPU is a stand-in. */
import assert from 'node:assert/strict'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { LabScenario } from '../inside/model.ts'
import type { Situation } from '../situation.ts'
import { expectPress, inSituation, until } from './expect.ts'
import { gpusOf, layRuntime, loadPluginImage, pluginObject, resource, uuidOf } from './gpu-machine.ts'
import { expectChecks, type Verified, verify } from './verify.ts'

const namespace = 'k3s-gpu-actions-verify'
const image = 'docker.io/lab/busybox:1'
const daemonSets = '/apis/apps/v1/namespaces/kube-system/daemonsets'
const quotas = `/api/v1/namespaces/${namespace}/resourcequotas`
/** What a failure may take to be named: far below any time limit, and above what a machine with two processors needs. */
const atOnceMs = 20_000

/** Presses with a probe, and holds the cluster against promise: nothing of it stays. */
async function probe(situation: Situation, inputs: Readonly<Record<string, string>> = {}): Promise<Verified> {
  const verified = await verify(situation, ['gpu', 'gpu-job'], {
    mode: 'probe',
    nodes: 'calypso',
    'expect-gpus': 'calypso=1',
    'gpu-image': image,
    timeout: '60s',
    'fail-on': 'never',
    ...inputs,
  })
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
  return verified
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

export const verifyGpuJobScenarios: readonly LabScenario[] = [
  inSituation(
    'verify-gpu-job',
    'a GPU Job of verify-cluster is scheduled and gets the device; busy, tainted, without image, over its quota and without a plugin are told apart in seconds',
    {},
    async (situation) => {
      const { calypso, cluster } = situation
      await layRuntime(calypso)
      expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'joined' } })
      await loadPluginImage(calypso)
      await cluster.request('PATCH', '/api/v1/nodes/calypso', {
        metadata: { labels: { [`${resource}.present`]: 'true' } },
      })
      await cluster.request('POST', daemonSets, pluginObject('plugin', 'nvidia'))
      await untilOffered(situation, '1,1')

      const free = await probe(situation)
      expectChecks(free, {
        'gpu.node.calypso': ['pass'],
        'gpu.runtime-class': ['pass'],
        'gpu.capacity.calypso': ['pass'],
        'gpu-job.scheduled.calypso': ['pass'],
        'gpu-job.device.calypso': ['pass', new RegExp(await uuidOf(calypso))],
      })

      await whileBusy(situation, async () => {
        const busy = await probe(situation)
        const failed = busy.press.report?.checks.filter(({ id, verdict }) => id.startsWith('gpu') && verdict === 'fail')
        assert.deepEqual(failed?.map(({ id }) => id) ?? [], [], 'a GPU that is at work is no failure')
      })

      const missing = await probe(situation, { 'gpu-image': 'docker.io/lab/not-there:1' })
      expectChecks(missing, { 'gpu-job.scheduled.calypso': ['pass'], 'gpu-job.device.calypso': ['fail', /not-there/] })

      const taints = async (value: object | null) =>
        await cluster.request('PATCH', '/api/v1/nodes/calypso', { spec: { taints: value } })
      const own = (await situation.node())?.spec.taints ?? []
      // Of those that controllers set: a probe does not tolerate them, whatever is on the node.
      await taints([...own, { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoSchedule' }])
      const tainted = await probe(situation)
      await taints(own)
      expectChecks(tainted, { 'gpu-job.scheduled.calypso': ['fail', /out-of-service/] })

      await cluster.request('POST', quotas, {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'no-gpus' },
        spec: { hard: { [`requests.${resource}`]: '0' } },
      })
      await until('the quota to count', 10_000, async () => {
        const quota = (await cluster.request('GET', `${quotas}/no-gpus`)) as { status?: { hard?: object } }
        return quota.status?.hard !== undefined
      })
      const refused = await probe(situation)
      await cluster.request('DELETE', `${quotas}/no-gpus`)
      expectChecks(refused, { 'gpu-job.scheduled.calypso': ['fail', /quota/] })

      await cluster.request('DELETE', `${daemonSets}/plugin`)
      await untilOffered(situation, '1,0')
      const bare = await probe(situation)
      expectChecks(bare, {
        'gpu.plugin.calypso': ['fail'],
        'gpu-job.scheduled.calypso': ['skip', /blocked by gpu\.plugin\.calypso/],
      })

      for (const [name, verified] of Object.entries({ missing, tainted, refused }))
        assert.ok(verified.elapsedMs < atOnceMs, `${name} was named after ${Math.round(verified.elapsedMs)} ms`)
      return 'scheduled with the card’s UUID in the pod; a busy GPU fails nothing; every cause by its name, and nothing is left'
    },
  ),
]
