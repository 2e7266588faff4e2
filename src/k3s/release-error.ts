export type ReleaseErrorCode =
  | 'release-not-found'
  | 'release-incomplete'
  | 'architecture-unsupported'
  | 'checksum-mismatch'
  | 'download-failed'
  | 'rate-limited'
  | 'github-refused'
  | 'github-unreachable'

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

/** What the runner's ports reject with; they say cause and remedy themselves. */
interface PortError {
  readonly code: string
  readonly cause: string
  readonly remedy: string
  readonly evidence?: readonly string[]
}

function isPortError(error: unknown): error is PortError {
  const { code, cause, remedy } = (typeof error === 'object' && error !== null ? error : {}) as Partial<PortError>
  return typeof code === 'string' && typeof cause === 'string' && typeof remedy === 'string'
}

const codesOfPorts: readonly string[] = [
  'rate-limited',
  'github-refused',
  'github-unreachable',
] satisfies ReleaseErrorCode[]

/** The failure of a port, about `title`: with the port's own cause and remedy where it gives them. */
export function releaseFault(error: unknown, title: string, evidence: readonly string[] = []): ReleaseError {
  if (!isPortError(error)) return new ReleaseError('download-failed', title, messageOf(error), runAgain, evidence)
  const code = codesOfPorts.includes(error.code) ? (error.code as ReleaseErrorCode) : 'download-failed'
  return new ReleaseError(code, title, error.cause, error.remedy, [...evidence, ...(error.evidence ?? [])])
}

/** A mistyped version, most of the time. */
export function unknownRelease(version: string, error: unknown): ReleaseError | undefined {
  if (!isPortError(error) || error.code !== 'release-not-found') return undefined
  return new ReleaseError(
    'release-not-found',
    `there is no release ${version} of k3s`,
    `no release of k3s-io/k3s is called ${version}`,
    'correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1',
    error.evidence ?? [],
  )
}

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
