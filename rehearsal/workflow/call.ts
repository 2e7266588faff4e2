/** What a calling job hands to a workflow: inputs and secrets. */
import { type Plain, textOf } from './expressions.ts'
import { entriesOf, errorAt, find, literalOf, type Scope, textsAt, valueAt } from './tokens.ts'
import type { JobDefinition, WorkflowFile } from './workflow-file.ts'

/** The `inputs` of a called workflow, of the declared types. */
export function callInputs(
  caller: WorkflowFile,
  job: JobDefinition,
  called: WorkflowFile,
  scope: Scope,
): Record<string, Plain> {
  const given = find(job.token, 'with')
  const inputs: Record<string, Plain> = {}
  for (const [name, declaration] of entriesOf(find(called.triggers.get('workflow_call'), 'inputs'))) {
    const type = literalOf(find(declaration, 'type'))
    const token = entriesOf(given).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
    const fallback = find(declaration, 'default')
    const empty = type === 'boolean' ? false : type === 'number' ? 0 : ''
    const value = token ? valueAt(caller, token, scope) : fallback ? valueAt(called, fallback, scope) : empty
    if (type !== 'string' && typeof value !== type) {
      throw errorAt(
        caller,
        token ?? job.uses,
        `input '${name}' of ${called.path} is a ${type}, and '${textOf(value)}' is none`,
      )
    }
    inputs[name] = type === 'string' ? textOf(value) : value
  }
  return inputs
}

/** What of secrets a workflow has been handed. */
export interface Handed {
  readonly values: Readonly<Record<string, string>>
  /** Whether secrets of an environment reach its jobs under any name: the workflow was started itself, or inherits. */
  readonly isOpen: boolean
}

/**
 * The secrets of a called workflow: those it is given one by one, or all where the caller says `inherit`.
 * A name that is given counts as handed even when its value is empty: `secretsOfJob` fills it.
 */
export function callSecrets(caller: WorkflowFile, held: Handed, job: JobDefinition, scope: Scope): Handed {
  const token = find(job.token, 'secrets')
  if (token?.isScalar && literalOf(token) === 'inherit') return held
  const { GITHUB_TOKEN = '' } = held.values
  return { values: { GITHUB_TOKEN, ...textsAt(caller, token, scope) }, isOpen: false }
}

/**
 * The `secrets` of a job: what its workflow was handed, and over it what its environment has.
 * In a called workflow the environment is that of the calling repository, and only names that the caller passes, by
 * `NAME: ${{ secrets.NAME }}` or `inherit`, get a value from it; one that is not passed is an empty text without any error.
 * (github/docs content/actions/how-tos/reuse-automations/reuse-workflows.md as of October 2026; observed in actions/runner
 * issues 1490 and 4453. Before that the page said that the environment alone was enough, which was never so.)
 */
export function secretsOfJob(
  handed: Handed,
  ofEnvironment: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const secrets = { ...handed.values }
  for (const [name, value] of Object.entries(ofEnvironment)) {
    // Names are told apart without regard to case.
    const known = Object.keys(secrets).find((key) => key.toLowerCase() === name.toLowerCase())
    if (known !== undefined) secrets[known] = value
    else if (handed.isOpen) secrets[name] = value
  }
  return secrets
}
