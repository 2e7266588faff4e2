import { describe, expect, it } from '@jest/globals'
import { endDeployed, setOutputs, stateAfter } from '../../actions/deploy-stack/endings.ts'
import type { Run } from '../../actions/run.ts'
import type { Deployment } from '../../src/report/index.ts'

const deployment = (more: Partial<Deployment> = {}): Deployment => ({
  command: 'up',
  stack: 'o/p/s',
  url: '',
  counts: { same: 3 },
  changes: [],
  moreChanges: 0,
  diagnostics: [],
  outputs: {},
  secretOutputs: [],
  isPlanBound: false,
  isComplete: true,
  ...more,
})
const creating = { operation: 'create', type: 'kubernetes:core/v1:Namespace', name: 'x', differs: [], isFailed: false }

function runOf() {
  const applied: string[] = []
  const record = { elapsedMs: () => 1000, applied: (what: string) => void applied.push(what) }
  return { applied, run: { record, outputs: {} } as unknown as Run }
}

describe('an ending that went well', () => {
  it('is unchanged only when Pulumi’s own events say so', () => {
    expect(endDeployed(runOf().run, deployment()).result).toBe('unchanged')
    expect(endDeployed(runOf().run, deployment({ command: 'drift' })).result).toBe('unchanged')
  })

  it('without events is no proof that nothing was done', () => {
    const silent = { counts: {}, isComplete: false }
    const up = endDeployed(runOf().run, deployment(silent))
    expect([up.result, up.headline]).toEqual([
      'deployed',
      'o/p/s is deployed in 1.0 s; Pulumi left no events, so what was changed is only known there',
    ])
    const preview = endDeployed(runOf().run, deployment({ ...silent, command: 'preview' }))
    expect(preview.result).toBe('previewed')
    expect(preview.headline).toContain('Pulumi left no events, so what would be changed is only in the log')
    // Its exit code says it, too.
    expect(endDeployed(runOf().run, deployment({ ...silent, command: 'drift' })).result).toBe('unchanged')
  })

  it('says changed whenever something may be', () => {
    const changedBy = (more: Partial<Deployment>, exitCode = 0) => {
      const { run, applied } = runOf()
      setOutputs(run, deployment(more), exitCode)
      return applied.length > 0
    }
    expect(changedBy({})).toBe(false)
    expect(changedBy({ counts: { create: 1 } })).toBe(true)
    expect(changedBy({ counts: {}, isComplete: false })).toBe(true)
    expect(changedBy({ counts: {}, isComplete: false }, 1)).toBe(false)
    expect(changedBy({ counts: {}, isComplete: false, changes: [creating] }, 1)).toBe(true)
    expect(changedBy({ command: 'preview', counts: { create: 1 } })).toBe(false)
  })
})

describe('what is true after a failure', () => {
  it('never calls something untouched that was under way', () => {
    const state = stateAfter(deployment({ counts: {}, changes: [creating], isComplete: false }), 'pulumi-failed')
    expect(state).toBe(
      'it ended while 1 resource was under way (create kubernetes:core/v1:Namespace x): whether that is done is settled by pulumi refresh --stack o/p/s',
    )
  })

  it('is that nothing was changed, where nothing was begun', () => {
    for (const code of ['pulumi-program', 'pulumi-locked'])
      expect(stateAfter(deployment({ counts: {}, isComplete: false }), code)).toBe('nothing was changed by this run')
    expect(stateAfter(deployment({ command: 'preview', changes: [creating] }), 'x')).toBe('nothing was changed')
  })
})
