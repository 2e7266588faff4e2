import { type Host, HostError, parseFacts, surveyScript } from '../../src/host/index.ts'
import { nodePasswordAccessRequests, removeAccessRequests, removeManifest } from '../../src/kubernetes/index.ts'
import {
  type Attachment,
  drainWords,
  type LeaveSituation,
  leaveCheckRegistry,
  leaveChecks,
  planDrain,
  planLeave,
  podName,
  readAttachment,
  readBudget,
  readPinnedVolume,
  readPod,
  rulingWords,
} from '../../src/leave/index.ts'
import { count, ignoreChecks, planHeading, renderChecks, renderPlan, reportVerdict } from '../../src/report/index.ts'
import { explain, RunFailure } from '../failure.ts'
import type { ClusterLook, Leave, LeavePlanned } from './leave-context.ts'

/** A cold nvidia-smi alone takes tens of seconds on some hosts. */
const surveyTimeoutMs = 90_000

/** Checks that an owner may overrule; the others protect other machines, other clusters, and other people's data. */
const ignorable = new Set(leaveCheckRegistry.filter((one) => one.isIgnorable === true).map((one) => one.id))

/** Rights first, because a missing one is said with the manifest that grants it; then everything at once. */
export async function readForLeaving(leave: Leave): Promise<ClusterLook> {
  const { run, cluster, leaving, inputs, signal } = leave
  const { node } = inputs.desired
  return await run.stage('Read the cluster', async (say) => {
    const mayForget = await askLeaveAccess(leave)
    const secret = mayForget ? leaving.nodePassword(node) : undefined
    const [reading, nodes, pods, budgets, attachments, localVolumes, password] = await Promise.all([
      cluster.read(node, signal),
      cluster.nodes(signal),
      cluster.list(podKind, readPod, signal, { fieldSelector: `spec.nodeName=${node}` }),
      cluster.list(budgetKind, readBudget, signal),
      cluster.list(attachmentKind, readAttachment(node), signal),
      cluster.list(volumeKind, readPinnedVolume, signal),
      secret === undefined ? undefined : cluster.nodePassword(secret, signal),
    ])
    // Every cluster has these kinds. What does not know them is no API server, and none of them is not nothing.
    if (pods === undefined || budgets === undefined || attachments === undefined || localVolumes === undefined) {
      throw new RunFailure({
        code: 'api-failed',
        title: `${node} cannot be removed: the API server does not know pods, budgets or volumes`,
        cause: 'what answers there is no API server, or a proxy in front of it hides them',
        remedy: 'check the server address in the kubeconfig',
        evidence: [],
      })
    }
    const look: ClusterLook = {
      node,
      cluster: inputs.desired.cluster,
      servers: [...(inputs.desired.server ? [inputs.desired.server] : []), cluster.server],
      reading,
      nodes,
      pods,
      budgets,
      attachments: attachments.filter((one): one is Attachment => one !== undefined),
      localVolumes: localVolumes.filter((one) => one !== undefined),
      ...(secret === undefined ? {} : { hasPassword: password !== undefined }),
      wishes: inputs.leave.wishes,
      isHostGone: inputs.leave.isHostGone,
      unit: leaving.unit,
      distribution: leaving.name,
    }
    const found = reading.node
    if (found === undefined) say(`  ${node} is no node of ${look.cluster}`)
    else {
      run.outputs['node-uid'] = found.uid
      run.outputs.version = found.kubeletVersion
      const ruled = planDrain(look.pods, look.wishes)
      say(`  ${node}: Ready is ${found.ready}, ${found.kubeletVersion}; pods: ${drainWords(ruled)}`)
      if (inputs.dryRun) for (const one of ruled) say(`    ${podName(one.pod)}: ${rulingWords(one)}`)
      if (look.attachments.length > 0) say(`  attached to it: ${count(look.attachments.length, 'volume')}`)
    }
    run.facts.server = `${cluster.server}, ${reading.version}`
    return look
  })
}

const podKind = { group: '', version: 'v1', resource: 'pods' } as const
const budgetKind = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' } as const
const attachmentKind = { group: 'storage.k8s.io', version: 'v1', resource: 'volumeattachments' } as const
const volumeKind = { group: '', version: 'v1', resource: 'persistentvolumes' } as const

