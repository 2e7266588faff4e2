import {
  type CommentOrigin,
  commentMarker,
  oneLine,
  type Report,
  readReport,
  renderComment,
  renderMissing,
  renderSummary,
} from '../../src/report/index.ts'
import { openConversation } from '../../src/runner/index.ts'
import { ConfigurationError } from '../configuration-error.ts'
import { RunFailure } from '../failure.ts'
import { type Ending, nothingNext, type Run } from '../run.ts'
import type { CommentInputs } from './inputs.ts'
import { type JobEvent, readEvent } from './job-event.ts'
import { keepComment } from './sticky.ts'

/**
 * Tells a pull request what another job found, in a job that reaches no cluster. The report came through an artifact from a job that ran
 * code of the pull request: it is data, what breaks the schema is refused, and its texts are escaped.
 */
export async function comment(run: Run, inputs: CommentInputs): Promise<Ending> {
  const { runner } = run
  const event = readEvent(runner.environment)
  const pullRequest = inputs.pullRequest || (event.pullRequest?.number ?? 0)
  if (pullRequest === 0)
    throw new ConfigurationError([
      {
        input: 'pull-request',
        problem: 'is missing, and the event of the job is of no pull request',
        allowed: 'the number of one',
      },
    ])
  const origin = originOf(run, event)
  const read = reportOf(inputs)
  const { marker, body } =
    'report' in read ? told(read.report, inputs, origin) : missing(run, read.problem, inputs, origin)
  // Of a comment that could not be written the summary tells why, and what it would have said.
  run.summaryOf = (report) => (report.failure ? `${renderSummary(report)}\n${body}` : body)
  run.cluster = 'report' in read ? read.report.cluster : inputs.cluster
  if (inputs.dryRun) runner.details('The comment', body.split('\n'))
  else
    await run.stage('Comment', async (say) => {
      const conversation = openConversation({
        token: inputs.token,
        repository: runner.environment.GITHUB_REPOSITORY ?? '',
        pullRequest,
        signal: runner.signal,
        say: (line) => say(`  ${line}`),
      })
      const kept = await keepComment(conversation, marker, body)
      run.outputs['comment-url'] = kept.url
      say(`  ${kept.said}   ${kept.url}`)
    })
  if ('problem' in read) throw noReport(inputs, read.problem, run.outputs['comment-url'] !== '')
  const how = inputs.dryRun ? 'would be told' : 'is told'
  return {
    result: 'commented',
    headline: `Pull request #${pullRequest} ${how}: ${oneLine(read.report.headline, 300)}`,
    next: nothingNext,
  }
}

/** It says itself what it is about; where this job knows better, it is not asked. */
function reportOf(inputs: CommentInputs): { readonly report: Report } | { readonly problem: string } {
  const { text, cluster, stackName } = inputs
  if (text === undefined) return { problem: 'there is none' }
  const read = readReport(text)
  if ('problem' in read) return read
  const { report } = read
  if (report.action !== 'deploy-stack') return { problem: 'it is a report of another action' }
  const stack = stackOf(report)
  const isForeign =
    (cluster !== '' && report.cluster !== cluster) || (stackName !== '' && stack !== '' && stack !== stackName)
  if (isForeign) return { problem: 'it is a report about another cluster or stack' }
  // One of the future would never be edited again.
  const now = new Date().toISOString()
  return { report: Date.parse(report.startedAt) > Date.parse(now) ? { ...report, startedAt: now } : report }
}

function stackOf({ deployment, facts }: Report): string {
  return deployment?.stack || facts.stack || ''
}

function told(report: Report, inputs: CommentInputs, origin: CommentOrigin) {
  const stack = stackOf(report) || inputs.stackName
  return { marker: commentMarker(report.cluster, stack), body: renderComment(report, stack, origin) }
}

/** What an earlier run has said there is not true of this commit: the same comment says so. */
function missing(run: Run, problem: string, inputs: CommentInputs, origin: CommentOrigin) {
  const at = new Date().toISOString()
  run.runner.line(`  ! the report cannot be told: ${problem}`)
  return {
    marker: commentMarker(inputs.cluster, inputs.stackName),
    body: renderMissing(inputs.cluster, inputs.stackName, at, problem, origin),
  }
}

function noReport({ reportPath }: CommentInputs, problem: string, isTold: boolean): RunFailure {
  return new RunFailure({
    code: 'report-unreadable',
    title: `the report ${reportPath} cannot be told: ${problem}`,
    cause: 'the job that should have left it ended before it could, or its artifact was not downloaded',
    remedy: 'look at the log of that job',
    evidence: isTold ? ['the comment on the pull request says that there is no report'] : [],
  })
}

/** From the environment and event of this job alone. */
function originOf({ runner }: Run, event: JobEvent): CommentOrigin {
  const { GITHUB_SERVER_URL = '', GITHUB_REPOSITORY = '', GITHUB_RUN_ID = '' } = runner.environment
  const base =
    /^https:\/\/[\w.-]+$/.test(GITHUB_SERVER_URL) && /^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY)
      ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`
      : ''
  const commit = event.pullRequest?.headSha ?? ''
  return {
    runUrl: base !== '' && /^\d+$/.test(GITHUB_RUN_ID) ? `${base}/actions/runs/${GITHUB_RUN_ID}` : '',
    commit,
    commitUrl: base !== '' && commit !== '' ? `${base}/commit/${commit}` : '',
  }
}
