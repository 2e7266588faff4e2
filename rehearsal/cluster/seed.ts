/** The cluster before anybody does anything: the two servers of the cluster file, alive. */
import { createHash } from 'node:crypto'
import { leaseObject, nodeObject, timestamp } from './node-objects.ts'
import { nodePasswordKey, nodePasswordSecret } from './node-passwords.ts'
import type { MemoryStore } from './store.ts'

const dayMs = 24 * 3600 * 1000
const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

/** An id that is the same in every run, so that logs of two runs can be compared. */
function identifierOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function uuidOf(text: string): string {
  return identifierOf(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The two nodes with role and address from the cluster file; their heartbeats are played by the world. */
export function seedObjects(objects: MemoryStore, heartbeats: Set<string>, version: string, nowMs: number): void {
  for (const name of namespaces) objects.put(`namespaces/${name}`, { metadata: { name }, status: { phase: 'Active' } })
  const machines = [
    { name: 'srv712429', address: '157.173.210.123', role: 'server', podCidr: '10.42.0.0/24', arguments: ['server'] },
    { name: 'srv712695', address: '191.101.1.3', role: 'agent', podCidr: '10.42.1.0/24', arguments: ['agent'] },
  ] as const
  for (const machine of machines) {
    const node = objects.put(
      `nodes/${machine.name}`,
      nodeObject({
        ...machine,
        version,
        osImage: 'Ubuntu 25.04',
        kernel: '6.14.0-29-generic',
        systemUuid: uuidOf(`system ${machine.name}`),
        machineId: identifierOf(`machine ${machine.name}`),
        environment:
          machine.role === 'server' ? {} : { K3S_TOKEN: '********', K3S_URL: 'https://157.173.210.123:6443' },
        createdMs: nowMs - 120 * dayMs,
        cpus: 4,
        memoryKi: 16_384_000,
      }),
    )
    objects.put(`leases/kube-node-lease/${machine.name}`, leaseObject(machine.name, nowMs, node.metadata.uid))
    heartbeats.add(machine.name)
  }
}

/** What an earlier installation of calypso left: a Node that was last seen nine days ago, and a password nobody has any more. */
export function seedStaleNode(objects: MemoryStore, version: string, nowMs: number, systemUuid: string): void {
  const seenMs = nowMs - 9 * dayMs
  const node = nodeObject({
    name: 'calypso',
    address: '192.168.2.80',
    role: 'agent',
    version,
    osImage: 'Ubuntu 22.04.5 LTS',
    kernel: '6.8.0-60-generic',
    podCidr: '10.42.2.0/24',
    systemUuid,
    machineId: identifierOf('machine calypso, earlier installation'),
    arguments: ['agent'],
    environment: { K3S_TOKEN: '********', K3S_URL: 'https://157.173.210.123:6443' },
    createdMs: nowMs - 60 * dayMs,
    cpus: 16,
    memoryKi: 65_536_000,
  })
  const stored = objects.put('nodes/calypso', node)
  const lease = leaseObject('calypso', seenMs, stored.metadata.uid)
  objects.put('leases/kube-node-lease/calypso', {
    ...lease,
    metadata: { ...lease.metadata, creationTimestamp: timestamp(nowMs - 60 * dayMs) },
  })
  objects.put(nodePasswordKey('calypso'), nodePasswordSecret('calypso', identifierOf(`${systemUuid} ${seenMs}`)))
}
