import { type Cluster, ClusterError } from '../../kubernetes/index.ts'
import { type GpuReading, presentLabel } from '../model.ts'
import { servingPlugin } from './owners.ts'
import { isDevicePlugin, isOurs } from './recognise.ts'
import { templateOf } from './shape.ts'

type Ports = Pick<
  Cluster,
  'nodesWithLabel' | 'node' | 'daemonSets' | 'podsOnNode' | 'runtimeClass' | 'configMap' | 'hasResource'
>

/**
 * What the cluster says about a node's GPUs, in four calls at once. One more follows only while the node has no label yet, and one while
 * there is no device plugin at all: whether gpu-operator is here and waits for a GPU node.
 */
export async function readGpu(cluster: Ports, node: string, signal: AbortSignal): Promise<GpuReading> {
  const [labelled, daemonSets, pods, runtimeClass] = await Promise.all([
    cluster.nodesWithLabel(presentLabel, 'true', signal),
    cluster.daemonSets(signal),
    cluster.podsOnNode(node, signal),
    cluster.runtimeClass('nvidia', signal),
  ])
  const isKnown = labelled.some(({ name }) => name === node)
  const mayHaveOperator = !daemonSets.some((one) => isOurs(one) || isDevicePlugin(one))
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
