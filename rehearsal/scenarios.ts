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
    result: 'planned',
  },
  {
    name: 'adopt-apply',
    shows: 'calypso was joined by hand and is adopted',
    calypso: 'joined-by-hand',
    inputs: { adopt: 'apply', 'allow-gpu-disruption': true },
    result: 'joined',
  },
]

/** What goes wrong, in one line, and the failure code that a run must then end with; none where the action gets around it. */
export interface Fault {
  readonly shows: string
  readonly code?: string
  /** Scenarios that end as if it were not there, because they do not get as far as what goes wrong. */
  readonly unmetBy?: readonly string[]
}

export const faults: Readonly<Record<FaultName, Fault>> = {
  'wrong-host-key': {
    shows: 'calypso offers another host key than the one that is pinned',
    code: 'host-key-mismatch',
  },
  'wrong-ca-hash': {
    shows: 'somebody else answers at the address of the API server, as calypso sees it',
    code: 'ca-mismatch',
    unmetBy: ['adopt'],
  },
  'wrong-token': {
    shows: 'the supervisor refuses the minted token',
    code: 'token-refused',
    unmetBy: ['adopt', 'dry-run'],
  },
  'api-blocked': {
    shows: 'a firewall between calypso and the API server drops its packets',
    code: 'api-unreachable',
    unmetBy: ['adopt'],
  },
  'no-sudo': { shows: 'the user on calypso may not become root', code: 'host-sudo', unmetBy: ['dry-run'] },
  'never-ready': {
    shows: 'the agent starts and its node never becomes Ready',
    code: 'cni-not-initialised',
    unmetBy: ['adopt', 'dry-run'],
  },
  'restricted-label': {
    shows: 'a configuration file of calypso sets a label that the kubelet refuses',
    code: 'restricted-label',
    unmetBy: ['adopt', 'dry-run'],
  },
  'no-rbac': { shows: 'the kubeconfig may not do what a join needs', code: 'kubeconfig-rights', unmetBy: ['adopt'] },
  'checksum-mismatch': {
    shows: 'the downloaded k3s is not what its checksum file says',
    code: 'checksum-mismatch',
    unmetBy: ['adopt', 'adopt-apply', 'dry-run'],
  },
  'node-password': {
    shows: 'the name calypso belongs to an earlier installation',
    code: 'node-password-rejected',
    unmetBy: ['adopt', 'dry-run'],
  },
  'forwarding-refused': { shows: 'sshd on calypso allows no port forwarding' },
}

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
  const ending = `the run ended as ${run.conclusion} with the result ${result}${code === '' ? '' : ` and the code ${code}`}`
  const connections = world.calypso.counts.connections - connectionsBefore
  const injected = fault === undefined ? undefined : faults[fault]
  const isMet = injected?.unmetBy?.includes(scenario.name) !== true
  if (injected?.code !== undefined && isMet) {
    const isAsExpected = run.conclusion === 'failure' && code === injected.code
    return isAsExpected
      ? { isAsExpected, text: `As expected: ${injected.shows}, so the run failed with the code ${code}.` }
      : {
          isAsExpected,
          text: `Not as expected: ${injected.shows}, and ${ending} instead of the code ${injected.code}.`,
        }
  }
  const problems: string[] = []
  if (run.conclusion !== 'success' || result !== scenario.result)
    problems.push(`${ending} instead of success with the result ${scenario.result}`)
  if (scenario.result === 'unchanged' && connections > 0)
    problems.push(`the second press opened SSH connections (${connections})`)
  const although = injected === undefined ? '' : `, although ${injected.shows}`
  return problems.length === 0
    ? { isAsExpected: true, text: `As expected: ${scenario.shows}${although}.` }
    : { isAsExpected: false, text: `Not as expected: ${problems.join('; ')}.` }
}
