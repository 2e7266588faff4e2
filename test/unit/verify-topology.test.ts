import { describe, expect, it } from '@jest/globals'
import { topologyOf } from '../../actions/verify-cluster/topology.ts'
import type { NodeState } from '../../src/kubernetes/index.ts'
import type { Check } from '../../src/report/index.ts'
import type { VerifyWish } from '../../src/verify/index.ts'
import { wishOf } from './verify-wish.ts'

const node = (name: string, more: Partial<NodeState> = {}): NodeState =>
  ({
    name,
    ready: 'True',
    kubeletVersion: 'v1.33.4+k3s1',
    allocatable: { 'nvidia.com/gpu': '1' },
    unschedulable: false,
    isServer: false,
    ...more,
  }) as NodeState
const check = (id: string, verdict: Check['verdict']): Check => ({ id, verdict, question: '', found: '' })
const expected = {
  calypso: { role: 'agent', address: '', version: '', labels: {}, taints: [], podNetwork: 'isolated' },
  tethys: { role: 'server', address: '', version: '', labels: {}, taints: [], podNetwork: 'shared' },
} as const
const wish = (more: Partial<VerifyWish> = {}): VerifyWish => ({ ...wishOf(), expected, ...more })

describe('the picture of a cluster', () => {
  it('shows each node with the worst of its own checks, and what is known of it', () => {
    const checks = [
      check('gpu.capacity.calypso', 'fail'),
      check('gpu.busy.calypso', 'pass'),
      check('nodes.ready', 'warn'),
    ]
    const { nodes } = topologyOf([node('calypso'), node('tethys', { isServer: true })], wish(), 'https://a', checks, {})
    expect(nodes).toEqual([
      { name: 'calypso', isServer: false, verdict: 'fail', words: ['v1.33.4+k3s1', '1 GPU', 'pods isolated'] },
      { name: 'tethys', isServer: true, verdict: 'pass', words: ['v1.33.4+k3s1', '1 GPU'] },
    ])
  })

  it('tells a node that is missing from one that nobody could ask for', () => {
    const names = (nodes: readonly NodeState[] | undefined) =>
      topologyOf(nodes, wish(), '', [], {}).nodes.map(({ name, verdict, words }) => [name, verdict, words[0]])
    expect(names([node('calypso', { ready: 'Unknown' })])).toEqual([
      ['tethys', 'fail', 'missing'],
      ['calypso', 'fail', 'v1.33.4+k3s1'],
    ])
    expect(names(undefined)).toEqual([
      ['calypso', 'skip', 'not asked'],
      ['tethys', 'skip', 'not asked'],
    ])
  })

  it('is about the chosen nodes, and about thirty at most', () => {
    const all = Array.from({ length: 50 }, (_, index) => node(`n${index}`))
    const { expected: _, ...anything } = wish()
    expect(topologyOf(all, anything, '', [], {}).nodes).toHaveLength(30)
    expect(topologyOf(all, { ...anything, nodes: ['n7'] }, '', [], {}).nodes.map(({ name }) => name)).toEqual(['n7'])
  })
})
