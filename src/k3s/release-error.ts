export type ReleaseErrorCode =
  | 'release-not-found'
  | 'release-incomplete'
  | 'architecture-unsupported'
  | 'checksum-mismatch'
  | 'download-failed'

/** A released k3s that cannot be had, or that is not what its publisher says it is. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError'
  readonly code: ReleaseErrorCode
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]

  constructor(code: ReleaseErrorCode, title: string, cause: string, remedy: string, evidence: readonly string[] = []) {
    super(title)
    this.code = code
    this.cause = cause
    this.remedy = remedy
    this.evidence = evidence
  }
}

export const runAgain =
  'run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s'

/** Two witnesses disagree. `evidence` holds both hashes. */
export function mismatch(what: string, evidence: readonly string[]): ReleaseError {
  return new ReleaseError(
    'checksum-mismatch',
    `${what} is not what k3s published`,
    'it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged',
    'nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either',
    evidence,
  )
}

/** What anything that was thrown says. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}
