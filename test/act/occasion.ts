/** What a run is about: the event as GitHub hands it over, in the names of act and in those of an ID token. */
import { execFileSync } from 'node:child_process'
import { around, pullRequestOf, pushPayload } from '../../rehearsal/workflow/event-payload.ts'
import type { WorkflowEvent } from '../../rehearsal/workflow/index.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'

/** As our own runner has them. */
const repository = 'rehearsal/k3s-gpu-actions'
const actor = 'owner'
const main = 'refs/heads/main'

export interface Occasion {
  readonly event: string
  /** Path of the caller's workflow. */
  readonly workflow: string
  readonly payload: Readonly<Record<string, unknown>>
  /** Claims of the ID token of a job of this run, but those about the job. */
  readonly claims: Readonly<Record<string, string>>
  /** For --env-file: act takes what it says of a run from there alone (pkg/runner/run_context.go, getGithubContext). */
  readonly variables: Readonly<Record<string, string>>
  /** Of a file of this repository that a job stands in. */
  fileReference(path: string): string
}

function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString('utf8')
      .trim()
  } catch {
    return '0'.repeat(40)
  }
}

/** Reference, commit, payload, and of a pull request its two branches. */
function about(event: WorkflowEvent, commit: string) {
  const facts = { repositoryName: repository, commit, actor }
  switch (event.name) {
    case 'workflow_dispatch':
      // act takes the inputs of the button from here.
      return { ref: main, sha: commit, payload: { inputs: event.inputs ?? {}, ref: main, ...around(facts) } }
    case 'schedule':
      return { ref: main, sha: commit, payload: { schedule: event.cron, ...around(facts) } }
    case 'push':
      return { ref: main, sha: commit, payload: pushPayload(event, 'main', facts) }
    case 'pull_request': {
      const { number, head, base, mergeCommit, payload } = pullRequestOf(event, facts)
      return { ref: `refs/pull/${number}/merge`, sha: mergeCommit, payload, head, base }
    }
  }
}

export function occasionOf(event: WorkflowEvent, workflow: string, runNumber: number): Occasion {
  const { ref, sha, payload, head = '', base = '' } = about(event, commitOf())
  const runId = `1000${runNumber}`
  const fileReference = (path: string): string => `${repository}/${path}@${ref}`
  const [owner = ''] = repository.split('/')
  return {
    event: event.name,
    workflow,
    payload,
    fileReference,
    claims: {
      actor,
      actor_id: '1',
      base_ref: base,
      event_name: event.name,
      head_ref: head,
      ref,
      ref_type: 'branch',
      ref_protected: 'false',
      repository,
      repository_id: '1',
      repository_owner: owner,
      repository_owner_id: '1',
      repository_visibility: 'public',
      run_attempt: '1',
      run_id: runId,
      run_number: String(runNumber),
      sha,
      workflow_ref: fileReference(workflow),
      workflow_sha: sha,
      job_workflow_sha: sha,
    },
    variables: {
      GITHUB_REPOSITORY: repository,
      GITHUB_REPOSITORY_ID: '1',
      GITHUB_REPOSITORY_OWNER_ID: '1',
      GITHUB_REF: ref,
      GITHUB_HEAD_REF: head,
      GITHUB_BASE_REF: base,
      GITHUB_RUN_ID: runId,
      GITHUB_RUN_NUMBER: String(runNumber),
      // The name by which act takes the commit.
      SHA_REF: sha,
    },
  }
}
