/** What a node should offer, whether it does, and how the wait for it ends. */
import { describe, expect, it } from '@jest/globals'
import {
  awaitCapacity,
  type CapacityEvidence,
  type CapacityGoal,
  type CapacityOutcome,
  capacityChecks,
  expectedCapacity,
  type GpuDevice,
  gpuPodsCheck,
  intendedPlugin,
  type MigDevice,
} from '../../src/gpu/index.ts'
import type { NodeEvent, NodeState, PodEvent, PodState } from '../../src/kubernetes/index.ts'
import { gpuOf, helmChart, nodeOf, podOf, seed001, situationOf, upstreamStatic } from './gpu-cluster-world.ts'

const [card] = gpuOf().devices
const cards = (number: number, changes: Partial<GpuDevice> = {}): readonly GpuDevice[] =>
  Array.from({ length: number }, (_, index) => ({ ...card!, index, uuid: `GPU-${index}`, ...changes }))
const mig = (...profiles: readonly string[]): readonly MigDevice[] =>
  profiles.map((profile, index) => ({ gpuUuid: 'GPU-0', uuid: `MIG-${index}`, profile }))

describe('what is expected', () => {
  const chart = helmChart('nvdp-configs')
  const expected = (text: string, gpu = gpuOf({ devices: cards(2) }), labels: Record<string, string> = {}) =>
    expectedCapacity(gpu, chart, { default: text }, { labels })?.resources

  it('is the physical GPUs, where the plugin has no configuration', () => {
    expect(expectedCapacity(gpuOf({ devices: cards(8) }), upstreamStatic, undefined, nodeOf())).toEqual({
      resources: { 'nvidia.com/gpu': 8 },
      words: '8 GPUs',
    })
    expect(expectedCapacity(gpuOf(), undefined, undefined, nodeOf())).toBeUndefined()
    expect(expectedCapacity(gpuOf({ devices: [] }), upstreamStatic, undefined, nodeOf())?.resources).toEqual({})
  })

  // NVIDIA/k8s-device-plugin: README.md, "With CUDA Time-Slicing", "With CUDA MPS"
  const sharing = (kind: string, more = '') =>
    `version: v1\nsharing:\n  ${kind}:\n${more}    resources:\n    - {name: nvidia.com/gpu, replicas: 10}\n`
  it.each([
    ['time-slicing', sharing('timeSlicing'), { 'nvidia.com/gpu': 20 }],
    [
      'time-slicing under another name',
      sharing('timeSlicing', '    renameByDefault: true\n'),
      { 'nvidia.com/gpu.shared': 20 },
    ],
    ['MPS', sharing('mps'), { 'nvidia.com/gpu': 20 }],
    ['a short name', 'sharing: {timeSlicing: {resources: [{name: gpu, replicas: 3}]}}', { 'nvidia.com/gpu': 6 }],
    [
      'a rename that is not honoured',
      'sharing: {timeSlicing: {resources: [{name: gpu, rename: x, replicas: 3}]}}',
      { 'nvidia.com/gpu': 6 },
    ],
    [
      'another resource',
      'sharing: {timeSlicing: {resources: [{name: mig-1g.10gb, replicas: 3}]}}',
      { 'nvidia.com/gpu': 2 },
    ],
    ['nothing', 'version: v1\n', { 'nvidia.com/gpu': 2 }],
    [
      'copies without sense',
      'sharing: {timeSlicing: {resources: [{name: gpu, replicas: 1e99}, {replicas: 2}, 7, null]}}',
      { 'nvidia.com/gpu': 2 },
    ],
    ['no YAML at all', 'a: [', { 'nvidia.com/gpu': 2 }],
    ['no mapping', '7', { 'nvidia.com/gpu': 2 }],
    ['far too much', `#${'x'.repeat(70_000)}`, { 'nvidia.com/gpu': 2 }],
  ])('is read from the configuration: %s', (_name, text, resources) => {
    expect(expected(text)).toEqual(resources)
  })

  it.each([
    ['none', { 'nvidia.com/gpu': 2 }],
    ['single', { 'nvidia.com/gpu': 4 }],
    ['mixed', { 'nvidia.com/gpu': 1, 'nvidia.com/mig-1g.10gb': 2, 'nvidia.com/mig-1g.10gb.me': 1 }],
  ])('counts MIG as the strategy %s does', (strategy, resources) => {
    const devices = [cards(1, { isMigEnabled: true })[0]!, { ...cards(1)[0]!, uuid: 'GPU-1', isMigEnabled: false }]
    const gpu = gpuOf({ devices, migDevices: mig('1g.10gb', '1g.10gb', '1g.10gb+me') })
    expect(expected(`flags: {migStrategy: ${strategy}}`, gpu)).toEqual(resources)
    if (strategy === 'none') return
    const byEnvironment = JSON.parse(
      JSON.stringify(upstreamStatic).replace('"env":[]', `"env":[{"name":"MIG_STRATEGY","value":"${strategy}"}]`),
    ) as typeof upstreamStatic
    expect(expectedCapacity(gpu, byEnvironment, undefined, nodeOf())?.resources).toEqual(resources)
  })

  it("is that of the node's own configuration, else of the default one", () => {
    const configs = { default: 'version: v1', shared: sharing('timeSlicing') }
    const of = (labels: Record<string, string>) =>
      expectedCapacity(gpuOf(), chart, configs, { labels })?.resources['nvidia.com/gpu']
    expect(of({})).toBe(1)
    expect(of({ 'nvidia.com/device-plugin.config': 'shared' })).toBe(10)
    // A name that is in no map is not looked up in the map's own prototype.
    expect(of({ 'nvidia.com/device-plugin.config': 'constructor' })).toBe(1)
  })

  it('is told by the labels of gpu-feature-discovery where the configuration may not be read', () => {
    const of = (labels: Record<string, string>) => expectedCapacity(gpuOf(), chart, undefined, { labels })?.resources
    const product = { 'nvidia.com/gpu.product': 'NVIDIA-GeForce-RTX-4090' }
    const shared = { 'nvidia.com/gpu.product': 'NVIDIA-GeForce-RTX-4090-SHARED' }
    const counted = { 'nvidia.com/gpu.count': '2', 'nvidia.com/gpu.replicas': '4' }
    expect(of({ ...counted, ...shared })).toEqual({ 'nvidia.com/gpu': 8 })
    expect(of({ ...counted, ...product })).toEqual({ 'nvidia.com/gpu.shared': 8 })
    expect(
      of({ 'nvidia.com/gpu.count': '1', 'nvidia.com/gpu.replicas': '0', 'nvidia.com/mig-1g.5gb.count': '7' }),
    ).toEqual({ 'nvidia.com/mig-1g.5gb': 7 })
    expect(of({ 'nvidia.com/gpu.count': '9e9', 'nvidia.com/mig-x/y.count': '1' })).toEqual({ 'nvidia.com/gpu': 1 })
  })
})

