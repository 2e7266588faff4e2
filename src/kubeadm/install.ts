import { changeLogScript, checkRunId, errorOfScript, type Host, holderLine, lockWaitSeconds } from '../host/index.ts'
import { remedies } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

/** Steps of the apply script, in the order in which they may run. Ids are those of the plan's changes. */
export type ApplyStep =
  | 'reset' // kubeadm reset of what an interrupted run of ours left
  | 'forget-token' // bootstrap-kubelet.conf of an interrupted join, on a host that has joined
  | 'enable' // wants-link, without daemon-reload
  | 'reload' // systemctl daemon-reload; where a join follows, kubeadm does it

export const applySteps: readonly ApplyStep[] = ['reset', 'forget-token', 'enable', 'reload']

export interface ApplyOptions {
  readonly runId: string
  readonly holder: string
  readonly steps: readonly ApplyStep[]
  /** Undefined: kubeadm finds it. */
  readonly criSocket?: string | undefined
  /** A `kubeadm join` follows, and ends what this begins. */
  readonly joins: boolean
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** Called when a step has ended well. */
  readonly onStep: (step: ApplyStep) => void
}

/**
 * Carries out what has to be done before a join, as root, in one session, under the host lock. Repeatable. Resolves with the runs
 * that had been interrupted here. Rejects with HostStepError or HostError; what was done stays, for `undoChanges`.
 */
export async function applyChanges(
  host: Host,
  options: ApplyOptions,
): Promise<readonly { readonly runId: string; readonly step: string }[]> {
  const result = await host.run({
    name: 'apply',
    script: [scripts['kubeadm-files'], changeLogScript, scripts['take-back'], scripts.apply].join('\n'),
    env: {
      RUN_ID: checkRunId(options.runId),
      HOLDER: holderLine(options.holder),
      LOCK_WAIT: lockWaitSeconds(options),
      STEPS: options.steps.join(' '),
      CRI_SOCKET: options.criSocket ?? '',
      JOINS: options.joins ? 'yes' : 'no',
    },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    onLine: ({ step, state }) => {
      if (state === 'done' || state === 'unchanged') options.onStep(step as ApplyStep)
    },
  })
  const error = errorOfScript(host.label, 'what comes before the join', result, remedies)
  if (error) throw error
  return result.lines.flatMap((line) =>
    typeof line.interrupted === 'string' ? [{ runId: line.interrupted, step: String(line.step ?? '') }] : [],
  )
}
