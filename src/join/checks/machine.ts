import type { HostFacts } from '../../host/index.ts'
import type { NodeState } from '../../kubernetes/index.ts'
import type { Check } from '../../report/index.ts'
import type { JoinSituation } from '../distribution.ts'
import { answered, few, passed, unanswered } from './check.ts'
import { nameOwner } from './name.ts'

const said = (node: NodeState): string =>
  `node ${node.name}: system UUID ${node.systemUuid || 'unknown'}, machine-id ${node.machineId || 'unknown'}, ${few(node.internalIps) || 'no address'}, Ready ${node.ready}`

const saidOfHost = (facts: HostFacts): string =>
  `host: system UUID ${facts.systemUuid || 'unknown'}, machine-id ${facts.machineId || 'unknown'}, ${few(facts.addresses) || 'no address'}`

/** Two nodes on one machine share its ports, its containers and its network: the second one breaks the first. */
export function machineCheck({ desired, facts, nodes }: JoinSituation): Check {
  const id = 'cluster.machine'
  const question = 'Is this machine no node under another name?'
  const others = nodes.filter((node) => node.name !== desired.node)
  const same = others.filter((node) => nameOwner(node, facts) === 'this-machine')
  const living = same.find((node) => node.ready === 'True')
  if (living) {
    return answered(id, question, false, `it is the live node ${living.name}`, {
      cause: 'system UUID or machine-id are the same: a second agent would take ports and containers from the first',
      remedy: `name it ${living.name}; or remove that node first: sudo systemctl disable --now its agent, then kubectl delete node ${living.name}`,
      evidence: [said(living), saidOfHost(facts)],
    })
  }
  const [former] = same
  if (former) {
    return answered(id, question, false, `it was the node ${former.name}, which is no longer alive`, {
      verdict: 'warn',
      cause: 'the machine was joined under another name before',
      remedy: `when nobody needs it any more: kubectl delete node ${former.name}`,
      evidence: [said(former), saidOfHost(facts)],
    })
  }
  if (facts.systemUuid === '' && facts.machineId === '')
    return unanswered(id, question, 'the host tells neither system UUID nor machine-id')
  const clone = others.find((node) => facts.machineId !== '' && node.machineId === facts.machineId)
  if (clone) {
    return answered(id, question, false, `its machine-id is also that of ${clone.name}`, {
      verdict: 'warn',
      cause: 'both were made from one disk image: DHCP and everything else that goes by machine-id mixes them up',
      remedy: 'give it one of its own and reboot: sudo rm /etc/machine-id && sudo systemd-machine-id-setup',
      evidence: [said(clone), saidOfHost(facts)],
    })
  }
  return passed(id, question, nodes.length === 0 ? 'there is no other node' : 'no node has its identity')
}

/** Packets to a node go to its internal address: with two nodes on one address they go anywhere (k3s#10109). */
export function addressCheck({ desired, facts, nodes }: JoinSituation): Check {
  const id = 'cluster.address'
  const question = 'Is the address of the node its own?'
  const own = (desired.nodeIp ?? facts.defaultRoute?.source ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
  if (own.length === 0) return unanswered(id, question, 'which address the agent will choose')
  const other = nodes.find(
    (node) =>
      node.name !== desired.node &&
      nameOwner(node, facts) !== 'this-machine' &&
      node.internalIps.some((address) => own.includes(address)),
  )
  if (!other) return passed(id, question, own.join(', '))
  const shared = other.internalIps.find((address) => own.includes(address)) ?? own.join(', ')
  // Machines in different homes may well have the same private address; where pods stay alone nobody looks for them there.
  const isHarmless = desired.podNetwork === 'isolated' || other.ready !== 'True'
  return answered(id, question, false, `${shared} is also the address of ${other.name}`, {
    verdict: isHarmless ? 'warn' : 'fail',
    cause: 'nodes and their pods are reached by that address, so it has to be unique in the cluster',
    remedy: 'give `node-ip` with another address of this machine, or one of an overlay network to both',
    evidence: [said(other), saidOfHost(facts)],
  })
}
