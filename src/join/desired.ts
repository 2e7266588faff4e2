import { createHash } from 'node:crypto'
import type { DesiredNode } from '../cluster-file/index.ts'
import type { ClusterReading } from '../kubernetes/index.ts'
import { annotations } from './annotations.ts'
import { hasDrift, metadataDrift } from './labels.ts'

/** A heartbeat older than this, by the server's own clock, does not vouch for its node. The kubelet renews its Lease every 10 s. */
export const heartbeatFreshMs = 40_000

/**
 * Age of a node's last sign of life by the server's clock, milliseconds; undefined when there is none. A Lease, or the
 * registration of the Node itself: a kubelet whose Node is not there yet skips a turn, and makes the Lease of a new Node only
 * at the next one, 10 s later (kubernetes pkg/component-helpers/apimachinery/lease; seen with kubelet 1.33.13). Once the Node has a
 * Lease of its own, that alone counts: an agent may have died seconds after it had registered.
 */
export function heartbeatAge({
  node,
  leaseRenewedAtMs,
  leaseNodeUid,
  serverTimeMs,
}: ClusterReading): number | undefined {
  // A Node that says nothing good of itself was registered by whom it may.
  const hasOwnLease = leaseRenewedAtMs !== undefined && leaseNodeUid !== undefined && leaseNodeUid === node?.uid
  const registeredAtMs = node?.ready === 'True' && !hasOwnLease ? Date.parse(node.createdAt) : undefined
  const signs = [leaseRenewedAtMs, registeredAtMs].filter(
    (sign): sign is number => sign !== undefined && !Number.isNaN(sign),
  )
  const ageMs = Math.max(0, serverTimeMs - Math.max(...signs))
  // An old Node without any Lease has nobody to renew it.
  if (signs.length === 0 || (leaseRenewedAtMs === undefined && ageMs > heartbeatFreshMs)) return undefined
  return ageMs
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, inner]) => [key, canonical(inner)]),
  )
}

/** Digest of everything that a complete run would have brought about. Order of keys does not matter; secrets are not part of it. */
export function desiredDigest(desired: DesiredNode, server: string, version: string): string {
  const state = {
    server,
    version,
    distribution: desired.distribution,
    labels: desired.labels,
    taints: desired.taints.map((taint) => `${taint.key}=${taint.value ?? ''}:${taint.effect}`).sort(),
    nodeIp: desired.nodeIp ?? '',
    nodeExternalIp: desired.nodeExternalIp ?? '',
    extraConfig: desired.extraConfig,
    // Only where something is wanted: what was recorded before these existed stays true.
    ...(desired.annotations === undefined ? {} : { annotations: desired.annotations }),
    ...(desired.prerequisites === undefined ? {} : { prerequisites: desired.prerequisites }),
  }
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(canonical(state)))
    .digest('hex')}`
}

export interface Comparison {
  readonly isAsDesired: boolean
  /** Why not, each a short phrase; empty when it is. */
  readonly differences: readonly string[]
  /** As `heartbeatAge`. */
  readonly heartbeatAgeMs?: number
}

/** Judges three API answers: is there anything to do at all? A node without our annotation always has something to do. */
export function compareWithDesired(
  desired: DesiredNode,
  server: string,
  version: string,
  reading: ClusterReading,
): Comparison {
  const { node } = reading
  if (!node) return { isAsDesired: false, differences: [`${desired.node} is not a node yet`] }
  const heartbeatAgeMs = heartbeatAge(reading)
  const differences: string[] = []
  const recorded = node.annotations[annotations.desired]
  if (recorded === undefined)
    differences.push('it has not been brought under this project yet (no record of a complete run)')
  else if (recorded !== desiredDigest(desired, server, version))
    differences.push('the desired state has changed since the last complete run')
  if (node.kubeletVersion !== version) differences.push(`version ${node.kubeletVersion}, wanted ${version}`)
  if (hasDrift(metadataDrift(desired, node))) differences.push('labels or taints differ')
  if (node.ready !== 'True') differences.push(`Ready is ${node.ready}`)
  if (heartbeatAgeMs === undefined) differences.push('it has no heartbeat (no Lease)')
  else if (heartbeatAgeMs > heartbeatFreshMs)
    differences.push(`last heartbeat ${Math.round(heartbeatAgeMs / 1000)} s ago`)
  return {
    isAsDesired: differences.length === 0,
    differences,
    ...(heartbeatAgeMs === undefined ? {} : { heartbeatAgeMs }),
  }
}
