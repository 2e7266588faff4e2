/** Reads a workflow file as GitHub does, and refuses every key that the rehearsal would not carry out. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { closest } from 'fastest-levenshtein'
import { WorkflowError } from './errors.ts'
import { type Origin, shownPath } from './origin.ts'
import {
  convertWorkflowTemplate,
  isMapping,
  NoOperationTraceWriter,
  parseWorkflow,
  type TemplateToken,
} from './parser.ts'
import { entriesOf, errorAt, find, type Source, sequenceOf } from './tokens.ts'

export interface WorkflowFile extends Source {
  /** The repository and commit that it is read from. */
  readonly origin: Origin
  /** The `name` of the workflow; its path where it has none. */
  readonly name: string
  /** Trigger name → its configuration. */
  readonly triggers: ReadonlyMap<string, TemplateToken | undefined>
  readonly jobs: readonly JobDefinition[]
}

export interface JobDefinition {
  readonly id: string
  readonly token: TemplateToken
  readonly needs: readonly string[]
  /** The called workflow, for a job that calls one. */
  readonly uses?: TemplateToken
  readonly steps: readonly TemplateToken[]
}

// GitHub's schema knows more than this runner carries out (containers, services, background steps …). What is not here is an error.
const known = {
  workflow: ['name', 'run-name', 'on', 'permissions', 'env', 'defaults', 'concurrency', 'jobs'],
  trigger: ['workflow_dispatch', 'workflow_call', 'push', 'schedule', 'pull_request'],
  job: [
    'name',
    'needs',
    'if',
    'runs-on',
    'permissions',
    'env',
    'defaults',
    'concurrency',
    'environment',
    'outputs',
    'strategy',
    'timeout-minutes',
    'continue-on-error',
    'steps',
  ],
  call: ['name', 'needs', 'if', 'uses', 'with', 'secrets', 'permissions', 'concurrency', 'strategy'],
  strategy: ['matrix', 'fail-fast', 'max-parallel'],
  defaults: ['run'],
  defaultsRun: ['shell', 'working-directory'],
  concurrency: ['group', 'cancel-in-progress', 'queue'],
  environment: ['name', 'url', 'deployment'],
  runStep: ['id', 'name', 'if', 'run', 'shell', 'working-directory', 'env', 'continue-on-error', 'timeout-minutes'],
  actionStep: ['id', 'name', 'if', 'uses', 'with', 'env', 'continue-on-error', 'timeout-minutes'],
} as const

/** Throws for the first key of a mapping that is not in the list. */
export function refuseUnknownKeys(
  source: Source,
  token: TemplateToken | undefined,
  what: string,
  keys: readonly string[],
): void {
  if (token === undefined || !isMapping(token)) return
  for (let index = 0; index < token.count; index++) {
    const { key } = token.get(index)
    const name = String(key.toJSON())
    if (keys.includes(name)) continue
    throw errorAt(
      source,
      key,
      `the rehearsal does not know the key '${name}' of ${what} (nearest that it knows: '${closest(name, keys)}')`,
    )
  }
}

function triggersOf(source: Source): Map<string, TemplateToken | undefined> {
  const on = find(source.root, 'on')
  const triggers = new Map<string, TemplateToken | undefined>()
  if (on !== undefined && isMapping(on)) for (const [name, token] of entriesOf(on)) triggers.set(name, token)
  else for (const item of sequenceOf(on)) triggers.set(String(item.toJSON()), undefined)
  for (const name of triggers.keys()) {
    if (!(known.trigger as readonly string[]).includes(name)) {
      throw errorAt(
        source,
        on,
        `the rehearsal does not know the trigger '${name}' (it knows ${known.trigger.join(', ')})`,
      )
    }
  }
  return triggers
}

function refuseUnknownInDefaults(source: Source, token: TemplateToken | undefined): void {
  refuseUnknownKeys(source, token, 'defaults', known.defaults)
  refuseUnknownKeys(source, find(token, 'run'), 'defaults.run', known.defaultsRun)
}

function readJob(source: Source, id: string, token: TemplateToken): JobDefinition {
  const uses = find(token, 'uses')
  refuseUnknownKeys(source, token, `job '${id}'`, uses ? known.call : known.job)
  refuseUnknownKeys(source, find(token, 'strategy'), 'strategy', known.strategy)
  refuseUnknownKeys(source, find(token, 'concurrency'), 'concurrency', known.concurrency)
  refuseUnknownKeys(source, find(token, 'environment'), 'environment', known.environment)
  refuseUnknownInDefaults(source, find(token, 'defaults'))
  const steps = sequenceOf(find(token, 'steps'))
  for (const step of steps) {
    if (find(step, 'run')) refuseUnknownKeys(source, step, 'a run step', known.runStep)
    else refuseUnknownKeys(source, step, 'a step that uses an action', known.actionStep)
  }
  return {
    id,
    token,
    needs: sequenceOf(find(token, 'needs')).map((item) => String(item.toJSON())),
    ...(uses ? { uses } : {}),
    steps,
  }
}

/** Jobs so that each comes after those it needs; among equals the order of the file. GitHub's parser has refused cycles. */
function inOrder(jobs: readonly JobDefinition[]): JobDefinition[] {
  const ordered: JobDefinition[] = []
  const left = [...jobs]
  while (left.length > 0) {
    const next = left.findIndex((job) => job.needs.every((need) => ordered.some((done) => done.id === need)))
    ordered.push(...left.splice(Math.max(next, 0), 1))
  }
  return ordered
}

/**
 * Reads and validates one workflow file.
 * @param path relative to the repository, with `/`
 * @throws WorkflowError naming file, line and column
 */
export async function readWorkflow(origin: Origin, path: string): Promise<WorkflowFile> {
  const shown = shownPath(origin, path)
  let content: string
  try {
    content = await readFile(join(origin.folder, path), 'utf8')
  } catch (error) {
    throw new WorkflowError(`${shown}: the workflow file cannot be read: ${(error as Error).message}`)
  }
  const { context, value: root } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter())
  if (root !== undefined && context.errors.count === 0) await convertWorkflowTemplate(context, root)
  const problems = context.errors.getErrors()
  if (root === undefined || problems.length > 0 || !isMapping(root)) {
    const lines = problems.map((problem) => {
      const start = problem.range?.start
      return `${shown}${start ? `:${start.line}:${start.column}` : ''}: ${problem.rawMessage}`
    })
    throw new WorkflowError(lines.length > 0 ? lines.join('\n') : `${shown}: this is not a workflow`)
  }
  const source: Source = { path, shown, root, context }
  refuseUnknownKeys(source, root, 'a workflow', known.workflow)
  refuseUnknownKeys(source, find(root, 'concurrency'), 'concurrency', known.concurrency)
  refuseUnknownInDefaults(source, find(root, 'defaults'))
  const jobs = entriesOf(find(root, 'jobs')).map(([id, token]) => readJob(source, id, token))
  return {
    ...source,
    origin,
    name: String(find(root, 'name')?.toJSON() ?? path),
    triggers: triggersOf(source),
    jobs: inOrder(jobs),
  }
}
