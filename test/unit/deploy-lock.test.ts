import { describe, expect, it } from '@jest/globals'
import { freeOurLock } from '../../actions/deploy-stack/lock.ts'
import type { PulumiCommand, StackApi, StackLock } from '../../src/pulumi/index.ts'

const stack = { organization: 'o', project: 'p', stack: 's' }
const begunMs = Date.parse('2026-11-22T06:00:00Z')
const held = (more: Partial<StackLock> = {}): StackLock => ({
  updateId: 'u-1',
  kind: 'update',
  author: 'ryan-taylor',
  startedAt: begunMs / 1000 + 5,
  runId: '41',
  ...more,
})

async function free(lock: StackLock, runId = '41', command: PulumiCommand = 'up') {
  const cancelled: string[] = []
  const api: StackApi = {
    lock: async () => lock,
    cancel: async (_, { updateId }) => void cancelled.push(updateId),
  }
  const said = await freeOurLock(api, stack, { runId, begunMs, command }, new AbortController().signal)
  return { said, cancelled }
}

describe('the lock of a stack', () => {
  it('of this step is freed: exactly that update', async () => {
    expect(await free(held())).toEqual({
      said: 'the stack was still locked by this run and was freed (update u-1)',
      cancelled: ['u-1'],
    })
    expect((await free(held({ startedAt: 0 }))).cancelled).toEqual(['u-1'])
  })

  it.each([
    ['another run', held({ runId: '42' }), '41'],
    ['a person at a terminal', held({ runId: '' }), '41'],
    ['nobody knows which run', held({ runId: '' }), ''],
    ['this run, long before this step', held({ startedAt: begunMs / 1000 - 3600 }), '41'],
  ])('of %s is never touched, and told', async (_, lock, runId) => {
    const { said, cancelled } = await free(lock, runId)
    expect(cancelled).toEqual([])
    expect(said).toMatch(
      /^the stack is held by another, which was not touched: ryan-taylor runs an update since 2026-11-22T/,
    )
  })

  it('of an update is never that of a step which only looked, whichever job of this run it is', async () => {
    for (const command of ['preview', 'drift'] as const) {
      expect((await free(held(), '41', command)).cancelled).toEqual([])
      expect((await free(held({ kind: 'preview' }), '41', command)).cancelled).toEqual(['u-1'])
    }
    expect((await free(held({ kind: 'preview' }))).cancelled).toEqual(['u-1'])
  })

  it('that nobody holds is no news', async () => {
    expect(await free(held({ updateId: '' }))).toEqual({ said: '', cancelled: [] })
  })
})
