import type { HostFacts } from '../../host/index.ts'
import { few, type JoinSituation, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import { missingInFirewalld, missingInUfw, type Need, needText, nodeNeeds, podNeeds } from './firewall-rules.ts'

const id = 'host.firewall'
const question = 'Does the firewall let in what a node needs?'

/** Addresses of the other nodes: port 8472 open to everybody would open the pods' network to everybody (docs: requirements). */
function nodeAddresses({ nodes, desired }: JoinSituation): readonly string[] {
  const addresses = nodes
    .filter((node) => node.name !== desired.node)
    .flatMap((node) => [...node.internalIps, ...node.externalIps])
    .filter((address) => /^[0-9a-fA-F.:]+$/.test(address))
  const known = [...new Set(addresses)].slice(0, 8)
  return known.length > 0 ? known : ['<address of a node>']
}

function ufwCommands(missing: readonly Need[], addresses: readonly string[]): readonly string[] {
  return missing.flatMap((need) => {
    if ('network' in need) return [`sudo ufw allow from ${need.network} to any`]
    return addresses.map((address) => `sudo ufw allow proto ${need.protocol} from ${address} to any port ${need.port}`)
  })
}

function firewalldCommands(missing: readonly Need[], addresses: readonly string[]): readonly string[] {
  const commands = missing.flatMap((need) => {
    const change = 'sudo firewall-cmd --permanent'
    if ('network' in need) return [`${change} --zone=trusted --add-source=${need.network}`]
    return addresses.map(
      (address) =>
        `${change} --add-rich-rule='rule family="${address.includes(':') ? 'ipv6' : 'ipv4'}" source address="${address}" port port="${need.port}" protocol="${need.protocol}" accept'`,
    )
  })
  return [...commands, 'sudo firewall-cmd --reload']
}

function judge(firewall: HostFacts['firewalls'][number], situation: JoinSituation): Check {
  const { name, rules } = firewall
  if (name !== 'nftables' && rules.length === 0)
    return unanswered(id, question, `${name} is active, and its rules are told to root only`)
  if (name === 'nftables') {
    return {
      id,
      verdict: 'warn',
      question,
      found: `a packet filter drops what no rule allows (${few(rules)}); its rules were not looked into`,
      cause: `a node needs ${[...nodeNeeds, ...podNeeds].map(needText).join(', ')} to come in`,
      remedy: 'compare with: sudo nft list ruleset; when all of it is allowed, name host.firewall in `ignore-checks`',
    }
  }
  // Nodes do not reach a host whose pods stay alone: then only its own pods have to get through.
  const needs = situation.desired.podNetwork === 'isolated' ? podNeeds : [...nodeNeeds, ...podNeeds]
  const missing = name === 'ufw' ? missingInUfw(rules, needs) : missingInFirewalld(rules, needs)
  if (missing.length === 0) return passed(id, question, `${name} is active and allows it`)
  const commands = (name === 'ufw' ? ufwCommands : firewalldCommands)(missing, nodeAddresses(situation))
  return {
    id,
    verdict: 'warn',
    question,
    found: `${name} is active and has no rule for ${missing.map(needText).join(', ')}`,
    cause:
      'the node would become Ready, but its pods would reach neither name server nor services, and other nodes not its pods; these are the networks that k3s has by default',
    remedy: commands.join('; '),
    evidence: rules.slice(0, 40),
  }
}

/** The first firewall that is active; nftables alone is a hint, because its rules can say anything. */
export function firewallCheck(situation: JoinSituation): Check {
  const { firewalls } = situation.facts
  const active = firewalls.find((one) => one.state === 'active')
  if (active) return judge(active, situation)
  const unknown = firewalls.find((one) => one.state === 'unknown')
  if (unknown) return unanswered(id, question, `whether ${unknown.name} is active`)
  return passed(id, question, 'none is active')
}
