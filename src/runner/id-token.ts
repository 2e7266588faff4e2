import { readFileSync, statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { RunnerError } from './errors.ts'
import type { Http, HttpAnswer } from './model.ts'
import { neutraliseTitle } from './neutralise.ts'

export interface IdTokenSource {
  /** process.env as the runner made it. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly http: Http
  readonly mask: (secret: string) => void
  readonly signal: AbortSignal
  /** Retries, for the log. */
  readonly onEvent: (line: string) => void
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** Waits before the second and the following tries. GitHub's issuer has short failures (actions/toolkit#1441, hashicorp/vault-action#525). */
const waitsMs = [1000, 2000, 4000]
const callTimeoutMs = 15_000
const longestWaitMs = 30_000
/** Some 2 KB in practice. */
const longestToken = 32 * 1024
/** GitHub cuts event payloads at 25 MB. */
const longestEvent = 32 * 1024 * 1024

/**
 * GitHub's ID token, the way @actions/core asks for it (packages/core/src/oidc-utils.ts): GET on ACTIONS_ID_TOKEN_REQUEST_URL, which
 * has a query already, with the audience appended, and ACTIONS_ID_TOKEN_REQUEST_TOKEN as bearer. Not by core itself: its client
 * follows redirects, waits without an end that a cancelled run could bring about, and its errors do not say what to do.
 */
export function idTokenPort(source: IdTokenSource): (audience: string) => Promise<string> {
  const { environment, http, mask, signal, onEvent } = source
  const delay = source.delay ?? ((ms: number, until: AbortSignal) => wait(ms, undefined, { signal: until }))

  return async (audience) => {
    const address = environment.ACTIONS_ID_TOKEN_REQUEST_URL ?? ''
    const requestToken = environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? ''
    if (address === '' || requestToken === '') throw missing(environment)
    const request = {
      method: 'GET',
      url: withAudience(address, audience),
      headers: {
        Authorization: `Bearer ${requestToken}`,
        Accept: 'application/json; api-version=2.0',
        'User-Agent': 'k3s-gpu-actions',
      },
      timeoutMs: callTimeoutMs,
    } as const
    for (let attempt = 0; ; attempt++) {
      const answer = await http(request, signal).catch((error: unknown) => {
        if (signal.aborted) throw signal.reason
        return error instanceof Error ? error : new Error(String(error))
      })
      if (!(answer instanceof Error) && answer.status === 200) {
        const token = tokenOf(answer)
        mask(token)
        return token
      }
      const waitMs = waitsMs[attempt]
      const told = answer instanceof Error ? undefined : retryAfterMs(answer)
      if (waitMs === undefined || !isPassing(answer) || (told ?? 0) > longestWaitMs) throw refused(answer)
      const forMs = told ?? waitMs
      onEvent(`GitHub's ID token: ${describe(answer)}, again in ${forMs / 1000} s`)
      await delay(forMs, signal).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : error
      })
    }
  }
}

/** Appended, as core does: the rest of the address stays letter by letter what the runner gave. */
function withAudience(address: string, audience: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}audience=${encodeURIComponent(audience)}`
}

function isPassing(answer: HttpAnswer | Error): boolean {
  if (!(answer instanceof Error)) return answer.status === 429 || answer.status >= 500
  // What no repetition changes: certificates, addresses, answers without end.
  const fault = 'code' in answer && typeof answer.code === 'string' ? answer.code : ''
  return /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|E(HOST|NET)UNREACH|ERR_PROXY_TUNNEL|timeout$|$)/.test(fault)
}

function retryAfterMs(answer: HttpAnswer): number | undefined {
  const seconds = Number(answer.headers['retry-after'] || Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}

function describe(answer: HttpAnswer | Error): string {
  return answer instanceof Error ? neutraliseTitle(answer.message).slice(0, 300) : `HTTP ${answer.status}`
}

/** The token of an answer. It becomes a part of a request, so nothing is accepted that is not of a JWT's form. */
function tokenOf(answer: HttpAnswer): string {
  let value: unknown
  try {
    value = (JSON.parse(answer.body) as { value?: unknown } | null)?.value
  } catch {
    // A proxy's page, or a part of an answer.
  }
  const isToken = typeof value === 'string' && value.length <= longestToken && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)
  if (!isToken) throw refused(new Error('HTTP 200, but no ID token in the answer'))
  return value as string
}

function refused(answer: HttpAnswer | Error): RunnerError {
  const isRefused = !(answer instanceof Error) && (answer.status === 401 || answer.status === 403)
  return new RunnerError('oidc-failed', 'GitHub gave no ID token', {
    cause: isRefused
      ? 'GitHub no longer accepts the request token of this job, or the organization forbids ID tokens'
      : 'GitHub’s token issuer did not answer as it should, or something between the runner and GitHub answered in its place',
    remedy: 'run it again; if it stays, look at www.githubstatus.com and at the runner’s proxy',
    evidence: [`GitHub’s ID token: ${describe(answer)}`],
  })
}

/** Without the two variables there is no permission, whatever the reason; the event says which. */
function missing(environment: IdTokenSource['environment']): RunnerError {
  if (environment.GITHUB_ACTIONS !== 'true')
    return new RunnerError('oidc-permission-missing', 'there is no ID token outside of a job of GitHub Actions', {
      cause: 'GITHUB_ACTIONS is not set here, and only GitHub’s runner can ask for an ID token',
      remedy: 'give access-token, or run it in a workflow',
    })
  if (isFromFork(environment))
    return new RunnerError('oidc-fork', 'a pull request from a fork gets no ID token', {
      cause:
        'GitHub gives workflows of pull requests from forks neither id-token: write nor secrets, because they run somebody else’s changes',
      remedy:
        'leave this job out for forks: if: github.event.pull_request.head.repo.full_name == github.repository. Never use pull_request_target for it',
      evidence: [`event ${neutraliseTitle(environment.GITHUB_EVENT_NAME ?? '')}, head repository is not this one`],
    })
  return new RunnerError('oidc-permission-missing', 'the job may not ask GitHub for an ID token', {
    cause: 'the permission id-token: write is missing: the runner has no ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN',
    remedy:
      'add permissions: { contents: read, id-token: write } to the job; where the workflow is a reusable one, to the job that calls it as well: a called workflow never has more than its caller',
  })
}

/** Whether the event is a pull request whose head is another repository; also one that was deleted since. */
function isFromFork(environment: IdTokenSource['environment']): boolean {
  if (!/^pull_request(_review(_comment)?)?$/.test(environment.GITHUB_EVENT_NAME ?? '')) return false
  try {
    const path = environment.GITHUB_EVENT_PATH ?? ''
    if (statSync(path).size > longestEvent) return false
    const event = JSON.parse(readFileSync(path, 'utf8')) as {
      pull_request?: { head?: { repo?: { full_name?: unknown } | null } }
    }
    const head = event.pull_request?.head
    return head !== undefined && head.repo?.full_name !== environment.GITHUB_REPOSITORY
  } catch {
    return false
  }
}
