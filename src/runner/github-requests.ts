import { within } from './deadline.ts'
import { RunnerError } from './errors.ts'

export interface GitHubOptions {
  readonly token: string
  /** `owner/name`, as in GITHUB_REPOSITORY. */
  readonly repository: string
  readonly signal: AbortSignal
  /** What happens on the way, e.g. a wait that GitHub asks for. */
  readonly say?: (line: string) => void
  /** For everything that is asked of it together. Default: 3 min. */
  readonly deadlineMs?: number
  /** Between writes GitHub wants a pause, and after a limit a longer one; tests make both shorter. Default: 1. */
  readonly pace?: number
}

/** Longer than this nobody waits for a rate limit: the next run tells as well. */
const longestWaitSeconds = 90

async function connect(options: GitHubOptions) {
  const [{ getOctokit }, { retry }, { throttling }] = await Promise.all([
    import('@actions/github'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ])
  const pace = options.pace ?? 1
  const wait = (which: string) => (seconds: number, _request: unknown, _octokit: unknown, count: number) => {
    const isWorthIt = seconds <= longestWaitSeconds && count < 2
    options.say?.(
      `GitHub: ${which}${isWorthIt ? `; asked again in ${seconds} s` : `, for ${seconds} s: not waited for`}`,
    )
    return isWorthIt
  }
  return getOctokit(
    options.token,
    {
      // Not 403 and 429, which the other plugin waits for as long as GitHub asks: this one would be back after a second.
      retry: { retries: 2, retryAfterBaseValue: 1000 * pace, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
      throttle: {
        // Each has its own pace.
        id: options.repository,
        retryAfterBaseValue: 1000 * pace,
        onRateLimit: wait('rate limit is used up'),
        onSecondaryRateLimit: wait('secondary rate limit'),
      },
      // Without it octokit prints warnings on its own.
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    },
    retry,
    throttling,
  )
}

function ignore(): void {}

export type GitHub = Awaited<ReturnType<typeof connect>>

/** Why something failed, with what to do. `undefined`: there was no answer in time. */
type Explain = (error: unknown, what: string, repository: string) => RunnerError

/**
 * Asks GitHub about a repository with @actions/github; requests are repeated and paced by octokit's plugins, within the deadline. What
 * fails is told by `explain`; `what` begins the sentence, e.g. `its issues could not be listed`.
 */
export function openGitHub(
  options: GitHubOptions,
  explain: Explain,
): <Answer>(what: string, work: (github: GitHub, signal: AbortSignal) => Promise<Answer>) => Promise<Answer> {
  const end = Date.now() + (options.deadlineMs ?? 180_000)
  let connection: ReturnType<typeof connect> | undefined

  return async (what, work) => {
    connection ??= connect(options)
    const github = await connection
    try {
      const outcome = await within(Math.max(0, end - Date.now()), options.signal, (signal) => work(github, signal))
      if (!outcome.isLate) return outcome.value
    } catch (error) {
      if (options.signal.aborted) throw options.signal.reason
      throw error instanceof RunnerError ? error : explain(error, what, options.repository)
    }
    throw explain(undefined, what, options.repository)
  }
}
