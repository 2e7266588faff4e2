import type { NodeState } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { pullCommand } from '../../distribution.ts'
import { gather, skipped } from '../../gather.ts'
import { idPart } from '../../ids.ts'
import type { Finding, SeverityRule, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { type PodOutcome, type PodOutcomeCode, runPod } from '../../pod-run/index.ts'
import { scripts } from '../../scripts.generated.ts'
import { line, typeable } from '../reading.ts'
import { probeImage } from './pod-image.ts'

export const podsEntry = {
  id: 'network.pods.<node>',
  suite: 'network',
  asks: 'Does a pod on this node reach the cluster’s DNS and a service?',
  severity: 'fail',
  mode: 'probe',
  remedy: 'open 8472/udp (VXLAN of flannel) between the nodes; or declare pod-network: isolated for this node',
} as const satisfies VerifyEntry

/** Pods at the same time, and nodes in one run: a thousand nodes are not asked every night. */
const atOnce = 6
const mostNodes = 24
const mark = 'k3s-gpu-actions/pod-network'

export const questionOf = (node: string) => `Does a pod on ${node} reach the cluster’s DNS and a service?`
export const podsId = (node: string) => `network.pods.${idPart(node)}`

/** What the script in the pod said about one thing; undefined: nothing. Remote text. */
function answerOf(log: string, what: 'dns' | 'service' | 'tools'): { isOk: boolean; said: string } | undefined {
  const found = log.split('\n').find((text) => text.startsWith(`${mark} ${what} `))
  if (found === undefined) return undefined
  const [word = '', ...rest] = found.slice(mark.length + what.length + 2).split(' ')
  return { isOk: word === 'ok', said: line(rest.join(' '), 160) }
}

/** Endings that say nothing about the network: the question was not asked. */
const unasked: ReadonlySet<PodOutcomeCode> = new Set([
  'image',
  'insufficient',
  'taint',
  'no-node',
  'unschedulable',
  'volume',
  'pod-security',
  'quota',
  'refused',
  'not-allowed',
  'no-namespace',
  'taken-away',
])

/**
 * Judges what a pod on the node said. `dnsNodes`: where the cluster's DNS runs; when that is this node alone, its answer never crossed
 * the pod network.
 */
export function judgePodNetwork(
  node: string,
  outcome: PodOutcome,
  dnsNodes: readonly string[],
  severities: readonly SeverityRule[],
): Check {
  const id = podsId(node)
  const question = questionOf(node)
  if (unasked.has(outcome.code)) {
    return { id, verdict: 'skip', question, found: line(outcome.found), cause: outcome.cause, remedy: outcome.remedy }
  }
  const about = { namespace: '', subject: node }
  const evidence = outcome.evidence
  const one = (finding: Omit<Finding, 'namespace' | 'subject'>) =>
    gather(id, question, [{ ...about, ...finding }], '', severities)
  const dns = answerOf(outcome.log, 'dns')
  const service = answerOf(outcome.log, 'service')
  if (outcome.code === 'sandbox') {
    // Before a container starts the network plugin gives it an address: where that fails, there is no pod network.
    return one({ found: outcome.found, verdict: 'fail', cause: outcome.cause, remedy: outcome.remedy, evidence })
  }
  if (answerOf(outcome.log, 'tools') !== undefined) {
    return skipped(id, question, 'the image that was used has neither Python nor busybox, nor bash with getent')
  }
  if (dns === undefined || service === undefined) {
    const found = outcome.code === 'succeeded' ? 'its pod ended without an answer' : outcome.found
    const cause = outcome.cause || 'its log could not be read, or was cut'
    return one({ found, verdict: 'warn', cause, remedy: outcome.remedy || podsEntry.remedy, evidence })
  }
  const isLocal = dnsNodes.length > 0 && dnsNodes.every((name) => name === node)
  const passed = isLocal
    ? 'both answer; the cluster’s DNS runs on this node alone, so this says nothing of the way to others'
    : 'both answer'
  const quoted = [dns, service].flatMap(({ isOk, said }) => (isOk || said === '' ? [] : said))
  const causes = {
    both: 'pods here have no way to pods and services elsewhere: VXLAN (8472/udp) is filtered, or the node is behind NAT',
    dns: 'services are reached, the DNS pods are not: the way to the node that they run on, or CoreDNS itself',
    service: 'DNS answers, the API server’s service does not: kube-proxy on this node, or the way to the servers',
  }
  const what = dns.isOk ? 'service' : service.isOk ? 'dns' : 'both'
  if (dns.isOk && service.isOk) return gather(id, question, [], passed, severities)
  return one({
    found: { both: 'reaches neither DNS nor a service', dns: 'does not reach the DNS', service: 'reaches no service' }[
      what
    ],
    verdict: 'fail',
    cause: causes[what],
    remedy: podsEntry.remedy,
    evidence: quoted,
  })
}

/** Why a node is not asked; undefined: it is. */
function reasonNotToAsk(node: NodeState, { expected }: VerifyWish): string | undefined {
  if (expected?.[node.name]?.podNetwork === 'isolated') return 'declared (pod-network: isolated)'
  if ((node.labels['kubernetes.io/os'] ?? 'linux') !== 'linux') return 'the node does not run Linux'
  if (node.ready !== 'True') return 'the node is not Ready'
  if (node.unschedulable) return 'the node is cordoned'
  return undefined
}

async function askNode(
  ports: VerifyPorts,
  wish: VerifyWish,
  node: NodeState,
  dnsNodes: readonly string[],
): Promise<Check> {
  const reason = reasonNotToAsk(node, wish)
  if (reason !== undefined) return skipped(podsId(node.name), questionOf(node.name), reason)
  const image = probeImage([node], wish)
  if (image === undefined) {
    const found = 'no image on the node is known to have Python or busybox; nothing is downloaded for this question'
    const remedy = `on ${typeable(node.name, 'the node')}: ${pullCommand(node.kubeletVersion, 'busybox:stable')}; or name a probe-image`
    return { ...skipped(podsId(node.name), questionOf(node.name), found), remedy }
  }
  const outcome = await runPod(
    ports,
    {
      purpose: 'pod-network',
      namespace: wish.namespace,
      node,
      ...image,
      command: ['sh', '-c', scripts['pod-network']],
      memoryMiB: 128,
    },
    wish.timeoutMs,
  )
  return judgePodNetwork(node.name, outcome, dnsNodes, wish.severities)
}

/** Which nodes: those that were named, or all, up to a number. Those that are not asked for a reason cost nothing and are all said. */
export function chosenNodes(nodes: readonly NodeState[], wish: VerifyWish): readonly NodeState[] {
  if (wish.nodes.length > 0) return nodes.filter(({ name }) => wish.nodes.includes(name))
  const sorted = [...nodes].sort((one, other) => (one.name < other.name ? -1 : 1))
  const asked = new Set(sorted.filter((node) => reasonNotToAsk(node, wish) === undefined).slice(0, mostNodes))
  return sorted.filter((node) => asked.has(node) || reasonNotToAsk(node, wish)?.startsWith('declared'))
}

/** One pod on each node, some at a time. */
export async function askPods(
  ports: VerifyPorts,
  wish: VerifyWish,
  dnsNodes: readonly string[],
): Promise<readonly Check[]> {
  const nodes = chosenNodes(await ports.lists.nodes(), wish)
  const left = nodes.entries()
  const checks: Check[] = []
  const one = async (): Promise<void> => {
    for (const [index, node] of left) checks[index] = await askNode(ports, wish, node, dnsNodes)
  }
  // All are waited for, also when one rejects: their pods are gone then.
  const settled = await Promise.allSettled(Array.from({ length: Math.min(atOnce, nodes.length) }, one))
  for (const end of settled) if (end.status === 'rejected') throw end.reason
  return checks
}
