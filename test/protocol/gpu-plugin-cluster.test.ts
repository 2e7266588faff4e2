/** The cluster's part from the first reading to the second, against the embedded API server, DaemonSet controller and kubelet. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import {
  awaitCapacity,
  capacityChecks,
  carryOutPlugin,
  expectedCapacity,
  type GpuSituation,
  gpuAnnotationName,
  intendedPlugin,
  planCluster,
  readGpu,
  wantedAnnotation,
} from '../../src/gpu/index.ts'
import { type Cluster, openCluster } from '../../src/kubernetes/index.ts'
import { gpuOf, wishOf } from '../unit/gpu-cluster-world.ts'
import { factsOfCalypso } from '../unit/situations.ts'
import { type Machine, startMachine } from './world-gpu-machine.ts'

const never = new AbortController().signal
const ours = '/apis/apps/v1/namespaces/kube-system/daemonsets/k3s-gpu-actions-nvidia-device-plugin'
let machine: Machine | undefined
let folder = ''
afterEach(async () => {
  await machine?.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(
  options: Parameters<typeof startMachine>[0] = {},
): Promise<{ machine: Machine; cluster: Cluster }> {
  folder = await mkdtemp(join(tmpdir(), 'gpu-plugin-'))
  machine = await startMachine(options)
  const kubeconfigPath = join(folder, 'kubeconfig')
  await writeFile(kubeconfigPath, machine.cluster.adminKubeconfig(`https://127.0.0.1:${machine.cluster.port}`))
  return { machine, cluster: await openCluster({ kubeconfigPath, signal: never }) }
}

const read = async (cluster: Cluster): Promise<GpuSituation> => {
  const reading = await readGpu(cluster, 'calypso', never)
  const { systemUuid = '', machineId = '' } = reading.node ?? {}
  return { wish: wishOf(), host: factsOfCalypso({ systemUuid, machineId }), gpu: gpuOf(), reading }
}

async function carryOut(cluster: Cluster, situation: GpuSituation) {
  const ids = planCluster(situation).changes.map(({ id }) => id)
  const { oldPods } = await carryOutPlugin(cluster, situation, new Set(ids), () => {}, never)
  const plugin = intendedPlugin(situation)!
  const expected = expectedCapacity(situation.gpu, plugin, undefined, situation.reading.node)!
  const outcome = await awaitCapacity(
    { cluster, now: () => performance.now(), intervalsMs: { judge: 50, ask: 100 } },
    {
      node: 'calypso',
      plugin,
      expected,
      oldPods,
      podsBefore: situation.reading.pods.map(({ uid }) => uid),
      isPluginChanged: true,
      isRestarted: false,
      timeoutMs: 20_000,
    },
    never,
  )
  return { ids, plugin, expected, outcome }
}

it('makes a GPU usable, proves it, and finds nothing to do the second time, after four calls', async () => {
  const { cluster, machine } = await start()
  const situation = await read(cluster)
  const { ids, plugin, expected, outcome } = await carryOut(cluster, situation)
  expect(ids).toEqual(['label-node', 'apply-device-plugin', 'record-gpu'])
  expect(outcome).toMatchObject({ type: 'ready', state: { isFresh: true } })
  await cluster.changeNode('calypso', { annotations: { [gpuAnnotationName]: wantedAnnotation(situation) } }, never)

  const before = cluster.requests
  const second = await read(cluster)
  expect(cluster.requests - before).toBe(4)
  const { changes, checks } = planCluster(second)
  expect(changes).toEqual([])
  expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
  const { node, pods } = second.reading
  const proof = capacityChecks({ wish: second.wish, gpu: second.gpu, node, plugin, expected, pods })
  expect(proof.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
    'confirm.plugin pass',
    'capacity.registered pass',
    'capacity.healthy pass',
    'capacity.complete pass',
    'capacity.fresh pass',
  ])

  // Somebody edits a field of ours: it is drift, and taking it back by force is not ours to decide.
  const image = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'x' }]
  const edited = await machine.ask('PATCH', `${ours}?fieldManager=kubectl-edit`, image, 'application/json-patch+json')
  expect(edited.status).toBe(200)
  const third = await read(cluster)
  expect(planCluster(third).changes.map(({ id }) => id)).toEqual(['apply-device-plugin'])
  await expect(carryOutPlugin(cluster, third, new Set(['apply-device-plugin']), () => {}, never)).rejects.toMatchObject(
    {
      code: 'apply-conflict',
      evidence: [expect.stringMatching(/^kubectl-edit.* owns \.spec\.template\.spec\.containers\[.*\]\.image$/)],
    },
  )
})

it('ends early, with the words of the kubelet, where containerd does not know the runtime', async () => {
  const { cluster } = await start({ toolkit: '' })
  const { outcome } = await carryOut(cluster, await read(cluster))
  expect(outcome).toMatchObject({
    type: 'hopeless',
    kind: 'no-runtime',
    reason: expect.stringMatching(/no runtime for "nvidia" is configured/),
  })
})