const plugin = intendedPlugin(situationOf({}, {}))!
const offers = (capacity: string, allocatable = capacity): NodeState =>
  nodeOf({ capacity: { 'nvidia.com/gpu': capacity }, allocatable: { 'nvidia.com/gpu': allocatable } })

describe('the checks of capacity', () => {
  const verdicts = (changes: Partial<CapacityEvidence>) => {
    const gpu = changes.gpu ?? gpuOf()
    const evidence = {
      wish: { devicePlugin: 'apply' as const },
      gpu,
      node: offers('1'),
      plugin,
      expected: expectedCapacity(gpu, plugin, undefined, nodeOf()),
      pods: [podOf()],
      ...changes,
    }
    const checks = capacityChecks(evidence)
    return Object.fromEntries(checks.map(({ id, verdict }) => [id.replace('capacity.', ''), verdict]))
  }
  const good = { 'confirm.plugin': 'pass', registered: 'pass', healthy: 'pass', complete: 'pass', fresh: 'pass' }
  const two = gpuOf({ devices: cards(2) })

  it.each<[string, Partial<CapacityEvidence>, Record<string, string>]>([
    ['all is well', {}, good],
    ['none is registered', { node: offers('0') }, { 'confirm.plugin': 'pass', registered: 'fail' }],
    [
      'none is known',
      { node: nodeOf({ capacity: {}, allocatable: {} }) },
      { 'confirm.plugin': 'pass', registered: 'fail' },
    ],
    ['one is unhealthy', { node: offers('1', '0') }, { ...good, healthy: 'fail' }],
    ['one of two is missing', { gpu: two }, { ...good, complete: 'fail' }],
    [
      'fewer than the cluster file says',
      { wish: { devicePlugin: 'apply', expectGpus: 2 } },
      { ...good, complete: 'fail' },
    ],
    ['more than expected', { node: offers('4') }, { ...good, complete: 'warn' }],
    ['left over numbers', { pods: [] }, { ...good, 'confirm.plugin': 'fail', fresh: 'fail' }],
    [
      'a plugin that ends',
      { pods: [podOf({ isTerminating: true })] },
      { ...good, 'confirm.plugin': 'fail', fresh: 'fail' },
    ],
    [
      'a pod of another',
      { pods: [podOf({ owner: 'DaemonSet/other' })] },
      { ...good, 'confirm.plugin': 'fail', fresh: 'fail' },
    ],
    ['a quantity that is no number', { node: offers('1k') }, { 'confirm.plugin': 'pass', registered: 'fail' }],
    ['nobody wants a plugin', { wish: { devicePlugin: 'absent' } }, {}],
    [
      'one is to be verified, and none is there',
      { wish: { devicePlugin: 'verify' }, plugin: undefined, expected: undefined },
      { 'confirm.plugin': 'fail' },
    ],
  ])('tell apart: %s', (_name, changes, expected) => {
    expect(verdicts(changes)).toEqual(expected)
  })

  it('tell the pods that held a GPU before', () => {
    const held = podOf({ uid: 'w', name: 'triton', devices: { 'nvidia.com/gpu': 1 } })
    const refused = {
      ...held,
      phase: 'Failed',
      isReady: false,
      problems: ['UnexpectedAdmissionError: Allocate failed'],
    }
    expect(gpuPodsCheck([podOf()], [], false)).toBeUndefined()
    expect(gpuPodsCheck([held], [held], false)?.verdict).toBe('pass')
    expect(gpuPodsCheck([held], [{ ...held, phase: 'Succeeded', isReady: false }], false)?.verdict).toBe('pass')
    expect(gpuPodsCheck([held], [refused], false)).toMatchObject({
      verdict: 'fail',
      evidence: ['kube-system/triton: Failed, UnexpectedAdmissionError: Allocate failed'],
    })
    expect(gpuPodsCheck([held], [], true)?.verdict).toBe('warn')
    expect(gpuPodsCheck([held], [{ ...held, isReady: false }], false)).toMatchObject({
      verdict: 'warn',
      evidence: ['kube-system/triton: Running, not ready'],
    })
    // Another pod of the same name is another pod.
    expect(gpuPodsCheck([held], [{ ...held, uid: 'x' }], false)?.verdict).toBe('fail')
  })
})

