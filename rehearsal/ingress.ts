/** What answers on the NodePorts of a site's nodes: an ingress controller that knows no host, so 404, and on a node that is not Ready nobody. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cluster } from './cluster/index.ts'
import type { Endpoint } from './contract.ts'
import type { Site } from './sites/index.ts'

export interface Ingress {
  readonly endpoints: readonly Endpoint[]
  close(): Promise<void>
}

interface Condition {
  readonly type: string
  readonly status: string
}

/** Starts one server a node. A site without ingress has none. */
export async function startIngress(site: Site, cluster: Pick<Cluster, 'objects'>): Promise<Ingress> {
  const { ingressPort } = site
  const nodes = ingressPort === undefined ? [] : [...site.nodes, ...site.machines]
  const isReady = (name: string): boolean => {
    const { conditions = [] } = (cluster.objects.get(`nodes/${name}`)?.status ?? {}) as { conditions?: Condition[] }
    return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  }
  const servers = await Promise.all(
    nodes.map(async ({ name, address }) => {
      const server = createServer((_request, response) => {
        response.writeHead(404, { 'Content-Type': 'text/plain' })
        response.end('default backend - 404')
      })
      server.on('connection', (socket) => {
        if (!isReady(name)) socket.destroy()
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return { server, address }
    }),
  )
  return {
    endpoints: servers.map(({ server, address }) => ({
      host: address,
      port: ingressPort ?? 0,
      to: (server.address() as AddressInfo).port,
    })),
    async close() {
      for (const { server } of servers) {
        const closed = once(server, 'close')
        server.close()
        server.closeAllConnections()
        await closed
      }
    },
  }
}
