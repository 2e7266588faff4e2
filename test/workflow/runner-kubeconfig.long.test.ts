/** What goes wrong on the way to the kubeconfig, and the way over SSH, through the committed workflow and bundles. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { FaultName } from '../../rehearsal/contract.ts'
import { play } from '../../rehearsal/play.ts'
import { faults, isMetByJoin, scenarioOf } from '../../rehearsal/scenarios/index.ts'
import { opensshProgram } from '../../rehearsal/tunnel/index.ts'
import { temporaryFolder } from './runner-fixture.ts'

const those = (Object.keys(faults) as FaultName[])
  .filter((fault) => !isMetByJoin(fault))
  .filter((fault) => fault !== 'server-hidden' || opensshProgram() !== undefined)

/** Processes of this machine that were started with a word of the folder: an ssh, or whoever watches over it. */
function processesOf(folder: string): readonly string[] {
  if (!existsSync('/proc/self')) return []
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}

describe('a fault on the way to the kubeconfig', () => {
  it.each(those)('%s ends as it should, and nothing is left on the runner', async (fault) => {
    const folder = temporaryFolder()
    const options = { folder, isKept: true, signal: new AbortController().signal, pace: 0.2 }
    const { verdict, run } = await play(scenarioOf(fault), fault, options)
    expect(verdict.isAsExpected ? 'as expected' : `${verdict.text}\n${run.log}`).toBe('as expected')
    expect(readdirSync(join(folder, 'runner', '_work', '_temp'))).toEqual([])
    expect(readdirSync(join(folder, 'runner', 'home'))).toEqual([])
    expect(processesOf(folder)).toEqual([])
  })

  it('is met again by a second run as by the first', async () => {
    const again = { ...scenarioOf(undefined), isPressedTwice: true }
    const options = { folder: temporaryFolder(), isKept: false, signal: new AbortController().signal, pace: 0.2 }
    const { before, run } = await play(again, 'esc-permission', options)
    const codes = [before, run].map((one) => one?.jobs.at(-1)?.outputs['failure-code'])
    expect(codes).toEqual(['esc-permission', 'esc-permission'])
  })
})
