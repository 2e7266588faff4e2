/** The cluster before anybody does anything: the nodes of its site, alive. */
import { createHash } from 'node:crypto'
import { type FaultName, type KubernetesObject, otherSystemUuid } from '../contract.ts'
import { oceanid, type Site, type SiteNode } from '../sites/index.ts'
import { leaseObject, type NodeDescription, nodeObject, timestamp } from './node-objects.ts'
import { nodePasswordKey, nodePasswordSecret } from './node-passwords.ts'
import type { MemoryStore } from './store.ts'

const dayMs = 24 * 3600 * 1000
const runtimeClasses =
  'nvidia nvidia-cdi nvidia-experimental crun lunatic slight spin wws wasmedge wasmer wasmtime'.split(' ')
/** Where pods of a probe run: manifests/verify-probe-rbac.yaml is applied, as the others are whose rights the runner's users have. */
export const probeNamespace = 'k3s-gpu-actions-verify'
/** Name → level of Pod Security that it enforces; empty: none. */
const namespaces: Readonly<Record<string, string>> = {
  default: '',
  'kube-node-lease': '',
  'kube-public': '',
  'kube-system': '',
  [probeNamespace]: 'restricted',
}

/** An id that is the same in every run, so that logs of two runs can be compared. */
function identifierOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function uuidOf(text: string): string {
  return identifierOf(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Where the machines of the cluster file are, and the name of the one that joins. */
export interface SeedAddresses {
  readonly server: string
  readonly agent: string
  readonly calypso: string
  /** Default: calypso. */
  readonly name?: string
}

const realAddresses: SeedAddresses = { server: '157.173.210.123', agent: '191.101.1.3', calypso: '192.168.2.80' }

const joinedTo = (server: string) => ({ K3S_TOKEN: '********', K3S_URL: `https://${server}:6443` })

/** The two nodes with role and address from the cluster file, Ready for 120 days. Pure. */
export function seedNodes(version: string, nowMs: number, addresses = realAddresses): readonly KubernetesObject[] {
  const at: Readonly<Record<SiteNode['role'], string>> = { server: addresses.server, agent: addresses.agent }
  const nodes = oceanid.nodes.map((node) => ({ ...node, address: at[node.role] }))
  return nodesOf({ nodes, version, distribution: 'k3s', api: { host: addresses.server } }, nowMs)
}

/** The nodes of a site before anybody joins it, Ready since they came. Pure. */
export function nodesOf(
  site: Pick<Site, 'nodes' | 'version' | 'distribution'> & { readonly api: Pick<Site['api'], 'host'> },
  nowMs: number,
): readonly KubernetesObject[] {
  return site.nodes.map(({ days, ...machine }) =>
    nodeObject({
      version: site.version,
      distribution: site.distribution,
      ...machine,
      arguments: [machine.role],
      environment: machine.role === 'server' ? {} : joinedTo(site.api.host),
      systemUuid: uuidOf(`system ${machine.name}`),
      machineId: identifierOf(`machine ${machine.name}`),
      createdMs: nowMs - days * dayMs,
    }),
  )
}

/** The cluster's objects; the heartbeats of its nodes are played by the world. */
export function seedObjects(objects: MemoryStore, heartbeats: Set<string>, site: Site, nowMs: number): void {
  for (const [name, level] of Object.entries(namespaces)) {
    // The UID of kube-system is what tells one cluster from another.
    const metadata = {
      name,
      uid: uuidOf(`namespace ${name}`),
      labels: {
        'kubernetes.io/metadata.name': name,
        ...(level !== '' && { 'pod-security.kubernetes.io/enforce': level }),
      },
      creationTimestamp: timestamp(nowMs - 120 * dayMs),
    }
    const spec = { finalizers: ['kubernetes'] }
    objects.put(`namespaces/${name}`, { metadata, spec, status: { phase: 'Active' } })
  }
  // k3s's packaged manifest (k3s-io/k3s:manifests/runtimes.yaml): there whether a node has such a runtime or not.
  for (const name of site.distribution === 'k3s' ? runtimeClasses : [])
    objects.put(`runtimeclasses/${name}`, {
      metadata: { name, uid: uuidOf(`runtimeclass ${name}`), creationTimestamp: timestamp(nowMs - 120 * dayMs) },
      handler: name,
    })
  for (const node of nodesOf(site, nowMs)) {
    const { name, uid } = objects.put(`nodes/${node.metadata.name}`, node).metadata
    objects.put(`leases/kube-node-lease/${name}`, leaseObject(name, nowMs, uid))
    heartbeats.add(name)
  }
}

/** When the stale Node's agent was last heard of, epoch milliseconds. */
export function staleSeenMs(nowMs: number): number {
  return nowMs - 9 * dayMs
}

/** The Node of an earlier installation of calypso, registered 60 days ago. Pure. */
export function staleNode(
  version: string,
  nowMs: number,
  systemUuid: string,
  addresses = realAddresses,
): KubernetesObject {
  return calypsoNode(version, nowMs, addresses, {
    address: addresses.calypso,
    systemUuid,
    machineId: identifierOf('machine calypso, earlier installation'),
  })
}

/** The Node of another machine that goes by the name calypso, registered 60 days ago. Pure. */
export function otherNode(version: string, nowMs: number, addresses = realAddresses): KubernetesObject {
  return calypsoNode(version, nowMs, addresses, {
    // Its neighbour: 192.168.2.81 for 192.168.2.80.
    address: addresses.calypso.replace(/\d+$/, (last) => String(Number(last) + 1)),
    systemUuid: otherSystemUuid,
    machineId: identifierOf('machine calypso, another one'),
  })
}

function calypsoNode(
  version: string,
  nowMs: number,
  addresses: SeedAddresses,
  machine: Pick<NodeDescription, 'address' | 'systemUuid' | 'machineId'>,
): KubernetesObject {
  return nodeObject({
    ...machine,
    name: addresses.name ?? 'calypso',
    role: 'agent',
    version,
    osImage: 'Ubuntu 22.04.5 LTS',
    kernel: '6.8.0-60-generic',
    podCidr: '10.42.2.0/24',
    arguments: ['agent'],
    environment: joinedTo(addresses.server),
    createdMs: nowMs - 60 * dayMs,
    cpus: 16,
    memoryKi: 65_536_000,
  })
}

/** Who has the name calypso in the cluster before calypso comes. */
export interface Forerunner {
  /** Undefined: nothing but a password is left. */
  readonly node: KubernetesObject | undefined
  /** Its agent lives: whoever plays the world keeps its Lease fresh. Else its Lease is from `seenMs`, and it is NotReady. */
  readonly isAlive: boolean
  /** When it was last heard of, epoch milliseconds. */
  readonly seenMs: number
  /** The node password whose Secret is there; nobody's any more. */
  readonly password: string
}

/** The forerunner that a fault is about; undefined for faults that are not. Pure. */
export function forerunnerOf(
  faults: ReadonlySet<FaultName>,
  version: string,
  nowMs: number,
  calypsoUuid: string,
  addresses = realAddresses,
): Forerunner | undefined {
  const password = identifierOf('node password of whoever was calypso before')
  const gone = { isAlive: false, seenMs: staleSeenMs(nowMs), password }
  if (faults.has('duplicate-name'))
    return { node: otherNode(version, nowMs, addresses), isAlive: true, seenMs: nowMs, password }
  if (faults.has('name-taken')) return { ...gone, node: otherNode(version, nowMs, addresses) }
  if (faults.has('node-password')) return { ...gone, node: staleNode(version, nowMs, calypsoUuid, addresses) }
  if (faults.has('node-password-orphan') || faults.has('node-password-ignored')) return { ...gone, node: undefined }
  return undefined
}

/** Puts a forerunner into the cluster, over whatever goes by its name. */
export function seedForerunner(
  objects: MemoryStore,
  heartbeats: Set<string>,
  { node, isAlive, seenMs, password }: Forerunner,
  name = 'calypso',
): void {
  objects.put(nodePasswordKey(name), nodePasswordSecret(name, password))
  if (node === undefined) return
  // Another machine's Node is another Node: with a uid of its own.
  objects.delete(`nodes/${name}`)
  objects.delete(`leases/kube-node-lease/${name}`)
  const taints = ['NoSchedule', 'NoExecute'].map((effect) => ({
    key: 'node.kubernetes.io/unreachable',
    effect,
    timeAdded: timestamp(seenMs + 53_000),
  }))
  const spec = { ...(node.spec as object), ...(isAlive ? {} : { taints }) }
  const { uid } = objects.put(`nodes/${name}`, { ...node, spec }).metadata
  const lease = leaseObject(name, seenMs, uid)
  const creationTimestamp = node.metadata.creationTimestamp ?? timestamp(seenMs)
  objects.put(`leases/kube-node-lease/${name}`, { ...lease, metadata: { ...lease.metadata, creationTimestamp } })
  if (isAlive) heartbeats.add(name)
}
