import type { Taint } from '../../src/cluster-file/index.ts'
import {
  annotations,
  type Credential,
  changeIds,
  confirmChecks,
  desiredDigest,
  effectiveChanges,
  type Handshake,
  hasHeartbeat,
  mendTaints,
  metadataDrift,
  wantedOwnership,
} from '../../src/join/index.ts'
import {
  joinAccessRequests,
  type NodeChange,
  type NodeState,
  nodePasswordAccessRequests,
} from '../../src/kubernetes/index.ts'
import { failureOfChecks, RunFailure } from '../failure.ts'
import type { Join, Planned } from './context.ts'
import { lookAtGpu } from './gpu.ts'
import { clearTokenRecord, saveTokenRecord } from './state.ts'

/** Deleting a token may not hang on a cluster that has gone away: a cancelled run has 7.5 s for everything. */
const revokeTimeoutMs = 4_000

const isPlanned = (planned: Planned, id: string): boolean =>
  effectiveChanges(planned.plan).some((change) => change.id === id)

/** The one gate for changes: only what the plan announces is carried out, never under dry-run, and the change log is kept here. */
export async function gate<T>(join: Join, planned: Planned, id: string, carryOut: () => Promise<T>): Promise<T> {
  if (join.inputs.dryRun) throw new Error(`${id} would be a change, and this is a dry run`)
  if (!isPlanned(planned, id)) throw new Error(`${id} is not in the plan`)
  const result = await carryOut()
  join.run.record.applied(id)
  return result
}

/** Every right that this run will need, asked before anything is changed; under dry-run that is all that is done with them. */
export async function askAccess(join: Join, planned: Planned): Promise<void> {
  const isMinting = isPlanned(planned, 'mint-token')
  const wanted = [
    ...joinAccessRequests,
    ...(isMinting ? join.distribution.tokenAccessRequests : []),
    ...(isPlanned(planned, changeIds.deletePassword) && !isMinting ? nodePasswordAccessRequests : []),
  ]
  const access = await join.cluster.canI(wanted, join.signal)
  const missing = access.filter((answer) => !answer.allowed)
  if (missing.length > 0) throw accessFailure(join, missing)
}

/** First change of every run that touches the host. */
export async function takeToken(join: Join, planned: Planned): Promise<Credential | undefined> {
  const { cluster, distribution, inputs, identity, signal } = join
  if (join.given !== undefined) return join.given
  if (!isPlanned(planned, 'mint-token')) return undefined
  let recorded = ''
  const record = (tokenId: string): void => {
    recorded = tokenId
    saveTokenRecord(join.run.runner, { tokenId, kubeconfig: inputs.kubeconfig, context: inputs.context })
  }
  const credential = await gate(join, planned, 'mint-token', () =>
    distribution.mint(cluster, inputs.desired.node, identity, planned.situation.tokenLifetimeMs, record, signal),
  ).catch(async (error: unknown) => {
    // It may exist nevertheless, or come into being behind this deletion: so it stays recorded, for post.
    const soon = AbortSignal.timeout(revokeTimeoutMs)
    if (recorded !== '') await distribution.revoke(cluster, recorded, soon).catch(() => undefined)
    throw error
  })
  join.run.runner.mask(credential.text)
  return credential
}

function accessFailure(
  join: Join,
  missing: readonly { verb: string; group: string; resource: string; namespace?: string }[],
): RunFailure {
  const rules = missing.map(
    (one) =>
      `${one.verb} ${one.resource}${one.group ? `.${one.group}` : ''}${one.namespace ? ` in ${one.namespace}` : ''}`,
  )
  return new RunFailure({
    code: 'kubeconfig-rights',
    title: `${join.inputs.desired.node} cannot be joined with this kubeconfig: it may not ${rules[0]}`,
    cause: `the kubeconfig's user lacks ${rules.length} of the rights that a join needs`,
    remedy: 'apply manifests/k3s-join-rbac.yaml with an administrator kubeconfig and use its service account',
    evidence: rules.map((rule) => `SelfSubjectAccessReview: not allowed: ${rule}`),
  })
}

/** Ends the token of this run, also when the run was cancelled: with a deadline of its own. */
export async function revokeToken(join: Join, credential: Credential | undefined): Promise<boolean> {
  if (!credential || join.given !== undefined) return true
  try {
    await join.distribution.revoke(join.cluster, credential.id, AbortSignal.timeout(revokeTimeoutMs))
    clearTokenRecord(join.run.runner)
    return true
  } catch (error) {
    join.run.runner.warningAnnotation(
      'join token not deleted',
      `The token ${credential.id} could not be deleted (${error instanceof Error ? error.message : String(error)}). It ends by itself.`,
    )
    return false
  }
}

