import { changeLogScript, checkRunId, type Host, holderLine, lockWaitSeconds, type ScriptLine } from '../host/index.ts'
import type { ApplyMaterial, ApplyStep } from './model.ts'
import { errorOfScript } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

export interface ApplyOptions {
  readonly signal: AbortSignal
  /** For waiting and working together; also the limit on the host. */
  readonly timeoutMs: number
  /** How long another run on the host is waited for. Default: a third of the time, at most a minute. */
  readonly lockWaitMs?: number
  /** Called when a step has ended well, with whether it had anything to do. */
  readonly onStep?: (step: ApplyStep, state: 'done' | 'unchanged') => void
  /** Called with the name of the run that is waited for. */
  readonly onWaiting?: (holder: string) => void
}

export interface ApplyOutcome {
  readonly steps: readonly { readonly step: ApplyStep; readonly state: 'done' | 'unchanged' }[]
  readonly isChanged: boolean
  /** Runs that were interrupted on this host, and the step at which; this run has converged what they left. */
  readonly interrupted: readonly { readonly runId: string; readonly step: string }[]
  /** The backups hold a token that was replaced: call `forgetFormerToken` once the node is as wanted. */
  readonly holdsFormerToken: boolean
}

function missingMaterial(material: ApplyMaterial): string | undefined {
  const needs: readonly (readonly [ApplyStep, unknown, string])[] = [
    ['install-binary', material.binary, 'binary'],
    ['run-installer', material.installer, 'installer'],
    ['write-config', material.config, 'config'],
    ['edit-environment', material.environment, 'environment'],
    ['edit-unit', material.removeArguments, 'removeArguments'],
  ]
  const missing = needs.find(([step, part]) => material.steps.includes(step) && part === undefined)
  return missing && `step ${missing[0]} needs ${missing[2]}`
}

function stepOf(line: ScriptLine): { step: ApplyStep; state: 'done' | 'unchanged' } | undefined {
  if (typeof line.step !== 'string' || (line.state !== 'done' && line.state !== 'unchanged')) return undefined
  return { step: line.step as ApplyStep, state: line.state }
}

/**
 * Carries out the steps in their order, as root, in one session, under the host lock. Repeatable: what is as wanted is
 * reported `unchanged`. Rejects with HostStepError at the first step that fails (what was done stays, for
 * `undoChanges`), with HostError when the host cannot be used, with TypeError when the material does not fit the steps.
 */
export async function applyChanges(host: Host, material: ApplyMaterial, options: ApplyOptions): Promise<ApplyOutcome> {
  const { binary, installer, environment } = material
  const missing = missingMaterial(material)
  if (missing !== undefined) throw new TypeError(missing)
  const names = material.removeArguments ?? []
  const badName = names.find((name) => !/^--?[A-Za-z][A-Za-z0-9-]*$/.test(name))
  if (badName !== undefined) throw new TypeError(`${JSON.stringify(badName)} is no name of an argument`)

  const result = await host.run({
    name: 'apply',
    script: [
      scripts['unit-file'],
      scripts['agent-files'],
      changeLogScript,
      scripts['agent-data'],
      scripts.edit,
      scripts.apply,
    ].join('\n'),
    env: {
      RUN_ID: checkRunId(material.runId),
      HOLDER: holderLine(material.holder),
      LOCK_WAIT: lockWaitSeconds(options),
      STEPS: material.steps.join(' '),
      STAGED: binary?.stagedPath ?? '',
      BINARY_SHA256: binary?.sha256 ?? '',
      INSTALLER_SHA256: installer?.sha256 ?? '',
      SERVER_URL: environment?.url ?? '',
      REMOVE_ARGUMENTS: names.join(' '),
      RESTART: material.isRestartFollowing ? 'yes' : 'no',
    },
    // Not all of it is secret; but what is large or long-lived has no business in the environment of child processes.
    secrets: { TOKEN: environment?.token ?? '', CONFIG: material.config ?? '', INSTALLER: installer?.text ?? '' },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    onLine: (line) => {
      const step = stepOf(line)
      if (step) options.onStep?.(step.step, step.state)
      if (typeof line.waiting_for === 'string') options.onWaiting?.(line.waiting_for)
    },
  })
  const error = errorOfScript(host.label, 'the installation', result)
  if (error) throw error
  const steps = result.lines.flatMap((line) => stepOf(line) ?? [])
  return {
    steps,
    isChanged: steps.some((step) => step.state === 'done'),
    interrupted: result.lines.flatMap((line) =>
      typeof line.interrupted === 'string' ? [{ runId: line.interrupted, step: String(line.step ?? '') }] : [],
    ),
    holdsFormerToken: result.lines.some((line) => line.former_token === true),
  }
}
