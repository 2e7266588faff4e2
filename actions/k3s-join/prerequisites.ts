import type { Host } from '../../src/host/index.ts'
import type { JoinSituation, Undone } from '../../src/join/index.ts'
import {
  applyPrerequisites,
  followStorage,
  parsePrerequisites,
  plannedSteps,
  planPrerequisites,
  undoPrerequisites,
} from '../../src/prerequisites/index.ts'
import { type Change, ignoreChecks } from '../../src/report/index.ts'
import { failureOfChecks } from '../failure.ts'
import type { Join, Planned } from './context.ts'

/** Lists of a machine that was just set up are read first, then packages are fetched; around it the token lives for minutes. */
const applyTimeoutMs = 240_000
/** Taking packages off takes dpkg some seconds each. */
export const undoTimeoutMs = 60_000

/** What a distribution does before the host is touched: in the plan it stays in front. */
const beforeHost: readonly string[] = ['mint-token', 'delete-node-password']

/**
 * The changes of the host, with what the machine lacks besides the agent in front of the agent's own, as it is carried out. Where the
 * agent's wait for a decision (`adopt: apply`), these wait with them. Pure.
 */
export function withPrerequisites(situation: JoinSituation, changes: readonly Change[]): readonly Change[] {
  const found = parsePrerequisites(situation.facts.distribution)
  const waitsFor = changes.find((change) => change.waitsFor !== undefined)?.waitsFor
  const ours = planPrerequisites(situation.desired.prerequisites, found, waitsFor)
  if (ours.length === 0) return changes
  const isFirst = (change: Change): boolean => beforeHost.includes(change.id)
  return [...changes.filter(isFirst), ...ours, ...changes.filter((change) => !isFirst(change))]
}

/** Gives the machine what it lacks, before an agent is put on it. */
export async function prepareMachine(join: Join, planned: Planned): Promise<void> {
  const { run, inputs, identity, signal } = join
  const steps = plannedSteps(planned.plan.changes)
  const wish = inputs.desired.prerequisites
  if (wish === undefined || steps.length === 0) return
  const { manager } = parsePrerequisites(planned.situation.facts.distribution)
  await run.stage(`Prepare ${inputs.desired.node}`, async (say) => {
    const { installed, interrupted } = await applyPrerequisites(planned.host, identity, steps, wish, manager, {
      signal,
      timeoutMs: applyTimeoutMs,
      onStep: (step) => run.record.applied(step),
    })
    for (const { step } of interrupted)
      say(`  an earlier run was interrupted here (${step}); what it left is as this run wants it`)
    if (installed.length > 0) say(`  installed: ${installed.join(', ')}`)
  })
}

/** What the cluster makes of a storage node: watched after it is Ready and labelled, for as long as a start may take. */
export async function followStorageNode(join: Join): Promise<void> {
  const { run, inputs, cluster, signal } = join
  const wish = inputs.desired.prerequisites
  if (wish?.profile === undefined) return
  const { node } = inputs.desired
  const checks = await run.liveStage(`Wait for storage on ${node}`, (milestone) =>
    followStorage(cluster, { node, disk: wish.disk, timeoutMs: inputs.timeoutMs, onStep: milestone, signal }),
  )
  const judged = ignoreChecks(checks, inputs.ignoreChecks, inputs.ignoreChecks).checks
  run.record.check(...judged)
  for (const check of judged) {
    const mark = check.verdict === 'pass' ? '' : '! '
    run.runner.line(`  ${mark}${check.id.replace(/^.*\./, '')}: ${check.found}`)
  }
  const failing = judged.filter((one) => one.verdict === 'fail')
  if (failing.length > 0 && inputs.failOn !== 'never')
    throw failureOfChecks(`${node} is a node, and not ready for storage`, failing)
}

/** Takes back what this run gave the machine. Says nothing where it gave nothing. */
export async function undoPreparation(
  join: Join,
  planned: Planned,
  host: Host,
  signal: AbortSignal,
): Promise<Pick<Undone, 'changes' | 'remaining'>> {
  if (plannedSteps(planned.plan.changes).length === 0) return { changes: [], remaining: [] }
  const { undone, remaining } = await undoPrerequisites(host, join.identity, { signal, timeoutMs: undoTimeoutMs })
  return { changes: undone, remaining }
}

/** Whether this run's plan gives the machine something, so that taking it back takes longer. */
export function hasPreparation(planned: Planned): boolean {
  return plannedSteps(planned.plan.changes).length > 0
}
