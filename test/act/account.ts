/** What a run came to, in lines that two executors can be compared by: act, and our own workflow runner. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EmbeddedIssue } from '../../rehearsal/contract.ts'
import type { RecordedRun } from '../../rehearsal/workflow/index.ts'
import type { Report } from '../../src/report/index.ts'
import type { ActJob } from './log.ts'

export type Account = readonly string[]

/** What is another one in every world: where files lie, identities, and what was measured. */
export function settled(name: string, value: string): string {
  if (/-ms$/.test(name) && value !== '') return 'MEASURED'
  return value
    .replaceAll(/(?<=^|["\s=])(?:\/[^/"\s]+)+\/([^/"\s]+)/g, 'FOLDER/$1')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'SHA256')
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME')
    .replaceAll(/\b(?:\d+ min )?\d+(?:\.\d+)? m?s\b/g, 'SECONDS')
}

const lineOf = (...parts: readonly string[]): string => parts.join(' | ')

function outputLines(job: string, step: string, outputs: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(outputs)
    .map(([name, value]) => lineOf('output', job, step, `${name}=${settled(name, value)}`))
    .sort()
}

/** The verdict of each summary. */
const headings = (job: string, summary: string): readonly string[] =>
  [...summary.matchAll(/^## .*$/gm)].map(([heading]) => lineOf('summary', job, settled('', heading)))

/** The called job's own id: that of the caller comes before it. */
const idOf = (id: string): string => id.split('/').at(-1) ?? id

export function accountOfOwn(run: RecordedRun): Account {
  const jobs = run.jobs.flatMap(({ id, conclusion, steps }) => {
    // A job that calls a workflow has no steps of its own; one that was skipped leaves no trace at act's, like a skipped step.
    const ran = steps.filter((step) => step.conclusion !== 'skipped')
    if (ran.length === 0) return []
    return [
      lineOf('job', idOf(id), conclusion),
      ...ran.flatMap((step) => [
        lineOf('step', idOf(id), step.name, step.conclusion),
        ...outputLines(idOf(id), step.name, step.outputs),
      ]),
    ]
  })
  return [...jobs, ...headings('', run.summary)]
}

export function accountOfAct(jobs: readonly ActJob[]): Account {
  const lines = jobs.flatMap(({ id, conclusion, steps, outputs }) => [
    lineOf('job', id, conclusion),
    ...steps.flatMap(({ name, stage, outcome }) => [
      lineOf('step', id, stage === 'Main' ? name : `${stage} ${name}`, outcome),
      ...(stage === 'Main' ? outputLines(id, name, outputs[name] ?? {}) : []),
    ]),
  ])
  return [...lines, ...jobs.flatMap(({ summary }) => headings('', summary))]
}

/** What a report says, less times and numbers of measurements. */
function reportLines(path: string, report: Report): readonly string[] {
  const { verification: seen, deployment } = report
  const say = (name: string, value: unknown): string =>
    lineOf('report', path, `${name}=${settled('', JSON.stringify(value) ?? '')}`)
  return [
    ...(['action', 'cluster', 'node', 'result', 'dryRun', 'headline', 'applied'] as const).map((name) =>
      say(name, report[name]),
    ),
    say('failure', report.failure?.code),
    ...report.checks.map(({ id, verdict }) => say(id, verdict)),
    ...report.plan.changes.map(({ id, target }) => say(`change ${id}`, target)),
    ...(seen === undefined
      ? []
      : (['verdict', 'failing', 'newFailures', 'fixed', 'suites', 'mode', 'gpuVerdict'] as const).map((name) =>
          say(name, seen[name]),
        )),
    ...(deployment === undefined ? [] : [say('deployment', { ...deployment, url: deployment.url !== '' })]),
  ]
}

/** Files of all artifacts of a run, and what the reports among them say. */
export function accountOfArtifacts(artifacts: Readonly<Record<string, string>>): Account {
  return Object.entries(artifacts).flatMap(([name, folder]) =>
    globSync('**/*', { cwd: folder, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .flatMap((file) => {
        const path = join(name, file.slice(folder.length))
        const said = path.endsWith('report.json')
          ? reportLines(path, JSON.parse(readFileSync(file, 'utf8')) as Report)
          : []
        return [lineOf('file', path), ...said]
      }),
  )
}

export function accountOfIssues(issues: readonly EmbeddedIssue[]): Account {
  return issues.map(({ number, state, title, comments }) =>
    lineOf('issue', String(number), state, title, ...comments.map(({ body }) => settled('', body))),
  )
}

/** What one says and the other does not; empty: they agree. */
export function differences(own: Account, act: Account): readonly string[] {
  const [ours, theirs] = [new Set(own), new Set(act)]
  const missing = own.filter((line) => !theirs.has(line)).map((line) => `only our own runner: ${line}`)
  const more = act.filter((line) => !ours.has(line)).map((line) => `only act:            ${line}`)
  if (missing.length + more.length > 0) return [...missing, ...more]
  // Jobs run beside each other; within one, the order of the steps is the workflow's.
  const stepsOf = (account: Account): string =>
    account
      .filter((line) => line.startsWith('step '))
      .sort(byJob)
      .join('\n')
  return stepsOf(own) === stepsOf(act) ? [] : [`steps ran in another order:\n${stepsOf(own)}\n— act —\n${stepsOf(act)}`]
}

const jobOf = (line: string): string => line.split(' | ')[1] ?? ''
const byJob = (a: string, b: string): number => jobOf(a).localeCompare(jobOf(b))
