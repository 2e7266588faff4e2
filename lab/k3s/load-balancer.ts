/** k3s's client load balancer: agent, kubelet and everything else on the node speak to 127.0.0.1:6444. */
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'

export const loadBalancerPort = 6444

/** A load balancer that is listening. */
export interface LoadBalancer {
  readonly port: number
  close(): Promise<void>
}

/**
 * Forwards bytes to one server. A connection that cannot be opened there is ended or reset, in turns: which of the two
 * happens to a real one depends on whether the client's first bytes were read in time. Rejects with the words of
 * a port that is taken.
 * @param port 0: any free one
 */
export async function startLoadBalancer(host: string, serverPort: number, port: number): Promise<LoadBalancer> {
  const open = new Set<Socket>()
  let failures = 0
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const upstream = tcpConnect({ host, port: serverPort, allowHalfOpen: true, noDelay: true })
    let isConnected = false
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    }
    client.setNoDelay(true)
    upstream.once('connect', () => {
      isConnected = true
      client.pipe(upstream)
      upstream.pipe(client)
    })
    upstream.on('error', () => {
      if (isConnected) client.destroy()
      else giveUp(client, failures++ % 2 === 0)
    })
    client.on('error', () => upstream.destroy())
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => {
      if (isConnected) client.destroySoon()
    })
  })
  await listen(server, port)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

/** The first bytes are read before the end, because unread ones would turn it into a reset. */
function giveUp(client: Socket, isEnd: boolean): void {
  if (!isEnd) {
    client.resetAndDestroy()
    return
  }
  client.resume()
  client.end()
  client.once('end', () => client.destroy())
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: Error & { code?: string }) => {
      const taken = `listen tcp 127.0.0.1:${port}: bind: address already in use`
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error)
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** How Go's client, and so k3s, words what this load balancer does to it. `localPort` is the client's own. */
export function wordsOf(error: unknown, localPort: number): string {
  const { code, message } = error as Error & { code?: string }
  if (code === 'ETIMEDOUT') return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
  if (message === 'read ECONNRESET' || code === 'EPIPE') {
    return `read tcp 127.0.0.1:${localPort}->127.0.0.1:${loadBalancerPort}: read: connection reset by peer`
  }
  if (code === 'ECONNRESET') return 'EOF'
  return message
}
