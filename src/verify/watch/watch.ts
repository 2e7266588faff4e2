import type { Check } from '../../report/index.ts'
import type { JobSeen, WorkflowRuns } from '../../runner/index.ts'
import { watchEntries } from './entries.ts'
import { judgeWatch, runToExplain, type WatchFacts } from './judge.ts'

export interface WatchWish {
  /** File name of the workflow, e.g. `nightly.yml`. */
  readonly file: string
  /** Milliseconds within which it must have started. */
  readonly withinMs: number
  /** See WatchFacts. */
  readonly isScheduled: boolean
}

/** What an error of the port says besides its message. */
interface Explained {
  readonly message?: string
  readonly cause?: unknown
  readonly remedy?: string
  readonly evidence?: readonly string[]
}

/** The same for all checks when nobody answers: infrastructure, which says nothing about the workflow. */
function unasked(error: unknown): readonly Check[] {
  const { message = String(error), cause, remedy, evidence } = error as Explained
  return watchEntries.map(({ id, asks }) => ({
    id,
    verdict: 'error',
    question: asks,
    found: message,
    ...(typeof cause === 'string' ? { cause } : {}),
    ...(remedy === undefined ? {} : { remedy }),
    ...(evidence === undefined ? {} : { evidence }),
  }))
}

/**
 * Watches one workflow of the repository: is it there, does it start, does it come to its end. What GitHub does not answer is `error`.
 * Rejects with the signal's reason once that is aborted, and with nothing else.
 */
export async function watchWorkflow(
  runs: WorkflowRuns,
  wish: WatchWish,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  try {
    const facts: WatchFacts = { ...wish, seen: await runs.workflow(wish.file) }
    const run = runToExplain(facts)
    if (run === undefined) return judgeWatch(facts)
    const jobs = await runs.jobs(run).catch((): readonly JobSeen[] | undefined => undefined)
    signal.throwIfAborted()
    return judgeWatch(jobs === undefined ? facts : { ...facts, jobs })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return unasked(error)
  }
}
