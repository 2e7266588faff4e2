/**
 * The way in for stand-in agents: what a real agent's kubelet does with its client certificate (register a Node, report
 * its status, renew its Lease) under `/standin/v1/`, so that nobody mistakes it for k3s.
 *
 * - `POST /standin/v1/nodes/<name>` with a Node: registers it, or reports again. The first time with the join token, the
 *   header `K3s-Node-Name` and `K3s-Node-Password`; answers `{ key, node }`. Later with the key as Bearer token: then what
 *   the body leaves out stays, and with nothing but the name it only reads. Without a body it proves who asks, as the
 *   request for a certificate does: 400 means that the name may be used.
 * - `PUT /standin/v1/leases/<name>` with the key: renews the Lease.
 * - `GET` and `POST /standin/v1/pods/<name>` with the key: its pods, and what its kubelet says of one (kubelets.ts).
 */
import { randomBytes } from 'node:crypto'
import { type Call, header, type Route, readCredentials, readJson, sendJson } from './http.ts'
import type { Kubelets } from './kubelets.ts'
import { restrictedKeys } from './node-labels.ts'
import { leaseObject } from './node-objects.ts'
import { isNodePassword, nodePasswordKey, nodePasswordSecret } from './node-passwords.ts'
import { type ApiObject, resources } from './objects.ts'
import { failures, StatusError } from './status.ts'
import type { MemoryStore } from './store.ts'

export interface AgentsOptions {
  readonly objects: MemoryStore
  readonly nowMs: () => number
  /** The supervisor's judgement of a join token. */
  readonly admit: (call: Call) => Promise<void>
  readonly kubelets: Pick<Kubelets, 'serve'>
  /** Whose nodes they are; default: k3s's. With kubeadm a name needs no password, and nobody gives nodes a provider id. */
  readonly distribution?: 'k3s' | 'kubeadm'
  /** CIDR of all pods; default: k3s's. */
  readonly podNetwork?: string
}

export interface Agents {
  readonly route: Route
  /** The key of a node that joined before the world began; the same one at every call. */
  key(node: string): string
}

export function createAgents(options: AgentsOptions): Agents {
  const { objects } = options
  const isKubeadm = options.distribution === 'kubeadm'
  // /24 of a /16 for every node.
  const podPrefix = (options.podNetwork ?? '10.42.0.0/16').split('.').slice(0, 2).join('.')
  const keys = new Map<string, string>()
  let podNetworks = 0

  const key = (node: string): string => {
    const known = keys.get(node) ?? randomBytes(16).toString('hex')
    keys.set(node, known)
    return known
  }
  const hasKey = (call: Call, node: string): boolean => {
    const credentials = readCredentials(call.request)
    return credentials.scheme === 'bearer' && credentials.token === keys.get(node)
  }

  /** A node's certificate is no good once its Node is gone: k3s then wants a token again (pkg/nodepassword, verifyNode). */
  const requireNode = (node: string): ApiObject => {
    const object = objects.get(`nodes/${node}`)
    if (!object) throw failures.unauthorized(`unable to verify node identity: nodes "${node}" not found`)
    return object
  }

  const register = async (call: Call, node: string): Promise<void> => {
    const isJoined = hasKey(call, node)
    if (isJoined) requireNode(node)
    else await options.admit(call)
    const body = (await readJson(call)) as ApiObject | undefined
    // A kubelet shows its certificate and no password; its agent shows the password also with the certificate.
    if (!isKubeadm && (!isJoined || body === undefined)) ensurePassword(node, header(call, 'K3s-Node-Password'))
    if (body?.metadata?.name !== node) throw failures.badRequest('the Node in the body has another name')
    const existing = objects.get(`nodes/${node}`)
    if (isJoined) restrict(requireNode(node), body)
    const stored = objects.put(`nodes/${node}`, existing ? reported(existing, body) : registered(body))
    sendJson(call, existing ? 200 : 201, { key: key(node), node: stored })
  }

  const ensurePassword = (node: string, password: string): void => {
    if (password === '') throw failures.badRequest('node password not set')
    const secret = objects.get(nodePasswordKey(node))
    if (secret === undefined) objects.put(nodePasswordKey(node), nodePasswordSecret(node, password))
    else if (!isNodePassword(secret, password)) {
      throw new StatusError(403, 'Forbidden', `unable to verify hash for node '${node}': hash does not match`)
    }
  }

  /** The admission plugin NodeRestriction: a kubelet's certificate changes no label that says what its node is to the cluster. */
  const restrict = (existing: ApiObject, body: ApiObject): void => {
    const before = existing.metadata.labels ?? {}
    const changed = Object.entries(body.metadata.labels ?? {}).filter(([key, value]) => before[key] !== value)
    const keys = restrictedKeys(changed.map(([key]) => key))
    if (keys.length === 0) return
    const { name } = existing.metadata
    const message = `nodes "${name}" is forbidden: is not allowed to modify labels: ${keys.join(', ')}`
    throw new StatusError(403, 'Forbidden', message, { name, kind: 'nodes' })
  }

  /** A new Node, with what the controllers of a cluster add: a pod network and a provider id. */
  const registered = (body: ApiObject): ApiObject => {
    const taken = new Set(objects.list('nodes').map((node) => (node.spec as { podCIDR?: string } | undefined)?.podCIDR))
    while (taken.has(`${podPrefix}.${podNetworks}.0/24`)) podNetworks += 1
    const podCIDR = `${podPrefix}.${podNetworks}.0/24`
    const provided = isKubeadm ? {} : { providerID: `k3s://${body.metadata.name}` }
    const spec = { podCIDR, podCIDRs: [podCIDR], ...provided, ...(body.spec as object) }
    const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = body.metadata
    return { ...body, metadata, spec }
  }

  return {
    key,
    async route(call) {
      const [room, version, kind, node = ''] = call.segments
      if (room !== 'standin' || version !== 'v1' || call.segments.length !== 4) return false
      if (kind === 'nodes' && call.method === 'POST') {
        await register(call, node.toLowerCase())
        return true
      }
      if (kind === 'leases' && call.method === 'PUT') {
        if (!hasKey(call, node)) throw failures.unauthorized()
        const { uid } = requireNode(node).metadata
        sendJson(call, 200, objects.put(`leases/kube-node-lease/${node}`, leaseObject(node, options.nowMs(), uid)))
        return true
      }
      if (kind === 'pods') {
        if (!hasKey(call, node)) throw failures.unauthorized()
        requireNode(node)
        await options.kubelets.serve(call, node)
        return true
      }
      throw resources.has(kind ?? '') ? failures.methodNotAllowed() : failures.noSuchResource()
    },
  }
}

/** A restart or a status report: labels and annotations are added or overwritten, never removed; taints stay as they are. */
function reported(existing: ApiObject, body: ApiObject): ApiObject {
  return {
    ...existing,
    metadata: {
      ...existing.metadata,
      labels: { ...existing.metadata.labels, ...body.metadata.labels },
      annotations: { ...existing.metadata.annotations, ...body.metadata.annotations },
    },
    status: body.status ?? existing.status,
  }
}
