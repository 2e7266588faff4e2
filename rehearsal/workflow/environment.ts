/** The environment of a step's process: what a runner gives, and nothing else of the machine that rehearses. */

import { writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plain } from './expressions.ts'
import { repositoryRoot } from './repository-root.ts'
import type { StepContext } from './step.ts'

// The keys of the github context that the runner exports as GITHUB_* (its GitHubContext).
const exported = [
  'action',
  'action_path',
  'action_ref',
  'action_repository',
  'actor',
  'actor_id',
  'api_url',
  'base_ref',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'retention_days',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
]

// What programs need to start at all, per platform.
const inherited = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'PATHEXT',
  'TEMP',
  'TMP',
]

/** The machine's part: search path, an empty home, and what the caller of the rehearsal names. */
export function machineEnvironment(home: string, named: Readonly<Record<string, string>>): Record<string, string> {
  const environment: Record<string, string> = { HOME: home, USERPROFILE: home, USER: 'runner', LOGNAME: 'runner' }
  for (const name of inherited) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return { ...environment, ...named }
}

function texts(context: Plain | undefined): [string, string][] {
  const entries = Object.entries((context ?? {}) as Record<string, Plain>)
  return entries.flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'boolean' ? [[key, String(value)] as [string, string]] : [],
  )
}

/** Everything that the process of a step sees, apart from inputs and state. */
export function stepEnvironment(step: StepContext): Record<string, string> {
  const { run } = step.job
  const environment: Record<string, string> = {
    ...run.machine,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    RUNNER_TRACKING_ID: step.job.trackingId,
    ...step.env,
  }
  for (const [key, value] of texts(step.scope.contexts.github)) {
    if (exported.includes(key)) environment[`GITHUB_${key.toUpperCase()}`] = value
  }
  for (const [key, value] of texts(step.scope.contexts.runner)) environment[`RUNNER_${key.toUpperCase()}`] = value
  if (step.job.idToken) {
    environment.ACTIONS_ID_TOKEN_REQUEST_URL = step.job.idToken.requestUrl
    environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN = step.job.idToken.requestToken
  }
  if (run.isDebug) environment.RUNNER_DEBUG = '1'
  if (step.job.path.length > 0) {
    environment.PATH = [...step.job.path.toReversed(), environment.PATH ?? '']
      .filter((part) => part !== '')
      .join(delimiter)
  }
  return { ...environment, ...step.files }
}

/** How Node is kept inside the embedded world: arguments and environment; both empty when the run has no endpoints. */
export function redirection(step: StepContext): {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
} {
  const { endpoints, folders } = step.job.run
  if (endpoints === undefined) return { args: [], env: {} }
  const file = join(folders.work, 'endpoints.json')
  writeFileSync(file, JSON.stringify(endpoints))
  const redirect = pathToFileURL(join(repositoryRoot, 'rehearsal', 'redirect.mjs')).href
  return { args: ['--import', redirect], env: { REHEARSAL_ENDPOINTS: file } }
}
