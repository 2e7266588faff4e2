import { agentUnit } from '../../distribution.ts'
import type { Finding } from '../../model.ts'
import type { GpuNode } from './read.ts'

/** What a question found: things that are wrong, or what is said when none is; or why it is not asked. */
export type Answer = { readonly findings: readonly Finding[]; readonly passed: string } | { readonly skip: string }

/**
 * A kubelet renews its Lease every 10 s, and its leaseDurationSeconds are 40; the node controller takes Ready away 52 s after the last
 * renewal (seen in the lab, Kubernetes 1.33). Some seconds more than the 40, since two clocks are compared.
 */
const deadAfterMs = 45_000

/** L1: there, Ready, alive, and not short of anything that keeps pods away. Pure. */
export function judgeNode({ name, node, leaseMs, expected }: GpuNode, nowMs: number): Answer {
  const finding = (verdict: Finding['verdict'], found: string, cause: string, remedy: string): Finding => ({
    namespace: '',
    subject: name,
    verdict,
    found,
    cause,
    remedy,
  })
  const look = `kubectl describe node ${name}; on it: journalctl -u ${agentUnit(node?.kubeletVersion)} -n 50`
  if (node === undefined) {
    return {
      passed: '',
      findings: [
        finding(
          'fail',
          'the cluster has no such node',
          expected?.gpu === undefined
            ? 'it never joined, somebody deleted it, or its name is another'
            : 'it never joined, or somebody deleted it; the cluster file says that it has a GPU',
          `join it (action k3s-join, node ${name}), or take it out of the ${expected === undefined ? 'input `nodes`' : 'cluster file'}`,
        ),
      ],
    }
  }
  const findings: Finding[] = []
  if (node.ready !== 'True') {
    findings.push({
      ...finding(
        'fail',
        `Ready is ${node.ready}${node.readyReason ? ` (${node.readyReason})` : ''}`,
        'the machine is off, or its kubelet does not work',
        look,
      ),
      evidence: [node.readyMessage],
    })
  } else if (leaseMs !== undefined && nowMs - leaseMs > deadAfterMs) {
    findings.push(
      finding(
        'fail',
        'Ready, but its kubelet has sent no sign of life for more than 45 s',
        'the machine or its agent has just died: the condition follows later than the Lease',
        look,
      ),
    )
  }
  const pressures = node.conditions.filter(
    ({ type, status }) => /Pressure$|^NetworkUnavailable$/.test(type) && status === 'True',
  )
  for (const { type, message } of pressures)
    findings.push({
      ...finding('fail', type, 'the kubelet lets no new pods in while it lasts', look),
      evidence: [message],
    })
  if (node.unschedulable)
    findings.push(finding('warn', 'cordoned', 'somebody closed it to new pods', `kubectl uncordon ${name}`))
  return { findings, passed: `${name} is Ready` }
}
