/** Asks one endpoint over HTTP/1.1: bounded in time and size, never following, its secrets for its own host alone. */
import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { isIPv4 } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { answerKind } from './answer-kind.ts'
import { faultOf, HttpFault, timeoutFault, tooLargeFault } from './fault.ts'
import type { Endpoint, HttpAnswer, HttpClient, HttpQuestion } from './model.ts'

export interface HttpClientOptions {
  /** Longest answer that is read. Default: 8 MiB. */
  readonly maximumBytes?: number
  /** Connections at the same time. Default: 8. */
  readonly connections?: number
  /** Of the runner: HTTPS_PROXY and NO_PROXY, in capitals or not (Node's `proxyEnv`, since 24.5). Default: no proxy. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Said, because Node's default is what NODE_TLS_REJECT_UNAUTHORIZED says: a runner that has it at 0 would give the secrets to anybody. */
const verified = { rejectUnauthorized: true } as const

/** Framing is this client's own business; a header of the same name from outside would break it. */
const framing = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
])

/** A connection that was kept may have been closed by the other side just now: that is no news about the endpoint. */
const repeatable = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED'])

/**
 * @throws TypeError for an address that is not http or https, or holds a name and password
 */
export function openHttpClient(endpoint: Endpoint, options: HttpClientOptions = {}): HttpClient {
  const { maximumBytes: usualBytes = 8 * 1024 * 1024, connections = 8, environment = {} } = options
  const base = new URL(endpoint.url)
  if (!/^https?:$/.test(base.protocol)) throw new TypeError('an endpoint begins with http:// or https://')
  if (base.username !== '' || base.password !== '')
    throw new TypeError('an endpoint holds no name and password; they belong into headers')
  const isTls = base.protocol === 'https:'
  const shape = { keepAlive: true, maxSockets: connections, scheduling: 'lifo' } as const
  const host = base.hostname.replace(/^\[(.*)\]$/, '$1')
  // What is not encrypted stays out of a proxy: it would read the headers.
  const hasProxy = isTls && !isLoopback(host) && (environment.HTTPS_PROXY || environment.https_proxy || '') !== ''
  let opened: PlainAgent | undefined
  // Opened at the first question: an address of a proxy that is none throws here, and belongs to whoever asks.
  const agentOf = (): PlainAgent => {
    opened ??= isTls
      ? new TlsAgent({ ...shape, ...verified, ...(hasProxy && { proxyEnv: environment }) })
      : new PlainAgent(shape)
    return opened
  }
  const port = base.port === '' ? (isTls ? '443' : '80') : base.port
  let requests = 0

  const once = (question: HttpQuestion, url: URL, signal: AbortSignal, leftMs: number): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const maximumBytes = question.maximumBytes ?? usualBytes
      const faulty = (error: unknown): HttpFault => faultOf(error, host, port, hasProxy)
      let startedMs = performance.now()
      let isSettled = false
      let isConnected = false
      let request: ClientRequest | undefined
      const finish = (settle: () => void): void => {
        if (isSettled) return
        isSettled = true
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        settle()
      }
      const fail = (error: unknown): void => {
        finish(() => reject(error))
        // Nothing of an answer that was given up may be read as the beginning of the next one.
        request?.destroy()
      }
      const timer = setTimeout(() => fail(timeoutFault(host, question.timeoutMs, isConnected)), leftMs)
      const abort = (): void => fail(signal.reason)
      signal.addEventListener('abort', abort, { once: true })

      const begin = (): void => {
        isConnected = true
        startedMs = performance.now()
      }
      const read = (response: IncomingMessage): void => {
        const body = new Body()
        response.on('data', (part: Buffer) => {
          if (body.length + part.length > maximumBytes) fail(tooLargeFault(host, maximumBytes))
          else body.add(part)
        })
        response.on('end', () => {
          if (!response.complete) return fail(faulty(undefined))
          const durationMs = performance.now() - startedMs
          finish(() => {
            try {
              resolve(answerOf(response, body.bytes(), durationMs))
            } catch (error) {
              reject(error)
            }
          })
        })
        response.on('error', (error) => fail(faulty(error)))
        response.on('aborted', () => fail(faulty(undefined)))
      }
      const answerOf = (response: IncomingMessage, raw: Buffer, durationMs: number): HttpAnswer => {
        const headers = flat(response)
        const body = unpacked(raw, headers['content-encoding'] ?? '', host, maximumBytes)
        const status = response.statusCode ?? 0
        return { kind: answerKind({ status, headers, body }, url.href), status, headers, body, durationMs }
      }
      try {
        requests += 1
        const make = isTls ? tlsRequest : plainRequest
        request = make(url, { agent: agentOf(), method: question.method, headers: headersOf(endpoint, question) })
        request.on('socket', (used) => {
          // A connection that stands already has had its handshake.
          if (!used.connecting) begin()
          else {
            used.once('connect', () => {
              isConnected = true
            })
            used.once(isTls ? 'secureConnect' : 'connect', begin)
          }
        })
        request.on('response', read)
        request.on('upgrade', (_, used) => {
          used.destroy()
          fail(faulty(Object.assign(new Error(), { code: 'HPE_UPGRADE' })))
        })
        request.on('error', (error: NodeJS.ErrnoException) => {
          const isStale = request?.reusedSocket === true && repeatable.has(error.code ?? '')
          fail(isStale ? new StaleConnection() : faulty(error))
        })
        request.end(question.body)
      } catch (error) {
        fail(faulty(error))
      }
    })

  return {
    endpoint,
    get requests() {
      return requests
    },
    async ask(question, signal) {
      signal.throwIfAborted()
      const url = urlOf(base, endpoint.url, question.path)
      const endMs = performance.now() + question.timeoutMs
      for (;;) {
        try {
          return await once(question, url, signal, Math.max(1, endMs - performance.now()))
        } catch (error) {
          // Ends by itself: each stale connection is gone, and a new one is not stale.
          if (!(error instanceof StaleConnection)) throw error
        }
      }
    },
    async close() {
      opened?.destroy()
    },
  }
}

