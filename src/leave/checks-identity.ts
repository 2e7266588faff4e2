import type { HostFacts } from '../host/index.ts'
import {
  answered,
  bothIdentities,
  few,
  hasHeartbeat,
  type JoinSituation,
  nameOwner,
  passed,
  provesIdentity,
} from '../join/index.ts'
import type { NodeState } from '../kubernetes/index.ts'
import type { Check } from '../report/index.ts'
import type { LeaveSituation } from './model.ts'

/** Is it this machine, this cluster, an agent, and alive? What is uninstalled by mistake serves somebody else. Pure. */
export function identityChecks(situation: LeaveSituation): readonly Check[] {
  return [roleCheck(situation), ...machineCheck(situation), ...clusterCheck(situation), ...aliveCheck(situation)]
}

function roleCheck({ node, reading, host, distribution }: LeaveSituation): Check {
  const isServer = reading.node?.isServer === true || host?.presence.isServer === true
  const found = isServer ? 'it is a server' : 'it is an agent'
  return answered('leave.role', `Is ${node} an agent?`, !isServer, found, {
    cause: `a server of ${distribution} holds the cluster itself: its data, its API, its certificates`,
    remedy: 'take a server out by hand, as the documentation of the distribution says; no action here does it',
  })
}

/** How a node and a machine are related, and what tells so. */
interface Kinship {
  readonly is: 'the same' | 'another' | 'unknown'
  readonly by: 'board' | 'machine-id' | 'address' | ''
  /** The machine has an address of the node. */
  readonly hasAddress: boolean
}

/** Stricter than for a join, which only asks whether a name is free: here the machine is emptied. */
function kinship(one: NodeState, facts: HostFacts): Kinship {
  const hasAddress = [...one.internalIps, ...one.externalIps].some((address) => facts.addresses.includes(address))
  const owner = nameOwner(one, facts)
  if (owner === 'another-machine') return { is: 'another', by: 'board', hasAddress }
  if (owner === 'this-machine')
    return { is: 'the same', by: provesIdentity(one, facts) ? 'board' : 'machine-id', hasAddress }
  if (one.machineId !== '' && facts.machineId !== '') return { is: 'another', by: 'machine-id', hasAddress }
  return hasAddress ? { is: 'the same', by: 'address', hasAddress } : { is: 'unknown', by: '', hasAddress }
}

/** Another node of the cluster that this machine is, or may be rather than the one that is to leave. */
function otherNodeOf({ node, nodes, reading }: LeaveSituation, facts: HostFacts): NodeState | undefined {
  const own = reading.node
  const ours = own && kinship(own, facts)
  return nodes.find((one) => {
    if (one.name === node) return false
    const theirs = kinship(one, facts)
    if (theirs.is !== 'the same') return false
    if (own === undefined || ours?.is !== 'the same') return true
    // Renamed: of two nodes of one board the machine is the one that is Ready, or was made later.
    if (ours.by === 'board' && theirs.by === 'board')
      return one.ready === own.ready ? own.ready !== 'True' && one.createdAt > own.createdAt : one.ready === 'True'
    // A machine-id is copied along with disks and cards: then the address tells.
    return ours.by !== 'board' && (theirs.by === 'board' || !ours.hasAddress)
  })
}

function machineCheck(situation: LeaveSituation): readonly Check[] {
  const { node, reading, host } = situation
  if (host === undefined) return []
  const question = `Is this machine the node ${node}?`
  const evidence = bothIdentities({
    reading,
    facts: host.facts,
    desired: { node, access: { address: '' } },
  } as JoinSituation)
  const other = otherNodeOf(situation, host.facts)
  if (other !== undefined) {
    return [
      answered('leave.machine', question, false, `no: it is the node ${other.name}`, {
        cause: 'the machine that answers under this address serves the cluster under another name',
        remedy: `correct the address of the host, or the name of the node; a node whose machine has another name by now is cleared with host-gone`,
        evidence,
      }),
    ]
  }
  if (reading.node === undefined) return []
  const { is, by } = kinship(reading.node, host.facts)
  if (is === 'the same') return [passed('leave.machine', question, by === 'board' ? 'it is' : `it is, by its ${by}`)]
  return [
    answered('leave.machine', question, false, is === 'another' ? 'no: the node is another machine' : 'nothing tells', {
      cause:
        is === 'another'
          ? 'the machine that answers under this address and the one that registered the node have different identities'
          : 'they have neither a system UUID, nor a machine-id, nor an address in common',
      remedy:
        'correct the address of the host, or the name of the node; a node whose machine is gone is cleared with host-gone',
      evidence,
    }),
  ]
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).hostname : address)
const isLoopback = (host: string): boolean => /^(localhost|127\.|\[?::1\]?$)/.test(host)

function clusterCheck({ servers, nodes, host, reading }: LeaveSituation): readonly Check[] {
  if (host === undefined || !host.presence.isThere) return []
  const { server, isRunning, isHalfGone } = host.presence
  const joined = hostOf(server)
  const question = 'Did the agent of this machine join this cluster?'
  const addresses = [
    ...servers.map(hostOf),
    ...nodes.filter((one) => one.isServer).flatMap((one) => [...one.internalIps, ...one.externalIps]),
  ]
  // A loopback address is a way to the API, of this runner or of that machine: it says nothing about which cluster is behind it.
  const known = addresses.filter((one) => !isLoopback(one))
  if (known.includes(joined)) return [passed('leave.cluster', question, joined)]
  // The same machine under the same name, and alive: another address of the same cluster.
  if (hasHeartbeat({ reading }) && reading.node !== undefined && kinship(reading.node, host.facts).is === 'the same')
    return [passed('leave.cluster', question, joined === '' ? 'it is alive here' : `${joined}, another address of it`)]
  // The uninstaller deletes early what tells of the server; who began that had asked.
  if (joined === '' && !isRunning)
    return [
      passed('leave.cluster', question, isHalfGone ? 'it was asked when its removal began' : 'it has joined none'),
    ]
  const said = joined === '' ? 'it does not say through which server it joined' : `it joined through ${joined}`
  const reached =
    known.length > 0 ? `is reached at ${few([...new Set(known)])}` : 'has no address that could be compared'
  return [
    answered('leave.cluster', question, false, said, {
      cause: `this cluster ${reached}; uninstalling would take the machine out of another one`,
      remedy: `give the kubeconfig of the cluster that it belongs to${joined === '' ? '' : `, or \`server: ${server}\` when that is this one`}`,
    }),
  ]
}

function aliveCheck({ node, reading, isHostGone }: LeaveSituation): readonly Check[] {
  if (reading.node === undefined) return []
  // Without a Lease nobody knows when it was last heard of; a Ready node is then not gone because somebody says so.
  const isAlive =
    hasHeartbeat({ reading }) || (isHostGone && reading.leaseRenewedAtMs === undefined && reading.node.ready === 'True')
  const question = isHostGone ? `Has ${node} no heartbeat any more?` : `Is ${node} alive?`
  if (!isHostGone) {
    return [
      answered('leave.alive', question, isAlive, isAlive ? 'it has a heartbeat' : 'it has no heartbeat', {
        verdict: 'warn',
        cause: 'its agent does not run: its pods cannot end in order, they go with the node',
        remedy: 'start the agent first when they are to end in order',
      }),
    ]
  }
  return [
    answered('leave.alive', question, !isAlive, isAlive ? 'it has one: the machine is not gone' : 'it has none', {
      cause: 'a machine that lives would go on working with its node deleted, and register again',
      remedy: 'remove it without host-gone: it is drained and uninstalled first',
    }),
  ]
}
