import { setTimeout as wait } from 'node:timers/promises'
import { type EscError, quoteRemote } from './errors.ts'
import type { Http, HttpAnswer } from './model.ts'
import { faultCode, isPassingFault, unreachable } from './unreachable.ts'

/** What asking needs beside the question. */
export interface Asking {
  readonly http: Http
  /** Milestones and retries, one line each; they hold no secret. */
  readonly onEvent: (line: string) => void
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** Epoch milliseconds. */
  readonly now?: () => number
}

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
  /** For log and evidence: no session id, no token. */
  readonly name: string
  /** Answers after which the same question may be asked again. 429 is another matter: `isLimitRetried`. */
  readonly retriedStatuses: readonly number[]
  /** Whether 429 without Retry-After is asked again; with it, it always is. */
  readonly isLimitRetried: boolean
}

/** Before the second, third and fourth try: Pulumi's own CLI waits 1 s, then twice as long each time, four tries in all (pulumi/esc:cmd/esc/cli/client/retry.go). */
const waitsMs = [1000, 2000, 4000]
/** A server may ask for more, but a job is not kept waiting longer at a time. */
const longestWaitMs = 30_000
/** What a server asks for beyond this is not waited for at all: no number of tries would outlast it. */
const longestPatienceMs = 90_000
/** After this no further try begins. */
const deadlineMs = 120_000

/**
 * Asks until there is an answer that is not to be asked for again; resolves with it, whatever its status. Rejects with EscError
 * `esc-unreachable` when there is none, or with the signal's reason.
 */
export async function ask(question: Question, asking: Asking, signal: AbortSignal): Promise<HttpAnswer> {
  const delay = asking.delay ?? ((ms: number, until: AbortSignal) => wait(ms, undefined, { signal: until }))
  const now = asking.now ?? Date.now
  const beganMs = now()
  for (let attempt = 0; ; attempt++) {
    const { answer, error } = await once(question, asking.http, signal)
    const waitMs = answer ? waitAfter(answer, question, attempt, now()) : waitAfterFault(error, attempt)
    const isLate = now() - beganMs + (waitMs ?? 0) > deadlineMs
    if (waitMs === undefined || isLate) {
      if (answer) return answer
      throw unreachable(error, question.url, question.name, attempt + 1)
    }
    const what = answer ? `HTTP ${answer.status}` : quoteRemote(error instanceof Error ? error.message : String(error))
    const id = answer ? requestId(answer) : ''
    asking.onEvent(`${question.name}: ${what}, again in ${seconds(waitMs)}${id === '' ? '' : ` (${id})`}`)
    try {
      await delay(waitMs, signal)
    } finally {
      signal.throwIfAborted()
    }
  }
}

type Tried =
  | { readonly answer: HttpAnswer; readonly error?: undefined }
  | { readonly answer?: undefined; readonly error: unknown }

async function once(question: Question, http: Http, signal: AbortSignal): Promise<Tried> {
  signal.throwIfAborted()
  const { method, url, headers, timeoutMs, body } = question
  try {
    return { answer: await http({ method, url, headers, timeoutMs, ...(body === undefined ? {} : { body }) }, signal) }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return { error: error as EscError | Error }
  }
}

function waitAfter(answer: HttpAnswer, question: Question, attempt: number, nowMs: number): number | undefined {
  const base = waitsMs[attempt]
  if (base === undefined) return undefined
  const toldMs = retryAfterMs(answer, nowMs)
  const isRetried =
    answer.status === 429
      ? question.isLimitRetried || toldMs !== undefined
      : question.retriedStatuses.includes(answer.status)
  if (!isRetried || (toldMs ?? 0) > longestPatienceMs) return undefined
  return toldMs === undefined ? spread(base) : Math.min(toldMs, longestWaitMs)
}

function waitAfterFault(error: unknown, attempt: number): number | undefined {
  const base = waitsMs[attempt]
  return base !== undefined && isPassingFault(faultCode(error)) ? spread(base) : undefined
}

/** Up to half as long again: jobs of a matrix that failed together do not come back together. */
function spread(ms: number): number {
  return Math.round(ms * (1 + Math.random() / 2))
}

/** Milliseconds that a server asks to wait, in either form of Retry-After: seconds, or a date. */
export function retryAfterMs(answer: HttpAnswer, nowMs: number): number | undefined {
  const text = (answer.headers['retry-after'] ?? '').trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // Date.parse takes a bare number for a year; a date of HTTP has letters.
  const at = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

/** `request id …`, which Pulumi's support asks for; empty when the answer has none. */
export function requestId(answer: HttpAnswer): string {
  const id = quoteRemote(answer.headers['x-pulumi-request-id'] ?? '')
  return id === '' ? '' : `request id ${id}`
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`
}
