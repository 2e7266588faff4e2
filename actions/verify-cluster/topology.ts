import type { NodeState } from '../../src/kubernetes/index.ts'
import type { Check, TopologyNode, TopologyPath, Verdict, Verification } from '../../src/report/index.ts'
import { count } from '../../src/report/index.ts'
import type { TritonTarget } from '../../src/triton/index.ts'
import { idPart, type VerifyWish } from '../../src/verify/index.ts'

const rank: readonly Verdict[] = ['skip', 'pass', 'warn', 'error', 'fail']
/** A picture of more nodes is no picture. */
const mostNodes = 30

function worst(checks: readonly Check[]): Verdict {
  return checks.reduce<Verdict>(
    (sofar, { verdict }) => (rank.indexOf(verdict) > rank.indexOf(sofar) ? verdict : sofar),
    'skip',
  )
}

/** Checks about one thing: their ids end with its name. */
function about(checks: readonly Check[], part: string): readonly Check[] {
  return checks.filter(({ id }) => id.endsWith(`.${part}`))
}

function wordsOf(node: NodeState, wish: VerifyWish): readonly string[] {
  const gpus = Number(node.allocatable['nvidia.com/gpu'] ?? '0')
  return [
    node.kubeletVersion,
    ...(gpus > 0 ? [count(gpus, 'GPU')] : []),
    ...(node.ready === 'True' ? [] : [`Ready is ${node.ready}`]),
    ...(node.unschedulable ? ['cordoned'] : []),
    ...(wish.expected?.[node.name]?.podNetwork === 'isolated' ? ['pods isolated'] : []),
  ]
}

/** The nodes that are there, and those that should be. */
function nodesOf(
  nodes: readonly NodeState[] | undefined,
  wish: VerifyWish,
  checks: readonly Check[],
): readonly TopologyNode[] {
  const isMeant = (name: string): boolean => wish.nodes.length === 0 || wish.nodes.includes(name)
  const present = (nodes ?? [])
    .filter(({ name }) => isMeant(name))
    .map((node): TopologyNode => {
      const own = worst(about(checks, idPart(node.name)))
      return {
        name: node.name,
        isServer: node.isServer,
        verdict: node.ready === 'True' ? (own === 'skip' ? 'pass' : own) : 'fail',
        words: wordsOf(node, wish),
      }
    })
  const missing = Object.entries(wish.expected ?? {})
    .filter(([name]) => isMeant(name) && !nodes?.some((node) => node.name === name))
    .map(
      ([name, { role }]): TopologyNode => ({
        name,
        isServer: role === 'server',
        ...(nodes === undefined ? { verdict: 'skip', words: ['not asked'] } : { verdict: 'fail', words: ['missing'] }),
      }),
    )
  return [...missing, ...present].slice(0, mostNodes)
}

function pathOf(target: TritonTarget, checks: readonly Check[], p95Ms: number | undefined): TopologyPath {
  return {
    host: new URL(target.endpoint.url).host,
    guard: target.endpoint.guard,
    model: target.model,
    node: target.node,
    verdict: worst(about(checks, target.id)),
    words: p95Ms === undefined ? [] : [`p95 ${Math.round(p95Ms)} ms`],
  }
}

/** The picture of the cluster: nodes, tunnel, and how each Triton server is reached. Pure. `nodes`: undefined when they could not be read. */
export function topologyOf(
  nodes: readonly NodeState[] | undefined,
  wish: VerifyWish,
  server: string,
  checks: readonly Check[],
  metrics: Readonly<Record<string, number>>,
): Verification['topology'] {
  return {
    tunnel: wish.tunnel,
    server,
    nodes: nodesOf(nodes, wish, checks),
    paths: wish.triton.map((target) => pathOf(target, checks, metrics[`triton_p95_ms.${target.id}`])),
  }
}
