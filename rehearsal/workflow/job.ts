/** One job on one (embedded) runner: its steps in order, then the post stages in reverse, then its outputs. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ActionFile, readAction } from './action-file.ts'
import { runAction } from './action-step.ts'
import { type Contexts, type Plain, textOf } from './expressions.ts'
import { admitted } from './id-token.ts'
import { JobLog } from './log.ts'
import { isHosted } from './machine.ts'
import { Masks } from './masks.ts'
import { fileContext } from './origin.ts'
import { endOrphans } from './orphans.ts'
import type { TemplateToken } from './parser.ts'
import type { Permissions } from './permissions.ts'
import { referenceOf } from './references.ts'
import type { Conclusion, JobState, RunState, StepRecord } from './run-state.ts'
import { runScript } from './script-step.ts'
import { type PlannedStep, runStep, type StepContext } from './step.ts'
import { runStandIn } from './third-party-step.ts'
import { find, literalOf, type Scope, textAt, textsAt } from './tokens.ts'
import type { JobDefinition, WorkflowFile } from './workflow-file.ts'

export interface JobOrder {
  readonly run: RunState
  readonly file: WorkflowFile
  readonly definition: JobDefinition
  /** As GitHub shows it: `caller / job (matrix)`. */
  readonly name: string
  readonly runsOn: readonly string[]
  readonly permissions: Permissions
  /** Name of the environment; empty for none. */
  readonly environment: string
  /** `inputs`, `vars`, `secrets`, `needs`, `strategy`, `matrix`. */
  readonly contexts: Contexts
  /** `uses:` of a step → the action of a repository. */
  readonly actions: ReadonlyMap<TemplateToken, ActionFile>
}

export interface JobOutcome {
  readonly conclusion: Conclusion
  readonly outputs: Readonly<Record<string, string>>
  readonly steps: readonly StepRecord[]
}

function empty(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
}

function startJob(order: JobOrder, cancel: AbortSignal): JobState {
  const { run, file, definition } = order
  const given = run.tokens?.admit(order.permissions)
  const token = given?.token ?? textOf(run.github.token ?? '')
  const masks = new Masks(run.allSecrets)
  const eventPath = join(run.folders.temporary, '_github_workflow', 'event.json')
  empty(run.folders.temporary)
  for (const folder of [run.folders.home, run.folders.workspace, run.folders.tools, join(eventPath, '..')])
    mkdirSync(folder, { recursive: true })
  writeFileSync(eventPath, JSON.stringify(run.github.event))
  const runnerOs = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }[process.platform as string] ?? 'Linux'
  const contexts: Contexts = {
    ...order.contexts,
    secrets: { ...(order.contexts.secrets as Record<string, Plain>), GITHUB_TOKEN: token },
    github: { ...run.github, token, job: definition.id, workspace: run.folders.workspace, event_path: eventPath },
    runner: {
      name: 'rehearsal',
      os: runnerOs,
      arch: { x64: 'X64', arm64: 'ARM64' }[process.arch as string] ?? 'X64',
      environment: isHosted(order.runsOn) ? 'github-hosted' : 'self-hosted',
      temp: run.folders.temporary,
      tool_cache: run.folders.tools,
      workspace: run.folders.work,
      ...(run.isDebug ? { debug: '1' } : {}),
    },
    job: fileContext(file.origin, file.path, run.github),
  }
  const scope: Scope = { contexts }
  const env = {
    ...textsAt(file, find(file.root, 'env'), scope),
    ...textsAt(file, find(definition.token, 'env'), scope),
  }
  const setting = (key: string): string | undefined =>
    textAt(
      file,
      find(find(find(definition.token, 'defaults'), 'run'), key) ?? find(find(find(file.root, 'defaults'), 'run'), key),
      { contexts: { ...contexts, env } },
    )
  const shell = setting('shell')
  const workingDirectory = setting('working-directory')
  const idToken = admitted(order)
  // The runner masks the token of its own connection, and that is what a job asks with.
  if (idToken) masks.add(idToken.requestToken)
  masks.add(token)
  return {
    run,
    file,
    id: definition.id,
    masks,
    log: new JobLog(run.log, masks),
    cancel,
    status: 'success',
    env,
    path: [],
    steps: {},
    contexts,
    idToken,
    endToken: () => given?.end(),
    trackingId: `github_${randomUUID()}`,
    defaults: { ...(shell ? { shell } : {}), ...(workingDirectory ? { workingDirectory } : {}) },
    records: [],
  }
}

