import { describe, expect, it } from '@jest/globals'
import { containerdLines, expectPrompt, journalLines, momentOf, namedAt } from '../../lab/scenarios/moment.ts'
import type { Report } from '../../src/report/index.ts'

const title = 'Start k3s-agent and wait for Ready'
/** Named 2.5 s after 12:00:00. */
const report = (evidence: readonly string[]): Report =>
  ({
    startedAt: '2026-11-21T12:00:00.000Z',
    stages: [
      { title: 'Apply', startedMs: 0, endedMs: 1000 },
      { title, startedMs: 1000, endedMs: 9000 },
    ],
    milestones: [
      { stage: title, atMs: 400, text: 'agent found the server' },
      { stage: title, atMs: 1500, text: 'unit activating (start), 0 restarts; node not registered' },
    ],
    failure: { code: 'kubelet-flag-unknown', evidence },
  }) as unknown as Report
const noon = Date.parse('2026-11-21T12:00:00Z')
const refusal =
  'E1121 12:00:02.1 run.go:72] "command failed" err="failed to parse kubelet flag: unknown flag: --no-such-flag"'
const entry = (text: string | readonly number[], atMs: number) =>
  JSON.stringify({ MESSAGE: text, __REALTIME_TIMESTAMP: String((noon + atMs) * 1000) })
const machine = (journal: readonly string[], log = '') => ({
  calypso: {
    run: (words: readonly string[]) =>
      Promise.resolve({ code: 0, stdout: words.includes('--sync') ? '' : `${journal.join('\n')}\n`, stderr: '' }),
  },
  containerdLog: () => log,
})

describe('the moment at which a failure was named', () => {
  it('is the last milestone of the start, whatever was done afterwards', () => {
    expect(namedAt(report([]))).toBe(noon + 2500)
    expect(namedAt({ ...report([]), stages: [] })).toBeUndefined()
  })

  it('is held against the first line that the failure quotes', () => {
    const lines = journalLines([entry('other', 1000), entry(refusal, 2100), entry(refusal, 8000)].join('\n'))
    expect(momentOf(report(['gone', refusal]), lines)).toEqual({
      quoted: refusal,
      appearedMs: noon + 2100,
      namedMs: noon + 2500,
    })
    expect(momentOf(report(['gone']), lines)).toBeUndefined()
  })

  it('reads bytes that are no text, and the times of containerd', () => {
    expect(journalLines(entry([104, 105], 5))).toEqual([{ text: 'hi', atMs: noon + 5 }])
    const log = 'time="2026-11-21T12:00:02.829307886Z" level=warning msg=x\ncontainerd: failed to unmarshal TOML\n'
    expect(containerdLines(log).map(({ atMs }) => atMs)).toEqual([noon + 2829, noon + 2829])
  })

  it('says how long it took, and complains of what was named late, or before anybody could know', async () => {
    await expect(expectPrompt(machine([entry(refusal, 2100)]), report([refusal]))).resolves.toBe(
      'named 0.40 s after its first evidence',
    )
    await expect(expectPrompt(machine([entry(refusal, -3000)]), report([refusal]))).rejects.toThrow('only 5.50 s after')
    await expect(expectPrompt(machine([entry(refusal, 2600)]), report([refusal]))).rejects.toThrow('-0.10 s after')
    const log = `time="2026-11-21T11:59:55Z" level=warning msg=x`
    const up = machine([entry('Started k3s-agent.service - Lightweight Kubernetes.', -4000)], log)
    await expect(expectPrompt(up, report([`containerd.log: ${log}`]), 6000)).resolves.toBe(
      'named 0.50 s after its evidence had lasted for 6 s',
    )
    await expect(expectPrompt(machine([entry('other', 1)]), report([refusal]))).rejects.toThrow('quotes no line')
    await expect(expectPrompt(machine([]), null)).resolves.toBeUndefined()
  })
})
