import { effectiveChanges } from '../../src/join/index.ts'
import { count, type Failure, formatDuration } from '../../src/report/index.ts'
import { explain } from '../failure.ts'
import { type Ending, nothingNext, type Run, type StandardOutput } from '../run.ts'
import type { Gpu, Planned } from './context.ts'
import { productsOf } from './look.ts'

/** Those of action.yml that every run computes; the others are set on the way. */
export const gpuOutputs: readonly StandardOutput[] = [
  'result',
  'changed',
  'restarted',
  'plan',
  'node-name',
  'failure-code',
  'report',
  'evidence',
]

/** `1 × NVIDIA GeForce RTX 4090, driver 575.51.03, 1 allocatable` */
function described({ run }: Gpu, { situation }: Planned): string {
  const allocatable = Object.entries(JSON.parse(run.outputs.allocatable || '{}') as Record<string, string>)
    .map(([name, quantity]) => `${quantity} ${name}`)
    .join(', ')
  return [
    productsOf(situation.gpu),
    `driver ${run.outputs['driver-version']}`,
    allocatable === '' ? '' : `allocatable ${allocatable}`,
  ]
    .filter(Boolean)
    .join(', ')
}

export function endSkipped({ inputs, run }: Gpu): Ending {
  Object.assign(run.outputs, { allocatable: '{}' })
  return {
    result: 'skipped',
    headline: `${inputs.desired.node} has no NVIDIA GPU: nothing to prepare`,
    next: nothingNext,
  }
}

export function endUnchanged(gpu: Gpu, planned: Planned, sessions: number): Ending {
  const { run, inputs, cluster } = gpu
  const calls = cluster.requests
  run.facts.calls = `${count(calls, 'API call')}, ${count(sessions, 'SSH channel')}`
  return {
    result: 'unchanged',
    headline: `The GPUs of ${inputs.desired.node} are as wanted (${described(gpu, planned)}). Nothing was changed; ${count(sessions, 'SSH channel')}, ${count(calls, 'API call')}`,
    next: nothingNext,
  }
}

/** A dry run has asked everything; whatever would have stopped a run is said. */
export function endPlanned({ inputs, run }: Gpu, { plan }: Planned): Ending {
  Object.assign(run.outputs, { allocatable: run.outputs.allocatable ?? '{}' })
  const { node } = inputs.desired
  const changes = effectiveChanges(plan).length
  if (plan.blockers.length > 0) {
    return {
      result: 'planned',
      headline: `${node}: ${count(changes, 'change')} planned, but ${count(plan.blockers.length, 'check')} would stop the run; nothing was changed (dry run)`,
      next: plan.blockers[0]?.remedy ?? 'read the checks',
    }
  }
  return {
    result: 'planned',
    headline: `${node}: ${count(changes, 'change')} planned, nothing was changed (dry run)`,
    next: changes > 0 ? 'run it without dry-run' : nothingNext,
  }
}

export function endPrepared(gpu: Gpu, planned: Planned): Ending {
  const { run, inputs } = gpu
  const applied = run.record.parts().applied.length
  const how = inputs.wish.devicePlugin === 'absent' ? 'are no longer offered by our device plugin' : 'are usable'
  return {
    result: 'prepared',
    headline: `The GPUs of ${inputs.desired.node} ${how} (${described(gpu, planned)}): ${count(applied, 'change')} in ${formatDuration(run.record.elapsedMs())}`,
    next: nothingNext,
  }
}

/** A failed or cancelled run. `now` says what is true now and how to go on. */
export function endFailed(run: Run, error: unknown, isCancelled: boolean, now: string): Ending {
  const subject = run.node === '' ? 'the run could not start' : `the GPUs of ${run.node} are not ready`
  const state = `${now}${run.bundleSentence}`
  const failure: Failure = isCancelled
    ? {
        code: 'cancelled',
        title: `${run.node || 'the node'}: the run was cancelled`,
        cause: 'somebody cancelled the run, or the runner was stopped',
        remedy: 'run it again: it continues from what is there',
        evidence: [],
        state,
      }
    : { ...explain(error, subject), state }
  run.evidence.push(...failure.evidence)
  return { result: 'failed', headline: failure.title, next: failure.remedy, failure }
}
