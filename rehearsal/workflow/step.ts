/** One step or one stage of one: condition, environment, time limit, result, and what its files told the runner. */
import { statSync } from 'node:fs'
import type { Plain } from './expressions.ts'
import { type CommandFiles, createCommandFiles, parseKeyValues, textOfFile } from './file-commands.ts'
import { stepFunctions } from './functions.ts'
import type { TemplateToken } from './parser.ts'
import type { JobState } from './run-state.ts'
import { type Annotation, StepOutput } from './step-output.ts'
import { conditionOf, find, holds, type Scope, type Source, textAt, textsAt, valueAt } from './tokens.ts'

/** A step or stage that is due. */
export interface PlannedStep {
  readonly title: string
  /** The step's id, if it has one: only then are its outputs kept. */
  readonly id?: string
  /** The step in the workflow file. */
  readonly token: TemplateToken
  /** Of a pre or post stage; a main stage has the step's own `if`. */
  readonly condition?: string
  /** Kept from stage to stage of one action. */
  readonly state: Record<string, string>
  readonly stage: 'pre' | 'main' | 'post'
  /** Does the work; resolves with an exit code. */
  execute(step: StepContext): Promise<number>
}

/** What the work of a step gets. */
export interface StepContext {
  readonly job: JobState
  /** The step's name as it is shown. */
  readonly title: string
  readonly source: Source
  readonly token: TemplateToken
  readonly scope: Scope
  /** `env` of workflow, job and step. */
  readonly env: Readonly<Record<string, string>>
  readonly files: CommandFiles
  readonly output: StepOutput
  readonly signal: AbortSignal
  readonly state: Record<string, string>
  setOutput(name: string, value: string): void
}

// GitHub keeps ten annotations of each level per step.
const annotationLimit = 10
const summaryLimit = 1024 * 1024

function scopeOf(job: JobState, env: Readonly<Record<string, string>>): Scope {
  const contexts = {
    ...job.contexts,
    env,
    steps: job.steps,
    job: { ...(job.contexts.job as Record<string, Plain>), status: job.status },
  }
  return { contexts, functions: stepFunctions(job) }
}

/** What a step that has no name is called. */
function nameOf(source: Source, token: TemplateToken, scope: Scope): string | undefined {
  const name = textAt(source, find(token, 'name'), scope)
  if (name) return name
  const script = textAt(source, find(token, 'run'), scope)
  return script === undefined ? undefined : `Run ${script.trimStart().split(/[\r\n]/)[0] ?? ''}`
}

