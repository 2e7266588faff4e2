import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { IssuedCertificate } from './certificates.ts'
import { type Call, type Route, readCall, sendError } from './http.ts'
import { failures } from './status.ts'

export interface Listener {
  readonly port: number
  /** `GET /api/v1/nodes/calypso 200`; a watch as `GET /api/v1/nodes?watch=true 200`. Never a header, a body or another query. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

export interface ListenOptions {
  readonly certificate: IssuedCertificate
  /** Asked in order; the first that answers. Nobody: the last one's failure, or 404. */
  readonly routes: readonly Route[]
  readonly port?: number
  /** The clock of the Date header. */
  readonly nowMs: () => number
  /** Runs before every request. */
  readonly before?: () => void
}

/** A TLS server on 127.0.0.1. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const requests: string[] = []
  const server: Server = createServer(
    { cert: options.certificate.certPem, key: options.certificate.keyPem, keepAlive: true },
    (request, response) => {
      response.sendDate = false
      response.setHeader('Date', new Date(options.nowMs()).toUTCString())
      const call = readCall(request, response)
      const isWatch = call.query.get('watch') === 'true'
      const line = `${call.method} ${call.path}${isWatch ? '?watch=true' : ''}`
      const note = () => requests.push(`${line} ${response.statusCode}`)
      // A watch is noted when it begins, everything else when it is answered.
      if (isWatch) atFirst(response, note)
      else response.once('finish', note)
      answer(call, options).catch((error: unknown) => sendError(call, error))
    },
  )
  server.listen(options.port ?? 0, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  const close = closing(server)
  // A client that breaks off a handshake (a wrong CA, a port probe) is no news.
  server.on('tlsClientError', () => {})
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close,
  }
}

/**
 * Ends a server and every connection of it. `closeAllConnections` alone forgets those that are still before or in their
 * TLS handshake, and then a port probe would keep the world open for ever.
 */
export function closing(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
}

async function answer(call: Call, options: ListenOptions): Promise<void> {
  options.before?.()
  for (const route of options.routes) if (await route(call)) return
  throw failures.noSuchResource()
}

/** Calls back once, when the headers are flushed or the answer is finished. */
function atFirst(response: Call['response'], callback: () => void): void {
  let isDone = false
  const once = () => {
    if (!isDone) callback()
    isDone = true
  }
  const flush = response.flushHeaders.bind(response)
  response.flushHeaders = () => {
    flush()
    once()
  }
  response.once('finish', once)
}
