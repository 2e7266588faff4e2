import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  count,
  type Deployment,
  type EvidenceEntry,
  type Failure,
  formatDuration,
  oneLine,
  type Plan,
  type Provenance,
  type Report,
  type RunResult,
  renderFailure,
  renderJson,
  renderSummary,
  type Stage,
  stageHeading,
  startRecorder,
  type Verification,
} from '../src/report/index.ts'
import type { Runner } from '../src/runner/index.ts'
import { type EvidenceText, excerptsOf, writeBundle } from './evidence-files.ts'
import { holdSummary, isHeld, takeHeldSummaries } from './held-summaries.ts'
import { redactReport } from './redact-report.ts'

/** What a stage says while it runs. */
export type Say = (line: string) => void

/** What is next when nothing is: said in the report, and not worth a line of the log. */
export const nothingNext = 'nothing to do'

/** Outputs that every action could have, and those that its action.yml names. */
export type StandardOutput =
  | 'result'
  | 'changed'
  | 'restarted'
  | 'plan'
  | 'node-name'
  | 'failure-code'
  | 'report'
  | 'evidence'

/** How a run ends, apart from what was recorded on the way. */
export interface Ending {
  readonly result: RunResult
  readonly headline: string
  readonly next: string
  readonly failure?: Failure
}

/**
 * One run of an action: prints its stages, and remembers everything for summary, report and outputs.
 * Elapsed time stands on the right of every stage, so a stage's lines are printed when it has ended; a live stage prints at once.
 */
