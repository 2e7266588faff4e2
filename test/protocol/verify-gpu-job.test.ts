/** The suites gpu and gpu-job against the embedded cluster: a real client, Jobs, a scheduler, a kubelet, and whatever goes wrong. */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { Check } from '../../src/report/index.ts'
import { gpuSuite } from '../../src/verify/suites/gpu/index.ts'
import { gpuJobSuite } from '../../src/verify/suites/gpu-job/index.ts'
import { uuid, wishOf } from '../unit/verify-gpu-world.ts'
import { type Ground, namespace, startGround } from './verify-gpu-ground.ts'

let here: Ground
beforeAll(async () => {
  here = await startGround()
  const ready = Promise.withResolvers<void>()
  const timer = setInterval(() => {
    const pods = here.world.objects.view('pods/kube-system')
    const plugin = pods.find(({ metadata }) => metadata.name.startsWith('k3s-gpu-actions-nvidia-device-plugin'))
    const { conditions = [] } = (plugin?.status ?? {}) as { conditions?: { type: string; status: string }[] }
    if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) ready.resolve()
  }, 20)
  await ready.promise
  clearInterval(timer)
})
afterAll(() => here.close())
beforeEach(() => {
  here.ground = {}
})

let runs = 0
const ports = (signal?: AbortSignal) => here.ports(`run${String(++runs).padStart(9, '0')}`, signal)
const said = (checks: readonly Check[]): string[] =>
  checks.map(({ id, verdict, found }) => `${verdict} ${id.replace(/^gpu-job\.|\.calypso$/g, '')}: ${found}`)
async function prove(changes: Parameters<typeof wishOf>[0] = {}): Promise<string[]> {
  const { checks } = await gpuJobSuite.verify(ports(), wishOf({ timeoutMs: 20_000, ...changes }))
  expect(here.left()).toEqual([])
  return said(checks)
}

it('finds every layer below a pod well', async () => {
  const { checks, facts } = await gpuSuite.verify(ports(), wishOf({ mode: 'observe' }))
  expect(checks.map(({ id, verdict }) => `${verdict} ${id}`)).toEqual([
    'pass gpu.runtime-class',
    'pass gpu.node.calypso',
    'pass gpu.plugin.calypso',
    'pass gpu.capacity.calypso',
    'pass gpu.annotation.calypso',
    'pass gpu.busy.calypso',
    'skip gpu.cuda',
  ])
  expect(facts).toEqual({ 'GPUs of calypso': 'NVIDIA GeForce RTX 4090; driver 575.51.03, CUDA 12.9' })
})

it('proves a GPU: the namespace is made, a pod is scheduled, sees it, computes, and is gone again', async () => {
  expect(await prove()).toEqual([
    'pass scheduled: a pod with nvidia.com/gpu: 1 got onto calypso',
    'pass device: 1 × NVIDIA GeForce RTX 4090, driver 575.51.03, as recorded',
    'pass compute: 1 × NVIDIA GeForce RTX 4090 (compute capability 8.9) computed what was asked',
    'pass leftovers: nothing is left',
  ])
  expect(here.world.objects.get(`namespaces/${namespace}`)?.metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  })
})

it('finds a GPU that computes something else', async () => {
  here.ground = { computesWrong: true }
  expect((await prove())[2]).toMatch(/^fail compute: 1 of 1 GPUs computed something else/)
})

it('finds another GPU than was recorded', async () => {
  const card = {
    name: 'NVIDIA T4',
    driver: '575.51.03',
    memoryMiB: 16384,
    usedMiB: 10,
    capability: '7.5',
    cuda: '12.9',
  }
  here.ground = { gpu: { driver: 'ok', uuids: [uuid.replace(/1$/, '2')], migProfiles: [], card } }
  expect((await prove()).slice(0, 3)).toEqual([
    expect.stringMatching(/^pass/),
    expect.stringMatching(/^fail device: the pod sees another GPU than was recorded/),
    'skip compute: blocked by gpu-job.device.calypso',
  ])
})

it('cannot ask without its image, which is no fault of the GPU', async () => {
  here.ground = {
    missingImage: (image) =>
      /python/.test(image) ? `failed to pull and unpack image "${image}": ${image}: not found` : undefined,
  }
  expect((await prove({ gpuImage: 'docker.io/library/python:3.99' })).slice(0, 3)).toEqual([
    expect.stringMatching(/^pass scheduled/),
    expect.stringMatching(
      /^error device: the image docker.io\/library\/python:3.99 is not on calypso and cannot be fetched/,
    ),
    'skip compute: blocked by gpu-job.device.calypso',
  ])
})

it('finds a node whose containerd has no NVIDIA runtime', async () => {
  here.ground = { handlers: new Set(['runc']) }
  const [scheduled, device] = await prove()
  expect([scheduled, device]).toEqual([
    expect.stringMatching(/^pass/),
    expect.stringMatching(/^fail device: the containerd of calypso has no runtime nvidia/),
  ])
})

it('finds a kubelet that does not give the device', async () => {
  const words =
    'Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected'
  here.ground = { rejects: (spec) => (JSON.stringify(spec).includes('PROOF_MARK') ? words : undefined) }
  expect((await prove())[0]).toMatch(
    /^fail scheduled: the kubelet of calypso did not admit the pod: UnexpectedAdmissionError/,
  )
})

