/** Requests of a probe, the first of them over the connection that it made itself. */
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { quoteRemote } from './errors.ts'
import type { ProbeLimits, Target } from './probe-connection.ts'
import { StageTimeout } from './probe-reasons.ts'

/** What is asked here is answered in a few kilobytes; anything longer is no API server. */
const maximumBodyBytes = 1024 * 1024

export interface ProbeAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The runner's clock when the head of the answer came, epoch milliseconds. */
  readonly atMs: number
}

/** Keeps connections, and begins with one that stands already. */
class ConnectedAgent extends Agent {
  #ready: TLSSocket | undefined

  constructor(socket: TLSSocket, target: Target) {
    super({ ...target.tls, keepAlive: true, maxSockets: 6 })
    this.#ready = socket
  }

  override createConnection(...given: Parameters<Agent['createConnection']>): Duplex | null | undefined {
    const ready = this.#ready
    this.#ready = undefined
    return ready !== undefined && !ready.destroyed ? ready : super.createConnection(...given)
  }
}

const isPassing = ({ status }: ProbeAnswer): boolean => status === 429 || status >= 500

/** What the server says of itself in a Status object; else the beginning of what it sent. */
export function messageIn({ body }: ProbeAnswer): string {
  try {
    const status: unknown = JSON.parse(body)
    if (typeof status === 'object' && status !== null && 'message' in status) return quoteRemote(String(status.message))
  } catch {
    // No Status object: proxies answer in HTML.
  }
  return quoteRemote(body.slice(0, 1000))
}

export class ProbeRequests implements Disposable {
  readonly #agent: Agent
  readonly #server: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #limits: ProbeLimits
  readonly #signal: AbortSignal

  constructor(options: {
    readonly socket: TLSSocket
    readonly target: Target
    readonly server: string
    /** Secret. */
    readonly headers: Readonly<Record<string, string>>
    readonly limits: ProbeLimits
    readonly signal: AbortSignal
  }) {
    this.#agent = new ConnectedAgent(options.socket, options.target)
    this.#server = options.server
    this.#headers = options.headers
    this.#limits = options.limits
    this.#signal = options.signal
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  /** All requests may be repeated without harm. @param path without a leading slash. Rejects with what Node says of the connection, or with the signal's reason. */
  async ask(path: string, body?: unknown): Promise<ProbeAnswer> {
    const what = `${body === undefined ? 'GET' : 'POST'} /${path}`
    const { http: limitMs, retries } = this.#limits
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(new StageTimeout(what, limitMs)), limitMs)
    const either = AbortSignal.any([this.#signal, timeout.signal])
    try {
      for (let attempt = 0; ; attempt++) {
        const waitMs = retries[attempt]
        try {
          const answer = await this.#once(path, body, either)
          if (waitMs === undefined || !isPassing(answer)) return answer
        } catch (error) {
          if (waitMs === undefined || either.aborted) throw error
        }
        await delay(waitMs, undefined, { signal: either })
      }
    } catch (error) {
      throw either.aborted ? either.reason : error
    } finally {
      clearTimeout(timer)
    }
  }

  async #once(path: string, body: unknown, signal: AbortSignal): Promise<ProbeAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const { promise, resolve, reject } = Promise.withResolvers<ProbeAnswer>()
    const sending = httpsRequest(`${this.#server}/${path}`, {
      method: payload === undefined ? 'GET' : 'POST',
      agent: this.#agent,
      signal,
      headers: {
        Accept: 'application/json',
        'User-Agent': 'k3s-gpu-actions',
        ...this.#headers,
        ...(payload && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload) }),
      },
    })
    sending.on('error', reject)
    // An abort may reach the socket when the request has let go of it.
    sending.once('socket', (socket) => {
      if (socket.listenerCount('error') < 5) socket.on('error', () => undefined)
    })
    sending.once('response', (response) => {
      const atMs = Date.now()
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maximumBodyBytes) {
          reject(Object.assign(new Error(`an answer without end to /${path}`), { code: 'HPE_BODY_TOO_LONG' }))
          response.destroy()
        } else chunks.push(chunk)
      })
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, atMs })
      })
    })
    sending.end(payload)
    return await promise
  }
}
