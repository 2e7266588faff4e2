/** A server of the test's own under names of the real world: before the embedded Triton, or in place of somebody else. */
import type { IncomingHttpHeaders } from 'node:http'
import { request as ask, createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { IssuedCertificate } from '../../rehearsal/cluster/index.ts'

export interface Met {
  readonly host: string
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Front {
  readonly port: number
  /** Every request, with its headers. */
  readonly met: readonly Met[]
  close(): Promise<void>
}

/**
 * @param answer what is said; undefined leaves it to the server behind; with `passed` its answer may still be changed
 * @param behind loopback port of that server, TLS
 */
export async function startFront(
  certificate: IssuedCertificate,
  answer: (met: Met, passed: Required<Reply> | undefined) => Reply | undefined,
  behind?: number,
): Promise<Front> {
  const met: Met[] = []
  const server = createServer({ cert: certificate.certPem, key: certificate.keyPem }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('error', () => response.destroy())
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { host: String(headers.host ?? ''), method, path: url, headers }
      met.push(one)
      const send = ({ status, headers: own = {}, body = '' }: Reply): void => {
        response.writeHead(status, { ...own, 'Content-Length': Buffer.byteLength(body) })
        response.end(body)
      }
      const direct = answer(one, undefined)
      if (direct !== undefined) return send(direct)
      if (behind === undefined) return send({ status: 404 })
      const forwarded = ask(
        // Loopback, and a name that is another's: who it is was settled by whoever started it.
        { host: '127.0.0.1', port: behind, method, path: url, headers, rejectUnauthorized: false, agent: false },
        (reply) => {
          const chunks: Buffer[] = []
          reply.on('data', (chunk: Buffer) => chunks.push(chunk))
          reply.on('end', () => {
            const { 'content-length': _length, connection: _connection, ...rest } = reply.headers
            const passed = {
              status: reply.statusCode ?? 502,
              headers: rest as Record<string, string>,
              body: Buffer.concat(chunks),
            }
            send(answer(one, passed) ?? passed)
          })
        },
      )
      forwarded.on('error', () => response.destroy())
      forwarded.end(Buffer.concat(parts))
    })
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    met,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
