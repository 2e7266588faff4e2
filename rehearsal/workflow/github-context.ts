/** The `github` context of a run, as far as it is the same for all its jobs. */
import { execFileSync } from 'node:child_process'
import type { StartedBy } from './event.ts'
import type { Plain } from './expressions.ts'

/** The commit that lies in a folder; zeros where git knows of none. */
export function commitOf(repository: string): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: repository, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString('utf8')
      .trim()
  } catch {
    return '0'.repeat(40)
  }
}

/** What a run is about. */
export interface RunFacts {
  readonly started: StartedBy
  readonly eventName: string
  readonly repositoryName: string
  /** That of the event: its name, and its path in the repository. */
  readonly workflow: { readonly name: string; readonly path: string }
  readonly actor: string
  readonly runNumber: number
  readonly token: string
}

export function githubContext(facts: RunFacts): Record<string, Plain> {
  const { started, repositoryName, workflow, actor, token } = facts
  const [owner = ''] = repositoryName.split('/')
  return {
    actor,
    actor_id: '1',
    triggering_actor: actor,
    api_url: 'https://api.github.com',
    server_url: 'https://github.com',
    graphql_url: 'https://api.github.com/graphql',
    base_ref: started.baseRef,
    head_ref: started.headRef,
    event: started.payload,
    event_name: facts.eventName,
    ref: started.ref,
    // Of a pull request `1/merge`.
    ref_name: started.ref.replace(/^refs\/(?:heads|pull)\//, ''),
    ref_type: 'branch',
    ref_protected: false,
    repository: repositoryName,
    repository_id: '1',
    repository_owner: owner,
    repository_owner_id: '1',
    retention_days: '90',
    run_attempt: '1',
    run_id: `1000${facts.runNumber}`,
    run_number: String(facts.runNumber),
    sha: started.sha,
    token,
    workflow: workflow.name,
    workflow_ref: `${repositoryName}/${workflow.path}@${started.ref}`,
    workflow_sha: started.sha,
  }
}
