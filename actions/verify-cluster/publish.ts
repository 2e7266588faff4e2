import { oneLine, readReport, renderSummary } from '../../src/report/index.ts'
import { ConfigurationError } from '../configuration-error.ts'
import { type Ending, nothingNext } from '../run.ts'
import type { Going } from './context.ts'
import { setOutputs } from './endings.ts'
import type { PublishInputs } from './inputs.ts'
import { tellIssue } from './issue.ts'

/**
 * Publishes what another job found, in a job that reaches no cluster: its summary, its outputs, its issue. The report came through an
 * artifact: it is data, and what breaks the schema is refused.
 */
export async function publish({ run, inputs }: Going<PublishInputs>): Promise<Ending> {
  const read = readReport(inputs.text)
  if ('problem' in read)
    throw new ConfigurationError([
      {
        input: 'from-report',
        problem: `is no report: ${read.problem}`,
        allowed: 'the report.json of a run of verify-cluster',
      },
    ])
  const { report } = read
  const { verification } = report
  if (verification === undefined)
    throw new ConfigurationError([
      {
        input: 'from-report',
        problem:
          report.action === 'verify-cluster'
            ? `is of a run that ended before it asked anything: ${oneLine(report.headline, 300)}`
            : 'is a report of another action',
        allowed: 'the report.json of a run of verify-cluster',
      },
    ])
  run.cluster = report.cluster
  run.runner.line(`▸ Publish what was found of ${report.cluster}`)
  let shown = report
  run.summaryOf = () => renderSummary(shown)
  run.verification = verification
  setOutputs(run, report.checks, verification)
  if (inputs.issue.isKept && !inputs.dryRun) {
    const issueUrl = await tellIssue(run, inputs.issue, report, false)
    if (issueUrl !== '') {
      run.verification = { ...verification, issueUrl }
      shown = { ...report, verification: run.verification }
    }
  }
  return { result: 'published', headline: `Published: ${report.headline}`, next: nothingNext }
}
