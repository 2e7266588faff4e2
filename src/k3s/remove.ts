import { changeLogScript, checkRunId, type Host, holderLine, lockWaitSeconds, undoLogScript } from '../host/index.ts'
import type { ApplyStep } from './model.ts'
import { errorOfScript } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

export interface UndoOptions {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly lockWaitMs?: number
  /** For other runs that meet the host lock. */
  readonly holder?: string
  /** Only `k3s-agent` is known. */
  readonly unit?: string
  /** Whether an agent that this run started is stopped. Default: yes. */
  readonly stop?: boolean
}

export interface UndoOutcome {
  /** Steps that were taken back, the last one first; `start`: the agent was stopped, `restart`: it runs with what was there before. */
  readonly undone: readonly (ApplyStep | 'start' | 'restart')[]
  /** Paths and units that are not as before, each with the reason. */
  readonly remaining: readonly string[]
}

/**
 * Takes back what a run changed on the host, by its change log, in one session. Works after the run was killed at any
 * moment, can be repeated, and does nothing for a run that changed nothing. Never calls an uninstaller.
 * Rejects with HostStepError or HostError.
 */
export async function undoChanges(host: Host, runId: string, options: UndoOptions): Promise<UndoOutcome> {
  if (options.unit !== undefined && options.unit !== 'k3s-agent') throw new TypeError(`unknown unit ${options.unit}`)
  const result = await host.run({
    name: 'undo',
    script: [scripts['agent-files'], changeLogScript, undoLogScript, scripts['agent-data'], scripts.undo].join('\n'),
    env: {
      RUN_ID: checkRunId(runId),
      HOLDER: holderLine(options.holder ?? `undo of run ${runId}`),
      LOCK_WAIT: lockWaitSeconds(options),
      STOP: options.stop === false ? 'no' : 'yes',
    },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  const error = errorOfScript(host.label, 'the undo', result)
  if (error) throw error
  return {
    undone: result.lines.flatMap((line) =>
      typeof line.undone === 'string' ? [line.undone as ApplyStep | 'start' | 'restart'] : [],
    ),
    remaining: result.lines.flatMap((line) => (typeof line.remaining === 'string' ? [line.remaining] : [])),
  }
}

/**
 * Deletes the backups that hold a replaced token, of this run and of every earlier one, also of killed ones. Afterwards
 * no run can be undone completely, so this is the last thing of a run that went well. Can be repeated. Resolves with
 * the deleted paths.
 */
export async function forgetFormerToken(
  host: Host,
  runId: string,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly lockWaitMs?: number },
): Promise<readonly string[]> {
  const result = await host.run({
    name: 'forget',
    script: [scripts['agent-files'], changeLogScript, scripts.forget].join('\n'),
    env: { RUN_ID: checkRunId(runId), HOLDER: `end of run ${runId}`, LOCK_WAIT: lockWaitSeconds(options) },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  const error = errorOfScript(host.label, 'deleting the former token', result)
  if (error) throw error
  return result.lines.flatMap((line) => (typeof line.forgotten === 'string' ? [line.forgotten] : []))
}