/** Everything a join depends on, tried through the host's own network, before anything on the host is touched. */
export async function handshake(join: Join, planned: Planned, credential: Credential | undefined): Promise<Handshake> {
  const { run, distribution, cluster, inputs, signal } = join
  const result = await run.stage(`Handshake from ${inputs.desired.node}`, async (say) => {
    const made = await distribution.handshake(planned.host, planned.situation.server, cluster.caPem, credential, signal)
    say(`  ${made.line}`)
    return made
  })
  run.record.check(...result.checks)
  if (!result.passed) {
    const failing = result.checks.filter((one) => one.verdict === 'fail' || one.verdict === 'error')
    throw failureOfChecks(`${inputs.desired.node} did not join`, failing)
  }
  return result
}

/**
 * Takes out of the way what is dead: the node whose name was typed, and the node password that would be rejected. Not when the node
 * has come back since, or another one is there: a uid stays the same, a heartbeat does not lie.
 */
export async function replaceNode<I, P>(join: Join<I, P>, planned: Planned<I>): Promise<void> {
  const { cluster, distribution, inputs, signal } = join
  const { situation, installation } = planned
  const { node } = situation.reading
  const isNodeDeleted = node !== undefined && isPlanned(planned, changeIds.deleteNode)
  if (isNodeDeleted) {
    await stillDead(join, planned)
    await gate(join, planned, changeIds.deleteNode, () => cluster.deleteNode(node.name, node.uid, signal))
  }
  if (!isPlanned(planned, changeIds.deletePassword)) return
  await stillDead(join, planned)
  const free = () => distribution.freeName(cluster, situation, installation, isNodeDeleted, signal)
  await join.run.stage(`Free the name ${inputs.desired.node}`, async (say) => {
    await gate(join, planned, changeIds.deletePassword, free)
    say(`  the password that the cluster kept for it is gone${isNodeDeleted ? ', with its node' : '; its node stays'}`)
  })
}

/** Read once more, immediately before something is deleted. */
async function stillDead({ cluster, inputs, signal }: Join, { situation }: Pick<Planned, 'situation'>): Promise<void> {
  const { node: name } = inputs.desired
  const reading = await cluster.read(name, signal)
  const isAnother = reading.node !== undefined && reading.node.uid !== situation.reading.node?.uid
  if (!hasHeartbeat({ reading }) && !isAnother) return
  throw new RunFailure({
    code: 'cluster-name',
    title: `${name} is not replaced: ${isAnother ? 'another machine has registered under that name' : 'its node has come back to life'}`,
    cause: isAnother
      ? 'the node that is there now is not the one that the plan was made for'
      : 'it was dead when the plan was made, and has sent a heartbeat since',
    remedy:
      'press the button again and read the plan; give this machine another name when the live one is another machine',
    evidence: [],
  })
}

/** Downloads and checks on the runner, before a token is minted: a slow line must not use up its life. */
export async function fetchRelease<I, P>(join: Join<I, P>, planned: Planned): Promise<P | undefined> {
  if (!isPlanned(planned, 'upload-binary') && !isPlanned(planned, 'run-installer')) return undefined
  const { version, facts } = planned.situation
  return await join.run.stage(`Fetch ${join.distribution.name} ${version}`, async (say) => {
    const prepared = await join.distribution.prepare(version, facts.architecture, join.signal)
    for (const note of join.distribution.describePrepared(prepared)) say(`  ${note}`)
    return prepared
  })
}

/** Uploads, and runs the one apply script. Resolves with whether something on the host has to be settled after the proof. */
export async function applyHostChanges<I, P>(
  join: Join<I, P>,
  planned: Planned<I>,
  prepared: P | undefined,
  credential: Credential | undefined,
): Promise<boolean> {
  const { run, distribution, identity, signal } = join
  const { plan, host, situation } = planned
  const program = distribution.startProgram(situation, planned.installation)
  const request = {
    prepared,
    changes: effectiveChanges(plan),
    ...(credential ? { credential } : {}),
    ...(program === undefined ? {} : { program }),
  }
  return await run.stage('Apply', async (say) => {
    const { needsSettling, notes } = await distribution.install(
      host,
      situation,
      request,
      identity,
      (id) => run.record.applied(id),
      signal,
    )
    for (const note of notes) say(`  ${note}`)
    return needsSettling
  })
}

