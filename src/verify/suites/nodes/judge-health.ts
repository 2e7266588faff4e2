import type { NodeState } from '../../../kubernetes/index.ts'
import { agentUnit } from '../../distribution.ts'
import type { Finding } from '../../model.ts'
import { forDays, typed } from '../../words.ts'

/** A Lease is renewed every 10 s and lasts for 40 (kubernetes/kubernetes: pkg/kubelet/apis/config/v1beta1/defaults.go). */
const leaseMs = 40_000
/** Clocks that agree this well do no harm. */
const aheadMs = 60_000

const about = (node: NodeState, found: string, verdict: Finding['verdict'], more: Partial<Finding> = {}): Finding => ({
  namespace: '',
  subject: node.name,
  found,
  verdict,
  ...more,
})

const describe = (node: NodeState): string => `kubectl describe node ${typed(node.name, 'node')}`

export function findNotReady(nodes: readonly NodeState[], nowMs: number): readonly Finding[] {
  return nodes
    .filter(({ ready }) => ready !== 'True')
    .map((node) => {
      const since = Date.parse(node.conditions.find(({ type }) => type === 'Ready')?.since ?? '')
      return about(node, `Ready is ${node.ready}${forDays(Number.isNaN(since) ? 0 : since, nowMs)}`, 'fail', {
        cause:
          node.ready === 'Unknown'
            ? 'its kubelet has stopped talking to the server: the machine is off, cut off, or its agent is dead'
            : node.readyMessage || node.readyReason || 'its kubelet says so and gives no reason',
        remedy: `look at the agent on ${typed(node.name, 'node')}: journalctl -u ${agentUnit(node.kubeletVersion)} -n 50; and ${describe(node)}`,
        evidence: [`Ready=${node.ready} ${node.readyReason}: ${node.readyMessage}`],
      })
    })
}

/**
 * Nodes that are dead though the server still calls them Ready: with real parts that took 53 s, and the Lease told at once. A renewal
 * carries the clock of its machine, so a clock that is wrong looks the same from behind, and is seen from ahead.
 */
export function findSilent(
  nodes: readonly NodeState[],
  renewals: ReadonlyMap<string, number>,
  nowMs: number,
): readonly Finding[] {
  return nodes
    .filter(({ ready }) => ready === 'True')
    .flatMap((node) => {
      const renewedMs = renewals.get(node.name)
      const remedy = `on ${typed(node.name, 'node')}: systemctl status ${agentUnit(node.kubeletVersion)}; timedatectl`
      if (renewedMs === undefined) {
        // A new kubelet makes its Lease at its second turn, 10 s after it registered.
        if (nowMs - Date.parse(node.createdAt) < leaseMs) return []
        return about(node, 'Ready, and has no Lease', 'warn', {
          cause: 'nobody renews it: the node was made by hand, or its Lease was deleted',
          remedy,
        })
      }
      if (renewedMs - nowMs > aheadMs) {
        return about(node, 'its heartbeats come from the future', 'warn', {
          cause: 'the clock of that machine is ahead of the server’s by more than a minute',
          remedy: `on ${typed(node.name, 'node')}: sudo timedatectl set-ntp true`,
          evidence: [`renewed ${new Date(renewedMs).toISOString()}, server ${new Date(nowMs).toISOString()}`],
        })
      }
      if (nowMs - renewedMs <= leaseMs) return []
      return about(node, `Ready, and silent${forDays(renewedMs, nowMs)}`, 'fail', {
        cause:
          'its agent is dead or cut off and the server has not noticed yet; or the clock of that machine is behind by more than the age of its heartbeat',
        remedy,
        evidence: [`last heartbeat ${new Date(renewedMs).toISOString()}, server ${new Date(nowMs).toISOString()}`],
      })
    })
}

export function findCordoned(nodes: readonly NodeState[]): readonly Finding[] {
  return nodes
    .filter(({ unschedulable }) => unschedulable)
    .map((node) =>
      about(node, 'cordoned', 'warn', {
        cause: 'somebody cordoned or drained it, and has not given it back',
        remedy: `kubectl uncordon ${typed(node.name, 'node')}`,
      }),
    )
}

const pressures = new Set(['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'])

export function findPressure(nodes: readonly NodeState[], nowMs: number): readonly Finding[] {
  return nodes.flatMap((node) =>
    node.conditions
      .filter(({ type, status }) => pressures.has(type) && status === 'True')
      .map(({ type, reason, message, since }) =>
        about(node, `${type}${forDays(Date.parse(since) || 0, nowMs)}`, 'fail', {
          cause: message || reason || 'its kubelet says so and gives no reason',
          remedy: type === 'DiskPressure' ? `on ${typed(node.name, 'node')}: df -h / /var/lib/rancher` : describe(node),
          evidence: [`${type}=True ${reason}: ${message}`],
        }),
      ),
  )
}

/**
 * Conditions that others set. True is bad of those whose name says so, as all of node-problem-detector's do
 * (kubernetes/node-problem-detector: config/*.json: KernelDeadlock, ReadonlyFilesystem, XfsShutdown, ContainerRuntimeUnhealthy,
 * FrequentKubeletRestart …). What a name does not tell is not judged: on k3s EtcdIsVoter=True is good, and False is bad
 * (k3s-io/k3s: pkg/etcd/etcd.go).
 */
const saysProblem =
  /deadlock|readonly|read-only|corrupt|frequent|unhealthy|problem|failure|failed|shutdown|fatal|fault|error|degraded|pressure|unavailable|xid/i

export function findConditions(nodes: readonly NodeState[], nowMs: number): readonly Finding[] {
  return nodes.flatMap((node) =>
    node.conditions
      .filter(({ type, status }) => {
        if (type === 'Ready' || pressures.has(type)) return false
        return type === 'EtcdIsVoter' ? status === 'False' : status === 'True' && saysProblem.test(type)
      })
      .map(({ type, status, reason, message, since }) =>
        about(node, `${type} is ${status}${forDays(Date.parse(since) || 0, nowMs)}`, 'warn', {
          cause: message || reason || 'whoever set it gives no reason',
          remedy: `${describe(node)}; and on that machine: journalctl -k -n 100`,
          evidence: [`${type}=${status} ${reason}: ${message}`],
        }),
      ),
  )
}
