import { describe, expect, it } from '@jest/globals'
import { runnerDelays } from '../../rehearsal/workflow/child.ts'
import { run, stepsOf } from './runner-fixture.ts'

const delays = { interruptMs: 300, terminateMs: 200 }
const stubborn = (signals: readonly string[], polite = ''): string => `
- uses: $/actions/probe
  with:
    code: |
      ${signals.map((signal) => `process.on('${signal}', () => console.log('got ${signal}'))`).join('; ')}
      ${polite}
      setInterval(() => {}, 1000)
      console.log('working')
    post-code: console.log('tidied up')
- run: echo never
- if: cancelled()
  run: echo told about it
- if: always()
  run: echo in any case`

describe('cancelling a run', () => {
  it('waits as long as the real runner', () => {
    expect(runnerDelays).toEqual({ interruptMs: 7500, terminateMs: 2500 })
  })

  it('interrupts the step first, so that it can end in order; post stages and always() still run', async () => {
    const polite = `process.on('SIGINT', () => { console.log('ending in order'); process.exit(0) })`
    const result = await run(stepsOf(stubborn([], polite)), { cancelAfterLine: /^working$/ })
    expect(result.conclusion).toBe('cancelled')
    expect(result.jobs[0]?.conclusion).toBe('cancelled')
    expect(result.log).toContain('\nending in order\nError: The operation was canceled.\n')
    expect(result.log).toContain('\ntold about it\n')
    expect(result.log).toContain('\nin any case\n')
    expect(result.log).toContain('\ntidied up\n')
    expect(result.log).not.toContain('\nnever\n')
  })

  it('sends SIGTERM to what ignores SIGINT, and SIGKILL to what ignores both', async () => {
    const started = performance.now()
    const result = await run(stepsOf(stubborn(['SIGINT', 'SIGTERM'])), { cancelAfterLine: /^working$/, delays })
    expect(result.log).toContain('\ngot SIGINT\ngot SIGTERM\nError: The operation was canceled.\n')
    expect(result.jobs[0]?.steps.find((step) => step.exitCode === 137)).toBeDefined()
    expect(performance.now() - started).toBeGreaterThanOrEqual(delays.interruptMs + delays.terminateMs)
  })

  it('leaves a step alone whose condition still holds', async () => {
    const result = await run(
      stepsOf('- if: always()\n  run: echo begun; sleep 0.2; echo finished\n- run: echo never'),
      { cancelAfterLine: /^begun$/, delays },
    )
    expect(result.log).toContain('\nfinished\n')
    expect(result.conclusion).toBe('cancelled')
  })

  it('starts no further job but one that asks for it', async () => {
    const text = `
on: workflow_dispatch
jobs:
  first: { runs-on: x, steps: [{ run: echo begun; exec sleep 30 }] }
  second: { runs-on: x, steps: [{ run: echo never }] }
  third: { needs: first, if: always(), runs-on: x, steps: [{ if: always(), run: echo afterwards }] }
`
    const result = await run(text, { cancelAfterLine: /^begun$/, delays })
    expect(Object.fromEntries(result.jobs.map((job) => [job.id, job.conclusion]))).toEqual({
      first: 'cancelled',
      second: 'cancelled',
      third: 'cancelled',
    })
    expect(result.log).toContain('\nafterwards\n')
    expect(result.log).not.toContain('\nnever\n')
  })

  it('happens by the caller’s signal too', async () => {
    const stop = new AbortController()
    stop.abort()
    const result = await run(stepsOf('- run: echo never'), { signal: stop.signal })
    expect(result.conclusion).toBe('cancelled')
    expect(result.log).not.toContain('\nnever\n')
  })
})
