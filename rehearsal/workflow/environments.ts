/** The environment of a job: its name, and whether the run may enter it. */
import { passesFilter } from './event-filters.ts'
import { type Plain, textOf } from './expressions.ts'
import type { EnvironmentSettings, RunState } from './run-state.ts'

export interface JobEnvironment {
  /** Empty for none. */
  readonly name: string
  readonly settings: EnvironmentSettings | undefined
  /** Why the job may not run in it. */
  readonly refusal?: readonly string[]
}

/** What a stranger's pull request has of the environments of a repository: their rules, and nothing that is in them. */
export function emptied(
  environments: Readonly<Record<string, EnvironmentSettings>>,
): Readonly<Record<string, EnvironmentSettings>> {
  return Object.fromEntries(
    Object.entries(environments).map(([name, { branches }]) => [name, branches ? { branches } : {}]),
  )
}

/**
 * The environment that a job names. Its branch rule is asked about the ref of the run, which for a pull request is that of the merge
 * (GitHub's changelog of 2025-11-07 on environment branch protections), in GitHub's words for a branch.
 */
export function environmentOf(run: RunState, value: Plain | undefined): JobEnvironment {
  const name = textOf(
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? ((value as Readonly<Record<string, Plain>>).name ?? '')
      : value,
  )
  const [, settings] =
    Object.entries(run.environments).find(([known]) => known.toLowerCase() === name.toLowerCase()) ?? []
  const ref = textOf(run.github.ref ?? '')
  const branch = ref.replace(/^refs\/heads\//, '')
  if (name === '' || settings?.branches === undefined || passesFilter(settings.branches, branch))
    return { name, settings }
  return {
    name,
    settings,
    refusal: [
      `Branch "${branch}" is not allowed to deploy to ${name} due to environment protection rules.`,
      "The deployment was rejected or didn't satisfy other protection rules.",
    ],
  }
}
