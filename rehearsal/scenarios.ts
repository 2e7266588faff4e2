/** What can be rehearsed, and what is expected of it. */
import type { FaultName, WorldOptions } from './contract.ts'
import type { RecordedRun } from './workflow/index.ts'
import type { World } from './world.ts'

export interface Scenario {
  readonly name: string
  /** One line for the list. */
  readonly shows: string
  readonly calypso: WorldOptions['calypso']
  /** Inputs of the button. */
  readonly inputs: Readonly<Record<string, string | boolean>>
  /** The button is pressed once before, out of sight; what is shown is the second time. */
  readonly isPressedTwice?: boolean
  /** The `result` output when all goes well. */
  readonly result: 'joined' | 'unchanged' | 'planned'
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'join-calypso',
    shows: 'calypso joins oceanid for the first time',
    calypso: 'fresh',
    inputs: {},
    result: 'joined',
  },
  {
    name: 'again',
    shows: 'the button is pressed a second time: nothing to do, no SSH connection',
    calypso: 'fresh',
    inputs: {},
    isPressedTwice: true,
    result: 'unchanged',
  },
  {
    name: 'dry-run',
    shows: 'the plan of a first join, and nothing changed',
    calypso: 'fresh',
    inputs: { 'dry-run': true },
    result: 'planned',
  },
  {
    name: 'adopt',
    shows: 'calypso was joined by hand: what adopting it would change',
    calypso: 'joined-by-hand',
    inputs: { adopt: 'plan' },
    result: 'joined',
  },
  {
    name: 'adopt-apply',
    shows: 'calypso was joined by hand and is adopted',
    calypso: 'joined-by-hand',
    inputs: { adopt: 'apply', 'allow-gpu-disruption': true },
    result: 'joined',
  },
]

/** Fault → what goes wrong, in one line. All of them make the join fail. */
export const faults: Readonly<Record<FaultName, string>> = {
  'wrong-host-key': 'calypso offers another host key than the one that is pinned',
  'wrong-ca-hash': 'somebody else answers at the address of the API server, as calypso sees it',
  'wrong-token': 'the supervisor refuses the minted token',
  'api-blocked': 'a firewall between calypso and the API server drops its packets',
  'no-sudo': 'the user on calypso may not become root',
  'never-ready': 'the agent starts and its node never becomes Ready',
  'restricted-label': 'a configuration file of calypso sets a label that the kubelet refuses',
  'no-rbac': 'the kubeconfig may not do what a join needs',
  'checksum-mismatch': 'the downloaded k3s is not what its checksum file says',
  'node-password': 'the name calypso belongs to an earlier installation',
  'forwarding-refused': 'sshd on calypso allows no port forwarding',
}

/** Faults that the action gets around: the run succeeds all the same. */
const overcome: ReadonlySet<FaultName> = new Set(['forwarding-refused'])

export interface Verdict {
  readonly isAsExpected: boolean
  /** One line for a person. */
  readonly text: string
}

/** Whether what happened is what the scenario, with its fault if any, is there to show. */
export function judge(
  scenario: Scenario,
  fault: FaultName | undefined,
  run: RecordedRun,
  world: Pick<World, 'calypso'>,
  connectionsBefore: number,
): Verdict {
  const outputs = run.jobs.at(-1)?.outputs ?? {}
  const result = outputs.result ?? 'none'
  const code = outputs['failure-code'] ?? ''
  const connections = world.calypso.counts.connections - connectionsBefore
  if (fault !== undefined && !overcome.has(fault)) {
    const hasFailed = run.conclusion === 'failure' && code !== ''
    const found = code === '' ? 'without a failure code' : `with the code ${code}`
    return hasFailed
      ? { isAsExpected: true, text: `As expected: ${faults[fault]}, so the run failed ${found}.` }
      : {
          isAsExpected: false,
          text: `Not as expected: ${faults[fault]}, and the run ended as ${run.conclusion} (result ${result}) ${found}.`,
        }
  }
  const problems: string[] = []
  if (run.conclusion !== 'success')
    problems.push(`the run ended as ${run.conclusion}${code === '' ? '' : ` (${code})`}`)
  if (result !== scenario.result) problems.push(`its result is ${result}, not ${scenario.result}`)
  if (scenario.result === 'unchanged' && connections > 0) problems.push(`${connections} SSH connections were opened`)
  const reason = fault === undefined ? '' : ` although ${faults[fault]}`
  return problems.length === 0
    ? { isAsExpected: true, text: `As expected: ${scenario.shows}${reason}.` }
    : { isAsExpected: false, text: `Not as expected: ${problems.join('; ')}.` }
}
