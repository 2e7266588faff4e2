import {
  annotations,
  type Credential,
  changeIds,
  confirmChecks,
  desiredDigest,
  effectiveChanges,
  formatOwnedKeys,
  type Handshake,
  hasDrift,
  mendTaints,
  metadataDrift,
  ownedKeys,
  taintIdentity,
} from '../../src/join/index.ts'
import type { NodeState } from '../../src/kubernetes/index.ts'
import { failureOfChecks, RunFailure } from '../failure.ts'
import type { Join, Planned } from './context.ts'
import { saveTokenRecord } from './state.ts'

/** Deleting a token may not hang on a cluster that has gone away. */
const revokeTimeoutMs = 5_000

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

/** Under dry-run the rights are asked for instead of used. */
export async function askAccess(join: Join): Promise<void> {
  const access = await join.cluster.canI(join.distribution.accessRequests, join.signal)
  const missing = access.filter((answer) => !answer.allowed)
  if (missing.length > 0) throw accessFailure(join, missing)
}

/** First change of every run that touches the host. Tokens of dead runs are swept on the way. */
export async function takeToken(join: Join, planned: Planned): Promise<Credential | undefined> {
  const { cluster, distribution, inputs, identity, signal } = join
  if (inputs.token !== undefined)
    return distribution.acceptToken(inputs.token, cluster.caPem, planned.situation.consent)
  if (!isPlanned(planned, 'mint-token')) return undefined
  await askAccess(join)
  await distribution.sweep(cluster, inputs.desired.node, signal)
  const record = (tokenId: string): void =>
    saveTokenRecord(join.run.runner, { tokenId, kubeconfig: inputs.kubeconfig, context: inputs.context })
  const credential = await gate(join, planned, 'mint-token', () =>
    distribution.mint(cluster, inputs.desired.node, identity, planned.situation.tokenLifetimeMs, record, signal),
  )
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
  if (!credential || join.inputs.token !== undefined) return true
  try {
    await join.distribution.revoke(join.cluster, credential.id, AbortSignal.timeout(revokeTimeoutMs))
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

/** Deletes the dead node whose name was typed: by uid, so that a node that came back meanwhile is not hit. */
export async function replaceNode(join: Join, planned: Planned): Promise<void> {
  const { node } = planned.situation.reading
  if (!node || !isPlanned(planned, changeIds.deleteNode)) return
  await gate(join, planned, changeIds.deleteNode, () => join.cluster.deleteNode(node.name, node.uid, join.signal))
}

/** Downloads on the runner, uploads, and runs the one apply script. */
export async function applyHostChanges<I, P>(
  join: Join<I, P>,
  planned: Planned,
  credential: Credential | undefined,
): Promise<void> {
  const { run, distribution, identity, signal } = join
  const { plan, host, situation } = planned
  const changes = effectiveChanges(plan)
  await run.stage('Apply', async (say) => {
    const prepared =
      isPlanned(planned, 'upload-binary') || isPlanned(planned, 'run-installer')
        ? await distribution.prepare(situation.version, situation.facts.architecture, signal)
        : undefined
    for (const note of prepared === undefined ? [] : distribution.describePrepared(prepared)) say(`  ${note}`)
    await distribution.install(
      host,
      situation,
      { prepared, changes, ...(credential ? { credential } : {}) },
      identity,
      (id) => run.record.applied(id),
      signal,
    )
  })
}

/** Labels, taints and the record of this run, in one change of the Node. Never touches the host. */
export async function changeNode(join: Join, planned: Planned): Promise<NodeState | undefined> {
  const { cluster, inputs, signal } = join
  const { situation, plan } = planned
  const waits = plan.changes.some((change) => change.waitsFor !== undefined)
  const ids = [changeIds.label, changeIds.taint, changeIds.record].filter((id) => isPlanned(planned, id))
  if (ids.length === 0) return undefined
  const before = await cluster.read(inputs.desired.node, signal)
  const drift = metadataDrift(inputs.desired, before.node)
  const owned = (name: string): readonly string[] => ownedKeys(before.node?.annotations[name])
  const stillWanted = (keys: readonly string[], gone: readonly string[]): string[] =>
    keys.filter((key) => !gone.includes(key))
  const labelKeys = Object.keys(inputs.desired.labels)
  const taintKeys = inputs.desired.taints.map(taintIdentity)
  const removedLabels = Object.entries(drift.labels).flatMap(([key, value]) => (value === null ? [key] : []))
  const node = await cluster.changeNode(
    inputs.desired.node,
    {
      labels: drift.labels,
      annotations: {
        ...(waits ? {} : { [annotations.desired]: desiredDigest(inputs.desired, situation.server, situation.version) }),
        [annotations.ownedLabels]: formatOwnedKeys([
          ...stillWanted(owned(annotations.ownedLabels), removedLabels),
          ...labelKeys,
        ]),
        [annotations.ownedTaints]: formatOwnedKeys([
          ...stillWanted(owned(annotations.ownedTaints), drift.removeTaints.map(taintIdentity)),
          ...taintKeys,
        ]),
      },
      ...(drift.addTaints.length + drift.removeTaints.length > 0
        ? { taints: (current) => mendTaints(current, drift) }
        : {}),
    },
    signal,
  )
  if (hasDrift(metadataDrift(inputs.desired, node)))
    throw new Error('the node still differs after its labels and taints were changed')
  for (const id of ids) await gate(join, planned, id, async () => {})
  return node
}

/** Reads everything once more from the API server. */
export async function confirm(
  join: Join,
  planned: Planned,
  unitState: string | undefined,
  tokenDeleted: boolean,
): Promise<NodeState | undefined> {
  const { run, cluster, inputs, signal } = join
  return await run.stage('Confirm', async (say) => {
    const { node } = await cluster.read(inputs.desired.node, signal)
    const checks = confirmChecks(inputs.desired, planned.situation.version, node, unitState)
    run.record.check(...checks)
    const failing = checks.filter((one) => one.verdict === 'fail')
    if (failing.length > 0) throw failureOfChecks(`${inputs.desired.node} is not as wanted`, failing)
    const parts = [
      unitState ? `unit ${unitState}` : '',
      'node Ready',
      planned.situation.version,
      'labels and taints as wanted',
      run.record.parts().applied.includes('mint-token') ? (tokenDeleted ? 'token deleted' : 'token NOT deleted') : '',
    ]
    say(`  ${parts.filter(Boolean).join(', ')}`)
    return node
  })
}
