import { describe, expect, it } from '@jest/globals'
import { startJudge } from '../../actions/k3s-join/judge.ts'
import type { AgentState } from '../../src/join/index.ts'
import { nodeCalypso } from './situations.ts'

const unit = (activeState: string) =>
  ({
    type: 'unit',
    activeState,
    subState: 'start',
    restarts: 0,
    mainPid: 412,
    result: 'success',
    mainStatus: 0,
    isNew: true,
  }) as unknown as NonNullable<AgentState['unit']>
const waiting =
  'time="2026-11-21T08:00:01Z" level=error msg="Failed to validate connection to cluster at https://157.173.210.123:6443: failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF"'
const noNetwork =
  'E1121 08:00:08.000001     412 kubelet.go:3002] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"'
const registered = nodeCalypso({
  ready: 'False',
  readyMessage: 'container runtime network not ready: cni plugin not initialized',
})

describe('a start that is still going on', () => {
  it('is given up when what is in its way lasts', () => {
    const judge = startJudge('calypso', 'k3s-agent', 'start')
    expect(judge({ unit: unit('activating'), journal: [waiting] }, 1_000)).toBeUndefined()
    expect(judge({ unit: unit('activating'), journal: [waiting] }, 8_900)).toBeUndefined()
    expect(judge({ unit: unit('activating'), journal: [waiting] }, 9_100)).toBe('symptom')
  })

  it('is not given up for what it came through: its node is registered, and its flannel takes its time', () => {
    const judge = startJudge('calypso', 'k3s-agent', 'start')
    expect(judge({ unit: unit('activating'), journal: [waiting] }, 1_000)).toBeUndefined()
    const state: AgentState = { unit: unit('activating'), journal: [noNetwork], node: registered }
    for (const elapsedMs of [7_000, 12_000, 30_000, 66_000]) expect(judge(state, elapsedMs)).toBeUndefined()
    expect(judge(state, 67_000)).toBe('not-ready')
  })

  it('is given up 15 s after an agent said that it is up, when the node stays without network', () => {
    const judge = startJudge('calypso', 'k3s-agent', 'start')
    const state: AgentState = { unit: unit('active'), activeAtMs: 3_000, journal: [noNetwork], node: registered }
    expect(judge(state, 17_000)).toBeUndefined()
    expect(judge(state, 18_000)).toBe('not-ready')
  })
})
