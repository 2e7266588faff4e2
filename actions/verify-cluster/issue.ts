import type { Report } from '../../src/report/index.ts'
import { type IssueTracker, openIssueTracker } from '../../src/runner/index.ts'
import { keepIssue } from '../../src/verify/index.ts'
import { explain } from '../failure.ts'
import type { Run } from '../run.ts'
import type { IssueWish } from './inputs.ts'

function trackerOf(run: Run, token: string): IssueTracker {
  return openIssueTracker({
    token,
    repository: run.runner.environment.GITHUB_REPOSITORY ?? '',
    signal: run.runner.signal,
    say: (line) => run.runner.line(`  ${line}`),
  })
}

/** Address of this run on GitHub; empty outside. */
export function runUrlOf({ runner }: Run): string {
  const { GITHUB_SERVER_URL = '', GITHUB_REPOSITORY = '', GITHUB_RUN_ID = '' } = runner.environment
  return GITHUB_RUN_ID === '' ? '' : `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
}

/**
 * Opens, updates or closes the issue of what the report is about; its address becomes an output. When that fails, a run that is
 * failing anyway keeps its own failure, which matters more; one that does not fails with this.
 */
export async function tellIssue(run: Run, wish: IssueWish, report: Report, isFailing: boolean): Promise<string> {
  let url = ''
  try {
    await run.stage('Issue', async (say) => {
      const options = { labels: wish.labels, runUrl: runUrlOf(run), nowMs: Date.now() }
      const kept = await keepIssue(trackerOf(run, wish.token), report, options)
      url = kept.url
      say(`  ${kept.said}${kept.url === '' ? '' : `   ${kept.url}`}`)
    })
  } catch (error) {
    run.runner.signal.throwIfAborted()
    if (!isFailing) throw error
    const { title, remedy } = explain(error, 'the issue was not kept')
    run.runner.warningAnnotation(title, remedy)
  }
  if (url !== '') run.outputs['issue-url'] = url
  return url
}
