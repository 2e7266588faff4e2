import { ClusterError } from '../../../kubernetes/index.ts'
import type { Suite } from '../../model.ts'
import { nodeEntries } from './entries.ts'
import { judgeNodes } from './judge.ts'

export { judgeNodes, type NodesReading } from './judge.ts'

/** Nodes as the cluster has them, against what the cluster file wants and against what a living node does. */
export const nodesSuite: Suite = {
  name: 'nodes',
  entries: nodeEntries,
  access: () => [
    { verb: 'list', group: '', resource: 'nodes' },
    { verb: 'list', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' },
  ],
  verify: async ({ lists }, wish) => {
    const [nodes, { version }] = await Promise.all([lists.nodes(), lists.health()])
    // Last, so that the clock is read as soon as they are there.
    const renewals = await lists.leases().catch((error: unknown) => {
      if (error instanceof ClusterError && error.code === 'forbidden') return error
      throw error
    })
    const nowMs = lists.serverTimeMs()
    const checks = judgeNodes({ nodes, renewals, serverVersion: version, nowMs }, wish)
    return { checks, facts: { nodes: String(nodes.length), 'server version': version } }
  },
}
