/** The right to ask for an ID token: who has it, and what the token says of the job. */
import type { IdTokenIssuer } from '../contract.ts'
import { textOf } from './expressions.ts'
import type { JobOrder } from './job.ts'
import { isHosted } from './machine.ts'
import { fileContext } from './origin.ts'
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

/** Admits a job that may ask for ID tokens; undefined for any other, and where the rehearsal has no issuer. */
export function admitted(order: JobOrder): IdTokenRequest | undefined {
  const { run, file, environment } = order
  if (run.idTokens === undefined || !mayWrite(order.permissions, 'id-token')) return undefined
  const stands = fileContext(file.origin, file.path, run.github)
  const context = Object.fromEntries(fromContext.map((name) => [name, textOf(run.github[name] ?? '')]))
  return run.idTokens.admit({
    ...context,
    ref_protected: textOf(run.github.ref_protected ?? false),
    repository_visibility: 'public',
    runner_environment: isHosted(order.runsOn) ? 'github-hosted' : 'self-hosted',
    // The file that the job stands in: for a called workflow the called one.
    job_workflow_ref: stands.workflow_ref,
    job_workflow_sha: stands.workflow_sha,
    ...(environment === '' ? {} : { environment }),
  })
}
