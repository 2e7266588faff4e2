/**
 * From the front to the API server. Nothing is kept back or held up: headers go out when they come in, bodies flow, and a
 * caller who leaves ends the request behind it. Callers with a bearer token are judged by the API server itself; those with
 * a client certificate were judged by the front, which says who they are as an authenticating proxy does.
 *
 * One answer is changed: `gitVersion` of `/version`, because k3s, which this plays, announces a version of its own there.
 */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'
import { type Duplex, pipeline } from 'node:stream'
import { json } from 'node:stream/consumers'
import { type Call, type IssuedCertificate, type Route, StatusError } from '../../rehearsal/cluster/index.ts'
import { identityOf } from './identity.ts'

export interface ProxyOptions {
  /** Loopback port of the API server. */
  readonly port: number
  readonly caPem: string
  /** What the API server believes X-Remote-User from. */
  readonly certificate: IssuedCertificate
  /** Announced by `/version`. */
  readonly version: string
  /** Why the control plane no longer works. */
  readonly failure: () => Error | undefined
}

export interface Proxy {
  readonly route: Route
  upgrade(call: Call, socket: Duplex, head: Buffer): void
  close(): void
}

/** Of one connection only (RFC 9110, 7.6.1). `Expect` was answered by the front. */
const hopHeaders = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
])

export function createProxy(options: ProxyOptions): Proxy {
  // Idle connections end here before the API server ends them, which is after 90 s.
  const shared = { ca: options.caPem, keepAlive: true, timeout: 60_000 }
  const anybody = new Agent(shared)
  const vouching = new Agent({ ...shared, cert: options.certificate.certPem, key: options.certificate.keyPem })

  const target = (call: Call, more: OutgoingHttpHeaders = {}): RequestOptions => {
    const identity = identityOf(call)
    const headers: OutgoingHttpHeaders = { ...forwarded(call.request), ...more }
    if (identity) {
      delete headers.authorization
      headers['x-remote-user'] = identity.user
      headers['x-remote-group'] = [...identity.groups]
    }
    return {
      host: '127.0.0.1',
      port: options.port,
      method: call.method,
      path: call.request.url ?? '/',
      headers,
      agent: identity ? vouching : anybody,
    }
  }

  const route: Route = async (call) => {
    const failure = options.failure()
    if (failure) throw unavailable(failure.message)
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sending = request(target(call), resolve)
    sending.on('error', (error) =>
      reject(unavailable(options.failure()?.message ?? `the API server cannot be reached: ${error.message}`)),
    )
    call.response.once('close', () => sending.destroy())
    call.request.pipe(sending)
    const answer = await promise
    if (call.path === '/version' && answer.statusCode === 200) {
      const version = { ...((await json(answer)) as object), gitVersion: options.version }
      call.response.writeHead(200, { 'Content-Type': 'application/json' })
      call.response.end(JSON.stringify(version, undefined, 2))
      return true
    }
    call.response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer))
    call.response.flushHeaders()
    // An answer that breaks off breaks off for the caller too; pipeline destroys both ends, and nobody is left to be told.
    pipeline(answer, call.response, () => undefined)
    return true
  }

  return {
    route,
    upgrade(call, socket, head) {
      const headers = { connection: 'Upgrade', upgrade: call.request.headers.upgrade ?? '' }
      const sending = request(target(call, headers))
      socket.once('close', () => sending.destroy())
      socket.on('error', () => socket.destroy())
      sending.on('error', () => socket.destroy())
      sending.once('upgrade', (answer, upstream, upstreamHead) => {
        socket.write(headOf(answer, answer.rawHeaders))
        socket.write(upstreamHead)
        upstream.write(head)
        upstream.on('error', () => socket.destroy())
        upstream.once('close', () => socket.destroy())
        socket.once('close', () => upstream.destroy())
        upstream.pipe(socket)
        socket.pipe(upstream)
      })
      sending.once('response', (answer) => {
        socket.write(headOf(answer, [...endToEnd(answer), 'Connection', 'close']))
        pipeline(answer, socket, () => undefined)
      })
      sending.end()
    },
    close() {
      anybody.destroy()
      vouching.destroy()
    },
  }
}

/** A caller's headers without those that only the front may write, and without those of the connection. */
function forwarded(message: IncomingMessage): OutgoingHttpHeaders {
  const headers: Record<string, string[]> = {}
  for (const [name, value] of pairs(message.rawHeaders)) {
    const key = name.toLowerCase()
    if (hopHeaders.has(key) || key.startsWith('x-remote-')) continue
    headers[key] = [...(headers[key] ?? []), value]
  }
  return Object.fromEntries(
    Object.entries(headers).map(([key, values]) => [key, values.length > 1 ? values : values[0]]),
  )
}

/** An answer's headers, flat. A chunked body is chunked anew by whoever sends it on. */
function endToEnd(answer: IncomingMessage): string[] {
  return pairs(answer.rawHeaders)
    .filter(([name]) => !hopHeaders.has(name.toLowerCase()) && name.toLowerCase() !== 'transfer-encoding')
    .flat()
}

function headOf(answer: IncomingMessage, rawHeaders: readonly string[]): string {
  const lines = pairs(rawHeaders).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, ...lines, '', ''].join('\r\n')
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[index * 2] ?? '', raw[index * 2 + 1] ?? ''])
}

function unavailable(cause: string): StatusError {
  return new StatusError(503, 'ServiceUnavailable', cause)
}
