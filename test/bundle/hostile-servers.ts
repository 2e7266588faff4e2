/** Servers that answer with hostile text, in the place of the world's own. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Endpoint } from '../../rehearsal/contract.ts'
import type { World } from '../../rehearsal/world.ts'

export interface HostileServer {
  readonly port: number
  close(): Promise<void>
}

async function listening(server: Server): Promise<HostileServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** HTTPS with a certificate of the world's own authority for these names. */
export async function httpsServer(
  world: Pick<World, 'cluster'>,
  names: readonly string[],
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HostileServer> {
  const { certPem, keyPem } = await world.cluster.issue(names)
  const server = createHttpsServer({ cert: certPem, key: keyPem }, (request, response) => {
    request.resume()
    request.once('end', () => answer(request, response))
  })
  server.on('tlsClientError', () => undefined)
  return await listening(server)
}

/** Plain TCP: says this as soon as somebody connects, then closes. */
export async function greetingServer(text: Buffer): Promise<HostileServer> {
  return await listening(createServer((socket) => socket.end(text)))
}

/** The endpoints of a world, with one place led elsewhere. */
export function ledTo(world: Pick<World, 'endpoints'>, place: { host: string; port: number }, to: number): Endpoint[] {
  return world.endpoints.map((one) => (one.host === place.host && one.port === place.port ? { ...one, to } : one))
}
