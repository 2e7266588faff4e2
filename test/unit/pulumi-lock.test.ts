import { describe, expect, it } from '@jest/globals'
import { failureOf, isOurs, lockWords, type PulumiOutcome, type StackLock } from '../../src/pulumi/index.ts'
import { wishFor } from '../protocol/pulumi-ground.ts'

const stack = 'ryan-taylor/oceanid-cluster/prod'
const conflict: PulumiOutcome = {
  exitCode: 1,
  isTimedOut: false,
  isCancelled: false,
  isKilled: false,
  errors: ['error: [409] Conflict: Another update is currently in progress.'],
  brokenPolicies: [],
  lastLines: [],
  deployment: {
    command: 'up',
    stack,
    url: '',
    counts: {},
    changes: [],
    moreChanges: 0,
    diagnostics: [],
    outputs: {},
    secretOutputs: [],
    isPlanBound: false,
    isComplete: false,
  },
}

describe('a lock', () => {
  const lock: StackLock = {
    updateId: '0a1b',
    kind: 'update',
    author: 'ryan-taylor',
    startedAt: 1_790_000_000,
    runId: '4711',
  }

  it('names who holds the stack, since when, and how it is freed by hand', () => {
    const failure = failureOf(conflict, wishFor(), lock)
    expect(failure?.cause).toBe(
      'ryan-taylor runs an update since 2026-09-21T14:13:20Z, workflow run 4711 (update 0a1b)',
    )
    expect(failure?.remedy).toContain(`pulumi cancel --stack ${stack} --yes`)
  })

  it('is ours when its update was recorded by this workflow run, and only then', () => {
    expect(isOurs(lock, '4711')).toBe(true)
    expect(isOurs(lock, '4712')).toBe(false)
    expect(isOurs(lock, '')).toBe(false)
    expect(isOurs({ ...lock, runId: '' }, '')).toBe(false)
    expect(isOurs({ ...lock, runId: '' }, '4711')).toBe(false)
    expect(isOurs({ ...lock, updateId: '' }, '4711')).toBe(false)
  })

  it('has words for whatever is not known', () => {
    expect(lockWords({ ...lock, author: '', kind: '', startedAt: 0, runId: '' })).toBe(
      'somebody runs an update since a time that is not known (update 0a1b)',
    )
    expect(lockWords({ ...lock, startedAt: 1e300 })).toContain('since a time that is not known')
    expect(lockWords({ ...lock, updateId: '' })).toBe('')
  })
})
