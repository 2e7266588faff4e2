/**
 * Another kubeadm cluster, with a CA of the same name, as leftovers on a machine lead to it. It takes in whoever comes with a certificate of its own,
 * as far as a kubelet notices: that is how a host goes Ready where nobody wanted it (lab.md, kubeadm: leftovers of another live cluster).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createAuthority } from '../certificates.ts'
import { type Route, readJson, sendJson } from '../http.ts'
import { listen } from '../listen.ts'
import { failures } from '../status.ts'

/** In the network that is for documentation: nobody's. */
export const elsewhere = { host: '192.0.2.10', port: 6443 } as const

export interface Elsewhere {
  readonly port: number
  readonly caPem: string
  /** `https://host:port` */
  readonly server: string
  /** Names of nodes that came. */
  readonly nodes: ReadonlySet<string>
  close(): Promise<void>
}

export async function startElsewhere(nowMs: () => number): Promise<Elsewhere> {
  const authority = await createAuthority('kubernetes')
  const nodes = new Set<string>()
  const over = new AbortController()
  const route: Route = async (call) => {
    const [room, , kind, node = ''] = call.segments
    if (room !== 'standin') throw failures.unauthorized()
    if (kind === 'nodes' && call.method === 'POST') {
      const body = await readJson(call)
      nodes.add(node)
      sendJson(call, 200, { key: 'of-another-cluster', node: body })
      return true
    }
    if (kind === 'pods' && call.method === 'GET') {
      await sleep(1000, undefined, { signal: over.signal })
      sendJson(call, 200, { after: '', pods: [], runtimeClasses: {}, configMaps: {} })
      return true
    }
    sendJson(call, 200, {})
    return true
  }
  const certificate = await authority.issue([elsewhere.host], { commonName: 'kube-apiserver' })
  const listener = await listen({ certificate, routes: [route], nowMs })
  return {
    port: listener.port,
    caPem: authority.bundlePem,
    server: `https://${elsewhere.host}:${elsewhere.port}`,
    nodes,
    async close() {
      over.abort()
      await listener.close()
    },
  }
}
