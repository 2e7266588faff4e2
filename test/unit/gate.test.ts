import { describe, expect, it } from '@jest/globals'
import { gate } from '../../actions/k3s-join/changes.ts'
import type { Join, Planned } from '../../actions/k3s-join/context.ts'
import type { Change } from '../../src/report/index.ts'

const change = (id: string, waitsFor?: string): Change => ({
  id,
  kind: 'restart',
  target: 'k3s-agent',
  reason: 'its configuration changes',
  undo: 'restarted as it was',
  ...(waitsFor ? { waitsFor } : {}),
})

function given(changes: readonly Change[], dryRun = false) {
  const applied: string[] = []
  const done: string[] = []
  const join = { inputs: { dryRun }, run: { record: { applied: (id: string) => applied.push(id) } } }
  const planned = { plan: { changes, blockers: [] } }
  return {
    applied,
    done,
    through: (id: string, deed = async () => void done.push(id)) =>
      gate(join as unknown as Join, planned as unknown as Planned, id, deed),
  }
}

describe('the gate for changes', () => {
  it('carries out nothing that the plan does not announce', async () => {
    const { through, done, applied } = given([change('start'), change('restart', 'adopt: apply')])
    await through('start')
    // Neither what was never announced, nor what is announced and waits for somebody's decision.
    await expect(through('reload')).rejects.toThrow('reload is not in the plan')
    await expect(through('restart')).rejects.toThrow('restart is not in the plan')
    expect([done, applied]).toEqual([['start'], ['start']])
  })

  it('carries out nothing in a dry run, announced or not', async () => {
    const { through, done, applied } = given([change('start')], true)
    await expect(through('start')).rejects.toThrow('this is a dry run')
    expect([done, applied]).toEqual([[], []])
  })

  it('keeps the log of what was done, and only of that', async () => {
    const { through, applied } = given([change('start')])
    const failing = async () => {
      throw new Error('it did not start')
    }
    await expect(through('start', failing)).rejects.toThrow('it did not start')
    expect(applied).toEqual([])
  })
})
