import type { TLSSocket } from 'node:tls'
import type { Call } from '../../rehearsal/cluster/index.ts'

/** Who a client certificate says it is, as Kubernetes reads it: the user is the common name, the groups the organizations. */
export interface Identity {
  readonly user: string
  readonly groups: readonly string[]
}

const nodePrefix = 'system:node:'

/** Undefined without a client certificate, or with one that our authority did not sign for clients. */
export function identityOf(call: Call): Identity | undefined {
  const socket = call.request.socket as TLSSocket
  if (!socket.authorized) return undefined
  const { CN, O } = socket.getPeerCertificate().subject ?? {}
  const user = [CN ?? []].flat()[0]
  return user === undefined || user === '' ? undefined : { user, groups: [O ?? []].flat() }
}

/** Name of the node whose kubelet this is. */
export function nodeOf(identity: Identity | undefined): string | undefined {
  if (!identity?.groups.includes('system:nodes') || !identity.user.startsWith(nodePrefix)) return undefined
  return identity.user.slice(nodePrefix.length)
}
