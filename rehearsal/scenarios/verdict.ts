/** Whether what happened is what was to be shown. */
import type { FaultName } from '../contract.ts'
import type { RecordedRun } from '../workflow/index.ts'
import type { World } from '../world.ts'
import { faults } from './faults.ts'
import type { Scenario } from './model.ts'

export interface Verdict {
  readonly isAsExpected: boolean
  /** One line for a person. */
  readonly text: string
}

/**
 * Whether what happened is what the scenario, with its fault if any, is there to show.
 * @param pressed the whole of Join Calypso, or k3s-join by itself with a kubeconfig that nobody has looked at
 */
export function judge(
  scenario: Scenario,
  fault: FaultName | undefined,
  run: RecordedRun,
  world: Pick<World, 'calypso'>,
  connectionsBefore: number,
  pressed: 'join' | 'workflow' = 'workflow',
): Verdict {
  const outputs = run.jobs.at(-1)?.outputs ?? {}
  const result = outputs.result ?? 'none'
  const code = outputs['failure-code'] ?? ''
  const ending = `the run ended as ${run.conclusion} with the result ${result}${code === '' ? '' : ` and the code ${code}`}`
  const connections = world.calypso.counts.connections - connectionsBefore
  const injected = fault === undefined ? undefined : faults[fault]
  const before = pressed === 'workflow' ? injected?.codeBefore : undefined
  const isMet = before !== undefined || injected?.unmetBy?.includes(scenario.name) !== true
  const expected = before ?? injected?.codeIn?.[scenario.name] ?? injected?.code
  if (injected !== undefined && expected !== undefined && isMet) {
    const isAsExpected = run.conclusion === 'failure' && code === expected
    const unsaid = (injected.log ?? []).filter((pattern) => !pattern.test(run.log))
    if (isAsExpected && unsaid.length > 0)
      return {
        isAsExpected: false,
        text: `Not as expected: ${ending}, but its log does not show ${unsaid.join(', ')}.`,
      }
    return isAsExpected
      ? { isAsExpected, text: `As expected: ${injected.shows}, so the run failed with the code ${code}.` }
      : {
          isAsExpected,
          text: `Not as expected: ${injected.shows}, and ${ending} instead of the code ${expected}.`,
        }
  }
  const problems = [...(injected?.log ?? []), ...(scenario.log ?? [])]
    .filter((pattern) => !pattern.test(run.log))
    .map((pattern) => `the log does not show ${pattern}`)
  if (run.conclusion !== 'success' || result !== scenario.result)
    problems.push(`${ending} instead of success with the result ${scenario.result}`)
  // A join that finds all as wanted asks nobody; gpu-runtime looks at the machine, once.
  const allowed = pressed === 'workflow' ? 1 : 0
  if (scenario.result === 'unchanged' && connections > allowed)
    problems.push(`the second press opened ${connections} SSH connections instead of ${allowed}`)
  const gpu = outputs['gpu-result']
  const expectedGpu = { joined: 'prepared', unchanged: 'unchanged', planned: '', prepared: '', removed: '' }[
    scenario.result
  ]
  if (pressed === 'workflow' && gpu !== undefined && gpu !== expectedGpu)
    problems.push(`gpu-runtime ended with the result ${gpu || 'none'} instead of ${expectedGpu || 'none'}`)
  const although = injected === undefined ? '' : `, although ${injected.shows}`
  return problems.length === 0
    ? { isAsExpected: true, text: `As expected: ${scenario.shows}${although}.` }
    : { isAsExpected: false, text: `Not as expected: ${problems.join('; ')}.` }
}
