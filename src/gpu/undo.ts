import {
  changeLogScript,
  checkRunId,
  type Host,
  holderLine,
  lockWaitSeconds,
  packagesScript,
  undoLogScript,
  undoPackagesScript,
} from '../host/index.ts'
import type { HostStep, RuntimeUnit } from './model.ts'
import { errorOfScript } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

export interface UndoRuntimeOptions {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly lockWaitMs?: number
  /** For other runs that meet the host lock. */
  readonly holder?: string
  /** Unit that runs the node's containers. */
  readonly unit: Exclude<RuntimeUnit, ''>
}

export interface UndoRuntimeOutcome {
  /** Steps that were taken back, the last one first; `restart`: k3s was ordered to start with what was there before. */
  readonly undone: readonly (HostStep | 'restart')[]
  /** Paths, packages and units that are not as before, each with the reason. */
  readonly remaining: readonly string[]
  /** What the package manager said about what remains. */
  readonly evidence: readonly string[]
}

/**
 * Takes back what a run changed on the host, by its change log, in one session, and orders a restart of k3s if it was
 * restarted in between (without waiting for it). Works after the run was killed at any moment, can be repeated, and does
 * nothing for a run that changed nothing. Rejects with HostStepError or HostError.
 */
export async function undoRuntime(host: Host, runId: string, options: UndoRuntimeOptions): Promise<UndoRuntimeOutcome> {
  const result = await host.run({
    name: 'undo',
    script: [
      scripts.files,
      changeLogScript,
      undoLogScript,
      packagesScript,
      undoPackagesScript,
      scripts.packages,
      scripts.undo,
    ].join('\n'),
    env: {
      RUN_ID: checkRunId(runId),
      HOLDER: holderLine(options.holder ?? `undo of run ${runId}`),
      LOCK_WAIT: lockWaitSeconds(options),
      UNIT: options.unit,
    },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  const error = errorOfScript(host.label, 'the undo', result)
  if (error) throw error
  const said = (key: string): readonly string[] =>
    result.lines.flatMap((line) => (typeof line[key] === 'string' ? [line[key]] : []))
  return {
    undone: [...new Set(said('undone'))] as readonly (HostStep | 'restart')[],
    remaining: said('remaining'),
    evidence: said('evidence'),
  }
}
