import { type IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { IssuedCertificate } from './certificates.ts'
import { type Call, type Route, readCall, sendError } from './http.ts'
import { failures } from './status.ts'

export interface Listener {
  readonly port: number
  /** `GET /api/v1/nodes/calypso 200`; a watch as `GET /api/v1/nodes?watch=true 200`. Never a header, a body or another query. */
  readonly requests: readonly string[]
  /** Empties `requests`. */
  forget(): void
  close(): Promise<void>
}

export interface ListenOptions {
  readonly certificate: IssuedCertificate
  /** Asked in order; the first that answers. Nobody: the last one's failure, or 404. */
  readonly routes: readonly Route[]
  readonly port?: number
  /** Default: 127.0.0.1. */
  readonly address?: string
  /** PEM of the authority whose client certificates are recognised; callers without one are served all the same. */
  readonly clientCaPem?: string
  /** False keeps a call out of `requests`. Default: all are listed. */
  readonly isListed?: (call: Call) => boolean
  /** Takes over the connection of a call that asks for another protocol; without it the call is answered as any other. */
  readonly upgrade?: (call: Call, socket: Duplex, head: Buffer) => void
  /** The clock of the Date header. */
  readonly nowMs: () => number
  /** Runs before every request. */
  readonly before?: () => void
}

/** A TLS server. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const requests: string[] = []
  const server: Server = createServer(
    {
      cert: options.certificate.certPem,
      key: options.certificate.keyPem,
      keepAlive: true,
      ...(options.clientCaPem !== undefined && {
        ca: options.clientCaPem,
        requestCert: true,
        rejectUnauthorized: false,
      }),
    },
    (request, response) => {
      response.sendDate = false
      response.setHeader('Date', new Date(options.nowMs()).toUTCString())
      const call = readCall(request, response)
      const isWatch = call.query.get('watch') === 'true'
      const line = `${call.method} ${call.path}${isWatch ? '?watch=true' : ''}`
      const note = () => requests.push(`${line} ${response.statusCode}`)
      // A watch is noted when it begins, everything else when it is answered.
      if (options.isListed?.(call) !== false) {
        if (isWatch) atFirst(response, note)
        else response.once('finish', note)
      }
      answer(call, options).catch((error: unknown) => sendError(call, error))
    },
  )
  const { upgrade } = options
  if (upgrade) {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      upgrade(readCall(request, new ServerResponse(request)), socket, head)
    })
  }
  server.listen(options.port ?? 0, options.address ?? '127.0.0.1')
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
    forget: () => {
      requests.length = 0
    },
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