interface Told {
  readonly nodes?: readonly NodeState[]
  readonly pods?: readonly PodState[]
  readonly log?: string
  readonly events?: readonly string[]
}

/** A cluster that tells this much at once and then is silent. The clock goes on whenever it is asked, so that a busy machine changes nothing. */
async function waitWith(told: Told, changes: Partial<CapacityGoal> = {}): Promise<CapacityOutcome> {
  const { nodes = [offers('1')], pods = [podOf()], log = '', events = [] } = told
  let nowMs = 0
  const held = (signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  const goal: CapacityGoal = {
    node: 'calypso',
    plugin,
    expected: { resources: { 'nvidia.com/gpu': 1 }, words: '1 GPU' },
    oldPods: [],
    podsBefore: [],
    isPluginChanged: false,
    isRestarted: false,
    timeoutMs: 60_000,
    ...changes,
  }
  return await awaitCapacity(
    {
      now: () => {
        nowMs += 300
        return nowMs
      },
      cluster: {
        watch: async (_name, onEvent, signal) => {
          // The pods come first: a node that is not known yet has not been seen with less.
          await Promise.resolve()
          for (const node of nodes) onEvent({ type: 'node', node } satisfies NodeEvent)
          await held(signal)
        },
        watchPods: async (_node, onEvent, signal) => {
          for (const pod of pods) onEvent({ type: 'pod', pod } satisfies PodEvent)
          await held(signal)
        },
        podLog: async () => log,
        podEvents: async () => events,
      },
      intervalsMs: { judge: 5, ask: 10 },
    },
    goal,
    new AbortController().signal,
  )
}

describe('the wait for the GPU', () => {
  const changed = { isPluginChanged: true }
  const registered =
    "I1121 22:00:00.000000       1 server.go:149] Registered device plugin for 'nvidia.com/gpu' with Kubelet"

  it('ends at once where nothing was changed and all is there', async () => {
    expect(await waitWith({})).toMatchObject({ type: 'ready' })
  })

  it('does not believe numbers that may be left over', async () => {
    const cameUp = await waitWith({ nodes: [offers('0'), offers('1')] }, changed)
    expect(cameUp).toMatchObject({ type: 'ready' })
    const said = await waitWith({ log: registered }, changed)
    expect(said).toMatchObject({ type: 'ready', state: { isFresh: true } })
    // The log of a pod that was there before may be older than the restart.
    const old = await waitWith({ log: registered }, { isRestarted: true, podsBefore: ['pod-1'], timeoutMs: 5_000 })
    expect(old).toMatchObject({ type: 'deadline', missing: expect.stringMatching(/those of the new plugin/) })
    const before = { ...offers('1'), heartbeatAt: '2026-08-01T10:00:00Z' }
    const beat = { ...before, heartbeatAt: '2026-08-01T10:00:09Z' }
    const restarted = { isRestarted: true, podsBefore: ['pod-1'], before, timeoutMs: 5_000 }
    expect(await waitWith({ nodes: [before] }, restarted)).toMatchObject({ type: 'deadline' })
    expect(await waitWith({ nodes: [beat] }, restarted)).toMatchObject({ type: 'ready' })
    // A kubelet writes what has changed within ten seconds: what stands longer is true.
    expect(await waitWith({}, { ...changed, podsBefore: ['pod-1'] })).toMatchObject({ type: 'ready' })
  })

  it('waits for the pod that replaces the old one', async () => {
    expect(await waitWith({}, { oldPods: ['pod-1'], timeoutMs: 2_000 })).toMatchObject({
      type: 'deadline',
      missing: 'a pod of the device plugin on the node',
    })
  })

  const waiting = (problem: string, more: Partial<PodState> = {}) =>
    podOf({ phase: 'Pending', isReady: false, problems: [problem], ...more })
  // Words of the plugin: NVIDIA/k8s-device-plugin internal/plugin/factory.go, cmd/nvidia-device-plugin/main.go.
  const advice =
    'E1121 22:00:00.000000       1 factory.go:113] If this is a GPU node, did you configure the NVIDIA Container Toolkit?'
  const noStrategy = 'E1121 22:00:00.000000       1 factory.go:112] Incompatible strategy detected auto'
  it.each<[string, Told, Partial<CapacityGoal>, string, RegExp]>([
    [
      'an image that does not come',
      { pods: [waiting('ImagePullBackOff: Back-off pulling image "x"')] },
      {},
      'image',
      /Back-off pulling/,
    ],
    [
      'a plugin that ends again and again',
      {
        pods: [waiting('CrashLoopBackOff: back-off 40s', { phase: 'Running', restarts: 3 })],
        log: `Starting\n${noStrategy}\n${advice}\nlast`,
      },
      {},
      'crash',
      /again and again: Incompatible strategy detected auto/,
    ],
    [
      'a plugin that hides that it sees no GPU',
      { nodes: [offers('0')], log: `I1121 22:00:00.000000 1 main.go:416] No devices found. Waiting indefinitely.` },
      {},
      'no-device',
      /runs without a GPU: No devices found/,
    ],
    [
      'a containerd that does not know the runtime',
      {
        pods: [podOf({ phase: 'Pending', isReady: false })],
        events: [
          'FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured',
        ],
      },
      {},
      'no-runtime',
      /no runtime for "nvidia" is configured/,
    ],
    [
      'a taint that is not tolerated',
      { pods: [] },
      { plugin: helmChart() },
      'not-tolerated',
      /workload-type=gpu-compute:NoSchedule/,
    ],
    ['a label that is not there', { pods: [] }, { plugin: seed001 }, 'not-tolerated', /lacks the label gpu=true/],
    [
      'a pod that the kubelet refuses',
      { pods: [waiting('UnexpectedAdmissionError: x', { phase: 'Failed' })] },
      {},
      'rejected',
      /UnexpectedAdmissionError/,
    ],
    [
      'no room',
      { pods: [waiting('Unschedulable: 0/3 nodes are available: Too many pods')] },
      {},
      'unschedulable',
      /Too many pods/,
    ],
  ])('ends early for %s', async (_name, told, changes, kind, reason) => {
    const foreign = changes.plugin
    const pods = told.pods?.map((pod) => (foreign ? { ...pod, owner: `DaemonSet/${foreign.name}` } : pod))
    const outcome = await waitWith({ ...told, ...(pods ? { pods } : {}) }, changes)
    expect(outcome).toMatchObject({ type: 'hopeless', kind, reason: expect.stringMatching(reason) })
    expect(outcome.elapsedMs).toBeLessThan(60_000)
  })

  it('ends with the signal, and with a watch that breaks', async () => {
    const cluster = {
      watch: async () => {
        throw new Error('forbidden')
      },
      watchPods: async () => {},
      podLog: async () => '',
      podEvents: async () => [],
    }
    const goal = {
      node: 'x',
      plugin,
      expected: { resources: {}, words: '' },
      oldPods: [],
      podsBefore: [],
      isPluginChanged: false,
      isRestarted: false,
      timeoutMs: 1000,
    }
    await expect(awaitCapacity({ now: () => 0, cluster }, goal, new AbortController().signal)).rejects.toThrow(
      'forbidden',
    )
    await expect(
      awaitCapacity({ now: () => 0, cluster }, goal, AbortSignal.abort(new Error('cancelled'))),
    ).rejects.toThrow('cancelled')
  })
})
