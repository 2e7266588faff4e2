import { RunnerError } from './errors.ts'

interface HttpFailure {
  readonly status?: number
  readonly message?: string
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> }
}

/** Why something about the issues of a repository failed, with what to do. `undefined`: there was no answer in time. */
export function explainIssues(error: unknown, what: string, repository: string): RunnerError {
  const title = `${repository}: ${what}`
  if (error === undefined)
    return new RunnerError('github-unreachable', `${title}: GitHub gave no answer in time`, {
      cause: 'GitHub or the way to it is slow, or a rate limit lasts longer than anybody waits',
      remedy: 'nothing, if it does not come again: the next run tells as well. See www.githubstatus.com',
    })
  const { status, message = String(error), response } = error as HttpFailure
  const headers = response?.headers ?? {}
  const evidence = [`GitHub: ${status === undefined ? '' : `${status} `}${message}`]
  // octokit's request makes 500 of a connection that failed.
  if (status === undefined || (status === 500 && response === undefined))
    return new RunnerError('github-unreachable', `${title}: GitHub cannot be reached from the runner`, {
      cause: message,
      remedy: 'check the runner’s internet access or proxy, then run it again',
      evidence,
    })
  const isLimited =
    status === 429 || /\bsecondary rate\b/i.test(message) || String(headers['x-ratelimit-remaining']) === '0'
  if (isLimited && (status === 403 || status === 429))
    return new RunnerError('rate-limited', `${title}: GitHub’s rate limit is used up`, {
      cause: 'this token has asked or written too much in the last hour',
      remedy: 'nothing: the next run tells as well',
      evidence,
    })
  if (status === 410)
    return new RunnerError('issues-disabled', `${title}: the repository has its issues switched off`, {
      cause: 'Settings, General, Features, Issues is off',
      remedy: 'switch them on, or set issue: none',
      evidence,
    })
  // 404 is what a token without the right gets for a private repository.
  if (status === 401 || status === 403 || status === 404)
    return new RunnerError('issues-forbidden', `${title}: the token may not`, {
      cause:
        status === 401
          ? 'the github-token is not valid'
          : 'the job’s token has no write permission for issues, or the repository is not this one',
      remedy: 'add to the job: permissions: { contents: read, issues: write }',
      evidence,
    })
  return new RunnerError('github-refused', `${title}: GitHub answered ${status}`, {
    cause: message,
    remedy: status >= 500 ? 'run it again later; see www.githubstatus.com' : 'check title, labels and permissions',
    evidence,
  })
}
