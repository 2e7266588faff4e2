/** The suite gpu: every layer below a pod, one fault at a time, and what it blocks. */
import { describe, expect, it } from '@jest/globals'
import type { Check } from '../../src/report/index.ts'
import { gpuEntries } from '../../src/verify/suites/gpu/entries.ts'
import { firstFailure, judgeGpu } from '../../src/verify/suites/gpu/judge.ts'
import { type GpuNode, type GpuWorld, gpuNodeNames } from '../../src/verify/suites/gpu/read.ts'
import { helmChart } from './gpu-cluster-world.ts'
import {
  annotation,
  calypsoNode,
  expectedCalypso,
  gpuNode,
  gpuWorld,
  holder,
  nowMs,
  podSeen,
} from './verify-gpu-world.ts'

const verdicts = (checks: readonly Check[]): string =>
  checks.map(({ id, verdict }) => `${id.replace('gpu.', '').replace('.calypso', '')}=${verdict}`).join(' ')
const checkOf = (world: GpuWorld, id: string): Check => {
  const found = judgeGpu(world, []).find((one) => one.id === id)
  if (found === undefined) throw new Error(`no check ${id}`)
  return found
}
const capacityOf = (changes: Parameters<typeof calypsoNode>[0], more: Parameters<typeof gpuNode>[0] = {}): Check =>
  checkOf(gpuWorld([gpuNode({ node: calypsoNode(changes), ...more })]), 'gpu.capacity.calypso')
const gpus = (capacity: string, allocatable = capacity) => ({
  capacity: { 'nvidia.com/gpu': capacity },
  allocatable: { 'nvidia.com/gpu': allocatable },
})

it('finds calypso well, and says who holds nothing', () => {
  const checks = judgeGpu(gpuWorld(), [])
  expect(verdicts(checks)).toBe(
    'runtime-class=pass node=pass plugin=pass capacity=pass annotation=pass busy=pass cuda=skip',
  )
  expect(checkOf(gpuWorld(), 'gpu.busy.calypso').found).toBe('1 of 1 nvidia.com/gpu free')
  expect(checkOf(gpuWorld(), 'gpu.annotation.calypso').found).toContain('driver 575.51.03, CUDA 12.9')
})

it('says who holds the GPU without naming pods, which change every night', () => {
  const found = checkOf(gpuWorld([gpuNode({ pods: [podSeen(), holder] })]), 'gpu.busy.calypso')
  expect([found.verdict, found.found]).toEqual([
    'pass',
    '0 of 1 nvidia.com/gpu free; the others are held by pods of triton',
  ])
})

