import type { Host } from './model.ts'
import { scripts } from './scripts.generated.ts'
import { errorOfScript } from './step-error.ts'

/** How long a script on the host waits for another run, in seconds. */
export function lockWaitSeconds(options: { readonly timeoutMs: number; readonly lockWaitMs?: number }): string {
  return String(Math.max(0, Math.floor((options.lockWaitMs ?? Math.min(60_000, options.timeoutMs / 3)) / 1000)))
}

/** Run ids become names of folders on the host. */
export function checkRunId(runId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(runId)) throw new TypeError(`${JSON.stringify(runId)} is no run id`)
  return runId
}

/** One line for the lock file. */
export function holderLine(holder: string): string {
  return holder.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 200)
}

export interface HoldOptions {
  readonly signal: AbortSignal
  readonly runId: string
  /** Who this is, for whoever meets the lock. */
  readonly holder: string
  readonly waitMs: number
  /** Limit on the host, for a runner that is gone without closing anything. */
  readonly holdMs: number
  /** Called with who holds the host, and since when, if it has to be waited for. */
  readonly onWaiting: (holder: string) => void
}

export interface HeldHost {
  readonly hasWaited: boolean
  /** When another run let go of this host, by the host's clock in epoch milliseconds (whole seconds); 0: never. */
  readonly releasedAtMs: number
  /** Can be called twice; never rejects. */
  release(): Promise<void>
}

/**
 * Takes the lock of runs on this host, and keeps it until `release`, the abort of the signal, or the end of the connection.
 * One session. Rejects with HostStepError `host-locked`, which names the holder, when the wait was in vain.
 */
export async function holdHost(host: Host, options: HoldOptions): Promise<HeldHost> {
  const { signal, waitMs, holdMs } = options
  const end = new AbortController()
  const held = Promise.withResolvers<number>()
  let hasWaited = false
  const session = host
    .run({
      name: 'hold',
      script: [scripts['change-log'], scripts.hold].join('\n'),
      env: {
        RUN_ID: checkRunId(options.runId),
        HOLDER: holderLine(options.holder),
        LOCK_WAIT: String(Math.ceil(waitMs / 1000)),
        HOLD: String(Math.ceil(holdMs / 1000)),
      },
      privilege: 'root',
      timeoutMs: waitMs + holdMs,
      signal: AbortSignal.any([signal, end.signal]),
      onLine: (line) => {
        if (typeof line.waiting_for === 'string') {
          hasWaited = true
          options.onWaiting(line.waiting_for)
        }
        if (line.held === 'yes') held.resolve(typeof line.released === 'number' ? line.released * 1000 : 0)
      },
    })
    .then((result) => {
      throw errorOfScript(host.label, 'keeping other runs away', result) ?? new Error('the lock was not kept')
    })
  // Once it is held its end is told by nobody: the next script meets the lost connection itself.
  session.catch(held.reject)
  const releasedAtMs = await held.promise
  return {
    hasWaited,
    releasedAtMs,
    async release() {
      end.abort()
      await session.catch(() => undefined)
    },
  }
}
