import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { beforeTriton } from './access.ts'
import type { TritonOptions, TritonWorld } from './contract.ts'
import type { Reply } from './recorded.ts'
import { type Asked, Triton } from './server.ts'

export type * from './contract.ts'
export { toyModel } from './toy-model.ts'

const mostBytes = 8 * 1024 * 1024

/** Starts Triton on loopback, with its metrics at a port of their own, and Cloudflare before it when a service token is given. */
export async function startTriton(options: TritonOptions): Promise<TritonWorld> {
  const triton = new Triton(options)
  const requests: string[] = []
  const { access, certificate } = options

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await read(request)
    const isAnonymous = access !== undefined && request.headers['cf-access-client-id'] === undefined
    const stopped = access && beforeTriton(asked, access, triton.faults)
    const reply = stopped ?? triton.answer(asked)
    requests.push(`${asked.method} ${asked.path} ${reply?.status ?? '-'}${isAnonymous ? ' anonymous' : ''}`)
    if (!reply) return
    if (!stopped && asked.path.endsWith('/infer') && reply.status === 200) await pause(triton.inferenceMs)
    send(response, reply, access !== undefined)
  }
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    onRequest(request, response).catch(() => response.destroy())
  }
  const main = certificate
    ? createTlsServer({ cert: certificate.certPem, key: certificate.keyPem, keepAlive: true }, serve)
    : createPlainServer({ keepAlive: true }, serve)
  const metrics = createPlainServer((request, response) => {
    send(
      response,
      request.url === '/metrics' ? triton.metrics() : { status: 404, headers: {}, body: Buffer.alloc(0) },
      false,
    )
  })
  const closers = [await listen(main), await listen(metrics)]
  return {
    port: portOf(main),
    metricsPort: portOf(metrics),
    requests,
    set(faults) {
      triton.faults = faults
    },
    async close() {
      await Promise.all(closers.map((close) => close()))
    },
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > mostBytes) throw new Error('too much for a rehearsal')
    parts.push(part)
  }
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(parts),
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply, isBehindCloudflare: boolean): void {
  // Triton sends no date; Cloudflare does, and names itself.
  response.sendDate = isBehindCloudflare
  response.writeHead(status, {
    ...headers,
    'Content-Length': body.length,
    ...(isBehindCloudflare && { Server: 'cloudflare', 'CF-RAY': '0000000000000000-RHL' }),
  })
  response.end(body)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

async function listen(server: Server): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
