/** What tests of gpu-runtime look at, beside its outputs: the requests that its server saw, calypso's node, plugin and tree. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StartedHost } from '../../rehearsal/host/index.ts'
import { treesOf } from '../../rehearsal/trees.ts'
import type { World } from '../../rehearsal/world.ts'
import { type Door, type DoorOptions, openDoor } from './door.ts'

type Json = Readonly<Record<string, unknown>>

export const pluginKey = 'daemonsets/kube-system/k3s-gpu-actions-nvidia-device-plugin'
export const presentLabel = 'nvidia.com/gpu.present'
export const annotationName = 'k3s-gpu-actions/gpu'

/** A door of gpu-runtime with a calypso that has joined. */
export const openGpuDoor = (options: DoorOptions = {}): Promise<Door> => openDoor({ action: 'gpu-runtime', ...options })

/** Requests of runners: an agent speaks to its server in paths of its own. */
export const requestsOf = ({ cluster }: World): readonly string[] =>
  cluster.requests.filter((request) => !/ \/(standin|v1-k3s|cacerts)\b/.test(request))

/** Requests of one press that change something; asking what one may do changes nothing. */
export const writes = (requests: readonly string[]): readonly string[] =>
  requests.filter((request) => /^(POST|PUT|PATCH|DELETE) /.test(request) && !request.includes('selfsubjectaccess'))

export interface Budget {
  /** SSH session channels and connections that were opened. */
  readonly sessions: number
  readonly connections: number
  readonly requests: readonly string[]
}

/** What the work asks of calypso and of the API server, as they see it themselves. */
export async function counted<T>({ world }: Door, work: () => Promise<T>): Promise<Budget & { readonly value: T }> {
  const { sessions, connections } = world.calypso.counts
  const before = requestsOf(world).length
  const value = await work()
  const { counts } = world.calypso
  return {
    value,
    sessions: counts.sessions - sessions,
    connections: counts.connections - connections,
    requests: requestsOf(world).slice(before),
  }
}

/** Everything that a run may ever write: the promised trees, and what this project keeps of its own runs. */
export const hostTree = ({ world }: Door): Readonly<Record<string, string>> =>
  treesOf(world.calypso.root, [
    'etc',
    'usr',
    'opt',
    'root',
    'home',
    'var/lib/rancher',
    'var/lib/k3s-gpu-actions',
    'var/lib/dpkg',
    'var/lib/apt',
    'lib/udev',
    'tmp',
    'dev',
  ])

/** The same of containerd, where it is a unit of its own. */
export const containerdOf = ({ world }: Door) => world.host.unit('containerd.service')

/** How often k3s was started, and whether it runs: with the same numbers it is the same process. */
export const k3sOf = ({ world }: Door) => world.calypso.unit('k3s-agent.service')

export interface NodeLook {
  readonly label: string | undefined
  /** Parsed; undefined: none. */
  readonly annotation: Json | undefined
  readonly isReady: boolean
  readonly taints: readonly string[]
  readonly capacity: Readonly<Record<string, string>>
  readonly allocatable: Readonly<Record<string, string>>
}

const ofGpus = (resources: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(resources).filter(([name]) => name.startsWith('nvidia.com/')))

/** The node as the cluster has it. */
export function nodeOf({ world }: Door): NodeLook {
  const node = world.cluster.objects.get(`nodes/${world.host.name}`)
  const status = (node?.status ?? {}) as {
    conditions?: readonly { type: string; status: string }[]
    capacity?: Record<string, string>
    allocatable?: Record<string, string>
  }
  const spec = (node?.spec ?? {}) as { taints?: readonly { key: string; value?: string; effect: string }[] }
  const annotation = node?.metadata.annotations?.[annotationName]
  return {
    label: node?.metadata.labels?.[presentLabel],
    annotation: annotation === undefined ? undefined : (JSON.parse(annotation) as Json),
    isReady: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
    taints: (spec.taints ?? []).map(({ key, value = '', effect }) => `${key}=${value}:${effect}`),
    capacity: ofGpus(status.capacity),
    allocatable: ofGpus(status.allocatable),
  }
}

/** Name and uid of every object but Leases and Events, which come and go by themselves. */
export const objectsOf = ({ world }: Door): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    world.cluster.objects
      .list('')
      .filter(({ kind }) => kind !== 'Lease' && kind !== 'Event')
      .map((object) => [
        `${object.kind ?? ''} ${object.metadata.namespace ?? ''}/${object.metadata.name}`,
        object.metadata.uid,
      ]),
  )

export const fileOf = ({ world }: Door, path: string): string => readFileSync(join(world.calypso.root, path), 'utf8')

/** Tables of calypso's stand-ins. */
export const stateFile = ({ folder, world }: Door, path: string): string =>
  join(folder, 'world', world.host.name, 'state', path)

/** Resolves when it is so; rejects after 20 s with what was waited for. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const endMs = performance.now() + 20_000; !isSo(); await sleep(10))
    if (performance.now() > endMs) throw new Error(`${what}: not within 20 s`)
}

/** k3s is started again, as after a reboot: what lies there by now decides how it comes up. */
export async function restartK3s(door: Door): Promise<void> {
  const calypso = door.world.calypso as StartedHost
  await calypso.stopAgent()
  const { starts = 0 } = k3sOf(door) ?? {}
  calypso.startAgent()
  await until('k3s runs again', () => {
    const unit = k3sOf(door)
    return unit?.activeState === 'active' && unit.starts > starts
  })
}

/** A template of k3s's containerd configuration, from an action's point of view: somebody wrote it. */
export function layTemplate({ world }: Door, name: string, text: string): void {
  writeFileSync(join(world.calypso.root, containerdFolder, name), text)
}
export const containerdFolder = 'var/lib/rancher/k3s/agent/etc/containerd'
