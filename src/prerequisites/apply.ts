import type { Prerequisites } from '../cluster-file/index.ts'
import {
  changeLogScript,
  checkRunId,
  type Host,
  holderLine,
  lockWaitSeconds,
  packagesScript,
  type ScriptLine,
  undoLogScript,
  undoPackagesScript,
} from '../host/index.ts'
import type { Change } from '../report/index.ts'
import { type PackageManager, type PrerequisiteStep, prerequisiteSteps } from './model.ts'
import { nameFor } from './packages.ts'
import { errorOfScript } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

interface Run {
  /** Names the folder of the change log on the host; apply and undo take the same. */
  readonly runId: string
  /** For other runs that meet the host lock. */
  readonly label: string
}

export interface PrerequisiteOptions {
  readonly signal: AbortSignal
  /** For waiting and working together; also the limit on the host. */
  readonly timeoutMs: number
  /** How long another run on the host is waited for. Default: a third of the time, at most a minute. */
  readonly lockWaitMs?: number
  /** Called when a step has ended well, with whether it had anything to do. */
  readonly onStep?: (step: PrerequisiteStep, state: 'done' | 'unchanged') => void
}

export interface PrerequisiteOutcome {
  /** Packages that were not there before. */
  readonly installed: readonly string[]
  /** Runs that were interrupted on this host, and the step at which; this run has converged what they left. */
  readonly interrupted: readonly { readonly runId: string; readonly step: string }[]
}

/** Steps of a plan that this room carries out, in its order. */
export function plannedSteps(changes: readonly Change[]): readonly PrerequisiteStep[] {
  const planned = new Set(changes.filter((change) => change.waitsFor === undefined).map((change) => change.id))
  return prerequisiteSteps.filter((step) => planned.has(step))
}

function stepOf(line: ScriptLine): { step: PrerequisiteStep; state: 'done' | 'unchanged' } | undefined {
  if (line.state !== 'done' && line.state !== 'unchanged') return undefined
  const step = prerequisiteSteps.find((one) => one === line.step)
  return step && { step, state: line.state }
}

/**
 * Carries out the steps in their order, as root, in one session, under the host lock. Repeatable: what is as wanted is reported
 * `unchanged`. Upgrades, replaces and restarts nothing; touches no disk. Rejects with HostStepError at the first step that fails
 * (what was done stays, for `undoPrerequisites`), with HostError when the host cannot be used.
 */
export async function applyPrerequisites(
  host: Host,
  run: Run,
  steps: readonly PrerequisiteStep[],
  wish: Prerequisites,
  manager: PackageManager,
  options: PrerequisiteOptions,
): Promise<PrerequisiteOutcome> {
  const result = await host.run({
    name: 'prerequisites',
    script: [scripts.files, changeLogScript, packagesScript, scripts.apply].join('\n'),
    env: {
      RUN_ID: checkRunId(run.runId),
      HOLDER: holderLine(run.label),
      LOCK_WAIT: lockWaitSeconds(options),
      STEPS: steps.join(' '),
      MANAGER: manager,
      PACKAGES: [...new Set(wish.packages.map((name) => nameFor(manager, name)))].join(' '),
      SERVICES: wish.services.join(' '),
      MODULES: wish.modules.join(' '),
      SYSCTL: Object.entries(wish.sysctl)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    onLine: (line) => {
      const step = stepOf(line)
      if (step) options.onStep?.(step.step, step.state)
    },
  })
  const error = errorOfScript(host.label, 'preparing the machine', result)
  if (error) throw error
  return {
    installed: result.lines.flatMap((line) => (typeof line.installed === 'string' ? line.installed.split(' ') : [])),
    interrupted: result.lines.flatMap((line) =>
      typeof line.interrupted === 'string' ? [{ runId: line.interrupted, step: String(line.step ?? '') }] : [],
    ),
  }
}

/**
 * Takes back what a run gave the host, by its change log, in one session. Works after the run was killed at any moment, can be
 * repeated, and does nothing for a run that changed nothing. Rejects with HostStepError or HostError.
 */
export async function undoPrerequisites(
  host: Host,
  run: Run,
  options: Omit<PrerequisiteOptions, 'onStep'>,
): Promise<{
  /** Steps that were taken back, the last one first. */
  readonly undone: readonly string[]
  /** What is not as before, each with the reason. */
  readonly remaining: readonly string[]
}> {
  const result = await host.run({
    name: 'undo-prerequisites',
    script: [scripts.files, changeLogScript, undoLogScript, packagesScript, undoPackagesScript, scripts.undo].join(
      '\n',
    ),
    env: {
      RUN_ID: checkRunId(run.runId),
      HOLDER: holderLine(`undo of run ${run.runId}`),
      LOCK_WAIT: lockWaitSeconds(options),
    },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  const error = errorOfScript(host.label, 'the undo', result)
  if (error) throw error
  const said = (key: string): readonly string[] =>
    result.lines.flatMap((line) => (typeof line[key] === 'string' ? [line[key]] : []))
  return { undone: [...new Set(said('undone'))], remaining: said('remaining') }
}
