import {
  changeLogScript,
  checkRunId,
  errorOfScript,
  type Host,
  holderLine,
  lockWaitSeconds,
  undoLogScript,
} from '../host/index.ts'
import type { Undone } from '../join/index.ts'
import { remedies } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

export interface UndoOptions {
  readonly runId: string
  /** Undefined: kubeadm finds it. */
  readonly criSocket?: string | undefined
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly lockWaitMs?: number
}

/**
 * Takes back what a run changed on the host, by its change log, in one session: `kubeadm reset` when it began a join, and only then;
 * never where something is mounted below the kubelet's folder. Works after the run was killed at any moment, can be repeated, and does
 * nothing for a run that changed nothing. Rejects with HostStepError or HostError.
 */
export async function undoChanges(host: Host, options: UndoOptions): Promise<Undone> {
  const result = await host.run({
    name: 'undo',
    script: [scripts['kubeadm-files'], changeLogScript, scripts['take-back'], undoLogScript, scripts.undo].join('\n'),
    env: {
      RUN_ID: checkRunId(options.runId),
      HOLDER: holderLine(`undo of run ${options.runId}`),
      LOCK_WAIT: lockWaitSeconds(options),
      CRI_SOCKET: options.criSocket ?? '',
    },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  const error = errorOfScript(host.label, 'the undo', result, remedies)
  if (error) throw error
  return {
    changes: result.lines.flatMap((line) => (typeof line.undone === 'string' ? [line.undone] : [])),
    remaining: result.lines.flatMap((line) => (typeof line.remaining === 'string' ? [line.remaining] : [])),
  }
}
