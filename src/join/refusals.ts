/** A token that was given cannot be used as it is. Never holds the token. */
export class GivenTokenError extends Error {
  override readonly name = 'GivenTokenError'
  readonly code: string
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[] = []

  constructor(code: string, title: string, cause: string, remedy: string) {
    super(title)
    this.code = code
    this.cause = cause
    this.remedy = remedy
  }
}

/** The wish for a version cannot be met as it is written: the workflow has to be changed. */
export class VersionError extends Error {
  override readonly name = 'VersionError'
  readonly code = 'version-invalid'
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[] = []

  constructor(title: string, cause: string, remedy: string) {
    super(title)
    this.cause = cause
    this.remedy = remedy
  }
}
