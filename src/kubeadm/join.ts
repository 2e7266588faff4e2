import { checkRunId, followUnit, type Host, holderLine, lockWaitSeconds } from '../host/index.ts'
import type { StartEvent } from '../join/index.ts'
import { remedies } from './remedies.ts'
import { scripts } from './scripts.generated.ts'

export interface JoinOptions {
  readonly runId: string
  readonly holder: string
  readonly unit: string
  /** Text of kubeadm's configuration; a secret. */
  readonly config: string
  /** `host:port`, for the change log. */
  readonly endpoint: string
  /** Limit on the host for all of it, and for kubeadm. */
  readonly timeoutMs: number
}

/**
 * Runs `kubeadm join` and follows the kubelet that it starts, in one session, until the signal aborts. kubeadm's lines are events of
 * the log `kubeadm`, its end is one, too. Rejects as `followUnit`; a kubeadm that gives up is an event, not a rejection.
 */
export async function joinAndFollow(
  host: Host,
  options: JoinOptions,
  onEvent: (event: StartEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { unit, timeoutMs } = options
  await followUnit(host, {
    unit,
    log: '',
    action: 'start',
    by: {
      script: [scripts['kubeadm-files'], scripts.join].join('\n'),
      env: {
        RUN_ID: checkRunId(options.runId),
        HOLDER: holderLine(options.holder),
        LOCK_WAIT: lockWaitSeconds({ timeoutMs, lockWaitMs: 10_000 }),
        JOIN_LIMIT: String(Math.ceil(timeoutMs / 1000)),
        ENDPOINT: options.endpoint,
      },
      secrets: { CONFIG: options.config },
      remedies,
    },
    signal,
    onEvent,
    timeoutMs,
  })
}

// kubeadm's own words when it gets a step further (recorded: fixtures/kubeadm/10-join-ok-first.out).
const milestones: readonly (readonly [RegExp, string])[] = [
  [/^\[preflight\] Reading configuration from the/, 'kubeadm trusts the API server'],
  [/^\[kubelet-start\] Starting the kubelet/, 'kubelet started'],
  [/^\[kubelet-check\] The kubelet is healthy/, 'kubelet healthy'],
]

/** What a line says of how far a join is; undefined: nothing. */
export function milestoneOf(line: string, source: string | undefined): string | undefined {
  if (source !== 'kubeadm') return undefined
  return milestones.find(([pattern]) => pattern.test(line))?.[1]
}