/** After the proof: a backup that holds a replaced token is of no more use, and of harm to whoever finds it. */
export async function settle(join: Join, planned: Planned): Promise<void> {
  const { run, distribution, identity, signal } = join
  await run.stage('Settle', async (say) => {
    await distribution.settle(planned.host, identity, signal)
    say('  the token that was replaced is gone from the backups on the host, too')
  })
}

/** Labels and taints, in one change of the Node. Never touches the host. */
export async function changeNode(join: Join, planned: Planned): Promise<void> {
  const { cluster, inputs, signal } = join
  const ids = [changeIds.label, changeIds.taint].filter((id) => isPlanned(planned, id))
  if (ids.length === 0) return
  const { node: before } = await cluster.read(inputs.desired.node, signal)
  if (!before) throw goneMeanwhile(inputs.desired.node)
  const drift = metadataDrift(inputs.desired, before)
  // Only what was announced, and judged anew against the list that is replaced: controllers and people set taints, too.
  const taints = (current: readonly Taint[]) =>
    mendTaints(current, metadataDrift(inputs.desired, { ...before, taints: current }))
  const change: NodeChange = {
    ...(ids.includes(changeIds.label) ? { labels: drift.labels } : {}),
    ...(ids.includes(changeIds.label) && Object.keys(drift.annotations).length > 0
      ? { annotations: drift.annotations }
      : {}),
    ...(ids.includes(changeIds.taint) ? { taints } : {}),
  }
  // One change of the Node carries out both, so that they become true together.
  const [first, ...others] = ids as [string, ...string[]]
  await gate(join, planned, first, () => cluster.changeNode(inputs.desired.node, change, signal))
  for (const id of others) await gate(join, planned, id, async () => {})
}

function goneMeanwhile(node: string): RunFailure {
  return new RunFailure({
    code: 'node-gone',
    title: `${node} has no labels and taints to set: its node was deleted while this run worked on it`,
    cause: 'somebody or something deleted the node from the cluster',
    remedy: 'press the button again: it joins anew',
    evidence: [],
  })
}

/** What this project owns on the Node, and, when everything is carried out and proven, what was wanted: the very last change. */
export async function recordDesired(join: Join, planned: Planned): Promise<void> {
  if (!isPlanned(planned, changeIds.record)) return
  const { cluster, inputs, signal } = join
  const { situation, plan } = planned
  const waits = plan.changes.some((change) => change.waitsFor !== undefined)
  // It has just been proven that nothing else of ours is left on the node.
  await gate(join, planned, changeIds.record, () =>
    cluster.changeNode(
      inputs.desired.node,
      {
        annotations: {
          ...(waits
            ? {}
            : { [annotations.desired]: desiredDigest(inputs.desired, situation.server, situation.version) }),
          ...wantedOwnership(inputs.desired),
        },
      },
      signal,
    ),
  )
}

/** Reads everything once more from the API server. While changes wait for a decision, only what was changed now is asked. */
export async function confirm(
  join: Join,
  planned: Planned,
  known: { readonly unitState: string | undefined; readonly waits: boolean; readonly isTokenDeleted: boolean },
): Promise<NodeState | undefined> {
  const { run, cluster, inputs, signal } = join
  const { version } = planned.situation
  return await run.stage('Confirm', async (say) => {
    const { node } = await cluster.read(inputs.desired.node, signal)
    const gpu = await lookAtGpu(join, planned)
    const checks = [
      ...confirmChecks(inputs.desired, version, node, known.unitState, known.waits),
      ...(gpu === undefined ? [] : [gpu]),
    ]
    run.record.check(...checks)
    const failing = checks.filter((one) => one.verdict === 'fail')
    if (failing.length > 0) throw failureOfChecks(`${inputs.desired.node} is not as wanted`, failing)
    const isMinted = run.record.parts().applied.includes('mint-token')
    const parts = [
      known.unitState ? `unit ${known.unitState}` : '',
      known.waits ? '' : `node Ready, ${version}`,
      'labels and taints as wanted',
      isMinted ? (known.isTokenDeleted ? 'token deleted' : 'token NOT deleted') : '',
    ]
    say(`  ${parts.filter(Boolean).join(', ')}`)
    if (gpu) say(`  ${gpu.verdict === 'pass' ? '' : '! '}GPU: ${gpu.found}`)
    return node
  })
}
