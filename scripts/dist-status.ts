/** What in a folder of a repository is not as it was committed: changed, deleted, new, and also what git was told to ignore. */
import { spawnSync } from 'node:child_process'

/**
 * One line for each file, as git prints it; empty when all is as committed. An untracked chunk counts, which `git diff` does not see; so
 * does one that a rule for ignored files of this repository or of its user hides, and no setting of the user can change that.
 */
export function notAsCommitted(repository: string, folder: string): string {
  const args = ['status', '--porcelain', '--untracked-files=all', '--ignored=matching', '--no-renames', '--', folder]
  const result = spawnSync('git', args, { cwd: repository, encoding: 'utf8' })
  if (result.error) throw new Error(`git could not be started: ${result.error.message}`)
  if (result.status !== 0) throw new Error(`git ${args.join(' ')} failed: ${result.stderr}`)
  return result.stdout.trimEnd()
}