export class Run {
  #bundle: readonly EvidenceText[] = []
  readonly runner: Runner
  readonly action: string
  /** Names this run on the host and in the cluster. */
  readonly id = randomBytes(6).toString('hex')
  readonly record = startRecorder({ now: () => performance.now(), startedAt: new Date() })
  readonly facts: Record<string, string> = {}
  readonly provenance: Provenance[] = []
  readonly outputs: Record<string, string> = {}
  /** Journal lines of the host and other evidence, kept beside the report. */
  readonly evidence: string[] = []
  plan: Plan = { changes: [], blockers: [] }
  cluster = ''
  /** What the run is about: a node, an environment. Names its folder; empty: not known yet. */
  subject = ''
  /** Empty for an action that is about no single node. */
  node = ''
  host: string | undefined
  dryRun = false
  /** What verify-cluster says besides its checks. */
  verification: Verification | undefined
  /** What deploy-stack says besides its checks. */
  deployment: Deployment | undefined
  /** Where report, summary and evidence go; empty: a folder of the job. */
  reportDirectory = ''
  /** The step summary, where it is another than this report's own. */
  summaryOf: (report: Report) => string = (report) => renderSummary(report, excerptsOf(this.#bundle))
  /** Further files beside the report, rendered from it: name → text. */
  renderMore: (report: Report) => Promise<Readonly<Record<string, string>>> = async () => ({})
  /** Milliseconds since the run began, when its unit was ordered to start; undefined: it was not. */
  startedAtMs: number | undefined
  /** Evidence was looked for, with whatever success. */
  isCollected = false
  readonly #outputs: ReadonlySet<StandardOutput>

  constructor(runner: Runner, action: string, outputs: readonly StandardOutput[]) {
    this.runner = runner
    this.action = action
    this.#outputs = new Set(outputs)
  }

  /** Text for tokens and locks: who does this. */
  get label(): string {
    return `${this.action} ${this.subject || this.node}${this.runner.runLabel ? `, ${this.runner.runLabel}` : ''}`
  }

  /** Report, summary and evidence of this run. */
  get folder(): string {
    if (this.reportDirectory !== '') return this.reportDirectory
    return join(
      this.runner.temporaryDirectory,
      'k3s-gpu-actions',
      `${this.action}-${this.subject || this.node || 'unknown'}`,
    )
  }

  /** Empty when no evidence was collected. */
  get bundleFolder(): string {
    return this.hasBundle ? join(this.folder, 'evidence') : ''
  }

  get hasBundle(): boolean {
    return this.#bundle.length > 0
  }

  readonly redact = (text: string): string => this.runner.redact(text)

  /** Writes the evidence bundle, at once: whatever comes next may fail as well. The texts hold no secret. Says what it has. */
  keepBundle(texts: readonly EvidenceText[]): string {
    writeBundle(join(this.folder, 'evidence'), texts)
    this.#bundle = texts
    return this.hasBundle ? `${count(texts.length, 'file')} in evidence/` : 'there is none'
  }

  /** Where people find the bundle; a workflow that uploads it says under which name. Empty when there is none. */
  get bundleSentence(): string {
    if (!this.hasBundle) return ''
    const artifact = this.runner.environment.EVIDENCE_ARTIFACT ?? ''
    return `. Evidence bundle: ${artifact === '' ? this.bundleFolder : `${artifact} (artifact)`}`
  }

  async stage<T>(title: string, work: (say: Say) => Promise<T>, right?: () => string): Promise<T> {
    const lines: string[] = []
    const print = ({ startedMs, endedMs }: Stage): void => {
      this.runner.line(stageHeading(title, right?.() || formatDuration(endedMs - startedMs)))
      for (const line of lines) this.runner.line(line)
    }
    return await this.record.stage(title, () => work((line) => lines.push(line)), print)
  }

  /** For stages in which a person waits: heading first, one line per state change as it comes. */
  async liveStage<T>(title: string, work: (milestone: (text: string) => void) => Promise<T>): Promise<T> {
    const startedMs = this.record.elapsedMs()
    const seen = new Set<string>()
    const milestone = (text: string): void => {
      if (seen.has(text)) return
      seen.add(text)
      this.record.milestone(text)
      this.runner.line(`  ${formatDuration(this.record.elapsedMs() - startedMs).padStart(8)}  ${oneLine(text)}`)
    }
    this.runner.line(stageHeading(title))
    return await this.record.stage(title, () => work(milestone))
  }

  /** The report as it will be written when the run ends like this; without a secret. */
  preview(ending: Ending): Report {
    return redactReport(this.report(ending), this.redact)
  }

  /** Writes outputs, report, summary and annotations, none of which holds a secret; resolves with the exit code. */
  async end(ending: Ending): Promise<number> {
    const { runner } = this
    const { redact, folder } = this
    const report = this.preview(ending)
    const { failure } = report
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // An earlier run of the same job may have left one.
    if (!this.hasBundle) writeBundle(join(folder, 'evidence'), [])
    const reportFile = join(folder, 'report.json')
    const markdown = this.summaryOf(report)
    this.#writeWhole(reportFile, renderJson(report))
    this.#writeWhole(join(folder, 'summary.md'), markdown)
    for (const [name, text] of Object.entries(await this.renderMore(report))) this.#writeWhole(join(folder, name), text)
    if (this.evidence.length > 0)
      this.#writeWhole(join(folder, 'evidence.txt'), `${this.evidence.map(redact).join('\n')}\n`, 0o600)
    const files = this.#standard({ report: reportFile, evidence: this.bundleFolder })
    for (const [name, value] of Object.entries({ ...report.outputs, ...files })) runner.output(name, value)

    runner.line()
    if (failure) {
      for (const line of renderFailure(failure)) runner.line(line)
      runner.errorAnnotation(report.headline, `${failure.cause}\n${failure.remedy}`)
    } else {
      runner.line(report.next !== nothingNext ? `${report.headline}. Next: ${report.next}` : `${report.headline}.`)
    }
    if (isHeld(runner.environment, report.result)) {
      const headline = /^## ([^\n]*)/.exec(markdown)?.[1] ?? this.action
      holdSummary(runner.temporaryDirectory, { headline, markdown })
    } else {
      await runner.summary(`${markdown}${takeHeldSummaries(runner.temporaryDirectory)}`)
    }
    return failure ? 1 : 0
  }

  /** Two jobs of one temporary folder may be about the same: whoever reads finds the one or the other, never a half. Writes through no link. */
  #writeWhole(path: string, text: string, mode = 0o666): void {
    const growing = `${path}.${this.id}`
    writeFileSync(growing, text, { mode })
    renameSync(growing, path)
  }

  #standard(values: Partial<Record<StandardOutput, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(values).filter(([name]) => this.#outputs.has(name as StandardOutput)))
  }

  private get evidenceEntries(): readonly EvidenceEntry[] {
    return this.#bundle.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text) }))
  }

  private report(ending: Ending): Report {
    const parts = this.record.parts()
    const changed = parts.applied.length > 0
    const restarted = parts.applied.includes('restart')
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
      ...parts,
      plan: this.plan,
      changed,
      restarted,
      provenance: this.provenance,
      facts: this.facts,
      outputs: {
        ...this.#standard({
          result: ending.result,
          changed: String(changed),
          restarted: String(restarted),
          plan: JSON.stringify(this.plan.changes),
          'node-name': this.node,
          'failure-code': ending.failure?.code ?? '',
        }),
        ...this.outputs,
      },
      ...(ending.failure ? { failure: ending.failure } : {}),
      ...(this.hasBundle ? { evidence: this.evidenceEntries } : {}),
      ...(this.verification ? { verification: this.verification } : {}),
      ...(this.deployment ? { deployment: this.deployment } : {}),
    }
  }
}
