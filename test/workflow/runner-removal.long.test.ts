/** The button that takes calypso away, and each fault of a removal, through the committed workflow and bundles. */
import { describe, expect, it } from '@jest/globals'
import type { FaultName } from '../../rehearsal/contract.ts'
import { play } from '../../rehearsal/play.ts'
import { faults, isTelling, type Scenario, scenarios } from '../../rehearsal/scenarios/index.ts'
import { temporaryFolder } from './runner-fixture.ts'

const options = () => ({ folder: temporaryFolder(), isKept: false, signal: new AbortController().signal, pace: 0.2 })
const removals = scenarios.filter(({ isOfRemoval }) => isOfRemoval)
const remove = removals[0] as Scenario
const theirs = (Object.keys(faults) as FaultName[]).filter((fault) => isTelling(remove, fault))

describe('Remove Calypso', () => {
  it.each(removals.map((one) => [one.name, one] as const))('%s', async (_name, scenario) => {
    const { run, verdict } = await play(scenario, undefined, options())
    expect(verdict.isAsExpected ? 'as expected' : `${verdict.text}\n${run.log}`).toBe('as expected')
  })

  it.each(theirs)(
    'with %s',
    async (fault) => {
      const { run, verdict } = await play(remove, fault, options())
      expect(verdict.isAsExpected ? 'as expected' : `${verdict.text}\n${run.log}`).toBe('as expected')
    },
    180_000,
  )

  it('is refused where another name was typed, before anything is asked of the machine', async () => {
    const { run } = await play({ ...remove, inputs: { node: 'srv712695' } }, undefined, options())
    expect([run.conclusion, run.jobs[0]?.outputs['failure-code']]).toEqual(['failure', 'inputs-invalid'])
  })
})
