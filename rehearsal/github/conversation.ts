/** One exchange with api.github.com: who asks, what comes in between, the limits, and the answer as HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApiAnswer, rateLimited } from './api.ts'
import { type Ask, refusal } from './rest.ts'
import type { Tokens } from './tokens.ts'
import { answerOf, type Troubles } from './troubles.ts'

/** More than any body that GitHub takes. */
const bodyLimitBytes = 1024 * 1024

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > bodyLimitBytes) return undefined
    parts.push(part)
  }
  try {
    return bytes === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return undefined
  }
}

export interface ConversationOptions {
  readonly tokens: Tokens
  readonly troubles: Troubles
  readonly nowMs: () => number
  /** Requests in an hour, without a token and with one. */
  readonly limits: { readonly anonymous: number; readonly token: number }
  /** Everything that is asked by somebody who may ask. */
  answer(ask: Ask): ApiAnswer
}

/** Answers one request after another. */
export function conversation(options: ConversationOptions) {
  const used = { anonymous: 0, token: 0 }

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    segments: readonly string[],
  ): Promise<void> => {
    const nowMs = options.nowMs()
    const method = request.method ?? 'GET'
    const bearer = options.tokens.bearer(request.headers.authorization ?? '')
    const bucket = bearer === 'nobody' ? 'anonymous' : 'token'
    const limit = options.limits[bucket]
    used[bucket] += 1

    const send = ({ code, body, headers = {} }: ApiAnswer): void => {
      const isBareSha = code === 200 && segments[3] === 'commits' && /\.sha\b/.test(request.headers.accept ?? '')
      response.writeHead(code, {
        ...(body === undefined
          ? {}
          : {
              'Content-Type': isBareSha
                ? 'application/vnd.github.sha; charset=utf-8'
                : 'application/json; charset=utf-8',
            }),
        Date: new Date(nowMs).toUTCString(),
        'X-GitHub-Media-Type': 'github.v3; format=json',
        'X-RateLimit-Limit': String(limit),
        'X-RateLimit-Remaining': String(Math.max(0, limit - used[bucket])),
        'X-RateLimit-Reset': String(Math.floor(nowMs / 1000) + 3600),
        'X-RateLimit-Resource': 'core',
        'X-RateLimit-Used': String(Math.min(used[bucket], limit)),
        ...headers,
      })
      response.end(
        code === 204
          ? undefined
          : body === undefined
            ? '<html>'
            : isBareSha
              ? (body as { sha: string }).sha
              : JSON.stringify(body),
      )
    }

    const body = await bodyOf(request)
    const due = await options.troubles.due(`${method} ${url.pathname}`)
    if (due !== undefined) {
      const answer = answerOf(due.trouble, method, due.retryAfterSeconds, nowMs)
      if (answer === undefined) response.destroy()
      else send(answer)
      return
    }
    if (used[bucket] > limit) return send(rateLimited(bearer === 'nobody' ? undefined : 'installation ID 1'))
    if (bearer === 'unknown') return send(refusal(401, 'Bad credentials'))
    const who = bearer === 'nobody' ? { permissions: undefined, login: '' } : bearer
    send(options.answer({ method, segments, query: url.searchParams, body, nowMs, ...who }))
  }
}
