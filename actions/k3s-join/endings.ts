import { effectiveChanges } from '../../src/join/index.ts'
import { type Failure, formatDuration } from '../../src/report/index.ts'
import { explain, RunFailure } from '../failure.ts'
import { type Ending, nothingNext, type Run, type StandardOutput } from '../run.ts'
import type { Join, Look, Planned } from './context.ts'

/** Those of action.yml that every run computes; the others are set on the way. */
export const joinOutputs: readonly StandardOutput[] = [
  'result',
  'changed',
  'restarted',
  'plan',
  'node-name',
  'failure-code',
  'report',
  'evidence',
]

const gpuNext = 'make its GPU usable, with the action gpu-runtime'

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

export function endUnchanged(join: Join, look: Look, sessions: number): Ending {
  const { desired } = join.inputs
  const heartbeat =
    look.comparison.heartbeatAgeMs === undefined
      ? ''
      : `, heartbeat ${Math.round(look.comparison.heartbeatAgeMs / 1000)} s ago`
  const state = [
    look.version,
    counted(Object.keys(desired.labels).length, 'label'),
    counted(desired.taints.length, 'taint'),
    `Ready${heartbeat}`,
  ].join(', ')
  const how =
    sessions === 0 ? 'no SSH session was opened' : `the host was compared as well (${counted(sessions, 'session')})`
  noteNode(join.run, look)
  return {
    result: 'unchanged',
    headline: `${desired.node} is as wanted (${state}). Nothing was changed; ${how}`,
    next: nothingNext,
  }
}

/** Nothing is planned although something was looked for: as wanted, or a difference that no change of ours can mend. */
export function endWithoutPlan(join: Join, look: Look, sessions: number): Ending {
  const { differences, isAsDesired } = look.comparison
  if (isAsDesired) return endUnchanged(join, look, sessions)
  throw new RunFailure({
    code: 'not-as-wanted',
    title: `${join.inputs.desired.node} is not as wanted, and no change that this action makes would mend it`,
    cause: differences.join('; '),
    remedy: 'look at the agent on the host: journalctl and systemctl status of its unit',
    evidence: differences,
  })
}

/** The node as last seen, for the outputs. */
export function noteNode(run: Run, look: Pick<Look, 'reading'>): void {
  const { node } = look.reading
  if (!node) return
  run.outputs['node-uid'] = node.uid
  run.outputs.version = node.kubeletVersion
  run.outputs['internal-ip'] = node.internalIps[0] ?? ''
}

export function endPlanned(join: Join, planned: Planned): Ending {
  const { desired, dryRun } = join.inputs
  const { plan } = planned
  const waiting = plan.changes.length - effectiveChanges(plan).length
  if (dryRun) {
    if (plan.blockers.length > 0) {
      return {
        result: 'planned',
        headline: `${desired.node}: ${counted(plan.changes.length, 'change')} planned, but ${counted(plan.blockers.length, 'check')} would stop the run; nothing was changed (dry run)`,
        next: plan.blockers[0]?.remedy ?? 'read the checks',
      }
    }
    return {
      result: 'planned',
      headline: `${desired.node}: ${counted(plan.changes.length, 'change')} planned, nothing was changed (dry run); token not exercised`,
      next: plan.changes.length > 0 ? 'press the button without dry-run' : nothingNext,
    }
  }
  return {
    result: 'planned',
    headline: `${desired.node} is in ${desired.cluster}; ${counted(waiting, 'change')} of its host ${waiting === 1 ? 'waits' : 'wait'} for adopt: apply`,
    next: 'read the plan, then press the button with adopt = apply',
  }
}

export function endJoined(join: Join, planned: Planned, durationMs: number): Ending {
  const { desired } = join.inputs
  const wasNew = planned.situation.reading.node === undefined
  const time = formatDuration(durationMs)
  return {
    result: 'joined',
    headline: wasNew
      ? `${desired.node} joined ${desired.cluster} in ${time}`
      : `${desired.node} is now as wanted in ${desired.cluster} (${counted(join.run.record.parts().applied.length, 'change')}, ${time})`,
    next:
      planned.situation.facts.gpu.pciDevices + planned.situation.facts.gpu.devices.length > 0 ? gpuNext : nothingNext,
  }
}

function subjectOf(node: string, isJoined: boolean): string {
  if (node === '') return 'the run could not start'
  return isJoined ? `${node} has joined, but is not as wanted yet` : `${node} did not join`
}

/** A failed or cancelled run. `now` says what is true now and how to go on. `isJoined`: what failed came after the join. */
export function endFailed(
  run: Run,
  node: string,
  error: unknown,
  isCancelled: boolean,
  now: string,
  isJoined = false,
): Ending {
  const state = `${now}${run.bundleSentence}`
  const failure: Failure = isCancelled
    ? {
        code: 'cancelled',
        title: `${node || 'the node'}: the run was cancelled`,
        cause: 'somebody cancelled the run, or the runner was stopped',
        remedy: 'run it again: it continues from what is there',
        evidence: [],
        state,
      }
    : { ...explain(error, subjectOf(node, isJoined)), state }
  run.evidence.push(...failure.evidence)
  return { result: 'failed', headline: failure.title, next: failure.remedy, failure }
}
