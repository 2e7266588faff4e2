import type { Check, Milestone, Stage } from './model.ts'

/** Collects what a run does, in order, with times since it began. The clock is injected: a monotonic `now` in milliseconds. */
export interface Recorder {
  /**
   * Runs one stage and times it, also when it fails. `ended` is called before the promise settles, with the stage as recorded:
   * the place to print its heading with the elapsed time.
   */
  stage<Result>(title: string, work: () => Promise<Result>, ended?: (stage: Stage) => void): Promise<Result>
  /** Something worth remembering inside the running stage; ignored outside one. Saying the same text again changes nothing. */
  milestone(text: string): void
  /** Appends checks; a later check of the same id replaces the earlier one. */
  check(...checks: readonly Check[]): void
  applied(changeId: string): void
  /** Also a milestone of the running stage. */
  undone(changeId: string): void
  elapsedMs(): number
  /** The collected parts of a Report, as they are now. */
  parts(): {
    readonly startedAt: string
    readonly durationMs: number
    readonly checks: readonly Check[]
    readonly applied: readonly string[]
    readonly undone: readonly string[]
    readonly stages: readonly Stage[]
    readonly milestones: readonly Milestone[]
  }
}

/** Starts the record of a run. `startedAt` is the wall clock at this moment, for the report; `now` only measures. */
export function startRecorder(clock: { readonly now: () => number; readonly startedAt: Date }): Recorder {
  const begin = clock.now()
  const elapsedMs = () => Math.max(0, Math.round(clock.now() - begin))
  const checks = new Map<string, Check>()
  const applied: string[] = []
  const undone: string[] = []
  const stages: Stage[] = []
  const milestones: Milestone[] = []
  let current: { readonly title: string; readonly startedMs: number } | undefined

  const milestone = (text: string): void => {
    if (!current) return
    const { title, startedMs } = current
    if (milestones.some((one) => one.stage === title && one.text === text)) return
    milestones.push({ stage: title, atMs: Math.max(0, elapsedMs() - startedMs), text })
  }

  return {
    async stage(title, work, ended) {
      const outer = current
      const mine = { title, startedMs: elapsedMs() }
      current = mine
      const end = (failed: boolean): void => {
        current = outer
        const stage: Stage = { ...mine, endedMs: elapsedMs(), ...(failed ? { failed } : {}) }
        stages.push(stage)
        ended?.(stage)
      }
      try {
        const result = await work()
        end(false)
        return result
      } catch (error) {
        end(true)
        throw error
      }
    },
    milestone,
    check(...more) {
      for (const check of more) checks.set(check.id, check)
    },
    applied(changeId) {
      if (!applied.includes(changeId)) applied.push(changeId)
    },
    undone(changeId) {
      if (undone.includes(changeId)) return
      undone.push(changeId)
      milestone(`undone: ${changeId}`)
    },
    elapsedMs,
    parts() {
      return {
        startedAt: clock.startedAt.toISOString(),
        durationMs: elapsedMs(),
        checks: [...checks.values()],
        applied: [...applied],
        undone: [...undone],
        stages: [...stages].sort((a, b) => a.startedMs - b.startedMs),
        milestones: [...milestones],
      }
    },
  }
}