/** Turns the steps of the file into what has to run: stages before, in between, and (pushed while running) after. */
function planSteps(
  job: JobState,
  order: JobOrder,
): { readonly pre: PlannedStep[]; readonly main: PlannedStep[]; readonly post: PlannedStep[] } {
  const pre: PlannedStep[] = []
  const post: PlannedStep[] = []
  const planOne = (token: TemplateToken): PlannedStep => {
    const id = literalOf(find(token, 'id'))
    const base = { token, ...(id ? { id } : {}), state: {}, stage: 'main' as const }
    const uses = find(token, 'uses')
    if (uses === undefined) return { ...base, title: 'Run', execute: runScript }
    const reference = referenceOf(job.file, uses)
    const text = literalOf(uses) ?? ''
    const named = find(token, 'name')
    const title = (named?.isLiteral ? literalOf(named) : undefined) ?? `Run ${text}`
    const later = (step: PlannedStep): void => {
      if (!post.some((planned) => planned.state === step.state)) post.push(step)
    }
    const known = order.actions.get(uses)
    if (reference.kind === 'third-party' && known === undefined) {
      const standIn = job.run.standIns[reference.name]
      if (standIn === undefined) throw new Error(`there is no stand-in for ${reference.name}`)
      const after = (main: StepContext): PlannedStep => ({
        ...base,
        title: `Post ${main.title}`,
        stage: 'post',
        condition: 'always()',
        execute: (step) => runStandIn(standIn, text, 'post', step),
      })
      return {
        ...base,
        title,
        execute: (step) => {
          if (standIn.post) later(after(step))
          return runStandIn(standIn, text, 'main', step)
        },
      }
    }
    const afterOf = (action: ActionFile, before: StepContext): PlannedStep => ({
      ...base,
      title: `Post ${before.title.replace(/^Pre /, '')}`,
      stage: 'post',
      condition: action.postIf,
      execute: (step) => runAction(action, text, 'post', step),
    })
    if (known?.pre) {
      pre.push({
        ...base,
        title: `Pre ${title}`,
        stage: 'pre',
        condition: known.preIf,
        execute: (step) => {
          if (known.post) later(afterOf(known, step))
          return runAction(known, text, 'pre', step)
        },
      })
    }
    return {
      ...base,
      title,
      execute: async (step) => {
        const action = known ?? (await readAction(join(job.run.folders.workspace, reference.path), text))
        if (action.post) later(afterOf(action, step))
        if (known === undefined && action.pre)
          step.output.issue('warning', `\`pre\` execution is not supported for local action from '${text}'`)
        return await runAction(action, text, 'main', step)
      },
    }
  }
  return { pre, main: order.definition.steps.map(planOne), post }
}

/** Job outputs; one that holds a secret is dropped, with GitHub's warning. */
function outputsOf(job: JobState, token: TemplateToken | undefined): Record<string, string> {
  if (token === undefined) return {}
  const contexts: Contexts = {
    ...job.contexts,
    env: job.env,
    steps: job.steps,
    job: { ...(job.contexts.job as Record<string, Plain>), status: job.status },
  }
  const outputs: Record<string, string> = {}
  job.log.heading('Complete job', '─')
  job.log.line('Evaluate and set job outputs')
  for (const [name, value] of Object.entries(textsAt(job.file, token, { contexts }))) {
    if (value === '') continue
    if (job.masks.hides(value)) {
      const message = `Skip output '${name}' since it may contain secret.`
      job.log.line(`Warning: ${message}`)
      job.run.annotations.push({ level: 'warning', title: '', message })
      continue
    }
    job.log.line(`Set output '${name}'`)
    outputs[name] = value
  }
  return outputs
}

/** Runs a job to its end. What goes wrong in it is its conclusion. */
export async function runJob(order: JobOrder): Promise<JobOutcome> {
  const timeUp = new AbortController()
  const job = startJob(order, AbortSignal.any([order.run.cancel, timeUp.signal]))
  const minutes = Number(
    textAt(job.file, find(order.definition.token, 'timeout-minutes'), { contexts: job.contexts }) ?? 360,
  )
  job.log.heading(`${order.name}   runs on ${order.runsOn.join(', ')}`, '═')
  const timer = setTimeout(() => {
    job.log.line(
      `Error: The job running on runner rehearsal has exceeded the maximum execution time of ${minutes} minutes.`,
    )
    timeUp.abort()
  }, minutes * 60_000)
  try {
    const { pre, main, post } = planSteps(job, order)
    for (const step of [...pre, ...main]) await runStep(job, step)
    for (const step of post.toReversed()) await runStep(job, step)
    const outputs = outputsOf(job, find(order.definition.token, 'outputs'))
    return { conclusion: job.status, outputs, steps: job.records }
  } catch (error) {
    const message = job.masks.hide((error as Error).message)
    job.log.line(`Error: ${message}`)
    job.run.annotations.push({ level: 'error', title: '', message })
    return { conclusion: 'failure', outputs: {}, steps: job.records }
  } finally {
    clearTimeout(timer)
    job.idToken?.end()
    job.endToken()
    endOrphans(job.trackingId)
    empty(order.run.folders.temporary)
  }
}
