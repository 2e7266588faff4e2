import type { HostFacts } from '../../host/index.ts'
import type { NodeState } from '../../kubernetes/index.ts'
import type { Check } from '../../report/index.ts'
import { heartbeatAge, heartbeatFreshMs } from '../desired.ts'
import type { JoinSituation } from '../distribution.ts'
import { answered } from './check.ts'

/** Whether a Node of that name is this machine, another one, or nobody. */
export type NameOwner = 'nobody' | 'this-machine' | 'another-machine' | 'unknown-machine'

// What boards report whose maker never set one: no identity at all.
const vendorDefaults = /^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i
const identity = (uuid: string): string => (vendorDefaults.test(uuid) ? '' : uuid.toLowerCase())

/** The board's own identity on both sides. Nothing less proves that a dead node is this machine: machine-id is copied with disks. */
export function provesIdentity(node: NodeState | undefined, facts: HostFacts): boolean {
  const ofNode = identity(node?.systemUuid ?? '')
  return ofNode !== '' && ofNode === identity(facts.systemUuid)
}

export function nameOwner(node: NodeState | undefined, facts: HostFacts): NameOwner {
  if (!node) return 'nobody'
  const [ofNode, ofHost] = [identity(node.systemUuid), identity(facts.systemUuid)]
  // The board's identity decides where both are known: machine-id is copied along with disks and images.
  if (ofNode !== '' && ofHost !== '') return ofNode === ofHost ? 'this-machine' : 'another-machine'
  if (node.machineId !== '' && node.machineId === facts.machineId) return 'this-machine'
  return 'unknown-machine'
}

/** Ready, and vouched for by a heartbeat of the last seconds. */
export function isAlive({ reading }: Pick<JoinSituation, 'reading'>): boolean {
  const ageMs = heartbeatAge(reading)
  return reading.node?.ready === 'True' && ageMs !== undefined && ageMs <= heartbeatFreshMs
}

/**
 * Vouched for by a heartbeat of the last seconds, Ready or not: a machine that is there, and whose name nobody may take. A node that
 * is not Ready may be waiting for its pod network.
 */
export function hasHeartbeat({ reading }: Pick<JoinSituation, 'reading'>): boolean {
  const ageMs = heartbeatAge(reading)
  return reading.node !== undefined && ageMs !== undefined && ageMs <= heartbeatFreshMs
}

/** True when the name was typed and the node that has it is dead, whoever it was: it is deleted and joins anew. */
export function replacesNode(situation: JoinSituation): boolean {
  const { reading, consent, desired } = situation
  return reading.node !== undefined && consent.replaceNode === desired.node && !hasHeartbeat(situation)
}

/** Node and host side by side, one line each: for whoever has to decide whether they are the same. */
export function bothIdentities({ reading: { node }, facts, desired }: JoinSituation): readonly string[] {
  const ofNode = node
    ? `node: system UUID ${node.systemUuid || 'unknown'}, ${node.internalIps.join(', ') || 'no address'}, ${node.osImage}`
    : `node: there is none of that name`
  return [
    ofNode,
    `host: system UUID ${facts.systemUuid || 'unknown'}, ${facts.addresses.join(', ') || desired.access.address}, ${facts.os.prettyName}`,
  ]
}

/**
 * For a live owner a failure blocks whatever `fail-on` and `ignore-checks` say: joining would take another machine's place.
 * For a dead one it blocks whatever `fail-on` says.
 */
export function nameCheck(situation: JoinSituation): Check {
  const { desired, facts, reading } = situation
  const question = `Is the name ${desired.node} free, or this machine's own?`
  const owner = nameOwner(reading.node, facts)
  if (owner === 'nobody') return { id: 'cluster.name', verdict: 'pass', question, found: 'free' }
  if (owner === 'this-machine')
    return { id: 'cluster.name', verdict: 'pass', question, found: 'this machine is the node' }
  const evidence = bothIdentities(situation)
  if (hasHeartbeat(situation)) {
    return {
      id: 'cluster.name',
      verdict: 'fail',
      question,
      found:
        owner === 'another-machine'
          ? 'a live machine with another identity has it'
          : 'a live node has it, and its identity cannot be compared',
      cause: 'two machines cannot share a name',
      remedy: 'give this machine another `node` name',
      evidence,
    }
  }
  const isReplaceable = replacesNode(situation)
  return {
    id: 'cluster.name',
    verdict: isReplaceable ? 'warn' : 'fail',
    question,
    found: `a node that is no longer alive has it${isReplaceable ? '; it will be replaced as confirmed' : ''}`,
    cause: 'the node was joined from another machine or another installation',
    remedy: `press the button again with replace-node = ${desired.node}, or give this machine another name`,
    evidence,
  }
}

// RFC 1123, lower case; not longer than a label value, because the kubelet sets the name as kubernetes.io/hostname.
const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** Inputs and cluster file refuse such names already; what comes another way is refused here. */
export function nodeNameCheck({ desired }: JoinSituation): Check {
  const isValid = validName.test(desired.node) && desired.node.length <= 63
  return answered(
    'cluster.node-name',
    `Is ${desired.node} a valid name for a node?`,
    isValid,
    isValid ? 'valid' : 'not valid',
    {
      cause: 'the name of a node is at most 63 lower-case letters, digits, dashes and dots (RFC 1123)',
      remedy: 'give another `node`, e.g. the host name in lower case',
    },
  )
}