describe('one fault at a time, and what it blocks', () => {
  const rest = 'annotation=pass busy=pass cuda=skip'
  const offersNone = { capacity: {}, allocatable: {} }
  it.each<[string, GpuWorld, string, string, RegExp]>([
    [
      'the node is not there',
      gpuWorld([gpuNode({ node: undefined, pods: [] })]),
      'runtime-class=pass node=fail plugin=skip capacity=skip annotation=skip busy=skip cuda=skip',
      'gpu.node.calypso',
      /the cluster has no such node/,
    ],
    [
      'the node is not Ready',
      gpuWorld([gpuNode({ node: calypsoNode({ ready: 'Unknown', readyReason: 'NodeStatusUnknown' }) })]),
      `runtime-class=pass node=fail plugin=skip capacity=skip ${rest}`,
      'gpu.node.calypso',
      /Ready is Unknown \(NodeStatusUnknown\)/,
    ],
    [
      'its kubelet has died, though it is still Ready',
      gpuWorld([gpuNode({ leaseMs: nowMs - 46_000 })]),
      `runtime-class=pass node=fail plugin=skip capacity=skip ${rest}`,
      'gpu.node.calypso',
      /Ready, but its kubelet has sent no sign of life/,
    ],
    [
      'it is cordoned, which blocks nothing here',
      gpuWorld([gpuNode({ node: calypsoNode({ unschedulable: true }) })]),
      `runtime-class=pass node=warn plugin=pass capacity=pass ${rest}`,
      'gpu.node.calypso',
      /cordoned/,
    ],
    [
      'the disk is full',
      gpuWorld([
        gpuNode({
          node: calypsoNode({
            conditions: [{ type: 'DiskPressure', status: 'True', reason: '', message: 'm', since: '' }],
          }),
        }),
      ]),
      `runtime-class=pass node=fail plugin=skip capacity=skip ${rest}`,
      'gpu.node.calypso',
      /DiskPressure/,
    ],
    [
      'there is no RuntimeClass, and no GPU either',
      { nodes: [gpuNode({ node: calypsoNode(offersNone) })], nowMs },
      `runtime-class=fail node=pass plugin=skip capacity=skip ${rest}`,
      'gpu.runtime-class',
      /there is none/,
    ],
    [
      'there is no RuntimeClass, but the GPU is registered all the same',
      { nodes: [gpuNode()], nowMs },
      `runtime-class=warn node=pass plugin=pass capacity=pass ${rest}`,
      'gpu.runtime-class',
      /there is none/,
    ],
    [
      'the RuntimeClass leads elsewhere',
      gpuWorld(undefined, { runtimeClass: { handler: 'runc' } }),
      `runtime-class=warn node=pass plugin=pass capacity=pass ${rest}`,
      'gpu.runtime-class',
      /its handler is runc/,
    ],
    [
      'the plugin does not run',
      gpuWorld([
        gpuNode({
          node: calypsoNode(offersNone),
          pods: [
            podSeen({
              isReady: false,
              phase: 'Pending',
              troubles: [{ reason: 'ImagePullBackOff', message: 'Back-off', container: 'c' }],
            }),
          ],
        }),
      ]),
      `runtime-class=pass node=pass plugin=fail capacity=skip ${rest}`,
      'gpu.plugin.calypso',
      /is not Ready: ImagePullBackOff/,
    ],
    [
      'the plugin does not tolerate the taint',
      gpuWorld([
        gpuNode({
          pods: [],
          node: calypsoNode({ ...offersNone, taints: [{ key: 'other', value: 'x', effect: 'NoSchedule' }] }),
        }),
      ]),
      `runtime-class=pass node=pass plugin=fail capacity=skip ${rest}`,
      'gpu.plugin.calypso',
      /the taint other=x:NoSchedule is not tolerated/,
    ],
    [
      'there is no plugin',
      gpuWorld([gpuNode({ plugin: undefined, pods: [], node: calypsoNode(offersNone) })]),
      `runtime-class=pass node=pass plugin=fail capacity=skip ${rest}`,
      'gpu.plugin.calypso',
      /no NVIDIA device plugin/,
    ],
    [
      'an unknown plugin offers it',
      gpuWorld([gpuNode({ plugin: undefined, pods: [] })]),
      `runtime-class=pass node=pass plugin=warn capacity=pass ${rest}`,
      'gpu.plugin.calypso',
      /by no device plugin that this program knows/,
    ],
  ])('%s', (_, world, expected, id, found) => {
    const checks = judgeGpu(world, [])
    expect(verdicts(checks)).toBe(expected)
    const worst = checkOf(world, id)
    expect(worst.found).toMatch(found)
    expect(worst.remedy).toBeTruthy()
    for (const one of checks.filter(({ found: said }) => said.startsWith('blocked by')))
      expect(one.found).toBe(`blocked by ${id}`)
    const [node] = world.nodes
    expect(firstFailure(node as GpuNode, world)).toBe(worst.verdict === 'fail' ? id : undefined)
  })
})

describe('capacity = allocatable = expected', () => {
  it.each<[string, Check, string, RegExp, RegExp]>([
    [
      'none is registered',
      capacityOf({ capacity: {}, allocatable: {} }),
      'fail',
      /no GPU is registered/,
      /rollout restart daemonset/,
    ],
    ['zero is registered', capacityOf(gpus('0')), 'fail', /no GPU is registered/, /rollout restart/],
    ['it is unhealthy', capacityOf(gpus('1', '0')), 'fail', /only 0 of 1 nvidia.com\/gpu are healthy/, /xid/],
    [
      'there are more than recorded',
      capacityOf(gpus('2')),
      'warn',
      /2 nvidia.com\/gpu registered, 1 GPU expected/,
      /press gpu-runtime/,
    ],
    [
      'fewer than the cluster file says',
      capacityOf({}, { expected: { ...expectedCalypso, gpu: { count: 2 } } }),
      'fail',
      /the machine has 1 GPU, the cluster file says 2/,
      /correct gpu.count/,
    ],
    [
      'fewer registered than recorded',
      capacityOf(
        {
          ...gpus('1'),
          annotations: {
            'k3s-gpu-actions/gpu': annotation.replace('"gpus":[', '"gpus":[{"uuid":"GPU-2","product":"x"},'),
          },
        },
        { expected: undefined },
      ),
      'fail',
      /1 nvidia.com\/gpu registered, 2 GPUs expected/,
      /nvidia-smi -L/,
    ],
    [
      'fewer than the cluster file says, by an unknown plugin, where nobody recorded anything',
      capacityOf(
        { annotations: {} },
        { plugin: undefined, pods: [], expected: { ...expectedCalypso, gpu: { count: 2 } } },
      ),
      'fail',
      /1 GPU registered, the cluster file says 2/,
      /nvidia-smi -L/,
    ],
    [
      'nobody recorded anything',
      capacityOf({ annotations: {} }, { expected: undefined }),
      'pass',
      /capacity 1, allocatable 1/,
      /^/,
    ],
    [
      'shared by its plugin',
      capacityOf(
        { ...gpus('4'), labels: { ...calypsoNode().labels } },
        {
          plugin: helmChart('nvidia-plugin-configs'),
          pluginConfig: {
            default: 'sharing:\n  timeSlicing:\n    resources:\n      - name: nvidia.com/gpu\n        replicas: 4\n',
          },
          pods: [podSeen({ namespace: helmChart('x').namespace, owner: `DaemonSet/${helmChart('x').name}` })],
        },
      ),
      'pass',
      /capacity 4, allocatable 4/,
      /^/,
    ],
  ])('%s', (_, check, verdict, found, remedy) => {
    expect([check.verdict, check.found]).toEqual([verdict, expect.stringMatching(found)])
    expect(check.remedy ?? '').toMatch(remedy)
  })
})

