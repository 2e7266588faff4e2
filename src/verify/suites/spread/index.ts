import { formatTaint, type NodeState } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { gather, nameSome, skipped } from '../../gather.ts'
import type { Finding, Suite, SuiteOutcome, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { podAccess, runSpread, type SpreadOutcome } from '../../pod-run/index.ts'
import { probeImage } from '../network/pod-image.ts'
import { typeable } from '../reading.ts'

export const spreadEntry = {
  id: 'spread.pods',
  suite: 'spread',
  asks: 'Does the scheduler spread the pods of one workload over all nodes that take them, and do they run there?',
  severity: 'fail',
  mode: 'probe',
  remedy: 'kubectl describe node <node>: what it has left, its taints, and its conditions',
} as const satisfies VerifyEntry

/** Pods of one Job: a thousand nodes are not asked at once. */
const mostNodes = 24

/** Why ordinary pods do not belong on a node, which is as somebody wants it, or what suite nodes is about; undefined: they do. */
export function reasonAgainst(node: NodeState): string | undefined {
  if ((node.labels['kubernetes.io/os'] ?? 'linux') !== 'linux') return 'does not run Linux'
  if (node.ready !== 'True') return 'is not Ready'
  if (node.unschedulable) return 'is cordoned'
  const taint = node.taints.find(({ effect }) => effect !== 'PreferNoSchedule')
  return taint === undefined ? undefined : `takes only pods that tolerate ${formatTaint(taint)}`
}

/** Nodes that pods are spread over: those that the run is about first, all others by name, up to a number. */
export function eligibleNodes(nodes: readonly NodeState[], wish: Pick<VerifyWish, 'nodes'>): readonly NodeState[] {
  const isNamed = ({ name }: NodeState): boolean => wish.nodes.includes(name)
  return nodes
    .filter((node) => reasonAgainst(node) === undefined)
    .sort((one, other) => Number(isNamed(other)) - Number(isNamed(one)) || (one.name < other.name ? -1 : 1))
    .slice(0, mostNodes)
}

/** Judges where the pods of the Job were. Pure. */
export function judgeSpread(nodes: readonly NodeState[], outcome: SpreadOutcome, wish: VerifyWish): Check {
  const { id, asks, remedy } = spreadEntry
  const { refusal, running, broken, unplaced, isLate, leftover } = outcome
  if (refusal !== undefined) {
    const { found, cause, remedy: mend, evidence } = refusal
    return { id, verdict: 'skip', question: asks, found, cause, remedy: mend, evidence }
  }
  const findings = nodes.flatMap(({ name }): readonly Finding[] => {
    const about = { namespace: '', subject: name }
    const look = `kubectl describe node ${typeable(name)}`
    if (running.has(name)) return []
    const ending = broken.get(name)
    // An image that is missing says nothing about the scheduler, and is nobody's fault but the question's.
    if (ending !== undefined) {
      const { found, cause, remedy: mend, evidence, code } = ending
      return [{ ...about, found, cause, remedy: mend, evidence, verdict: code === 'image' ? 'warn' : 'fail' }]
    }
    const cause =
      unplaced.length > 0
        ? 'the scheduler finds no room for it; its words are below'
        : isLate
          ? 'the scheduler, the kubelet or the image took longer than the time for a pod'
          : 'the scheduler gave its share to other nodes'
    return [
      {
        ...about,
        found: 'runs none of the pods',
        verdict: 'fail',
        cause,
        remedy: look,
        evidence: unplaced.slice(0, 2),
      },
    ]
  })
  const kept: readonly Finding[] =
    leftover === ''
      ? []
      : [{ namespace: wish.namespace, subject: leftover, found: 'could not be taken away', verdict: 'warn', remedy }]
  const lead = findings.length === 0 ? '' : `${nodes.length - findings.length} of ${nodes.length} nodes run a pod`
  const names = nameSome(nodes.map(({ name }) => name))
  return gather(
    id,
    asks,
    [...findings, ...kept],
    `a pod on each of ${nodes.length} nodes: ${names}`,
    wish.severities,
    lead,
  )
}

async function verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome> {
  const { id, asks } = spreadEntry
  if (wish.mode === 'observe') return { checks: [] }
  const all = await ports.lists.nodes()
  const nodes = eligibleNodes(all, wish)
  const said = (why: string): SuiteOutcome => ({ checks: [skipped(id, asks, why)] })
  const named = all.filter(({ name }) => wish.nodes.includes(name))
  const [outside] = named.filter((node) => reasonAgainst(node) !== undefined)
  // A run about one node that ordinary pods stay away from has nothing to learn from the others.
  if (outside !== undefined && named.every((node) => reasonAgainst(node) !== undefined))
    return said(`${outside.name} ${reasonAgainst(outside)}`)
  if (nodes.length < 2) return said('fewer than two nodes take ordinary pods: there is nothing to spread over')
  const image = probeImage(nodes, wish)
  if (image === undefined) {
    const found =
      'no image with busybox or Python is on all of these nodes, and nothing is downloaded for this question'
    return { checks: [{ ...skipped(id, asks, found), remedy: 'name one: input probe-image, e.g. busybox:stable' }] }
  }
  const { namespace, timeoutMs } = wish
  const outcome = await runSpread(ports, { purpose: 'spread', namespace, nodes, ...image }, timeoutMs)
  return { checks: [judgeSpread(nodes, outcome, wish)] }
}

/** Pods of one workload on every node: the new one takes its share. Asked only when it is named: it starts as many pods as there are nodes. */
export const spreadSuite: Suite = {
  name: 'spread',
  entries: [spreadEntry],
  access: ({ mode, namespace }) =>
    mode === 'observe' ? [] : [{ verb: 'list', group: '', resource: 'nodes' }, ...podAccess(namespace)],
  verify,
}
