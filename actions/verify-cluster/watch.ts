import { renderChecks } from '../../src/report/index.ts'
import { openWorkflowRuns } from '../../src/runner/index.ts'
import { nothingRemembered, promptAlarm, rememberRun, watchWorkflow } from '../../src/verify/index.ts'
import type { Ending } from '../run.ts'
import type { Going } from './context.ts'
import { endVerified, setOutputs } from './endings.ts'
import type { WatchInputs } from './inputs.ts'
import { tellIssue } from './issue.ts'

/** Asks GitHub whether a workflow still comes: who is silent has not verified anything. */
export async function watch({ run, inputs, signal }: Going<WatchInputs>): Promise<Ending> {
  // A subject of its own: the issue of the cluster is told by the runs that ask the cluster.
  run.cluster = inputs.cluster === '' ? inputs.workflow : `${inputs.cluster}: ${inputs.workflow}`
  run.runner.line(`▸ Watch ${inputs.workflow}`)
  const runs = openWorkflowRuns({
    token: inputs.issue.token,
    repository: run.runner.environment.GITHUB_REPOSITORY ?? '',
    signal,
  })
  const checks = await run.stage(`Last run of ${inputs.workflow}`, async (say) => {
    const judged = await watchWorkflow(
      runs,
      { file: inputs.workflow, withinMs: inputs.ageMs, isScheduled: inputs.isScheduled },
      signal,
    )
    run.record.check(...judged)
    for (const line of renderChecks(judged)) say(line)
    return judged
  })
  const verification = rememberRun(
    {
      at: run.record.parts().startedAt,
      run: run.runner.environment.GITHUB_RUN_NUMBER ?? '',
      mode: 'observe',
      suites: ['watch'],
      nodes: [],
      checks,
      metrics: {},
      apiRequests: 0,
      topology: { tunnel: '', server: '', nodes: [], paths: [] },
    },
    nothingRemembered,
    { otherwise: 'fail', checks: [] },
    promptAlarm,
  )
  run.verification = verification
  setOutputs(run, checks, verification)
  const ending = endVerified(run, checks, verification)
  if (inputs.issue.isKept && !inputs.dryRun)
    await tellIssue(run, inputs.issue, run.preview(ending), ending.failure !== undefined)
  return ending
}
