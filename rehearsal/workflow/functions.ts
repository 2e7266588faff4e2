/** The functions of expressions that depend on the state of a job or of its needs. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Functions } from './expressions.ts'
import type { Conclusion, JobState } from './run-state.ts'

/** `hashFiles`: the hash of the hashes of all files that match, empty when none does. */
function hashFiles(workspace: string, patterns: readonly string[]): string {
  const files = patterns
    .flatMap((pattern) => globSync(pattern, { cwd: workspace }))
    .filter((file) => statSync(join(workspace, file)).isFile())
    .sort()
  if (files.length === 0) return ''
  const total = createHash('sha256')
  for (const file of new Set(files))
    total.update(
      createHash('sha256')
        .update(readFileSync(join(workspace, file)))
        .digest(),
    )
  return total.digest('hex')
}

/** Status functions inside a job: about the steps so far. */
export function stepFunctions(job: JobState): Functions {
  return {
    always: () => true,
    success: () => job.status === 'success',
    failure: () => job.status === 'failure',
    cancelled: () => job.status === 'cancelled',
    hashFiles: (...patterns) => hashFiles(job.run.folders.workspace, patterns),
  }
}

/**
 * Status functions of a job's own `if`: about all jobs it needs, directly and through others.
 * A skipped ancestor is no success, which is why a job after it is skipped too unless its `if` says otherwise.
 */
export function jobFunctions(ancestors: readonly Conclusion[], isCancelled: boolean): Functions {
  return {
    always: () => true,
    success: () => !isCancelled && ancestors.every((conclusion) => conclusion === 'success'),
    failure: () => !isCancelled && ancestors.some((conclusion) => conclusion === 'failure'),
    cancelled: () => isCancelled,
  }
}
