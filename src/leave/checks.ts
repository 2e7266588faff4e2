import {
  answered,
  bothIdentities,
  few,
  hasHeartbeat,
  type JoinSituation,
  nameOwner,
  passed,
  unanswered,
} from '../join/index.ts'
import type { Check } from '../report/index.ts'
import { budgetsOf, contradicting, neverAllows, planDrain, podName, type RuledPod } from './drain-plan.ts'
import type { LeaveSituation } from './model.ts'
import { mountWords } from './mounts.ts'

/** Questions that are asked before a node leaves. Pure. */
export function leaveChecks(situation: LeaveSituation): readonly Check[] {
  return [
    roleCheck(situation),
    ...machineCheck(situation),
    ...clusterCheck(situation),
    ...aliveCheck(situation),
    ...podsCheck(situation),
    ...roomCheck(situation),
    ...volumesCheck(situation),
    ...mountsCheck(situation),
    ...uninstallerCheck(situation),
  ]
}

function roleCheck({ node, reading, host, distribution }: LeaveSituation): Check {
  const isServer = reading.node?.isServer === true || host?.presence.isServer === true
  const found = isServer ? 'it is a server' : 'it is an agent'
  return answered('leave.role', `Is ${node} an agent?`, !isServer, found, {
    cause: `a server of ${distribution} holds the cluster itself: its data, its API, its certificates`,
    remedy: 'take a server out by hand, as the documentation of the distribution says; no action here does it',
  })
}

/** Where there is no node any more, or none of the two says who it is, nothing can contradict. */
function machineCheck({ node, reading, host }: LeaveSituation): readonly Check[] {
  if (host === undefined || reading.node === undefined) return []
  const owner = nameOwner(reading.node, host.facts)
  const words = {
    nobody: 'there is no node of that name',
    'this-machine': 'it is',
    'another-machine': 'no: the node is another machine',
    'unknown-machine': 'not known: neither a system UUID nor a machine id tells',
  }[owner]
  const wanted = { node } as JoinSituation['desired']
  return [
    answered('leave.machine', `Is this machine the node ${node}?`, owner !== 'another-machine', words, {
      cause:
        'the machine that answers under this address and the one that registered the node have different identities',
      remedy: 'correct the address of the host, or the name of the node',
      evidence: bothIdentities({ reading, facts: host.facts, desired: wanted } as JoinSituation),
    }),
  ]
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).hostname : address)
const isLoopback = (host: string): boolean => /^(localhost|127\.|\[?::1\]?$)/.test(host)

function clusterCheck({ servers, nodes, host, reading }: LeaveSituation): readonly Check[] {
  if (host === undefined || host.presence.server === '' || !host.presence.isThere) return []
  const joined = hostOf(host.presence.server)
  const question = 'Did the agent of this machine join this cluster?'
  const addresses = [
    ...servers.map(hostOf),
    ...nodes.filter((one) => one.isServer).flatMap((one) => [...one.internalIps, ...one.externalIps]),
  ]
  if (addresses.includes(joined)) return [passed('leave.cluster', question, joined)]
  // The same machine under the same name, and alive: another address of the same cluster.
  if (hasHeartbeat({ reading }) && nameOwner(reading.node, host.facts) === 'this-machine')
    return [passed('leave.cluster', question, `${joined}, another address of it`)]
  const known = addresses.filter((one) => !isLoopback(one))
  if (known.length === 0)
    return [
      unanswered('leave.cluster', question, `it joined through ${joined}; only this runner's way to the API is known`),
    ]
  return [
    answered('leave.cluster', question, false, `it joined through ${joined}`, {
      cause: `this cluster is reached at ${few([...new Set(known)])}; uninstalling would take the machine out of another one`,
      remedy: `give the kubeconfig of the cluster that it belongs to, or \`server: ${host.presence.server}\` when that is this one`,
    }),
  ]
}