it('finds a taint that came after the node was read', async () => {
  const asked = ports()
  const { nodes } = asked.lists
  // Read once, as within a run; then the node is tainted.
  const before = await nodes()
  here.node((node) =>
    Object.assign(node.spec, {
      taints: [...(node.spec.taints as object[]), { key: 'maintenance', effect: 'NoSchedule' }],
    }),
  )
  const { checks } = await gpuJobSuite.verify(
    { ...asked, lists: { ...asked.lists, nodes: async () => before } },
    wishOf(),
  )
  here.node((node) =>
    Object.assign(node.spec, {
      taints: (node.spec.taints as { key: string }[]).filter(({ key }) => key !== 'maintenance'),
    }),
  )
  expect(said(checks)[0]).toMatch(/^fail scheduled: a taint keeps the pod away from calypso: maintenance/)
})

it('is refused by the rules of the namespace', async () => {
  here.world.objects.put(`resourcequotas/${namespace}/few`, {
    metadata: { name: 'few', namespace },
    spec: { hard: { pods: '0' } },
    status: { hard: { pods: '0' }, used: { pods: '0' } },
  } as never)
  const [scheduled] = await prove()
  here.world.objects.delete(`resourcequotas/${namespace}/few`)
  expect(scheduled).toMatch(/^error scheduled: the quota few of the namespace/)
})

it('only looks at a GPU that production holds, and says that it is busy', async () => {
  const holder = {
    metadata: { name: 'triton-0', namespace: 'default' },
    spec: {
      nodeName: 'calypso',
      containers: [
        {
          name: 'triton',
          image: 'triton:1',
          resources: { limits: { 'nvidia.com/gpu': '1' }, requests: { 'nvidia.com/gpu': '1' } },
        },
      ],
    },
    status: { phase: 'Running' },
  }
  here.world.objects.put('pods/default/triton-0', holder as never)
  const [scheduled, device, compute] = await prove()
  here.world.objects.delete('pods/default/triton-0')
  expect([scheduled, compute]).toEqual([
    'skip scheduled: busy: pods of default hold all of nvidia.com/gpu',
    'skip compute: busy: pods of default hold all of nvidia.com/gpu; a computation would take memory from them',
  ])
  expect(device).toBe(
    'pass device: 1 × NVIDIA GeForce RTX 4090, driver 575.51.03, as recorded (looked at only, since it is busy)',
  )
})

it('is busy, and no failure, when the proof of another run came first', async () => {
  const asked = ports()
  const before = await asked.lists.pods()
  const other = {
    metadata: { name: 'other', namespace: 'default', labels: { 'k3s-gpu-actions/purpose': 'gpu-proof' } },
    spec: { nodeName: 'calypso', containers: [{ name: 'probe', resources: { limits: { 'nvidia.com/gpu': '1' } } }] },
    status: { phase: 'Running' },
  }
  here.world.objects.put('pods/default/other', other as never)
  const lists = { ...asked.lists, pods: async () => before }
  const { checks } = await gpuJobSuite.verify({ ...asked, lists }, wishOf({ timeoutMs: 20_000 }))
  here.world.objects.delete('pods/default/other')
  expect(said(checks).slice(0, 3).join('\n')).toMatch(/^(skip \w+: busy: .*\n?){3}$/)
})

it('says what keeps it away also where the suite gpu is not asked, and is no proof where nothing has a GPU', async () => {
  here.node(({ status }) => Object.assign(status, { allocatable: { cpu: '16' }, capacity: { cpu: '16' } }))
  const lines = await prove({ suites: new Set(['gpu-job']) })
  const both = await prove()
  here.node(({ status }) => {
    const amounts = { cpu: '16', memory: '64Gi', pods: '110', 'nvidia.com/gpu': '1' }
    Object.assign(status, { allocatable: amounts, capacity: amounts })
  })
  expect([lines[0], both[0]]).toEqual([
    expect.stringMatching(/^fail gpu.capacity: calypso: no GPU is registered/),
    'skip scheduled: blocked by gpu.capacity.calypso',
  ])
  const mistyped = await prove({ suites: new Set(['gpu-job']), nodes: ['calypos'] })
  expect(mistyped[0]).toBe('fail gpu.node.calypos: calypos: the cluster has no such node')
})

it('takes its Job away when the run is cancelled', async () => {
  const cancel = new AbortController()
  const asked = ports(cancel.signal)
  here.ground = { programs: () => undefined, missingImage: () => 'dial tcp 1.2.3.4:443: i/o timeout' }
  const running = gpuJobSuite.verify(asked, wishOf())
  const timer = setInterval(() => {
    if (here.left().length > 1) cancel.abort(new Error('cancelled'))
  }, 10)
  await expect(running).rejects.toThrow('cancelled')
  clearInterval(timer)
  expect(here.world.objects.view(`jobs/${namespace}`)).toEqual([])
})

it('sweeps what a killed run left, an hour later', async () => {
  const { metadata } = here.world.objects.put(`jobs/${namespace}/old`, {
    metadata: {
      name: 'old',
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'k3s-gpu-actions', 'k3s-gpu-actions/pod-run': 'x-1' },
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { suspend: true },
  } as never)
  expect(metadata.name).toBe('old')
  expect((await prove()).at(-1)).toBe('pass leftovers: 1 Job of runs that were killed, now deleted')
})

it('asks nothing in observe mode, and needs no right for it', async () => {
  const wish = wishOf({ mode: 'observe' })
  expect([await gpuJobSuite.verify(ports(), wish), gpuJobSuite.access(wish)]).toEqual([{ checks: [] }, []])
})
