import { type Failure, formatDuration } from '../../src/report/index.ts'
import { explain, failureOfChecks } from '../failure.ts'
import { type Ending, nothingNext, type Run, type StandardOutput } from '../run.ts'
import { failingOf } from './checks.ts'
import type { Loading } from './context.ts'
import type { Reached } from './reach.ts'

/** Those of action.yml that every run computes; the others are set on the way. */
export const escOutputs: readonly StandardOutput[] = ['result', 'failure-code', 'report']

function nameOf(run: Run): string {
  return run.cluster === '' ? 'the kubeconfig' : `the kubeconfig of ${run.cluster}`
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

function described(run: Run, reached: Reached): string {
  const days = run.outputs['days-left'] ?? ''
  const version = reached.probe.version === undefined ? '' : ` (${reached.probe.version})`
  return [
    `${reached.server}${version}${reached.isTunnel ? ' through the tunnel' : ''}`,
    `context ${run.outputs.context}`,
    days === '' ? 'credentials without an end' : `${days} ${days === '1' ? 'day' : 'days'} left`,
  ].join(', ')
}

export function endLoaded({ run }: Loading, reached: Reached): Ending {
  const time = formatDuration(run.record.elapsedMs())
  return {
    result: 'loaded',
    headline: `${capital(nameOf(run))} is loaded in ${time}: ${described(run, reached)}`,
    next: nothingNext,
  }
}

/** A dry run has asked everything; whatever would have stopped a run fails this one. */
export function endChecked({ run }: Loading, reached: Reached): Ending {
  const failing = failingOf(run.record.parts().checks)
  if (failing.length > 0) throw failureOfChecks(`${nameOf(run)} cannot be used`, failing)
  return {
    result: 'checked',
    headline: `${capital(nameOf(run))} is fit for use: ${described(run, reached)}; nothing was written (dry run)`,
    next: 'run it without dry-run',
  }
}

/** A failed or cancelled run. `state` says what is true on the runner now. */
export function endFailed(run: Run, error: unknown, isCancelled: boolean, state: string): Ending {
  const failure: Failure = isCancelled
    ? {
        code: 'cancelled',
        title: `${nameOf(run)}: the run was cancelled`,
        cause: 'somebody cancelled the run, or the runner was stopped',
        remedy: 'run it again',
        evidence: [],
        state,
      }
    : { ...explain(error, `${nameOf(run)} was not loaded`), state }
  run.evidence.push(...failure.evidence)
  return { result: 'failed', headline: failure.title, next: failure.remedy, failure }
}