describe('what was recorded', () => {
  const annotationOf = (text: string | undefined, product = 'NVIDIA GeForce RTX 4090'): Check =>
    checkOf(
      gpuWorld([
        gpuNode({
          node: calypsoNode({ annotations: text === undefined ? {} : { 'k3s-gpu-actions/gpu': text } }),
          expected: { ...expectedCalypso, gpu: { count: 1, product } },
        }),
      ]),
      'gpu.annotation.calypso',
    )
  it.each<[string, Check, string]>([
    ['absent', annotationOf(undefined), 'skip'],
    ['begun and not finished', annotationOf('{"by":"k3s-gpu-actions","label":"nvidia.com/gpu.present"}'), 'skip'],
    ['another product', annotationOf(annotation, 'NVIDIA H100'), 'warn'],
    ['no JSON', annotationOf('{'), 'warn'],
    ['another shape', annotationOf('[1]'), 'warn'],
    ['a flood', annotationOf(`{"gpus":["${'x'.repeat(70_000)}"]}`), 'warn'],
  ])('%s', (_, check, verdict) => expect(check.verdict).toBe(verdict))
})

describe('CUDA across nodes', () => {
  const withCuda = (name: string, cuda: string): GpuNode =>
    gpuNode({
      name,
      node: calypsoNode({ name, annotations: { 'k3s-gpu-actions/gpu': annotation.replace('"12.9"', `"${cuda}"`) } }),
    })
  it.each<[string, readonly GpuNode[], string]>([
    ['one node', [withCuda('calypso', '12.9')], 'skip'],
    ['the same major version', [withCuda('calypso', '12.4'), withCuda('spark', '12.9')], 'pass'],
    ['another major version', [withCuda('calypso', '12.9'), withCuda('spark', '13.0')], 'warn'],
    ['unknown on one', [withCuda('calypso', '12.9'), withCuda('spark', 'new')], 'skip'],
  ])('%s', (_, nodes, verdict) => expect(checkOf(gpuWorld(nodes), 'gpu.cuda').verdict).toBe(verdict))
})

it('lowers what the cluster file lowers, says so, and blocks all the same', () => {
  const world = gpuWorld([gpuNode({ node: calypsoNode({ ready: 'False' }) })])
  const checks = judgeGpu(world, [{ check: 'gpu.node.*', namespace: '', atMost: 'warn' }])
  expect(verdicts(checks)).toContain('node=warn plugin=skip')
  expect(checks.find(({ id }) => id === 'gpu.node.calypso')?.found).toContain('severity lowered in the cluster file')
})

it('knows GPU nodes by label, annotation, capacity and cluster file, as far as the run is about them', () => {
  const plain = calypsoNode({ name: 'a', labels: {}, annotations: {}, capacity: {} })
  const nodes = [
    plain,
    calypsoNode({ name: 'b', annotations: {}, capacity: {} }),
    calypsoNode({ name: 'c', labels: {}, annotations: {} }),
  ]
  const expected = { d: expectedCalypso, e: { ...expectedCalypso, gpu: { count: 0 } }, constructor: expectedCalypso }
  expect(gpuNodeNames(nodes, { nodes: [], expected })).toEqual(['b', 'c', 'constructor', 'd'])
  expect(gpuNodeNames(nodes, { nodes: ['c', 'a'], expected })).toEqual(['c'])
  // One that is named and not there is none of which nothing needs to be said.
  expect(gpuNodeNames(nodes, { nodes: ['a', 'calypos'], expected: {} })).toEqual(['calypos'])
})

it('says one word where nothing has a GPU, and every check belongs to an entry', () => {
  expect(judgeGpu({ nodes: [], nowMs }, [])).toEqual([expect.objectContaining({ id: 'gpu.cuda', verdict: 'skip' })])
  const known = gpuEntries.map(({ id }) => id.replace('<node>', 'calypso'))
  for (const { id, question } of judgeGpu(gpuWorld(), [])) {
    expect(known).toContain(id)
    expect(question).toMatch(/\?$/)
  }
})
