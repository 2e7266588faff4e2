/** Why something that the runner does for us failed, with what to do. `code` is stable. */
export class RunnerError extends Error {
  readonly code:
    | 'release-not-found'
    | 'rate-limited'
    | 'github-refused'
    | 'github-unreachable'
    | 'issues-forbidden'
    | 'issues-disabled'
    | 'comment-forbidden'
    | 'download-failed'
    | 'program-not-found'
    | 'oidc-permission-missing'
    | 'oidc-fork'
    | 'oidc-failed'
    | 'cancelled'
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]
  constructor(
    code: RunnerError['code'],
    message: string,
    more: { readonly cause: string; readonly remedy: string; readonly evidence?: readonly string[] },
  ) {
    super(message)
    this.name = 'RunnerError'
    this.code = code
    this.cause = more.cause
    this.remedy = more.remedy
    this.evidence = more.evidence ?? []
  }
}

/** The error of a run that was cancelled; also the reason of `Runner.signal`. */
export function cancelled(by: string): RunnerError {
  return new RunnerError('cancelled', `cancelled by ${by}`, {
    cause: 'the workflow run was cancelled, or the runner is shutting down',
    remedy: 'run it again: whatever was interrupted, the next run converges',
  })
}
