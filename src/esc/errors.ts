/** What stopped the reading of an environment; stable, each with a line in scripts/codes-of-stops.ts. */
export type EscErrorCode =
  | 'esc-unauthorised'
  | 'esc-not-found'
  | 'esc-permission'
  | 'esc-gated'
  | 'esc-invalid-environment'
  | 'esc-rate-limited'
  | 'esc-unreachable'
  | 'esc-failed'
  | 'esc-property-missing'
  | 'oidc-rejected'
  | 'oidc-failed'

/** Something between this program and Pulumi. `title` is one sentence; texts may quote the server and are data. Never holds a secret. */
export class EscError extends Error {
  override readonly name = 'EscError'
  readonly code: EscErrorCode
  readonly title: string
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]
  /** HTTP status, where there was an answer. */
  readonly status?: number

  constructor(
    code: EscErrorCode,
    details: {
      readonly title: string
      readonly cause: string
      readonly remedy: string
      readonly evidence?: readonly string[]
      readonly status?: number
    },
  ) {
    super(details.title)
    this.code = code
    this.title = details.title
    this.cause = details.cause
    this.remedy = details.remedy
    this.evidence = details.evidence ?? []
    if (details.status !== undefined) this.status = details.status
  }
}

const longestQuote = 300

/** Somebody else's text as one bounded line without anything invisible. */
export function quoteRemote(text: string): string {
  // Cut before it is cleaned: an answer may be megabytes.
  const line = text
    .slice(0, 10 * longestQuote)
    .toWellFormed()
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  return line.length > longestQuote ? `${line.slice(0, longestQuote - 1).toWellFormed()}…` : line
}

/** Shorter than this it is no secret, and would be found everywhere: a session may have a number. */
const shortestSecret = 6

/** The text with `***` for these secrets: a server may repeat what it was sent. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= shortestSecret)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}
