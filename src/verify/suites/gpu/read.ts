import {
  isDevicePlugin,
  isGpuResource,
  numberOf,
  presentLabel,
  readGpuAnnotation,
  servingPlugin,
  templateOf,
} from '../../../gpu/index.ts'
import { ClusterError, type DaemonSetState, daemonSetState, type NodeState } from '../../../kubernetes/index.ts'
import { daemonSetObjects } from '../../daemon-sets.ts'
import type { ExpectedNode, PodSeen, VerifyPorts, VerifyWish } from '../../model.ts'

/** One node that has a GPU, or should have. Plain data. */
export interface GpuNode {
  readonly name: string
  /** undefined: the cluster file names it, the cluster has no such node. */
  readonly node?: NodeState
  readonly expected?: ExpectedNode
  /** spec.renewTime of its Lease, epoch milliseconds; undefined: none, or it may not be read. */
  readonly leaseMs?: number
  /** Those on it. */
  readonly pods: readonly PodSeen[]
  /** The device plugin that serves it, or would; undefined: there is none. */
  readonly plugin?: DaemonSetState
  /** Configurations of that plugin; undefined: it has none, or they may not be read. */
  readonly pluginConfig?: Readonly<Record<string, string>>
}

/** Everything that the suites gpu and gpu-job judge by. */
export interface GpuWorld {
  readonly nodes: readonly GpuNode[]
  readonly runtimeClass?: { readonly handler: string }
  /** The cluster's own clock. */
  readonly nowMs: number
}

/** Whether a node has a GPU, by any sign that it has or had one. */
function isGpuNode(node: NodeState): boolean {
  return (
    node.labels[presentLabel] === 'true' ||
    readGpuAnnotation(node.annotations) !== undefined ||
    Object.keys(node.capacity).some((name) => isGpuResource(name) && numberOf(node.capacity, name) > 0)
  )
}

/** Names of the nodes that these suites are about: by their signs and by the cluster file, as far as the run is about them. Pure. */
export function gpuNodeNames(
  nodes: readonly NodeState[],
  wish: Pick<VerifyWish, 'nodes' | 'expected'>,
): readonly string[] {
  const wanted = Object.entries(wish.expected ?? {}).filter(([, { gpu }]) => gpu !== undefined && gpu.count !== 0)
  // A node that the run is about and that is not there: nobody knows whether it has one, and saying nothing would look well.
  const missing = wish.nodes.filter((name) => !nodes.some((node) => node.name === name))
  const names = new Set([
    ...nodes.filter(isGpuNode).map(({ name }) => name),
    ...wanted.map(([name]) => name),
    ...missing,
  ])
  return [...names].filter((name) => wish.nodes.length === 0 || wish.nodes.includes(name)).sort()
}

/** What may not be read is done without. */
async function ifAllowed<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return undefined
    throw error
  }
}

async function readNow({ cluster, lists, signal }: VerifyPorts, wish: VerifyWish): Promise<GpuWorld> {
  const all = await lists.nodes()
  const names = gpuNodeNames(all, wish)
  if (names.length === 0) return { nodes: [], nowMs: lists.serverTimeMs() }
  const [pods, daemonSets, runtimeClass, leases] = await Promise.all([
    lists.pods(),
    daemonSetObjects(lists),
    cluster.runtimeClass('nvidia', signal),
    ifAllowed(lists.leases()),
  ])
  const plugins = daemonSets.map(daemonSetState).filter(isDevicePlugin)
  const podsOf = Map.groupBy(pods, ({ node }) => node)
  const configs = new Map<string, Readonly<Record<string, string>> | undefined>()
  const nodes: GpuNode[] = []
  for (const name of names) {
    const node = all.find((one) => one.name === name)
    const plugin = servingPlugin({ node, gpuNodes: [], daemonSets: plugins, pods: [] } as Parameters<
      typeof servingPlugin
    >[0])
    const configMap = plugin === undefined ? '' : templateOf(plugin).configMap
    const place = `${plugin?.namespace}/${configMap}`
    if (plugin !== undefined && configMap !== '' && !configs.has(place))
      configs.set(place, await ifAllowed(cluster.configMap(plugin.namespace, configMap, signal)))
    const leaseMs = leases?.get(name)
    const pluginConfig = configs.get(place)
    const expected = wish.expected !== undefined && Object.hasOwn(wish.expected, name) ? wish.expected[name] : undefined
    nodes.push({
      name,
      pods: podsOf.get(name) ?? [],
      ...(node ? { node } : {}),
      ...(expected ? { expected } : {}),
      ...(leaseMs === undefined ? {} : { leaseMs }),
      ...(plugin ? { plugin } : {}),
      ...(pluginConfig ? { pluginConfig } : {}),
    })
  }
  return { nodes, nowMs: lists.serverTimeMs(), ...(runtimeClass ? { runtimeClass } : {}) }
}

const kept = new WeakMap<VerifyPorts['lists'], Promise<GpuWorld>>()

/** Read once a run, for both suites; what failed is read again by the next. */
export async function readGpuWorld(ports: VerifyPorts, wish: VerifyWish): Promise<GpuWorld> {
  const asked = kept.get(ports.lists) ?? readNow(ports, wish)
  kept.set(ports.lists, asked)
  try {
    return await asked
  } catch (error) {
    if (kept.get(ports.lists) === asked) kept.delete(ports.lists)
    throw error
  }
}
