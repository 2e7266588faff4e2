import { setTimeout as delay } from 'node:timers/promises'
import type { V1Node } from '@kubernetes/client-node'
import { fieldManager } from './apply.ts'
import { ClusterError } from './errors.ts'
import type { AccessRequest, NodeChange, NodeState } from './model.ts'
import { nodeState, taintsOf, type Wire } from './objects.ts'
import { segment, type Transport } from './transport.ts'

/** Attempts at a change of taints before a busy Node is given up. */
const maximumChangeAttempts = 5

/** The right to do something with nodes, or with one. */
export function nodeAccess(verb: string, name?: string): AccessRequest {
  return { verb, group: '', resource: 'nodes', ...(name === undefined ? {} : { name }) }
}

export function nodePath(name: string): string {
  return `api/v1/nodes/${segment(name)}`
}

/** See Cluster.changeNode. */
export async function changeNode(
  transport: Transport,
  name: string,
  change: NodeChange,
  signal: AbortSignal,
): Promise<NodeState> {
  for (let attempt = 1; ; attempt++) {
    try {
      return nodeState(await changeOnce(transport, name, change, signal))
    } catch (error) {
      if (!(error instanceof ClusterError) || error.code !== 'conflict' || attempt === maximumChangeAttempts)
        throw error
    }
    await delay(50 * attempt, undefined, { signal })
  }
}

/** One patch for everything, so that labels and taints become true together. */
async function changeOnce(
  transport: Transport,
  name: string,
  change: NodeChange,
  signal: AbortSignal,
): Promise<Wire<V1Node>> {
  const metadata: Record<string, unknown> = {}
  const patch: Record<string, unknown> = { metadata }
  if (Object.keys(change.labels ?? {}).length > 0) metadata.labels = change.labels
  if (Object.keys(change.annotations ?? {}).length > 0) metadata.annotations = change.annotations
  if (change.unschedulable !== undefined) patch.spec = { unschedulable: change.unschedulable ? true : null }
  if (change.taints !== undefined) {
    const current = await transport.need<Wire<V1Node>>(
      { method: 'GET', path: nodePath(name), access: nodeAccess('get', name) },
      signal,
    )
    const before = taintsOf(current)
    const wanted = change.taints(before)
    if (JSON.stringify(wanted) !== JSON.stringify(before)) {
      // timeAdded belongs to whoever set the taint; keep it where the taint stays.
      const kept = current.spec?.taints ?? []
      patch.spec = {
        ...(patch.spec as object | undefined),
        taints: wanted.map((taint) => ({
          ...kept.find((one) => one.key === taint.key && one.effect === taint.effect),
          ...taint,
        })),
      }
      // The list is replaced as a whole, so it must be the list that was read.
      metadata.resourceVersion = current.metadata?.resourceVersion
    } else if (Object.keys(metadata).length === 0 && patch.spec === undefined) return current
  }
  return await transport.need<Wire<V1Node>>(
    {
      method: 'PATCH',
      path: nodePath(name),
      query: { fieldManager },
      body: patch,
      contentType: 'application/merge-patch+json',
      access: nodeAccess('patch', name),
    },
    signal,
  )
}
