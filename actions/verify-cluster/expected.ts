import type { ClusterFile, ClusterFileNode } from '../../src/cluster-file/index.ts'
import { isComplaint, readTaint } from '../../src/cluster-file/index.ts'
import type { ExpectedNode } from '../../src/verify/index.ts'
import type { Values } from './settings.ts'

/** Taints were judged with the file: what is none is not there. */
function taintsOf(node: ClusterFileNode): ExpectedNode['taints'] {
  return (node.taints ?? []).flatMap((text) => {
    const taint = readTaint(text)
    return isComplaint(taint) ? [] : [taint]
  })
}

function expectedNode(node: ClusterFileNode, fileVersion: string, count: number | undefined): ExpectedNode {
  const gpuCount = count ?? node.gpu?.count
  const product = node.gpu?.product
  const gpu =
    gpuCount === undefined && product === undefined
      ? {}
      : {
          gpu: {
            ...(gpuCount === undefined ? {} : { count: gpuCount }),
            ...(product === undefined ? {} : { product }),
          },
        }
  return {
    role: node.role ?? 'agent',
    address: node.address ?? '',
    version: node.version ?? fileVersion,
    labels: node.labels ?? {},
    taints: taintsOf(node),
    podNetwork: node['pod-network'] ?? 'shared',
    ...gpu,
  }
}

/**
 * The nodes that the cluster must have: those of the input, else those of the file; undefined: nobody said. What the file says of a node
 * holds also where the input names it.
 */
export function expectedNodes(
  values: Values,
  file: ClusterFile | undefined,
): Readonly<Record<string, ExpectedNode>> | undefined {
  const known = file?.content.nodes ?? {}
  const counts = new Map(
    (values['expect-gpus'] ?? []).map((entry) => {
      const [name = '', number] = entry.split('=')
      return [name, Number(number)] as const
    }),
  )
  const named = values['expect-nodes'] ?? (file ? Object.keys(known) : undefined)
  if (named === undefined) return undefined
  const names = named.filter((name) => name !== values.joining)
  const version = values['expect-version'] ?? file?.content.version ?? ''
  return Object.fromEntries(
    names.map((name) => {
      const node = Object.hasOwn(known, name) ? (known[name] ?? {}) : {}
      return [name, expectedNode(node, version, counts.get(name))]
    }),
  )
}
