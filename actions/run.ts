import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Check,
  type Failure,
  formatDuration,
  type JoinResult,
  type Milestone,
  type Plan,
  type Provenance,
  type Report,
  renderFailure,
  renderJson,
  renderSummary,
  type Stage,
  stageHeading,
} from '../src/report/index.ts'
import type { Runner } from '../src/runner/index.ts'

/** What a stage says while it runs. */
export type Say = (line: string) => void

/** How a run ends, apart from what was recorded on the way. */
export interface Ending {
  readonly result: JoinResult
  readonly headline: string
  readonly next: string
  readonly failure?: Failure
}

/**
 * One run of an action: prints its stages as they end, and remembers everything for summary, report and outputs.
 * Elapsed time stands on the right of every stage, so a stage's lines are printed when it has ended; a live stage prints at once.
 */
export class Run {
  readonly runner: Runner
  readonly action: string
  /** Names this run on the host and in the cluster. */
  readonly id = randomBytes(6).toString('hex')
  readonly startedAt = new Date()
  private readonly zero = performance.now()
  readonly checks: Check[] = []
  readonly applied: string[] = []
  readonly undone: string[] = []
  readonly facts: Record<string, string> = {}
  readonly provenance: Provenance[] = []
  readonly outputs: Record<string, string> = {}
  /** Log lines of the host and other evidence, kept beside the report. */
  readonly evidence: string[] = []
  plan: Plan = { changes: [], blockers: [] }
  cluster = ''
  node = ''
  host: string | undefined
  dryRun = false
  private readonly stages: Stage[] = []
  private readonly milestones: Milestone[] = []

  constructor(runner: Runner, action: string) {
    this.runner = runner
    this.action = action
  }

  elapsedMs(): number {
    return performance.now() - this.zero
  }

  /** Text for tokens and locks: who does this. */
  get label(): string {
    return `${this.action} ${this.node}${this.runner.runLabel ? `, ${this.runner.runLabel}` : ''}`
  }

  async stage<T>(title: string, work: (say: Say) => Promise<T>, options: { readonly right?: () => string } = {}): Promise<T> {
    const startedMs = this.elapsedMs()
    const lines: string[] = []
    try {
      return await work((line) => lines.push(line))
    } finally {
      this.endStage(title, startedMs, options.right?.())
      for (const line of lines) this.runner.line(line)
    }
  }

  /** For stages in which a person waits: heading first, lines as they come. */
  async liveStage<T>(title: string, work: (say: Say, milestone: (text: string) => void) => Promise<T>): Promise<T> {
    const startedMs = this.elapsedMs()
    this.runner.line(`▸ ${title}`)
    const milestone = (text: string): void => {
      const atMs = this.elapsedMs() - startedMs
      this.milestones.push({ stage: title, atMs, text })
      this.runner.line(`  ${formatDuration(atMs).padStart(8)}  ${text}`)
    }
    try {
      return await work((line) => this.runner.line(line), milestone)
    } finally {
      this.stages.push({ title, startedMs, endedMs: this.elapsedMs() })
    }
  }

  private endStage(title: string, startedMs: number, right?: string): void {
    const endedMs = this.elapsedMs()
    this.stages.push({ title, startedMs, endedMs })
    this.runner.line(stageHeading(title, right ?? formatDuration(endedMs - startedMs)))
  }

  /** Writes outputs, report, summary and annotations; resolves with the exit code. */
  async end(ending: Ending): Promise<number> {
    const report = this.report(ending)
    const folder = join(this.runner.temporaryDirectory, 'k3s-gpu-actions', `${this.action}-${this.node || 'unknown'}`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const reportFile = join(folder, 'report.json')
    const markdown = renderSummary(report)
    writeFileSync(reportFile, renderJson(report))
    writeFileSync(join(folder, 'summary.md'), markdown)
    if (this.evidence.length > 0) writeFileSync(join(folder, 'evidence.txt'), `${this.evidence.join('\n')}\n`, { mode: 0o600 })
    for (const [name, value] of Object.entries({ ...report.outputs, report: reportFile })) this.runner.output(name, value)

    this.runner.line()
    if (ending.failure) {
      for (const line of renderFailure(ending.failure)) this.runner.line(line)
      this.runner.errorAnnotation(ending.headline, `${ending.failure.cause}\n${ending.failure.remedy}`)
    } else {
      this.runner.line(ending.next ? `${ending.headline}. Next: ${ending.next}` : `${ending.headline}.`)
    }
    await this.runner.summary(markdown)
    return ending.failure ? 1 : 0
  }

  private report(ending: Ending): Report {
    const changed = this.applied.length > 0
    const restarted = this.applied.includes('restart')
    return {
      schema: 'k3s-gpu-actions/report/v1',
      action: this.action,
      cluster: this.cluster,
      node: this.node,
      ...(this.host ? { host: this.host } : {}),
      result: ending.result,
      dryRun: this.dryRun,
      headline: ending.headline,
      next: ending.next,
      startedAt: this.startedAt.toISOString(),
      durationMs: Math.round(this.elapsedMs()),
      checks: this.checks,
      plan: this.plan,
      applied: this.applied,
      undone: this.undone,
      changed,
      restarted,
      stages: this.stages,
      milestones: this.milestones,
      provenance: this.provenance,
      facts: this.facts,
      outputs: {
        result: ending.result,
        changed: String(changed),
        restarted: String(restarted),
        plan: JSON.stringify(this.plan.changes),
        'node-name': this.node,
        'failure-code': ending.failure?.code ?? '',
        ...this.outputs,
      },
      ...(ending.failure ? { failure: ending.failure } : {}),
    }
  }
}