/** Carries out what the step wrote into its files. Problems are errors of the step, as in the runner. */
function readCommandFiles(job: JobState, step: StepContext, fail: () => void): void {
  const attempt = (name: string, work: () => void): void => {
    try {
      work()
    } catch (error) {
      step.output.issue('error', `Unable to process file command '${name}' successfully.`)
      step.output.issue('error', (error as Error).message)
      fail()
    }
  }
  attempt('path', () => {
    for (const folder of textOfFile(step.files.GITHUB_PATH).split(/\r?\n/)) {
      if (folder === '') continue
      const before = job.path.indexOf(folder)
      if (before >= 0) job.path.splice(before, 1)
      job.path.push(folder)
    }
  })
  attempt('env', () => {
    for (const [name, value] of parseKeyValues(textOfFile(step.files.GITHUB_ENV))) {
      if (name.toUpperCase() === 'NODE_OPTIONS')
        step.output.issue('error', `Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.`)
      else job.env[name] = value
    }
  })
  attempt('state', () => {
    for (const [name, value] of parseKeyValues(textOfFile(step.files.GITHUB_STATE))) step.state[name] = value
  })
  attempt('output', () => {
    for (const [name, value] of parseKeyValues(textOfFile(step.files.GITHUB_OUTPUT))) step.setOutput(name, value)
  })
  const summary = textOfFile(step.files.GITHUB_STEP_SUMMARY)
  const bytes = summary === '' ? 0 : statSync(step.files.GITHUB_STEP_SUMMARY).size
  if (bytes > summaryLimit) {
    step.output.issue(
      'error',
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${summaryLimit / 1024}k, got ${Math.floor(bytes / 1024)}k. For more information see: https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-markdown-summary`,
    )
  } else if (summary !== '') {
    job.run.summaries.push(
      summary
        .split(/\r?\n/)
        .map((line) => job.masks.hide(line))
        .join('\n'),
    )
  }
}

/** Runs one due step and records it. Never throws: what goes wrong is an error of the step. */
export async function runStep(job: JobState, planned: PlannedStep): Promise<void> {
  const source = job.file
  const outputs: Record<string, string> = {}
  const counts = { error: 0, warning: 0, notice: 0 }
  let hasFailed = false
  const fail = (): void => {
    hasFailed = true
  }
  const setOutput = (name: string, value: string): void => {
    outputs[name] = value
  }
  const annotate = (annotation: Annotation): void => {
    if (counts[annotation.level]++ < annotationLimit) job.run.annotations.push(annotation)
  }
  const saveState = (name: string, value: string): void => {
    planned.state[name] = value
  }
  const output = new StepOutput(job.log, job.masks, { annotate, setOutput, saveState, fail }, job.run.isDebug)
  const complete = (outcome: string, conclusion: string, exitCode?: number): void => {
    const name = job.masks.hide(title)
    job.records.push({
      name,
      conclusion,
      outputs: planned.id ? outputs : {},
      ...(exitCode === undefined ? {} : { exitCode }),
    })
    if (planned.id && planned.stage === 'main') job.steps[planned.id] = { outputs, outcome, conclusion }
    if (conclusion === 'failure' && job.status === 'success') job.status = 'failure'
  }

  if (job.cancel.aborted) job.status = 'cancelled'
  let title = planned.title
  let env: Record<string, string> = { ...job.env }
  let condition = planned.condition ?? 'success()'
  try {
    env = { ...env, ...textsAt(source, find(planned.token, 'env'), scopeOf(job, env)) }
    const name = planned.stage === 'main' ? nameOf(source, planned.token, scopeOf(job, env)) : undefined
    if (name) title = name
    condition = planned.condition ?? conditionOf(source, find(planned.token, 'if'))
    if (!holds(source, condition, scopeOf(job, env), find(planned.token, 'if'))) {
      if (planned.stage === 'main') job.log.heading(`${title} (skipped)`, '─')
      return complete('skipped', 'skipped')
    }
  } catch (error) {
    job.log.heading(title, '─')
    output.issue('error', (error as Error).message)
    return complete('failure', 'failure')
  }

  job.log.heading(title, '─')
  const abort = new AbortController()
  let ending: 'cancelled' | 'timed-out' | undefined
  const onCancel = (): void => {
    job.status = 'cancelled'
    // A step whose condition still holds (always()) is left to finish.
    if (holds(source, condition, scopeOf(job, env))) return
    ending = 'cancelled'
    abort.abort()
  }
  job.cancel.addEventListener('abort', onCancel, { once: true })
  let timer: NodeJS.Timeout | undefined
  let exitCode = 1
  try {
    const scope = scopeOf(job, env)
    const minutes = Number(textAt(source, find(planned.token, 'timeout-minutes'), scope) ?? 0)
    if (minutes > 0) {
      timer = setTimeout(() => {
        ending ??= 'timed-out'
        abort.abort()
      }, minutes * 60_000)
    }
    const files = createCommandFiles(job.run.folders.temporary)
    const step: StepContext = {
      job,
      title,
      source,
      token: planned.token,
      scope,
      env,
      files,
      output,
      signal: abort.signal,
      state: planned.state,
      setOutput,
    }
    try {
      exitCode = await planned.execute(step)
    } finally {
      job.log.endGroup()
      readCommandFiles(job, step, fail)
    }
    if (ending === 'timed-out') output.issue('error', `The action '${title}' has timed out after ${minutes} minutes.`)
    if (ending === 'cancelled') output.issue('error', 'The operation was canceled.')
  } catch (error) {
    output.issue('error', (error as Error).message)
    fail()
  } finally {
    job.cancel.removeEventListener('abort', onCancel)
    clearTimeout(timer)
  }
  const outcome = ending === 'cancelled' ? 'cancelled' : exitCode !== 0 || hasFailed || ending ? 'failure' : 'success'
  let isForgiven = false
  const allowed =
    planned.stage === 'main' && outcome === 'failure' ? find(planned.token, 'continue-on-error') : undefined
  try {
    isForgiven = allowed !== undefined && valueAt(source, allowed, scopeOf(job, env)) === true
  } catch (error) {
    output.issue('error', (error as Error).message)
  }
  complete(outcome, isForgiven ? 'success' : outcome, exitCode)
}