/** Every right that the run will need, asked before anything is changed. Resolves with whether passwords of nodes may be looked up. */
async function askLeaveAccess({ cluster, leaving, inputs, signal }: Leave): Promise<boolean> {
  const optional = leaving.nodePassword(inputs.desired.node) === undefined ? [] : nodePasswordAccessRequests
  const answers = await cluster.canI([...removeAccessRequests, ...optional], signal)
  const missing = answers.slice(0, removeAccessRequests.length).filter((one) => !one.allowed)
  if (missing.length === 0)
    return optional.length > 0 && answers.slice(removeAccessRequests.length).every((one) => one.allowed)
  const rules = missing.map(
    (one) =>
      `${one.verb} ${one.resource}${one.group ? `.${one.group}` : ''}${one.namespace ? ` in ${one.namespace}` : ''}`,
  )
  throw new RunFailure({
    code: 'kubeconfig-rights',
    title: `${inputs.desired.node} cannot be removed with this kubeconfig: it may not ${rules[0]}`,
    cause: `the kubeconfig's user lacks ${rules.length} of the rights that a removal needs`,
    remedy: `apply ${removeManifest} with an administrator kubeconfig and use its service account`,
    evidence: rules.map((rule) => `SelfSubjectAccessReview: not allowed: ${rule}`),
  })
}

const unreachable = new Set(['connection-timeout', 'connection-refused', 'connection-failed', 'name-not-found'])

/** Connects; a machine that does not answer may be gone for good, and then there is another way. */
export async function connectForLeaving({ connect, inputs, signal }: Leave): Promise<Host> {
  try {
    return await connect(signal)
  } catch (error) {
    if (!(error instanceof HostError) || !unreachable.has(error.code)) throw error
    const failure = explain(error, `${inputs.desired.node} was not removed`)
    throw new RunFailure({
      ...failure,
      remedy: `${failure.remedy}; when the machine is gone for good, press the button with host-gone: the cluster alone is cleared of it`,
    })
  }
}

/** ONE script in one round trip: who the machine is, what is installed, and what is mounted where leaving deletes. */
export async function surveyForLeaving(
  { run, leaving, inputs, signal }: Leave,
  host: Host,
): Promise<NonNullable<LeaveSituation['host']>> {
  return await run.stage(`Survey ${inputs.desired.node}`, async (say) => {
    const { lines } = await host.run({
      name: 'survey',
      script: `${surveyScript}\n${leaving.surveyScript}`,
      privilege: 'root',
      timeoutMs: surveyTimeoutMs,
      signal,
    })
    const facts = parseFacts(lines, Date.now())
    const presence = leaving.presence(facts.distribution)
    if (host.hostKeyFingerprint)
      say(`  ${host.label}, host key ${host.hostKeyFingerprint} ✓ (${inputs.desired.access.hostKeySource})`)
    const machine = [facts.os.prettyName || facts.os.id || 'unknown system', facts.architecture].filter(Boolean)
    const own = presence.mounts.filter((one) => one.kind !== 'foreign').length
    const installed = presence.isThere
      ? `${leaving.name} ${presence.version || 'of unknown version'}, unit ${leaving.unit} ${presence.unitState || 'not there'}, ${own} mounts of pods`
      : `nothing of ${leaving.name} is installed`
    say(`  ${machine.join(', ')}; ${installed}`)
    if (presence.isHalfGone) say('  an earlier removal was interrupted here; this one goes on from there')
    Object.assign(run.facts, { host: machine.join(', '), [leaving.name]: installed })
    const disturbs = leaving.disturbs(facts)
    return { facts, presence, ...(disturbs === undefined ? {} : { disturbs }) }
  })
}

/** Facts and wishes → checks and plan. Changes nothing. */
export async function makeLeavePlan(
  { run, inputs }: Leave,
  situation: LeaveSituation,
  host: Host | undefined,
): Promise<LeavePlanned> {
  const named = inputs.ignoreChecks.filter((id) => id.startsWith('leave.'))
  for (const id of named.filter((one) => !ignorable.has(one)))
    run.runner.line(`  ! ignore-checks: ${id} ${isKnown(id) ? 'cannot be ignored' : 'is no check'}`)
  const { checks } = ignoreChecks(
    leaveChecks(situation),
    named.filter((id) => ignorable.has(id)),
  )
  run.record.check(...checks)
  for (const line of renderChecks(checks)) run.runner.line(line)
  const reported = new Set(reportVerdict(checks, inputs.failOn).failing)
  // `fail-on: never` only reports what an owner may overrule; the rest stops whoever asks. That data may be deleted is never said by
  // a policy, only by naming it in ignore-checks.
  const failing = checks.filter(
    (one) => reported.has(one) || (one.verdict === 'fail' && (!ignorable.has(one.id) || one.id === 'leave.volumes')),
  )
  const plan = planLeave(situation, failing)
  run.plan = plan
  await run.stage(
    'Plan',
    async (say) => {
      for (const line of renderPlan(plan)) say(line)
    },
    () => planHeading(plan),
  )
  return { host, situation, plan }
}

const isKnown = (id: string): boolean => leaveCheckRegistry.some((one) => one.id === id)
