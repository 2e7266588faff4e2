import type { PulumiWish } from './model.ts'

/**
 * GitHub's runner sends SIGINT, after 7.5 s SIGTERM, 2.5 s later SIGKILL (actions/runner: ProcessInvoker.cs). What is left after this
 * is for freeing the stack and for the report.
 */
export const cancelPatienceMs = 6000

/** When the CLI is asked to end, when it is ended, and why. */
export interface Ending {
  readonly interrupt: AbortSignal
  readonly kill: AbortSignal
  readonly isTimedOut: () => boolean
  readonly isCancelled: () => boolean
  /** Forgets the timers. */
  readonly dispose: () => void
}

/** setTimeout takes no more. */
const longestTimerMs = 2 ** 31 - 1

export function watchEnding(signal: AbortSignal, limits: Pick<PulumiWish, 'timeoutMs' | 'patienceMs'>): Ending {
  const interrupt = new AbortController()
  const kill = new AbortController()
  const timers: NodeJS.Timeout[] = []
  let isTimedOut = false
  let isCancelled = false
  const after = (ms: number, act: () => void) => timers.push(setTimeout(act, Math.min(ms, longestTimerMs)))
  const end = (patienceMs: number) => {
    interrupt.abort()
    after(patienceMs, () => kill.abort())
  }
  const cancel = () => {
    isCancelled = true
    end(Math.min(limits.patienceMs, cancelPatienceMs))
  }
  after(limits.timeoutMs, () => {
    if (isCancelled) return
    isTimedOut = true
    end(limits.patienceMs)
  })
  if (signal.aborted) cancel()
  else signal.addEventListener('abort', cancel, { once: true })
  return {
    interrupt: interrupt.signal,
    kill: kill.signal,
    isTimedOut: () => isTimedOut,
    isCancelled: () => isCancelled,
    dispose: () => {
      signal.removeEventListener('abort', cancel)
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
