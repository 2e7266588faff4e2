/** The scenarios of gpu-runtime, through the committed workflow and bundles. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { play } from '../../rehearsal/play.ts'
import { type Scenario, scenarios } from '../../rehearsal/scenarios/index.ts'
import { temporaryFolder } from './runner-fixture.ts'

const named = (name: string): Scenario => scenarios.find((one) => one.name === name) as Scenario
const options = () => ({
  folder: temporaryFolder(),
  isKept: true,
  signal: new AbortController().signal,
  pace: 0.2,
})

describe('a machine without toolkit', () => {
  it('gets it with one restart, and pressed again changes nothing', async () => {
    const { log = [], ...bare } = named('gpu-bare')
    const { before, run, verdict, world } = await play(
      { ...bare, isPressedTwice: true, result: 'unchanged' },
      undefined,
      options(),
    )
    for (const pattern of log) expect(before?.log).toMatch(pattern)
    expect(verdict.isAsExpected ? 'as expected' : `${verdict.text}\n${run.log}`).toBe('as expected')
    const root = join(world, 'calypso/root')
    const status = readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8')
    expect(status.match(/^Package: .*container.*\nStatus: hold ok installed\n.*\nVersion: 1\.20\.0-1$/gm)).toHaveLength(
      4,
    )
    const journal = readFileSync(join(world, 'calypso/state/journal/k3s-agent.service.cat'), 'utf8')
    expect(journal.match(/Starting k3s agent /g)).toHaveLength(2)
    expect(journal.match(/Found nvidia container runtime at \/usr\/bin\/nvidia-container-runtime/g)).toHaveLength(1)
  })
})

describe('a node that a template keeps NotReady', () => {
  it('comes back without it, and who used the GPU still does', async () => {
    const { run, verdict } = await play(named('gpu-quarantine'), undefined, options())
    expect(verdict.isAsExpected ? 'as expected' : `${verdict.text}\n${run.log}`).toBe('as expected')
    // Triton in docker, and a pod.
    const answered = run.log.split('\n').filter((line) => / containers? answered$/.test(line))
    expect(answered).toEqual(['  2 of 2 containers answered', '  2 of 2 containers answered'])
  })
})
