import type { HostFacts } from '../host/index.ts'
import type { NodeState } from '../kubernetes/index.ts'
import type { Check } from '../report/index.ts'
import { heartbeatAge, heartbeatFreshMs } from './desired.ts'
import type { JoinSituation } from './distribution.ts'
import { topologyCheck } from './topology.ts'

const clockToleranceMs = 30_000
const minimumDiskBytes = 2 * 1024 ** 3
const minimumInodes = 10_000

function check(
  id: string,
  question: string,
  isFine: boolean,
  found: string,
  otherwise: Pick<Check, 'cause' | 'remedy'> & { verdict?: 'warn' | 'fail' },
): Check {
  if (isFine) return { id, verdict: 'pass', question, found }
  return { id, verdict: otherwise.verdict ?? 'fail', question, found, cause: otherwise.cause, remedy: otherwise.remedy }
}

/** Codes of src/host for a sudo that does not let the user become root, in words. */
const sudoProblems: Readonly<Record<string, string>> = {
  'sudo-password-required': 'sudo asks for a password, and none was given',
  'sudo-password-wrong': 'sudo refused the password that was given',
  'sudo-not-allowed': 'the user may not use sudo',
  'sudo-needs-tty': 'sudo demands a terminal (requiretty)',
  'sudo-missing': 'there is no sudo on the host',
}

function privilegeCheck(facts: HostFacts): Check {
  const { state, problem } = facts.privilege
  const none = sudoProblems[problem] ?? (problem || 'no sudo')
  const found = {
    root: 'logged in as root',
    passwordless: 'sudo without a password',
    password: 'sudo with the password given',
    none,
  }[state]
  return check('host.sudo', `May ${facts.user || 'the user'} become root?`, state !== 'none', found, {
    cause: 'installing a unit and its files needs root',
    remedy: `give \`sudo-password\`, or let the user become root without one: echo '${facts.user || 'USER'} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`,
  })
}

function clockCheck(situation: JoinSituation): Check {
  const { facts, reading, readAtRunnerMs } = situation
  // Both clocks are read against the runner's own, so the runner's being wrong cancels out.
  const hostAheadMs = facts.clock.hostMs - facts.clock.runnerMs
  const serverAheadMs = reading.serverTimeMs - readAtRunnerMs
  const skewMs = Math.round(hostAheadMs - serverAheadMs)
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  return check(
    'host.clock',
    'Is the clock of the host within 30 s of the API server?',
    Math.abs(skewMs) <= clockToleranceMs,
    seconds <= 1 ? 'same second' : `${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`,
    { cause: "certificates are not valid from the host's point of view", remedy: 'sudo timedatectl set-ntp true' },
  )
}

function diskChecks(facts: HostFacts): Check[] {
  return facts.disks.map((disk) => {
    const gibibytes = (disk.availableBytes / 1024 ** 3).toFixed(1)
    return check(
      `host.disk.${disk.path.replace(/^\//, '').replaceAll('/', '-') || 'root'}`,
      `Is there room below ${disk.path}?`,
      disk.availableBytes >= minimumDiskBytes && (disk.availableInodes === 0 || disk.availableInodes >= minimumInodes),
      `${gibibytes} GiB and ${disk.availableInodes} inodes free`,
      {
        cause: 'images and logs fill what is left, and the kubelet then evicts pods',
        remedy: `free at least 2 GiB and ${minimumInodes} inodes below ${disk.path}`,
      },
    )
  })
}

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

/** A failure of this check blocks whatever `fail-on` and `ignore-checks` say: joining would take another machine's place. */
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

/** Processes outside the cluster that have the GPU open: what a restart or a daemon-reload may take the GPU from. */
export function foreignGpuProcesses(facts: HostFacts): HostFacts['gpu']['processes'] {
  return facts.gpu.processes.filter((one) => one.owner !== 'pod')
}

function gpuCheck(situation: JoinSituation): Check {
  const { facts, desired } = situation
  const question = 'Which GPUs does the host have, and who uses them?'
  if (facts.gpu.pciDevices === 0 && facts.gpu.devices.length === 0) {
    return desired.gpu
      ? {
          id: 'host.gpu',
          verdict: 'warn',
          question,
          found: 'no NVIDIA GPU',
          cause: 'the cluster file expects one',
          remedy: 'check the card, or remove `gpu` from the node',
        }
      : { id: 'host.gpu', verdict: 'skip', question, found: 'no NVIDIA GPU' }
  }
  if (facts.gpu.devices.length === 0) {
    return {
      id: 'host.gpu',
      verdict: 'warn',
      question,
      found: `${facts.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,
      cause: facts.gpu.problem || 'nvidia-smi is not installed',
      remedy: 'install or repair the driver; the join itself does not need it',
    }
  }
  const foreign = foreignGpuProcesses(facts)
  const names = facts.gpu.devices.map((device) => device.name).join(', ')
  if (foreign.length === 0)
    return { id: 'host.gpu', verdict: 'pass', question, found: `${facts.gpu.devices.length} × ${names}` }
  const users = foreign.map((one) => `${one.name} (pid ${one.pid}, ${one.ownerDetail || one.owner})`).join(', ')
  return {
    id: 'host.gpu',
    verdict: 'warn',
    question,
    found: `${users} ${foreign.length === 1 ? 'is' : 'are'} using the GPU`,
    cause: 'a restart or a daemon-reload can take the GPU from running containers',
    remedy: 'nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so',
  }
}

/** Questions every distribution asks before a host is touched. Pure. */
export function hostChecks(situation: JoinSituation): readonly Check[] {
  const { facts } = situation
  return [
    privilegeCheck(facts),
    check(
      'host.architecture',
      'Is the processor architecture supported?',
      ['amd64', 'arm64'].includes(facts.architecture),
      facts.architecture || 'unknown',
      {
        cause: 'programs are fetched and checked for amd64 and arm64 only',
        remedy: 'use a 64-bit x86 or Arm machine',
      },
    ),
    check('host.init', 'Is systemd the init system?', facts.init === 'systemd', facts.init, {
      cause: 'units are written for systemd',
      remedy: 'use a host with systemd; OpenRC is not supported in this version',
    }),
    check(
      'host.cgroup',
      'Is the memory cgroup controller there?',
      facts.cgroup.version === 0 || facts.cgroup.hasMemoryController,
      facts.cgroup.version === 0 ? 'unknown' : `cgroup v${facts.cgroup.version}`,
      {
        cause: 'the kubelet cannot limit memory without it and stops',
        remedy: 'add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot',
      },
    ),
    clockCheck(situation),
    ...diskChecks(facts),
    check(
      'host.route',
      'Is there a default route?',
      facts.defaultRoute !== undefined,
      facts.defaultRoute ? `via ${facts.defaultRoute.via || facts.defaultRoute.device}` : 'none',
      {
        verdict: 'warn',
        cause: 'the node address is chosen by the default route',
        remedy: 'give `node-ip`, or add a route',
      },
    ),
    nameCheck(situation),
    topologyCheck(situation),
    gpuCheck(situation),
  ]
}
