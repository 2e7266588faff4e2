import { describe, expect, it } from '@jest/globals'
import { endDeployed } from '../../actions/deploy-stack/endings.ts'
import type { Run } from '../../actions/run.ts'
import type { Deployment } from '../../src/report/index.ts'

const done: Deployment = {
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
}

function ended(more: Partial<Deployment>) {
  const applied: string[] = []
  const record = { elapsedMs: () => 1000, applied: (id: string) => applied.push(id) }
  const { result, headline } = endDeployed({ record } as unknown as Run, { ...done, ...more })
  return { result, headline, applied }
}

describe('a run of Pulumi that ended well', () => {
  it('is unchanged when its event log, to the end, has no change', () => {
    expect(ended({})).toMatchObject({ result: 'unchanged', applied: [] })
    expect(ended({ command: 'preview' })).toMatchObject({ result: 'unchanged', applied: [] })
    expect(ended({ command: 'drift' })).toMatchObject({ result: 'unchanged', applied: [] })
  })

  it('is deployed when its event log has a change, or is lost', () => {
    expect(ended({ counts: { update: 1 } })).toMatchObject({ result: 'deployed', applied: ['update'] })
    for (const counts of [{}, { same: 3 }] as readonly Record<string, number>[]) {
      const lost = ended({ counts, isComplete: false })
      expect(lost).toMatchObject({ result: 'deployed', applied: ['update'] })
      expect(lost.headline).toMatch(/is deployed/)
    }
  })

  it('is previewed when its event log is lost; a comparison says by its exit code that nothing differs', () => {
    expect(ended({ command: 'preview', counts: {}, isComplete: false })).toMatchObject({
      result: 'previewed',
      applied: [],
    })
    expect(ended({ command: 'drift', counts: {}, isComplete: false })).toMatchObject({ result: 'unchanged' })
  })
})
