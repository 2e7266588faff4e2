/** The jobs that a caller's workflow leads to, as far as a machine has to know them: act reads neither permissions nor environments. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'

export interface CalledJob {
  /** As GITHUB_JOB has it. */
  readonly id: string
  /** File that it stands in. */
  readonly file: string
  readonly isHosted: boolean
  /** Empty: none. */
  readonly environment: string
  readonly mayAskForIdToken: boolean
}

interface Job {
  readonly 'runs-on'?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly environment?: { readonly name?: string }
  readonly permissions?: Readonly<Record<string, string>>
}
interface File {
  readonly on: { readonly workflow_call?: { readonly inputs?: Readonly<Record<string, { default?: unknown }>> } }
  readonly jobs: Readonly<Record<string, Job>>
}

const readWorkflow = (path: string): File => parse(readFileSync(join(repositoryRoot, path), 'utf8')) as File

/** Value of `${{ inputs.NAME }}` or `${{ fromJSON(inputs.NAME) }}`; all that these workflows write where a machine is named. */
function evaluated(expression: string | undefined, given: Readonly<Record<string, unknown>>): string {
  const name = /inputs\.([\w-]+)/.exec(expression ?? '')?.[1]
  return name === undefined ? (expression ?? '') : String(given[name] ?? '')
}

/**
 * @param file path of a workflow file in the repository
 * @param callers its jobs that are to run
 */
export function jobsOf(file: string, callers: readonly string[]): readonly CalledJob[] {
  const caller = readWorkflow(file)
  return callers.flatMap((name) => {
    const call = caller.jobs[name]
    if (call?.uses === undefined) throw new Error(`${file} has no job ${name} that calls a workflow`)
    const path = call.uses.replace(/^\$\//, '')
    const called = readWorkflow(path)
    const defaults = Object.entries(called.on.workflow_call?.inputs ?? {}).map(([input, { default: value }]) => [
      input,
      value,
    ])
    const given = { ...(Object.fromEntries(defaults) as Record<string, unknown>), ...call.with }
    return Object.entries(called.jobs).map(
      ([id, job]): CalledJob => ({
        id,
        file: path,
        isHosted: /ubuntu-/.test(evaluated(job['runs-on'], given)),
        environment: evaluated(job.environment?.name, given),
        mayAskForIdToken: job.permissions?.['id-token'] === 'write',
      }),
    )
  })
}
