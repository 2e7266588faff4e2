import type { IncomingMessage, ServerResponse } from 'node:http'
import { failures, StatusError } from './status.ts'

/** A request with its URL taken apart. Segments are percent-decoded. */
export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly method: string
  readonly path: string
  readonly segments: readonly string[]
  readonly query: URLSearchParams
}

/** Answers a call, or leaves it to the next: then it resolves with false. May throw a StatusError. */
export type Route = (call: Call) => Promise<boolean>

/** Limit of the real API server. */
const bodyLimitBytes = 3 * 1024 * 1024

/** Takes a request apart. A URL that is none counts as `/`; a segment that cannot be decoded stays as it is. */
export function readCall(request: IncomingMessage, response: ServerResponse): Call {
  const url = URL.parse(request.url ?? '/', 'https://127.0.0.1') ?? new URL('https://127.0.0.1/')
  const segments = url.pathname.split('/').filter((part) => part !== '')
  return {
    request,
    response,
    method: request.method ?? 'GET',
    path: url.pathname,
    segments: segments.map(decoded),
    query: url.searchParams,
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The body as text; '' when there is none. @throws StatusError 413 */
export async function readText(call: Call): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of call.request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > bodyLimitBytes) throw failures.tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** The body as JSON; undefined when there is none. @throws StatusError 400, 413 */
export async function readJson(call: Call): Promise<unknown> {
  const text = await readText(call)
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    throw failures.badRequest(`the object provided is unrecognized: ${(error as Error).message}`)
  }
}

export function sendJson(call: Call, code: number, body: unknown): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`)
  call.response.writeHead(code, { 'Content-Type': 'application/json', 'Content-Length': text.length })
  call.response.end(text)
}

export function sendText(call: Call, code: number, text: string): void {
  call.response.writeHead(code, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(text) })
  call.response.end(text)
}

/** Sends what was thrown: a StatusError as itself, anything else as the 500 that it is. */
export function sendError(call: Call, error: unknown): void {
  if (call.response.headersSent) {
    call.response.destroy()
    return
  }
  const status =
    error instanceof StatusError
      ? error.status
      : new StatusError(500, 'InternalError', `Internal error occurred: ${(error as Error).message}`, {}).status
  sendJson(call, status.code, status)
}

export type Credentials =
  | { readonly scheme: 'none' }
  | { readonly scheme: 'bearer'; readonly token: string }
  | { readonly scheme: 'basic'; readonly user: string; readonly password: string }

/** What the Authorization header says. An unreadable one counts as none. */
export function readCredentials(request: IncomingMessage): Credentials {
  const match = /^(Bearer|Basic)\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')
  if (!match) return { scheme: 'none' }
  const value = match[2] ?? ''
  if (match[1]?.toLowerCase() === 'bearer') return { scheme: 'bearer', token: value }
  const text = Buffer.from(value, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0
    ? { scheme: 'none' }
    : { scheme: 'basic', user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** One header as text; '' when absent. */
export function header(call: Call, name: string): string {
  const value = call.request.headers[name.toLowerCase()]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
