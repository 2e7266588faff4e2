/** How a run of verify-cluster ends: what was found, and what nobody could ask. */
import { describe, expect, it } from '@jest/globals'
import type { Run } from '../../actions/run.ts'
import { endVerified } from '../../actions/verify-cluster/endings.ts'
import { reportOf, run } from './verify-runs.ts'

function ended(checks: readonly string[], otherwise: 'fail' | 'never' = 'fail') {
  const now = run(1, checks)
  const { verification } = reportOf(now)
  if (verification === undefined) throw new Error('no verification')
  return endVerified({ cluster: 'oceanid' } as Run, now.checks, verification, otherwise)
}

describe('a run that asked', () => {
  it.each<[string, readonly string[], string, string | undefined]>([
    ['is verified with one answer', ['nodes.ready=pass', 'gpu.cuda=skip'], 'verified', undefined],
    ['fails with a failing check', ['nodes.ready=fail'], 'failed', 'checks-failed'],
    [
      'fails when all it may do is nothing',
      ['gpu.cuda=skip may not be asked: list nodes', 'nodes.ready=skip may not be asked: list nodes'],
      'failed',
      'nothing-asked',
    ],
    ['fails when there is nothing to ask', [], 'failed', 'nothing-asked'],
    [
      'is verified when somebody wants to hear nothing',
      ['nodes.ready=skip ignored by ignore-checks (was fail): …'],
      'verified',
      undefined,
    ],
  ])('%s', (_, checks, result, code) => {
    const ending = ended(checks)
    expect([ending.result, ending.failure?.code]).toEqual([result, code])
    if (code === 'nothing-asked') {
      expect(ending.headline).toBe('oceanid: nothing could be asked')
      expect(ended(checks, 'never').result).toBe('verified')
    }
  })

  it('claims of a GPU what was asked of it, and says of which it was not', () => {
    const headline = (...checks: string[]) => ended(['nodes.ready=pass', ...checks]).headline
    expect(headline('gpu-job.compute.a=pass')).toMatch(/pass, the GPU computes$/)
    expect(headline('gpu-job.compute.a=skip busy: pods of triton hold all')).not.toMatch(/GPU/)
    expect(headline('gpu-job.compute.a=skip blocked by gpu.node.a')).toMatch(/whether the GPU computes was not asked$/)
    expect(headline('gpu-job.compute.a=pass', 'gpu-job.compute.b=skip may not be asked')).toMatch(
      /the GPU computes, of others it was not asked$/,
    )
  })
})
