import { type Cluster, ClusterError } from '../../kubernetes/index.ts'
import { type GpuReading, type GpuWish, presentLabel } from '../model.ts'
import { servingPlugin } from './owners.ts'
import { isDevicePlugin, isOurs } from './recognise.ts'
import { templateOf } from './shape.ts'

type Ports = Pick<
  Cluster,
  'nodesWithLabel' | 'node' | 'daemonSets' | 'podsOnNode' | 'runtimeClass' | 'configMap' | 'hasResource'
>

/**
 * What the cluster says about a node's GPUs, in four calls at most once all is as wanted. Where ours is to be applied, one more follows
 * while the node has no label yet, and one while there is no device plugin at all: whether gpu-operator is here and waits for a GPU node.
 * `mode`: whose other nodes matter only where our plugin is applied or goes; what only looks at somebody's plugin does not ask for them.
 */
export async function readGpu(
  cluster: Ports,
  node: string,
  signal: AbortSignal,
  mode: GpuWish['devicePlugin'] = 'apply',
): Promise<GpuReading> {
  const [labelled, daemonSets, pods, runtimeClass] = await Promise.all([
    mode === 'apply' || mode === 'absent' ? cluster.nodesWithLabel(presentLabel, 'true', signal) : [],
    cluster.daemonSets(signal),
    cluster.podsOnNode(node, signal),
    mode === 'absent' ? undefined : cluster.runtimeClass('nvidia', signal),
  ])
  const isKnown = labelled.some(({ name }) => name === node)
  const mayHaveOperator = mode === 'apply' && !daemonSets.some((one) => isOurs(one) || isDevicePlugin(one))
  const [own, hasClusterPolicy] = await Promise.all([
    isKnown ? undefined : cluster.node(node, signal),
    mayHaveOperator ? cluster.hasResource('nvidia.com/v1', 'clusterpolicies', signal) : undefined,
  ])
  const gpuNodes = own === undefined ? labelled : [...labelled, own]
  const found = gpuNodes.find(({ name }) => name === node)
  const reading: GpuReading = {
    ...(found === undefined ? {} : { node: found }),
    gpuNodes,
    daemonSets,
    pods,
    ...(runtimeClass === undefined ? {} : { runtimeClass }),
    ...(hasClusterPolicy === undefined ? {} : { hasClusterPolicy }),
  }
  const pluginConfig = await configOf(cluster, reading, signal)
  return pluginConfig === undefined ? reading : { ...reading, pluginConfig }
}

/** The ConfigMap of a plugin that has one: only others' plugins do. Without the right to read it, labels have to tell. */
async function configOf(
  cluster: Ports,
  reading: GpuReading,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>> | undefined> {
  const plugin = servingPlugin(reading)
  const name = plugin === undefined ? '' : templateOf(plugin).configMap
  if (plugin === undefined || name === '') return undefined
  try {
    return await cluster.configMap(plugin.namespace, name, signal)
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return undefined
    throw error
  }
}
