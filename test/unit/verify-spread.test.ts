/** Pods of one Job over all nodes. Words of the scheduler: kubernetes/kubernetes, pkg/scheduler/framework/plugins/podtopologyspread. */
import { describe, expect, it } from '@jest/globals'
import {
  type ApiObject,
  type Cluster,
  ClusterError,
  type NodeState,
  type PodState,
} from '../../src/kubernetes/index.ts'
import type { VerifyPorts } from '../../src/verify/model.ts'
import { renderSpread, type SpreadOutcome } from '../../src/verify/pod-run/spread.ts'
import { eligibleNodes, judgeSpread, reasonAgainst, spreadSuite } from '../../src/verify/suites/spread/index.ts'
import { podOf } from './gpu-cluster-world.ts'
import { askedWorld, wishOf } from './verify-asked-world.ts'

const busybox = 'docker.io/library/busybox:stable'
const node = (name: string, changes: Partial<NodeState> = {}): NodeState =>
  ({
    name,
    ready: 'True',
    unschedulable: false,
    images: [busybox],
    labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    taints: [],
    kubeletVersion: 'v1.32.3',
    ...changes,
  }) as unknown as NodeState
const three = [node('karstark'), node('lipps'), node('manderly')]
const velaryon = node('velaryon', { taints: [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }] })
const wish = wishOf({ mode: 'probe', timeoutMs: 2_000 })
const skew =
  "Unschedulable: 0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match pod topology spread constraints."

describe('where ordinary pods go', () => {
  it('is every node that is Ready, open and without a taint that keeps them away; named ones first', () => {
    const all = [
      ...three,
      velaryon,
      node('off', { ready: 'Unknown' }),
      node('closed', { unschedulable: true }),
      node('rather-not', { taints: [{ key: 'x', effect: 'PreferNoSchedule' }] }),
    ]
    expect(eligibleNodes(all, { nodes: ['lipps'] }).map(({ name }) => name)).toEqual([
      'lipps',
      'karstark',
      'manderly',
      'rather-not',
    ])
    expect(reasonAgainst(velaryon)).toBe('takes only pods that tolerate gpu=true:NoSchedule')
    const many = Array.from({ length: 1000 }, (_, index) => node(`n${index}`))
    expect(eligibleNodes([...many, node('zz')], { nodes: ['zz'] })[0]?.name).toBe('zz')
    expect(eligibleNodes(many, { nodes: [] })).toHaveLength(24)
  })
})

describe('what became of the pods', () => {
  const on = (...names: string[]): SpreadOutcome => ({
    running: new Map(names.map((name) => [name, 1])),
    broken: new Map(),
    unplaced: [],
    isLate: false,
    leftover: '',
  })
  const refusal = {
    code: 'quota' as const,
    isAdmitted: false,
    found: 'the quota is used up',
    cause: 'c',
    remedy: 'r',
    evidence: [],
  }
  const imageless = { ...refusal, code: 'image' as const, found: 'the image is not on lipps' }
  it.each<[string, SpreadOutcome, string, RegExp]>([
    [
      'one on each',
      on('karstark', 'lipps', 'manderly'),
      'pass',
      /^a pod on each of 3 nodes: karstark, lipps, manderly$/,
    ],
    [
      'none on one',
      { ...on('karstark', 'manderly'), unplaced: [skew] },
      'fail',
      /2 of 3 nodes run a pod; lipps: runs none/,
    ],
    ['shared out wrongly', { ...on('karstark'), running: new Map([['karstark', 3]]) }, 'fail', /1 of 3 nodes/],
    [
      'an image that cannot be fetched',
      { ...on('karstark', 'manderly'), broken: new Map([['lipps', imageless]]) },
      'warn',
      /the image is not on lipps/,
    ],
    [
      'a runtime that does not start it',
      { ...on('karstark', 'manderly'), broken: new Map([['lipps', { ...imageless, code: 'sandbox' as const }]]) },
      'fail',
      /2 of 3/,
    ],
    ['refused', { ...on(), refusal }, 'skip', /quota is used up/],
    [
      'left behind',
      { ...on('karstark', 'lipps', 'manderly'), leftover: 'verify/job' },
      'warn',
      /could not be taken away/,
    ],
  ])('%s', (_name, outcome, verdict, found) => {
    expect(judgeSpread(three, outcome, wish)).toMatchObject({
      id: 'spread.pods',
      verdict,
      found: expect.stringMatching(found),
    })
  })
})

