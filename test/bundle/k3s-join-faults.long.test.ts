/**
 * The faults of the rehearsal that no other test of the bundle has, each in the scenario that shows it, and the pairs in which
 * a scenario stops before a fault or meets it another way than a first join does. All there are: `npm run rehearse -- --all`.
 */
import { describe, expect, it } from '@jest/globals'
import type { FaultName } from '../../rehearsal/contract.ts'
import { faults, isMetByJoin, judge, type Scenario, scenarioOf, scenarios } from '../../rehearsal/scenarios/index.ts'
import type { RecordedRun } from '../../rehearsal/workflow/index.ts'
import { openDoor, tokenNames } from './door.ts'

interface Pair {
  readonly scenario: Scenario
  readonly fault: FaultName | undefined
}

/** What their codes promise besides is tested in k3s-join-promises and k3s-join-node-password. */
const testedApart: readonly FaultName[] = [
  'wrong-host-key',
  'wrong-ca-hash',
  'wrong-token',
  'api-blocked',
  'no-sudo',
  'no-rbac',
  'never-ready',
  'restricted-label',
  'node-password',
]

/** Scenario → faults, besides those that it is the scenario of. */
const besides: Readonly<Record<string, readonly (FaultName | undefined)[]>> = {
  // A plan for a machine that runs: what lies between it and its server is not asked, what lies on it is.
  adopt: ['name-unknown', 'restricted-label', 'disk-full'],
  'dry-run': ['node-password-orphan', 'crash-loop'],
  // A machine that was joined before meets them with what it has from then.
  'adopt-apply': ['template-harmful'],
  'agent-stopped': [undefined, 'duplicate-name'],
  'node-deleted': [undefined, 'node-password', 'wrong-token'],
  again: ['name-taken'],
}

const pairs: readonly Pair[] = [
  ...(Object.keys(faults) as FaultName[])
    .filter((fault) => isMetByJoin(fault) && !testedApart.includes(fault))
    .map((fault) => ({ scenario: scenarioOf(fault), fault })),
  ...scenarios.flatMap((scenario) => (besides[scenario.name] ?? []).map((fault) => ({ scenario, fault }))),
]

/** Presses as the scenario has it. */
async function verdictOf({ scenario, fault }: Pair): Promise<string> {
  const door = await openDoor({ faults: new Set(fault === undefined ? [] : [fault]), calypso: scenario.calypso })
  try {
    const inputs = Object.fromEntries(Object.entries(scenario.inputs).map(([name, value]) => [name, String(value)]))
    if (scenario.isPressedTwice) await door.press(inputs)
    const connectionsBefore = door.world.calypso.counts.connections
    const { exitCode, outputs, stdout } = await door.press(inputs)
    const run = { conclusion: exitCode === 0 ? 'success' : 'failure', jobs: [{ outputs }] } as unknown as RecordedRun
    const { isAsExpected, text } = judge(scenario, fault, run, door.world, connectionsBefore, 'join')
    const left = tokenNames(door.world)
    if (!isAsExpected) return `${text}\n${stdout.replace(/^::add-mask::.*\n/gm, '')}`
    return left.length === 0 ? 'as expected' : `as expected, and ${left.join(', ')} left`
  } finally {
    await door.close()
  }
}

/** Each has a world of its own and waits more than it works. */
const atOnce = 3

describe('the scenarios and faults of the rehearsal', () => {
  it('end as they are said to, and leave no token', async () => {
    const verdicts: Record<string, string> = {}
    const queue = [...pairs]
    const work = async (): Promise<void> => {
      for (let pair = queue.shift(); pair !== undefined; pair = queue.shift())
        verdicts[`${pair.scenario.name}, ${pair.fault ?? 'no fault'}`] = await verdictOf(pair).catch(String)
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    expect(verdicts).toEqual(Object.fromEntries(Object.keys(verdicts).map((name) => [name, 'as expected'])))
    expect(Object.keys(verdicts)).toHaveLength(pairs.length)
  }, 300_000)
})
