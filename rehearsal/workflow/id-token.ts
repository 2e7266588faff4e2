/** The right to ask for an ID token: who has it, and what the token says of the job. */
import type { IdTokenIssuer } from '../contract.ts'
import { type Plain, textOf } from './expressions.ts'
import type { JobOrder } from './job.ts'
import { isHosted } from './machine.ts'
import { mayWrite } from './permissions.ts'

/** What a job's steps ask with. */
export type IdTokenRequest = ReturnType<IdTokenIssuer['admit']>

/** Claims of GitHub's ID tokens that are, word for word, what the `github` context says. */
const fromContext = [
  'actor',
  'actor_id',
  'base_ref',
  'event_name',
  'head_ref',
  'ref',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'run_attempt',
  'run_id',
  'run_number',
  'sha',
  'workflow',
  'workflow_ref',
  'workflow_sha',
]

/** A pull request from a fork gets no write permission, whatever the workflow says. */
function isFromFork(event: Plain | undefined): boolean {
  const { pull_request: request } = (event ?? {}) as {
    readonly pull_request?: { readonly head?: { readonly repo?: { readonly fork?: boolean } } }
  }
  return request?.head?.repo?.fork === true
}

/** Admits a job that may ask for ID tokens; undefined for any other, and where the rehearsal has no issuer. */
export function admitted(order: JobOrder): IdTokenRequest | undefined {
  const { run, file, environment } = order
  if (run.idTokens === undefined || !mayWrite(order.permissions, 'id-token') || isFromFork(run.github.event))
    return undefined
  const context = Object.fromEntries(fromContext.map((name) => [name, textOf(run.github[name] ?? '')]))
  return run.idTokens.admit({
    ...context,
    ref_protected: textOf(run.github.ref_protected ?? false),
    repository_visibility: 'public',
    runner_environment: isHosted(order.runsOn) ? 'github-hosted' : 'self-hosted',
    // The file that the job stands in: for a called workflow the called one.
    job_workflow_ref: `${run.repositoryName}/${file.path}@${textOf(run.github.ref ?? '')}`,
    job_workflow_sha: textOf(run.github.sha ?? ''),
    ...(environment === '' ? {} : { environment }),
  })
}
