import { within } from './deadline.ts'
import { RunnerError } from './errors.ts'
import type { ReleaseAsset, Releases } from './model.ts'

/** The parts of GitHub's answers that are read; digests came in June 2025, older assets have none. */
interface RawAsset {
  readonly name: string
  readonly browser_download_url: string
  readonly size: number
  readonly digest?: string | null
}

/** For the questions about one release together; each of them is small. */
const metadataDeadlineMs = 30_000

/**
 * Reads public repositories with @actions/github; `token` may be empty (60 requests an hour and address, else 5000).
 * Rejects with RunnerError `release-not-found`, `rate-limited`, `github-refused` or `github-unreachable`.
 */
export function releasesPort(token: () => string, deadlineMs = metadataDeadlineMs): Releases {
  return {
    async release(owner, repository, tag, signal) {
      signal.throwIfAborted()
      const github = await connect(token())
      const where = `release ${tag} of ${owner}/${repository}`
      try {
        const outcome = await within(deadlineMs, signal, (request) =>
          Promise.all([
            github.rest.repos.getReleaseByTag({ owner, repo: repository, tag, request: { signal: request } }),
            // `tags/` keeps a branch of the same name out; an annotated tag is resolved to its commit.
            github.rest.repos.getCommit({
              owner,
              repo: repository,
              ref: `tags/${tag}`,
              headers: { accept: 'application/vnd.github.sha' },
              request: { signal: request },
            }),
          ]),
        )
        if (outcome.isLate) throw silent(where, deadlineMs)
        const [release, commit] = outcome.value
        const assets = (release.data.assets as readonly RawAsset[]).map(toAsset)
        // Asked for the bare hash: the full answer would carry the commit's whole diff.
        const hash: unknown = commit.data
        return { assets, commit: typeof hash === 'string' ? hash.trim() : commit.data.sha }
      } catch (error) {
        if (signal.aborted) throw signal.reason
        throw error instanceof RunnerError ? error : explain(error, where, token() !== '')
      }
    },
  }
}

function silent(where: string, deadlineMs: number): RunnerError {
  return new RunnerError('github-unreachable', `${where} could not be read: GitHub gave no answer`, {
    cause: `there was no complete answer within ${deadlineMs / 1000} s: something between the runner and GitHub holds the connection, or GitHub has a problem`,
    remedy: 'look at www.githubstatus.com and at the runner’s proxy, then run it again',
    evidence: [`GitHub: no complete answer in ${deadlineMs} ms`],
  })
}

async function connect(token: string) {
  if (token !== '') return (await import('@actions/github')).getOctokit(token)
  // getOctokit insists on a token; its class does not.
  const { GitHub } = await import('@actions/github/lib/utils')
  return new GitHub()
}

function toAsset(asset: RawAsset): ReleaseAsset {
  const common = { name: asset.name, url: asset.browser_download_url, sizeBytes: asset.size }
  return asset.digest ? { ...common, digest: asset.digest } : common
}

interface HttpFailure {
  readonly status?: number
  readonly message?: string
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> }
}

function explain(error: unknown, where: string, hasToken: boolean): RunnerError {
  const { status, message = String(error), response } = error as HttpFailure
  const headers = response?.headers ?? {}
  const evidence = [`GitHub: ${status === undefined ? '' : `${status} `}${message}`]
  if (status === undefined || (status === 500 && response === undefined)) {
    return new RunnerError(
      'github-unreachable',
      `${where} could not be read: GitHub cannot be reached from the runner`,
      {
        cause: message,
        remedy: 'check the runner’s internet access or proxy, then run it again',
        evidence,
      },
    )
  }
  const isLimited = status === 429 || (status === 403 && String(headers['x-ratelimit-remaining']) === '0')
  if (isLimited || headers['retry-after'] !== undefined) {
    return new RunnerError('rate-limited', `${where} could not be read: GitHub’s rate limit is used up`, {
      cause: `${hasToken ? 'the token' : 'the runner’s address, without a token,'} has no requests left${resetTime(headers)}`,
      remedy: hasToken
        ? 'run it again after that time'
        : 'give the input github-token (${{ github.token }} is enough), or wait',
      evidence,
    })
  }
  // 422 is what GitHub says for a commit that no such tag points to.
  if (status === 404 || status === 422) {
    return new RunnerError('release-not-found', `${where} does not exist`, {
      cause: 'there is no such release or tag, or the repository is private',
      remedy: 'check the version: it must be spelled exactly as the release is',
      evidence,
    })
  }
  return new RunnerError('github-refused', `${where} could not be read: GitHub answered ${status}`, {
    cause: status === 401 ? 'the github-token is not valid' : message,
    remedy:
      status >= 500
        ? 'run it again later; see www.githubstatus.com'
        : 'give a github-token that may read public repositories, or none',
    evidence,
  })
}

/** `x-ratelimit-reset` is in epoch seconds, `retry-after` in seconds from now. */
function resetTime(headers: Readonly<Record<string, string | number | undefined>>): string {
  const reset = Number(headers['x-ratelimit-reset'])
  if (Number.isFinite(reset) && reset > 0 && reset < 8.64e12) return ` until ${new Date(reset * 1000).toISOString()}`
  const after = Number(headers['retry-after'])
  return Number.isFinite(after) && after > 0 ? ` for ${after} s` : ''
}
