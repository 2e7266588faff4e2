/** Where a file of a run comes from, and what `$/`, `./` and `owner/name@commit` lead to from there. */
import { WorkflowError } from './errors.ts'
import type { Plain } from './expressions.ts'

/** A repository at a commit. */
export interface Origin {
  /** `owner/name`. */
  readonly name: string
  /** Folder with its files at that commit. */
  readonly folder: string
  /** The commit that a caller has named; undefined: the repository and the commit that the run itself is about. */
  readonly pinned?: string
}

/** `owner/name@<40 hexadecimal digits>` → folder with the files of that repository at that commit. */
export type Repositories = Readonly<Record<string, string>>

/**
 * The other repository that a reference names.
 * @returns undefined where the rehearsal does not have it
 */
export function otherRepository(repositories: Repositories, name: string, commit: string): Origin | undefined {
  const wanted = `${name}@${commit}`.toLowerCase()
  const [key, folder] = Object.entries(repositories).find(([entry]) => entry.toLowerCase() === wanted) ?? []
  return key === undefined || folder === undefined
    ? undefined
    : { name: key.slice(0, key.lastIndexOf('@')), folder, pinned: commit }
}

/** Refuses a map of repositories whose keys are no repository at a full commit. @throws WorkflowError */
export function checkRepositories(repositories: Repositories): void {
  for (const key of Object.keys(repositories)) {
    if (!/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/.test(key))
      throw new WorkflowError(`'${key}' is no repository at a commit: owner/name@ and 40 hexadecimal digits`)
  }
}

/** How messages name a file: those of the run's own repository by their path alone. */
export function shownPath(origin: Origin, path: string): string {
  return origin.pinned === undefined ? path : `${origin.name}/${path}@${origin.pinned.slice(0, 12)}`
}

/** One file at one commit, for telling whether two are the same. */
export function identityOf(origin: Origin, path: string): string {
  return `${origin.name.toLowerCase()}@${origin.pinned ?? ''}:${path}`
}

/** Who owns the repository. */
export function ownerOf(origin: Origin): string {
  return (origin.name.split('/')[0] ?? '').toLowerCase()
}

/**
 * The twins of `github.workflow_*`, which are about the file that the event started: these are about the file that the job stands in
 * (actions/runner: JobContext, from which `$/` is resolved in ActionManager). A caller's ref is kept as it was written.
 */
export function fileContext(
  origin: Origin,
  path: string,
  github: Readonly<Record<string, Plain>>,
): { workflow_ref: string; workflow_sha: string; workflow_repository: string; workflow_file_path: string } {
  return {
    workflow_ref: `${origin.name}/${path}@${origin.pinned ?? String(github.ref)}`,
    workflow_sha: origin.pinned ?? String(github.sha),
    workflow_repository: origin.name,
    workflow_file_path: path,
  }
}
