import { describe, expect, it } from '@jest/globals'
import { type AgentState, missingUntilReady, type ReadyGoal } from '../../src/join/index.ts'
import { nodeCalypso, version } from './situations.ts'

const goal: ReadyGoal = {
  node: 'calypso',
  version,
  leaseBeforeMs: undefined,
  uidBefore: undefined,
  isFirstStart: true,
  timeoutMs: 180_000,
}
const active = {
  type: 'unit',
  activeState: 'active',
  subState: 'running',
  restarts: 0,
  mainPid: 412,
  result: 'success',
  mainStatus: 0,
  isNew: true,
} as unknown as NonNullable<AgentState['unit']>
const state = (changes: Partial<AgentState> = {}): AgentState => ({
  journal: [],
  unit: active,
  leaseOfOldMs: 0,
  node: nodeCalypso(),
  ...changes,
})

describe('a started agent is ready', () => {
  it('when it registered a Node that was not there: its first heartbeat comes 10 s later, and nobody waits for it', () => {
    expect(missingUntilReady(state(), goal)).toBeUndefined()
  })

  it.each([
    ['the process that was ordered', state({ unit: { ...active, isNew: false } }), goal],
    ['an active unit', state({ unit: { ...active, activeState: 'activating' } }), goal],
    ['a Ready node', state({ node: nodeCalypso({ ready: 'False' }) }), goal],
    [
      'version v1.33.4+k3s1 (the node has v1.33.13)',
      state({ node: nodeCalypso({ kubeletVersion: 'v1.33.13' }) }),
      goal,
    ],
    ['a heartbeat of the new process', state(), { ...goal, uidBefore: nodeCalypso().uid }],
    ['a heartbeat of the new process', state(), { ...goal, isFirstStart: false }],
    [
      'a heartbeat of the new process',
      state({ leaseRenewedAtMs: 5, leaseOfOldMs: 5 }),
      { ...goal, isFirstStart: false },
    ],
  ])('not without %s, and that is said', (missing, given, wanted) => {
    expect(missingUntilReady(given, wanted)).toBe(missing)
  })

  it('not before the program that joins has ended well: it still works on the host, and holds the token', () => {
    const joining = { ...goal, program: 'kubeadm' }
    expect(missingUntilReady(state(), joining)).toBe('the end of kubeadm')
    expect(missingUntilReady(state({ ended: { program: 'kubeadm', status: 1, atMs: 5 } }), joining)).toBe(
      'the end of kubeadm',
    )
    expect(missingUntilReady(state({ ended: { program: 'kubeadm', status: 0, atMs: 5 } }), joining)).toBeUndefined()
  })

  it('when it renewed the Lease of a Node that was there before', () => {
    const renewed = state({ leaseRenewedAtMs: 6, leaseOfOldMs: 5 })
    expect(missingUntilReady(renewed, { ...goal, isFirstStart: false })).toBeUndefined()
  })
})
