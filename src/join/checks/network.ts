import type { Check } from '../../report/index.ts'
import type { JoinSituation } from '../distribution.ts'
import { answered, passed, unanswered } from './check.ts'

export function routeCheck({ facts, desired }: JoinSituation): Check {
  const id = 'host.route'
  const question = 'Is there a default route?'
  if (facts.defaultRoute) return passed(id, question, `via ${facts.defaultRoute.via || facts.defaultRoute.device}`)
  if (!facts.hasNoDefaultRoute) return unanswered(id, question, 'the host does not tell its routes')
  // Without an address given the agent ends with "no default routes found" (k3s#1144, k3s#7865).
  return answered(id, question, false, 'none', {
    verdict: desired.nodeIp ? 'warn' : 'fail',
    cause: desired.nodeIp
      ? 'the address is given, but services of the cluster are reached through the default route'
      : 'the agent takes its address from the default route, and stops without one',
    remedy:
      'add a default route; one through a dummy interface is enough (docs: installation/airgap), and give `node-ip`',
  })
}

/** Forwarding is how the join is tried through the host's own network; there is another way, so its absence stops nothing. */
export function forwardingCheck({ facts, desired }: JoinSituation): readonly Check[] {
  if (desired.access.transport === 'local') return []
  const id = 'host.forwarding'
  const question = 'May connections be forwarded over SSH, to try the join through the host’s own network?'
  const { sshForwarding } = facts
  if (sshForwarding === 'unknown') return [unanswered(id, question, 'the configuration of sshd is told to root only')]
  const isAllowed = sshForwarding === 'yes' || sshForwarding === 'local'
  return [
    answered(id, question, isAllowed, isAllowed ? 'allowed' : `refused (AllowTcpForwarding ${sshForwarding})`, {
      verdict: 'warn',
      cause: 'sshd on the host is configured so; the handshake then uses curl on the host instead',
      remedy: `nothing to do where the host has curl; otherwise allow it for this user in /etc/ssh/sshd_config: Match User ${facts.user || desired.access.user || 'USER'} / AllowTcpForwarding local`,
    }),
  ]
}
