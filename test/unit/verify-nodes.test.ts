import { describe, expect, it } from '@jest/globals'
import { ClusterError, type NodeCondition, type NodeState } from '../../src/kubernetes/index.ts'
import type { ExpectedNode, VerifyWish } from '../../src/verify/model.ts'
import { judgeNodes, type NodesReading } from '../../src/verify/suites/nodes/index.ts'
import { nodeCalypso, serverNode, version } from './situations.ts'
import { wishOf } from './verify-wish.ts'

const nowMs = Date.parse('2026-11-22T02:00:00Z')
const day = 86_400_000
const condition = (type: string, status: string, changes: Partial<NodeCondition> = {}): NodeCondition => ({
  type,
  status,
  reason: '',
  message: '',
  since: new Date(nowMs - 9.5 * day).toISOString(),
  ...changes,
})
const expectedCalypso: ExpectedNode = {
  role: 'agent',
  address: '192.168.2.80',
  version: '',
  labels: { 'oceanid.node/name': 'calypso' },
  taints: [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
  podNetwork: 'isolated',
}
const expectedServer: ExpectedNode = {
  ...expectedCalypso,
  role: 'server',
  address: '157.173.210.123',
  labels: {},
  taints: [],
}
const expected = { calypso: expectedCalypso, srv712429: expectedServer }

function judge(
  nodes: readonly NodeState[],
  changes: { reading?: Partial<NodesReading>; wish?: Partial<VerifyWish> } = {},
) {
  const renewals = new Map(nodes.map(({ name }) => [name, nowMs - 5_000]))
  const checks = judgeNodes(
    { nodes, renewals, serverVersion: version, nowMs, ...changes.reading },
    wishOf({ expected, ...changes.wish }),
  )
  return (id: string) => checks.find((check) => check.id === `nodes.${id}`)
}

describe('the nodes of a healthy cluster', () => {
  it('pass every check', () => {
    const of = judge([nodeCalypso(), serverNode()])
    const verdicts = ['expected', 'ready', 'heartbeat', 'cordoned', 'pressure', 'conditions', 'version'].map(of)
    const others = ['labels', 'taints', 'addresses'].map(of)
    expect([...verdicts, ...others].map((check) => check?.verdict)).toEqual(Array(10).fill('pass'))
    expect(of('ready')?.found).toBe('2 nodes Ready')
  })

  it('leave open what only a cluster file could say', () => {
    const of = judge([nodeCalypso(), serverNode()], { wish: { expected: undefined as never } })
    expect(['expected', 'labels', 'taints'].map((id) => of(id)?.verdict)).toEqual(['skip', 'skip', 'skip'])
    expect(of('expected')?.found).toBe('2 nodes; no cluster file says which there must be')
  })
})

/** Changed calypso, or another wish → id, verdict and words of the one check that is not as before. */
const faults: readonly [string, NodeState[], Parameters<typeof judge>[1], string, string, string][] = [
  [
    'does not talk any more',
    [nodeCalypso({ ready: 'Unknown', conditions: [condition('Ready', 'Unknown')] }), serverNode()],
    {},
    'ready',
    'fail',
    '1 of 2 nodes Ready; calypso: Ready is Unknown for 9 days',
  ],
  [
    'died a minute ago and is still Ready',
    [nodeCalypso(), serverNode()],
    {
      reading: {
        renewals: new Map([
          ['calypso', nowMs - 45_000],
          ['srv712429', nowMs],
        ]),
      },
    },
    'heartbeat',
    'fail',
    'calypso: Ready, and silent',
  ],
  [
    'has a clock that is ahead',
    [nodeCalypso(), serverNode()],
    {
      reading: {
        renewals: new Map([
          ['calypso', nowMs + 90_000],
          ['srv712429', nowMs],
        ]),
      },
    },
    'heartbeat',
    'warn',
    'calypso: its heartbeats come from the future',
  ],
  [
    'has no Lease',
    [nodeCalypso(), serverNode()],
    { reading: { renewals: new Map([['srv712429', nowMs]]) } },
    'heartbeat',
    'warn',
    'calypso: Ready, and has no Lease',
  ],
  ['is cordoned', [nodeCalypso({ unschedulable: true }), serverNode()], {}, 'cordoned', 'warn', 'calypso: cordoned'],
  [
    'has a full disk',
    [nodeCalypso({ conditions: [condition('DiskPressure', 'True')] }), serverNode()],
    {},
    'pressure',
    'fail',
    'calypso: DiskPressure for 9 days',
  ],
  [
    'has a file system that became read-only',
    [nodeCalypso({ conditions: [condition('ReadonlyFilesystem', 'True')] }), serverNode()],
    {},
    'conditions',
    'warn',
    'calypso: ReadonlyFilesystem is True for 9 days',
  ],
  [
    'is no voter of etcd',
    [nodeCalypso({ conditions: [condition('EtcdIsVoter', 'False')] }), serverNode()],
    {},
    'conditions',
    'warn',
    'calypso: EtcdIsVoter is False for 9 days',
  ],
  [
    'is newer than the server',
    [nodeCalypso({ kubeletVersion: 'v1.34.1+k3s1' }), serverNode()],
    {},
    'version',
    'fail',
    'calypso: v1.34.1+k3s1 is newer than the server (v1.33.4+k3s1)',
  ],
  [
    'is four minor versions behind',
    [nodeCalypso({ kubeletVersion: 'v1.29.9+k3s1' }), serverNode()],
    {},
    'version',
    'fail',
    'calypso: v1.29.9+k3s1 is too old for the server (v1.33.4+k3s1)',
  ],
  [
    'is older, where nobody asked for a version',
    [nodeCalypso({ kubeletVersion: 'v1.33.1+k3s1' }), serverNode()],
    {},
    'version',
    'warn',
    'calypso: has v1.33.1+k3s1, the server v1.33.4+k3s1',
  ],
  [
    'has another version than the cluster file says',
    [nodeCalypso(), serverNode()],
    { wish: { expected: { ...expected, calypso: { ...expectedCalypso, version: 'v1.33.2+k3s1' } } } },
    'version',
    'fail',
    'calypso: has v1.33.4+k3s1, wanted is v1.33.2+k3s1',
  ],
  [
    'lost its label',
    [nodeCalypso({ labels: {} }), serverNode()],
    {},
    'labels',
    'fail',
    'calypso: lacks oceanid.node/name=calypso',
  ],
  [
    'lost its taint',
    [nodeCalypso({ taints: [] }), serverNode()],
    {},
    'taints',
    'fail',
    'calypso: lacks workload-type=gpu-compute:NoSchedule',
  ],
  [
    'has the address of another node',
    [nodeCalypso({ internalIps: ['157.173.210.123', '192.168.2.80'] }), serverNode()],
    {},
    'addresses',
    'fail',
    'shares its address 157.173.210.123 with another node: calypso, srv712429',
  ],
  [
    'has another address than the cluster file says',
    [nodeCalypso({ internalIps: ['10.0.0.7'] }), serverNode()],
    {},
    'addresses',
    'warn',
    'calypso: has 10.0.0.7, the cluster file says 192.168.2.80',
  ],
  ['is not there', [serverNode()], {}, 'expected', 'fail', 'calypso: is no node of this cluster'],
  [
    'has company that nobody named',
    [nodeCalypso(), serverNode(), nodeCalypso({ name: 'spark', internalIps: ['192.168.2.81'] })],
    {},
    'expected',
    'warn',
    'spark: is not in the cluster file',
  ],
]

describe('calypso', () => {
  it.each(faults)('%s', (_what, nodes, changes, id, verdict, found) => {
    const of = judge(nodes, changes)
    expect(of(id)).toMatchObject({ verdict, found })
    expect(of(id)?.cause).toBeTruthy()
    expect(of(id)?.remedy).toBeTruthy()
    const rest = ['expected', 'ready', 'heartbeat', 'cordoned', 'pressure', 'conditions', 'version', 'labels', 'taints']
    const broken = rest.filter((other) => other !== id && of(other)?.verdict !== 'pass')
    expect(broken).toEqual([])
  })

  it('of kubeadm has another unit, and packages of its owner', () => {
    const kubeadm = { kubeletVersion: 'v1.32.7', ready: 'Unknown' } as const
    const of = judge([nodeCalypso(kubeadm), { ...serverNode(), kubeletVersion: 'v1.32.3' }], {
      reading: { serverVersion: 'v1.32.3' },
      wish: { version: 'match-server', distribution: 'kubeadm' },
    })
    expect(of('ready')?.remedy).toMatch(/journalctl -u kubelet /)
    expect(of('version')).toMatchObject({ verdict: 'warn', remedy: expect.stringMatching(/kubeadm upgrade node/) })
  })

  it('is not called dead where its Node says so itself, nor in its first moments', () => {
    const silent = { reading: { renewals: new Map<string, number>([['srv712429', nowMs]]) } }
    expect(judge([nodeCalypso({ ready: 'False' }), serverNode()], silent)('heartbeat')?.verdict).toBe('pass')
    const fresh = nodeCalypso({ createdAt: new Date(nowMs - 8_000).toISOString() })
    expect(judge([fresh, serverNode()], silent)('heartbeat')?.verdict).toBe('pass')
  })

  it('may be all that a run is about', () => {
    const dead = { ...serverNode(), ready: 'False' as const }
    const of = judge([nodeCalypso(), dead], { wish: { nodes: ['calypso'] } })
    expect(of('ready')).toMatchObject({ verdict: 'pass', found: '1 node Ready' })
    const gone = judge([dead], { wish: { nodes: ['calypso'] } })
    expect(gone('expected')).toMatchObject({ verdict: 'fail', found: 'calypso: is no node of this cluster' })
  })

  it('has conditions that nobody can judge by their names', () => {
    const node = nodeCalypso({ conditions: [condition('EtcdIsVoter', 'True'), condition('Sunny', 'True')] })
    expect(judge([node, serverNode()])('conditions')?.verdict).toBe('pass')
  })
})

describe('nodes that cannot be judged', () => {
  it('are a skip where Leases may not be read, and an error where they could not be', () => {
    const refusal = new ClusterError('forbidden', {
      title: 'the user of the kubeconfig may not list leases.coordination.k8s.io in namespace kube-node-lease',
      cause: '',
      remedy: '',
      access: { verb: 'list', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' },
    })
    const of = judge([nodeCalypso(), serverNode()], { reading: { renewals: refusal } })
    expect(of('heartbeat')).toMatchObject({
      verdict: 'skip',
      found: 'may not be asked: list leases.coordination.k8s.io in namespace kube-node-lease',
    })
    expect(() => judge([], { reading: { renewals: new Error('cut') } })).toThrow('cut')
  })

  it('a cluster without any is not well', () => {
    expect(judge([], { wish: { expected: undefined as never } })('ready')?.verdict).toBe('fail')
  })

  it('997 of 1000, in one line', () => {
    const nodes = Array.from({ length: 1000 }, (_, index) =>
      nodeCalypso({
        name: `n${index}`,
        internalIps: [`10.0.${index >> 8}.${index & 255}`],
        ready: index < 7 ? 'False' : 'True',
      }),
    )
    const of = judge(nodes, { wish: { expected: undefined as never } })
    expect(of('ready')?.found).toBe('993 of 1000 nodes Ready; Ready is False: n0, n1, n2, n3, n4 and 2 more')
  })
})