function aliveCheck({ node, reading, isHostGone }: LeaveSituation): readonly Check[] {
  if (reading.node === undefined) return []
  const isAlive = hasHeartbeat({ reading })
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

/** Why a pod keeps the plan from being carried out; undefined: it does not. */
function obstacle({ pod, ruling }: RuledPod, { budgets }: LeaveSituation): string | undefined {
  if (ruling.type === 'stops') {
    const way = ruling.input === 'ignore-daemonsets' ? 'ignore-daemonsets: true' : ruling.input
    return `${podName(pod)} ${ruling.why} (${way} allows it)`
  }
  if (ruling.type !== 'leaves') return undefined
  const why =
    contradicting(pod, budgets) ??
    budgetsOf(pod, budgets)
      .map((one) => neverAllows(pod, one))
      .find((text) => text !== undefined)
  return why === undefined ? undefined : `${podName(pod)}: ${why}`
}

function podsCheck(situation: LeaveSituation): readonly Check[] {
  const { reading, node, wishes, budgets } = situation
  if (reading.node === undefined || situation.isHostGone) return []
  const question = `May every pod leave ${node}?`
  const ruled = planDrain(situation.pods, wishes)
  const obstacles = ruled.flatMap((one) => {
    const why = obstacle(one, situation)
    return why === undefined ? [] : [{ one, why }]
  })
  if (obstacles.length === 0) {
    const tight = ruled
      .filter(({ ruling }) => ruling.type === 'leaves')
      .flatMap(({ pod }) => budgetsOf(pod, budgets).map((budget) => ({ pod, budget })))
      .filter(({ budget }) => budget.disruptionsAllowed < 1)
    const [first] = tight
    if (first === undefined) return [passed('leave.pods', question, drainWords(ruled))]
    return [
      answered(
        'leave.pods',
        question,
        false,
        `not at once: budget ${first.budget.namespace}/${first.budget.name} lets none go now (${podName(first.pod)})`,
        {
          verdict: 'warn',
          cause: `it has ${first.budget.currentHealthy} healthy and wants ${first.budget.desiredHealthy}`,
          remedy: 'none needed when that changes within drain-timeout',
        },
      ),
    ]
  }
  const [first] = obstacles
  const inputs = [...new Set(obstacles.flatMap(({ one }) => (one.ruling.type === 'stops' ? [one.ruling.input] : [])))]
  const isBudget = inputs.length === 0
  return [
    answered('leave.pods', question, false, first?.why ?? '', {
      cause: isBudget
        ? 'the eviction API keeps what the budget promises, and so does this action: nothing is deleted past it'
        : `${obstacles.length} of its pods would lose something that does not come back`,
      remedy: isBudget
        ? 'add a replica, or change the budget, then press the button again'
        : `press the button again with ${inputs.map((one) => (one === 'ignore-daemonsets' ? 'ignore-daemonsets: true' : `${one}: true`)).join(' and ')} when that is acceptable`,
      evidence: obstacles.map(({ why }) => why),
    }),
  ]
}

/** `4 leave, 2 stay (DaemonSet), 1 has finished` */
export function drainWords(ruled: readonly RuledPod[]): string {
  const count = (test: (one: RuledPod) => boolean): number => ruled.filter(test).length
  const stays = (because: string) => (one: RuledPod) => one.ruling.type === 'stays' && one.ruling.because === because
  const parts = [
    [count((one) => one.ruling.type === 'leaves'), 'leave'],
    [count((one) => one.ruling.type === 'ends'), 'end already'],
    [count(stays('DaemonSet')), 'stay (DaemonSet)'],
    [count(stays('static')), 'stay (static)'],
    [count(stays('finished')), 'finished'],
    [count((one) => one.ruling.type === 'stops'), 'need a decision'],
  ] as const
  return (
    parts
      .filter(([number]) => number > 0)
      .map(([number, word]) => `${number} ${word}`)
      .join(', ') || 'no pod is on it'
  )
}

function roomCheck({ node, nodes, pods, wishes }: LeaveSituation): readonly Check[] {
  const others = nodes.filter((one) => one.name !== node && one.ready === 'True' && !one.unschedulable)
  const leaves = planDrain(pods, wishes).filter((one) => one.ruling.type === 'leaves').length
  if (leaves === 0 || others.length > 0) return []
  return [
    answered('leave.room', 'Is there another node for its pods?', false, 'no other node takes pods', {
      verdict: 'warn',
      cause: 'every other node is not Ready, or cordoned',
      remedy: 'its pods wait until one does; a budget may keep them from leaving until then',
    }),
  ]
}

function volumesCheck({ localVolumes, reading, node }: LeaveSituation): readonly Check[] {
  if (reading.node === undefined) return []
  const question = `Does no claim have its data on ${node} alone?`
  if (localVolumes.length === 0) return [passed('leave.volumes', question, 'none')]
  const words = localVolumes.map((one) => (one.claim === '' ? `volume ${one.name}` : `${one.claim} (${one.name})`))
  return [
    answered('leave.volumes', question, false, few(words), {
      cause:
        'volumes of this kind are folders of the machine: their data is deleted with the agent, and their pods find no other node',
      remedy:
        'copy the data elsewhere and delete the claims, or name leave.volumes in ignore-checks when the data may be lost',
      evidence: words,
    }),
  ]
}

function mountsCheck({ host, node }: LeaveSituation): readonly Check[] {
  if (host === undefined || !host.presence.isThere) return []
  const question = `Is nothing of anybody else mounted where leaving empties folders of ${node}?`
  const { mounts, areMountsKnown } = host.presence
  if (!areMountsKnown) {
    return [
      answered('leave.mounts', question, false, 'what is mounted could not be read', {
        cause: 'the uninstaller unmounts by force and deletes; without a list nobody knows what',
        remedy: 'look at the host: cat /proc/mounts, as root',
      }),
    ]
  }
  const foreign = mounts.filter((one) => one.kind === 'foreign')
  const volumes = mounts.filter((one) => one.kind === 'volume').length
  const found = volumes > 0 ? `no; ${volumes} of volumes go with their pods` : 'nothing is'
  if (foreign.length === 0) return [passed('leave.mounts', question, found)]
  return [
    answered('leave.mounts', question, false, few(foreign.map(mountWords)), {
      cause: 'the uninstaller would unmount it by force, and delete what it reaches',
      remedy: 'unmount it, or mount it elsewhere, then press the button again; it is never unmounted here',
      evidence: foreign.map(mountWords),
    }),
  ]
}

function uninstallerCheck({ host, node, distribution }: LeaveSituation): readonly Check[] {
  if (host === undefined || !host.presence.isThere) return []
  const { uninstaller } = host.presence
  return [
    answered(
      'leave.uninstaller',
      `Is there what takes ${distribution} off ${node}?`,
      uninstaller !== undefined,
      uninstaller ?? 'there is no uninstaller',
      {
        cause: `${distribution} was installed in another way than by its official installer, or its uninstaller was deleted`,
        remedy: 'remove it by the means that it was installed with; then press the button again, for the cluster',
      },
    ),
  ]
}
