import { cancelSignal, githubRunner } from './github-runner.ts'
import type { Runner } from './model.ts'

export type * from './comment-model.ts'
export { type ConversationOptions, openConversation } from './conversations.ts'
export { RunnerError } from './errors.ts'
export { forgetInput } from './github-runner.ts'
export { HttpFault } from './http.ts'
export type * from './issue-model.ts'
export { type IssueTrackerOptions, openIssueTracker } from './issues.ts'
export type * from './model.ts'
export { openWorkflowRuns, type WorkflowRunsOptions } from './workflow-runs.ts'
export type * from './workflow-runs-model.ts'

/**
 * Opens the GitHub runner that this process runs on. Call once per process: it installs the SIGINT and SIGTERM handlers
 * that fire `Runner.signal`. `environment` is process.env; inputs, state and file commands are read by @actions/core from there.
 */
export async function openRunner(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Runner> {
  const core = await import('@actions/core')
  return githubRunner(core, environment, cancelSignal(process))
}
