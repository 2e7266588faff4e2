import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { conflictsOf } from './apply-conflicts.ts'
import type { Credentials } from './credentials.ts'
import { ClusterError, connectionFault, deadlineFault, isPassing, quoteRemote, statusFault } from './errors.ts'
import type { AccessRequest } from './model.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the server's URL, without a leading slash, segments already encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly contentType?: string
  readonly accept?: string
  /** Named in the error of a 403. */
  readonly access: AccessRequest
  /** Statuses besides success whose body is the answer. */
  readonly expected?: readonly number[]
  /** What is longer is given up. Default: 64 MiB. */
  readonly maximumBytes?: number
}

export interface ApiAnswer<T> {
  /** Undefined: 404. */
  readonly body: T | undefined
  /** The Date header, epoch milliseconds; undefined when there is none. */
  readonly serverTimeMs?: number
}

/** One call, with its retries, ends after this. */
export const callDeadlineMs = 10_000
/** A list of a thousand Nodes with all their images is some 50 MB. What is longer is no answer, and would fill the memory first. */
const maximumBodyBytes = 64 * 1024 * 1024
/** Waits before the second and third try of a GET. */
const retryWaitsMs = [150, 500]

/** A name as a part of a path. What another says is its name may hold half a character, which encodeURIComponent throws at. */
export function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed())
}

function describe(request: ApiRequest): string {
  return `${request.method} /${request.path}`
}

function messageOf(body: string): string {
  try {
    const status: unknown = JSON.parse(body)
    if (typeof status === 'object' && status !== null && 'message' in status) return String(status.message)
  } catch {
    // Not a Status object: proxies answer in HTML.
  }
  return quoteRemote(body)
}

function dateOf(response: IncomingMessage): number | undefined {
  const timeMs = Date.parse(response.headers.date ?? '')
  return Number.isNaN(timeMs) ? undefined : timeMs
}

async function textOf(response: IncomingMessage, request: ApiRequest): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > (request.maximumBytes ?? maximumBodyBytes)) {
      // No passing fault: the next try would fill as much memory again.
      throw new ClusterError('api-failed', {
        title: `${describe(request)} was answered without end`,
        cause: 'what answers there is no API server, or a proxy in front of it is broken',
        remedy: 'check the server address in the kubeconfig',
        evidence: [`given up after ${bytes} bytes`],
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** HTTPS to one API server with one set of credentials. Once the caller's signal is aborted, calls reject with its reason. */
export class Transport {
  readonly server: string
  readonly #credentials: Credentials
  // Idle connections are kept for reads only: a kept connection may be dead, and only a read can be repeated without a thought.
  readonly #readAgent: Agent
  readonly #writeAgent: Agent
  readonly #guarded = new WeakSet<Socket>()
  #requests = 0
  #serverTimeMs: number | undefined

  constructor(server: string, credentials: Credentials) {
    this.server = server
    this.#credentials = credentials
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED of the runner says: only the kubeconfig's CA is believed.
    const tls = { ...credentials.tls, rejectUnauthorized: true }
    this.#readAgent = new Agent({ ...tls, keepAlive: true, maxSockets: 16 })
    this.#writeAgent = new Agent(tls)
  }

  /** Requests sent so far, repeats included; a watch counts once for each connection. */
  get requests(): number {
    return this.#requests
  }

  /** The server's clock by its newest answer, whatever that said; undefined: none yet. */
  get serverTimeMs(): number | undefined {
    return this.#serverTimeMs
  }

  /** A JSON answer. 404 resolves with an undefined body; everything else that is no success rejects with ClusterError. */
  async call<T>(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer<T>> {
    return await this.#retried(request, signal, (either) => this.#once<T>(request, either))
  }

  /** A JSON answer where a 404 is a fault, too. */
  async need<T>(request: ApiRequest, signal: AbortSignal): Promise<T> {
    const { body } = await this.call<T>(request, signal)
    if (body !== undefined) return body
    throw statusFault(404, '', { server: this.server, request: describe(request) })
  }

  /** An answer that is plain text, at most what the request itself limits it to. Undefined: 404. */
  async text(request: ApiRequest, signal: AbortSignal): Promise<string | undefined> {
    return await this.#retried(request, signal, async (either) => {
      const response = await this.#send(request, either)
      const body = await this.#text(response, request)
      return response.statusCode === 404 ? undefined : body
    })
  }

  async #retried<T>(request: ApiRequest, signal: AbortSignal, once: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = AbortSignal.timeout(callDeadlineMs)
    const either = AbortSignal.any([signal, deadline])
    const waits = request.method === 'GET' ? retryWaitsMs : []
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          return await once(either)
        } catch (error) {
          const waitMs = waits[attempt]
          if (either.aborted || waitMs === undefined || !isPassing(error)) throw error
          await delay(waitMs, undefined, { signal: either })
        }
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (deadline.aborted) throw deadlineFault(this.server, describe(request), callDeadlineMs)
      throw error
    }
  }

  /** The open body of a successful answer, for watches; the caller ends it through the signal. */
  async open(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const headers = new AbortController()
    const timer = setTimeout(() => headers.abort(), callDeadlineMs)
    try {
      return await this.#send(request, AbortSignal.any([signal, headers.signal]))
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (headers.signal.aborted) throw deadlineFault(this.server, describe(request), callDeadlineMs)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async #once<T>(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer<T>> {
    const response = await this.#send(request, signal)
    const body = await this.#text(response, request)
    const serverTimeMs = dateOf(response)
    const time = serverTimeMs === undefined ? {} : { serverTimeMs }
    if (response.statusCode === 404) return { body: undefined, ...time }
    try {
      return { body: JSON.parse(body) as T, ...time }
    } catch {
      throw statusFault(response.statusCode ?? 0, `no JSON: ${body}`, {
        server: this.server,
        request: describe(request),
      })
    }
  }

  /** Resolves with a success or a 404, its body unread. */
  async #send(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(`${this.server}/${request.path}`)
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value)
    this.#requests += 1
    const payload = request.body === undefined ? undefined : JSON.stringify(request.body)
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sending = httpsRequest(url, {
      method: request.method,
      agent: request.method === 'GET' ? this.#readAgent : this.#writeAgent,
      signal,
      headers: {
        Accept: request.accept ?? 'application/json',
        'User-Agent': 'k3s-gpu-actions',
        ...this.#credentials.headers,
        ...(payload === undefined
          ? {}
          : {
              'Content-Type': request.contentType ?? 'application/json',
              'Content-Length': Buffer.byteLength(payload),
            }),
      },
    })
    // Aborted when the answer has arrived but was not read to its end, Node 24 emits the abort on a socket that nobody listens to any more.
    sending.once('socket', (socket) => {
      if (!this.#guarded.has(socket)) socket.on('error', () => undefined)
      this.#guarded.add(socket)
    })
    sending.once('response', resolve)
    sending.on('error', (error) => reject(connectionFault(error, this.server, describe(request))))
    sending.end(payload)
    const response = await promise
    this.#serverTimeMs = dateOf(response) ?? this.#serverTimeMs
    const status = response.statusCode ?? 0
    if ((status >= 200 && status < 300) || status === 404 || request.expected?.includes(status)) return response
    const body = await this.#text(response, request)
    throw statusFault(status, messageOf(body), {
      server: this.server,
      request: describe(request),
      access: request.access,
      conflicts: status === 409 ? conflictsOf(body) : [],
    })
  }

  async #text(response: IncomingMessage, request: ApiRequest): Promise<string> {
    try {
      return await textOf(response, request)
    } catch (error) {
      throw connectionFault(error, this.server, describe(request))
    }
  }
}
