/** What can come between a question and its answer at api.github.com: limits, refusals, faults, and other runs. */

import { type ApiAnswer, rateLimited } from './api.ts'
import type { GithubTrouble, TroubledRequests } from './contract.ts'
import { refusal } from './rest.ts'

const limits = 'using-the-rest-api/rate-limits-for-the-rest-api'

/**
 * The answer that a trouble is; undefined: the connection is cut without one.
 * The words of the limits are those of GitHub's own page about them (github/docs: secondary rate limits) and of reports
 * (KnpLabs/php-github-api#1070); hub4j/github-api#1805 tells that Retry-After is not always there.
 */
export function answerOf(
  trouble: GithubTrouble,
  method: string,
  retryAfterSeconds: number | undefined,
  nowMs: number,
): ApiAnswer | undefined {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }
  const secondary =
    method === 'GET'
      ? 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
      : 'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.'
  switch (trouble) {
    case 'rate-limit': {
      const reset = Math.floor(nowMs / 1000) + (retryAfterSeconds ?? 3600)
      const { code, body } = rateLimited('installation ID 1')
      return { code, body, headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': String(reset) } }
    }
    case 'secondary-limit':
      return { ...refusal(403, secondary, limits), headers }
    case 'secondary-limit-429':
      return { ...refusal(429, secondary, limits), headers }
    case 'bad-credentials':
      return refusal(401, 'Bad credentials')
    case 'forbidden':
      return refusal(403, 'Resource not accessible by integration')
    case 'not-found':
      return refusal(404, 'Not Found')
    case 'server-error':
      return { code: 502, body: { message: 'Server Error' } }
    case 'not-json':
      return { code: 200, body: undefined, headers: { 'Content-Type': 'text/html; charset=utf-8' } }
    case 'cut':
      return undefined
  }
}

interface Planned {
  readonly requests: RegExp
  readonly act: () => void | Promise<void>
}

export interface Troubles extends TroubledRequests {
  /** What is due for the request `GET /repos/o/r/issues`; undefined: nothing, so that it is answered. */
  due(request: string): Promise<{ readonly trouble: GithubTrouble; readonly retryAfterSeconds?: number } | undefined>
}

export function planTroubles(): Troubles {
  const troubles: { requests: RegExp; trouble: GithubTrouble; retryAfterSeconds?: number; left: number }[] = []
  const planned: Planned[] = []
  return {
    trouble(requests, trouble, { times = 1, retryAfterSeconds } = {}) {
      troubles.push({
        requests,
        trouble,
        left: times,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      })
    },
    before(requests, act) {
      planned.push({ requests, act })
    },
    async due(request) {
      const index = planned.findIndex(({ requests }) => requests.test(request))
      const [next] = index < 0 ? [] : planned.splice(index, 1)
      await next?.act()
      const met = troubles.find(({ requests, left }) => left > 0 && requests.test(request))
      if (met === undefined) return undefined
      met.left -= 1
      return met
    },
  }
}