class StaleConnection extends Error {}

/** In one piece from the start: a body that comes byte by byte, each a buffer of its own, would take a hundred times its size. */
class Body {
  #held: Buffer = Buffer.alloc(0)
  length = 0

  add(part: Buffer): void {
    const end = this.length + part.length
    if (end > this.#held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, 2 * this.#held.length, 4096))
      this.#held.copy(larger, 0, 0, this.length)
      this.#held = larger
    }
    part.copy(this.#held, this.length)
    this.length = end
  }

  bytes(): Buffer {
    return this.#held.subarray(0, this.length)
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** @throws TypeError when the path would lead to another host: the secrets are for one */
function urlOf(base: URL, text: string, path: string): URL {
  if (!path.startsWith('/')) throw new TypeError('a path begins with /')
  const url = new URL(text.replace(/\/+$/, '') + path)
  if (url.origin !== base.origin) throw new TypeError('a question goes to the host of its endpoint alone')
  return url
}

function headersOf(endpoint: Endpoint, question: HttpQuestion): Record<string, string | number> {
  const headers: Record<string, string | number> = { accept: '*/*', 'accept-encoding': 'identity' }
  const own = question.isAnonymous ? [] : [endpoint.headers, endpoint.credentials]
  for (const some of [{ 'user-agent': 'k3s-gpu-actions' }, ...own, question.headers ?? {}]) {
    for (const [name, value] of Object.entries(some)) {
      if (!framing.has(name.toLowerCase())) headers[name.toLowerCase()] = value
    }
  }
  // Always said: without it Node would send a body in chunks, which not every proxy passes on.
  if (question.method === 'POST') headers['content-length'] = question.body?.length ?? 0
  return headers
}

function flat(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

/** A proxy may pack what nobody asked it to. Bounded: a packed answer may be a bomb. */
function unpacked(raw: Buffer, encoding: string, host: string, maximumBytes: number): Uint8Array {
  if (!/^(x-)?gzip$/i.test(encoding.trim())) return raw
  try {
    return gunzipSync(raw, { maxOutputLength: maximumBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLargeFault(host, maximumBytes)
    throw new HttpFault({
      code: 'not-http',
      title: `the answer of ${host} cannot be read`,
      cause: 'it says that it is packed with gzip, and is not',
      remedy: `the log of what stands before ${host}`,
    })
  }
}
