/** Runs that are cancelled or killed on real parts: nothing stays behind, and the next press converges. */
import assert from 'node:assert/strict'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, inSituation } from './expect.ts'

export const interruptedScenarios: readonly LabScenario[] = [
  inSituation('cancelled', 'the run is cancelled while the agent starts', {}, async (situation) => {
    const run = situation.start()
    await run.seen(/▸ Start k3s-agent/)
    const startedAt = performance.now()
    run.child.kill('SIGINT')
    const cancelled = await run.ended
    const seconds = (performance.now() - startedAt) / 1000
    assert.notEqual(cancelled.exitCode, 0)
    assert.deepEqual(await situation.tokens(), [], 'the token outlived the cancelled run')
    // A runner sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s later.
    assert.ok(seconds < 7.5, `the run needed ${seconds.toFixed(1)} s to end`)
    expectPress(await situation.press(), { exitCode: 0, outputs: { 'failure-code': '' } })
    return `ended in ${seconds.toFixed(1)} s without its token; the next press ended well`
  }),

  inSituation('killed', 'the runner is killed while the agent starts', {}, async (situation) => {
    const run = situation.start()
    await run.seen(/▸ Start k3s-agent/)
    run.child.kill('SIGKILL')
    const killed = await run.ended
    assert.equal((await situation.tokens()).length, 1)
    expectPress(await situation.post(killed.state), { exitCode: 0 })
    assert.deepEqual(await situation.tokens(), [])
    expectPress(await situation.press(), { exitCode: 0, outputs: { 'failure-code': '' } })
    expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'unchanged' } })
    return 'post deletes the token; the next press joins, the one after that has nothing to do'
  }),
]
