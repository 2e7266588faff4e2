import { answered, few, passed } from '../join/index.ts'
import type { Check } from '../report/index.ts'
import { identityChecks } from './checks-identity.ts'
import { budgetsOf, contradicting, neverAllows, planDrain, podName, type RuledPod } from './drain-plan.ts'
import type { LeaveSituation } from './model.ts'
import { mountWords } from './mounts.ts'
import { isOnlyOn } from './pinned.ts'

/** Questions that are asked before a node leaves. Pure. */
export function leaveChecks(situation: LeaveSituation): readonly Check[] {
  return [
    ...identityChecks(situation),
    ...podsCheck(situation),
    ...roomCheck(situation),
    ...volumesCheck(situation),
    ...mountsCheck(situation),
    ...uninstallerCheck(situation),
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
      evidence: obstacles.slice(0, 100).map(({ why }) => why),
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

function volumesCheck({ localVolumes, reading, node, nodes, host }: LeaveSituation): readonly Check[] {
  const here = localVolumes.filter((one) => isOnlyOn(node, one, nodes))
  // The folder of a volume is named after it; what no volume is named after was forgotten by the cluster, and not by its owner.
  const forgotten = (host?.presence.data ?? []).filter(
    (path) => !here.some((one) => path.slice(path.lastIndexOf('/') + 1).startsWith(one.name)),
  )
  if (reading.node === undefined && here.length === 0 && forgotten.length === 0) return []
  const question = `Does no claim have its data on ${node} alone?`
  const words = [
    ...here.map((one) => (one.claim === '' ? `volume ${one.name}` : `${one.claim} (${one.name})`)),
    ...forgotten,
  ]
  if (words.length === 0) return [passed('leave.volumes', question, 'none')]
  return [
    answered('leave.volumes', question, false, few(words), {
      cause:
        'no other node reaches them: where they are folders of the machine their data is deleted with the agent, and their pods find no other node',
      remedy:
        'copy the data elsewhere and delete the claims, or name leave.volumes in ignore-checks when the data may be lost',
      evidence: words.slice(0, 100),
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
  const { uninstaller, obstacle } = host.presence
  const question = `Is there what takes ${distribution} off ${node}?`
  if (host.facts.init !== 'systemd') {
    return [
      answered('leave.uninstaller', question, false, 'there is no systemd', {
        cause: 'whether the agent runs is not known here, and it could not be stopped in order',
        remedy: 'drain the node and remove the agent by hand; then press the button with host-gone, for the cluster',
      }),
    ]
  }
  if (obstacle !== undefined) {
    return [
      answered('leave.uninstaller', question, false, obstacle, {
        cause: `the uninstaller of ${distribution} takes whatever is named so for its own`,
        remedy: 'take that unit away first, or rename it; then press the button again',
      }),
    ]
  }
  return [
    answered('leave.uninstaller', question, uninstaller !== undefined, uninstaller ?? 'there is no uninstaller', {
      cause: `${distribution} was installed in another way than by its official installer, or its uninstaller was deleted`,
      remedy: 'remove it by the means that it was installed with; then press the button again, for the cluster',
    }),
  ]
}