it('is one Job that goes through the scheduler, one pod a node, and honours taints', () => {
  const spec = { purpose: 'spread', namespace: 'verify', nodes: three, image: busybox, pull: 'never' as const }
  const job = renderSpread(spec, { key: 'k-1', runId: 'k', label: 'run 1' }, 60_000)
  expect(job).toMatchObject({
    spec: {
      parallelism: 3,
      completions: 3,
      template: {
        spec: {
          tolerations: [],
          topologySpreadConstraints: [{ maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', nodeTaintsPolicy: 'Honor' }],
          securityContext: { runAsNonRoot: true },
        },
      },
    },
  })
  expect(JSON.stringify(job)).not.toMatch(/nodeName|"nodeSelector"/)
})

/** A cluster whose scheduler gives the pods of a Job to these nodes, or says why not. */
function scheduler(placed: readonly string[], nodes = three, refuses = false) {
  const log: string[] = []
  const cancel = new AbortController()
  const world = askedWorld({ nodes })
  const pods = new Map<string, PodState>()
  let show: Parameters<Cluster['watchPodsWith']>[2] = () => undefined
  const cluster: Partial<Cluster> = {
    async createObject({ resource }, object: ApiObject) {
      if (refuses) throw new ClusterError('forbidden', { title: 'title', cause: 'c', remedy: 'r' })
      const { name } = object.metadata as { name: string }
      log.push(`create ${resource}`)
      const { parallelism } = object.spec as { parallelism: number }
      setTimeout(() => {
        for (let index = 0; index < parallelism; index++) {
          const on = placed[index]
          const state = on === undefined ? { phase: 'Pending', problems: [skew] } : { phase: 'Running', node: on }
          const pod = podOf({ name: `pod-${index}`, ...state })
          pods.set(pod.name, pod)
          show({ type: 'pod', pod })
        }
      }, 2)
      return { name, uid: 'uid' }
    },
    async deleteObject({ resource }) {
      log.push(`delete ${resource}`)
      for (const name of pods.keys()) setTimeout(() => show({ type: 'gone', namespace: '', name }), 1)
    },
    async watchPodsWith(_namespace, _selector, onEvent, signal) {
      show = onEvent
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    },
    list: async () => [],
  }
  const ports: VerifyPorts = {
    ...world,
    cluster: { ...world.cluster, ...cluster } as Cluster,
    now: () => Date.now(),
    signal: cancel.signal,
  }
  const ask = async (changes = {}) => (await spreadSuite.verify(ports, { ...wish, ...changes })).checks[0]
  return { log, cancel, ask }
}

describe('the suite', () => {
  it('sees a pod on every node, and takes them away', async () => {
    const { ask, log } = scheduler(['karstark', 'lipps', 'manderly'])
    expect(await ask()).toMatchObject({ verdict: 'pass' })
    expect(log).toEqual(['create jobs', 'delete jobs'])
  })

  it('names the node that gets none, in the scheduler’s words', async () => {
    const { ask, log } = scheduler(['karstark', 'lipps'])
    expect(await ask({ timeoutMs: 300 })).toMatchObject({
      verdict: 'fail',
      found: expect.stringMatching(/manderly: runs none/),
      evidence: [expect.stringMatching(/Insufficient cpu/)],
    })
    expect(log.at(-1)).toBe('delete jobs')
  })

  it('takes the pods away when the run is cancelled', async () => {
    const { ask, log, cancel } = scheduler(['karstark'])
    const asked = ask({ timeoutMs: 60_000 })
    setTimeout(() => cancel.abort(new Error('cancelled')), 20)
    await expect(asked).rejects.toThrow('cancelled')
    expect(log).toEqual(['create jobs', 'delete jobs'])
  })

  it('says why there is nothing to ask, and creates nothing then', async () => {
    const tainted = scheduler([], [...three, velaryon])
    expect(await tainted.ask({ nodes: ['velaryon'] })).toMatchObject({
      verdict: 'skip',
      found: 'velaryon takes only pods that tolerate gpu=true:NoSchedule',
    })
    const alone = scheduler([], [node('karstark')])
    expect(await alone.ask()).toMatchObject({ verdict: 'skip', found: expect.stringMatching(/fewer than two/) })
    const bare = scheduler(
      [],
      three.map(({ name }) => node(name, { images: ['registry.k8s.io/pause:3.10'] })),
    )
    expect(await bare.ask()).toMatchObject({ verdict: 'skip', remedy: expect.stringMatching(/probe-image/) })
    expect(await alone.ask({ mode: 'observe' })).toBeUndefined()
    expect([...tainted.log, ...alone.log, ...bare.log]).toEqual([])
    expect(await scheduler([], three, true).ask()).toMatchObject({
      verdict: 'skip',
      found: expect.stringMatching(/may not make Jobs/),
    })
  })
})
