/** What jobs are called, where they run, and what becomes of several. */
import { type Plain, textOf } from './expressions.ts'
import type { Conclusion } from './run-state.ts'
import { find, literalOf, type Scope, textAt } from './tokens.ts'
import type { JobDefinition, WorkflowFile } from './workflow-file.ts'

/** The worst of several. */
export function worst(results: readonly Conclusion[]): Conclusion {
  for (const candidate of ['cancelled', 'failure', 'success'] as const)
    if (results.includes(candidate)) return candidate
  return 'skipped'
}

/** Ids of all jobs that a job needs, directly and through others. */
export function ancestorsOf(jobs: readonly JobDefinition[], job: JobDefinition): string[] {
  const found = new Set<string>()
  const add = (id: string): void => {
    if (found.has(id)) return
    found.add(id)
    for (const need of jobs.find((candidate) => candidate.id === id)?.needs ?? []) add(need)
  }
  for (const need of job.needs) add(need)
  return [...found]
}

/** The labels of `runs-on`. */
export function labelsOf(runsOn: Plain): string[] {
  if (Array.isArray(runsOn)) return runsOn.map(textOf)
  if (runsOn !== null && typeof runsOn === 'object') {
    const { group, labels } = runsOn as Record<string, Plain>
    return [...(group ? [`group ${textOf(group)}`] : []), ...(labels === undefined ? [] : labelsOf(labels))]
  }
  return [textOf(runsOn)]
}

/** The name of a job that is not evaluated. */
export function literalNameOf(definition: JobDefinition): string {
  const token = find(definition.token, 'name')
  return (token?.isLiteral ? literalOf(token) : undefined) ?? definition.id
}

/** The name of a job, with the values of its matrix where the name does not tell them. */
export function nameOf(
  file: WorkflowFile,
  definition: JobDefinition,
  matrix: Readonly<Record<string, Plain>>,
  scope: Scope,
): string {
  const token = find(definition.token, 'name')
  const name = textAt(file, token, scope) || definition.id
  const values = Object.values(matrix).filter((value) => value === null || typeof value !== 'object')
  return token?.isExpression || values.length === 0 ? name : `${name} (${values.map(textOf).join(', ')})`
}
