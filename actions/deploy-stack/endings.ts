import { hasChanges } from '../../src/pulumi/index.ts'
import { count, countsInWords, type Deployment, type Failure, formatDuration } from '../../src/report/index.ts'
import { explain } from '../failure.ts'
import { type Ending, nothingNext, type Run, type StandardOutput } from '../run.ts'

/** Those of action.yml that every run computes; the others are set on the way. */
export const deployOutputs: readonly StandardOutput[] = ['result', 'changed', 'failure-code', 'report']

/** Outputs of a run that did not get as far: they are there whatever becomes of it. */
export const nothingDone: Readonly<Record<string, string>> = {
  changes: '{}',
  url: '',
  outputs: '{}',
  'comment-url': '',
}

/** An end without an event of it: what Pulumi's program removes or writes there itself is no proof that nothing was done. */
function isSilent(deployment: Deployment): boolean {
  return !deployment.isComplete && !hasChanges(deployment)
}

/** Set as soon as Pulumi has ended, however it ended. */
export function setOutputs(run: Run, deployment: Deployment, exitCode: number): void {
  const mayHaveChanged =
    hasChanges(deployment) || deployment.changes.length > 0 || (exitCode === 0 && isSilent(deployment))
  if (deployment.command === 'up' && mayHaveChanged) run.record.applied('update')
  Object.assign(run.outputs, {
    changes: JSON.stringify(deployment.counts),
    url: deployment.url,
    outputs: JSON.stringify(deployment.outputs),
  })
}

/** Preview, update or comparison that went well. */
export function endDeployed(run: Run, deployment: Deployment): Ending {
  const time = formatDuration(run.record.elapsedMs())
  const { command, stack } = deployment
  const words = countsInWords(deployment)
  const counts = words === '' ? '' : `: ${words}`
  if (isSilent(deployment) && command !== 'drift') {
    const said = 'Pulumi left no events, so what'
    return command === 'up'
      ? {
          result: 'deployed',
          headline: `${stack} is deployed in ${time}; ${said} was changed is only known there`,
          next: 'look at the page of the update at Pulumi',
        }
      : {
          result: 'previewed',
          headline: `Preview of ${stack} ended in ${time}; ${said} would be changed is only in the log`,
          next: 'read the log of this step',
        }
  }
  if (!hasChanges(deployment)) {
    const said = {
      up: `${stack} is as its program says, nothing was changed`,
      preview: `An update of ${stack} would change nothing`,
      drift: `What is there is as ${stack} deployed it`,
    }[command]
    return { result: 'unchanged', headline: `${said} (${time})`, next: nothingNext }
  }
  if (command === 'up')
    return { result: 'deployed', headline: `${stack} is deployed in ${time}${counts}`, next: nothingNext }
  const next = 'look at every change that deletes or replaces; then merge it, and the push deploys'
  return { result: 'previewed', headline: `Preview of ${stack}${counts}; nothing was changed`, next }
}

/** Something was changed by hand, or by somebody else. */
export function endDrifted(run: Run, deployment: Deployment, failure: Failure): Ending {
  run.evidence.push(...failure.evidence)
  const words = countsInWords(deployment)
  const headline = `${failure.title}${words === '' ? '' : `: ${words}`}`
  return { result: 'drifted', headline, next: failure.remedy, failure }
}

/** What is true now of the stack. */
export function stateAfter(deployment: Deployment, code: string): string {
  if (deployment.command !== 'up') return 'nothing was changed'
  if (code === 'cancelled' || code === 'pulumi-cancelled' || code === 'pulumi-timeout')
    return 'what was done until then is saved at Pulumi; an operation that was under way may be left pending'
  if (code !== 'pulumi-locked' && !hasChanges(deployment) && deployment.changes.length > 0) return underWay(deployment)
  if (code === 'pulumi-locked' || !hasChanges(deployment)) return 'nothing was changed by this run'
  return `changed before it failed: ${countsInWords(deployment)}; Pulumi has saved what was done, and the next update goes on from there`
}

/** Begun, and never called done: the API server may have done it all the same. */
function underWay({ changes, moreChanges, stack }: Deployment): string {
  const names = changes.slice(0, 3).map(({ operation, type, name }) => `${operation} ${type} ${name}`)
  const all = changes.length + moreChanges
  return `it ended while ${count(all, 'resource')} ${all === 1 ? 'was' : 'were'} under way (${names.join(', ')}${all > names.length ? ' …' : ''}): whether that is done is settled by pulumi refresh --stack ${stack}`
}

/** A failed or cancelled run, of whatever command. */
export function endFailed(run: Run, error: unknown, isCancelled: boolean, subject: string): Ending {
  const state =
    run.deployment === undefined
      ? 'nothing was changed'
      : stateAfter(run.deployment, isCancelled ? 'cancelled' : 'unexpected-error')
  const known = explain(error, subject)
  const failure: Failure =
    isCancelled && known.code !== 'cancelled'
      ? {
          code: 'cancelled',
          title: `${subject}: the run was cancelled`,
          cause: 'somebody cancelled the run, or the runner was stopped',
          remedy: 'run it again',
          evidence: [],
          state,
        }
      : {
          ...known,
          state: isCancelled ? `${state}; a lock that this run still holds is freed at the end of the job` : state,
        }
  run.evidence.push(...failure.evidence)
  return { result: 'failed', headline: failure.title, next: failure.remedy, failure }
}
