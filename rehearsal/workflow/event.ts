/** What started a run, checked as GitHub checks it before it starts one. */
import { WorkflowError } from './errors.ts'
import type { Plain } from './expressions.ts'
import { entriesOf, errorAt, find, literalOf, placeOf, sequenceOf } from './tokens.ts'
import type { WorkflowFile } from './workflow-file.ts'

export type WorkflowEvent =
  /** The button. Inputs as a person types or ticks them. */
  | { readonly name: 'workflow_dispatch'; readonly inputs?: Readonly<Record<string, string | boolean | number>> }
  /** A push of a branch; `paths` are the changed files. */
  | { readonly name: 'push'; readonly branch?: string; readonly paths?: readonly string[] }
  | {
      readonly name: 'pull_request'
      readonly branch?: string
      readonly paths?: readonly string[]
      readonly isFromFork?: boolean
    }
  /** The clock; `cron` is one of the workflow's own. */
  | { readonly name: 'schedule'; readonly cron: string }

export interface StartedBy {
  /** The `inputs` context. */
  readonly inputs: Readonly<Record<string, Plain>>
  /** The webhook payload as far as workflows read it (`github.event`). */
  readonly payload: { readonly [key: string]: Plain }
  /** Branch the run is on. */
  readonly branch: string
}

function dispatchInputs(
  file: WorkflowFile,
  given: Readonly<Record<string, string | boolean | number>>,
): Record<string, Plain> {
  const declared = entriesOf(find(file.triggers.get('workflow_dispatch'), 'inputs'))
  const unexpected = Object.keys(given).filter((name) => !declared.some(([key]) => key === name))
  if (unexpected.length > 0) {
    const names = declared.map(([key]) => key)
    throw new WorkflowError(
      `${file.path}: unexpected inputs: ${unexpected.join(', ')} (the workflow has ${names.length > 0 ? names.join(', ') : 'none'})`,
    )
  }
  const inputs: Record<string, Plain> = {}
  for (const [name, token] of declared) {
    const type = literalOf(find(token, 'type')) ?? 'string'
    const options = sequenceOf(find(token, 'options')).map((item) => literalOf(item) ?? '')
    // The form shows the first option of a choice and an unticked box where nothing else is declared.
    const fallback =
      literalOf(find(token, 'default')) ?? (type === 'choice' ? (options[0] ?? '') : type === 'boolean' ? 'false' : '')
    const value = given[name] === undefined ? fallback : String(given[name])
    const fail = (message: string): never => {
      throw new WorkflowError(`${placeOf(file, token)}: input '${name}': ${message}`)
    }
    if (value === '' && literalOf(find(token, 'required')) === 'true') fail('it is required and has no value')
    if (type === 'choice' && !options.includes(value)) fail(`'${value}' is not one of ${options.join(', ')}`)
    if (type === 'boolean' && value !== 'true' && value !== 'false') fail(`'${value}' is neither true nor false`)
    if (type === 'number' && value !== '' && Number.isNaN(Number(value))) fail(`'${value}' is not a number`)
    inputs[name] = type === 'boolean' ? value === 'true' : type === 'number' && value !== '' ? Number(value) : value
  }
  return inputs
}

/** GitHub's filter patterns: `*`, `**`, `?` and `+` for the character before them, `[]`, and `!` to take out again. */
export function passesFilter(patterns: readonly string[], value: string): boolean {
  let passes = false
  for (const pattern of patterns) {
    const isNegative = pattern.startsWith('!')
    const body = (isNegative ? pattern.slice(1) : pattern).replace(/[.^${}()|\\]/g, '\\$&')
    const expression = body.replace(/\*\*\/|\*\*|\*/g, (part) =>
      part === '**/' ? '(?:.*/)?' : part === '**' ? '.*' : '[^/]*',
    )
    if (new RegExp(`^${expression}$`).test(value)) passes = !isNegative
  }
  return passes
}

function refuseFiltered(
  file: WorkflowFile,
  event: { readonly name: 'push' | 'pull_request'; readonly paths?: readonly string[] },
  branch: string,
): void {
  const token = file.triggers.get(event.name)
  const patterns = (key: string): string[] => sequenceOf(find(token, key)).map((item) => literalOf(item) ?? '')
  for (const [key] of entriesOf(token)) {
    if (!['branches', 'branches-ignore', 'paths', 'paths-ignore', 'types', 'tags'].includes(key)) {
      throw errorAt(file, find(token, key), `the rehearsal does not know the filter '${key}'`)
    }
  }
  const refuse = (why: string): never => {
    throw new WorkflowError(`${placeOf(file, token)}: this ${event.name} does not start the workflow: ${why}`)
  }
  const isFor = (key: string, value: string): boolean =>
    patterns(key).length === 0 || passesFilter(patterns(key), value)
  if (!isFor('branches', branch)) refuse(`branch '${branch}' is not among branches`)
  if (find(token, 'branches-ignore') && passesFilter(patterns('branches-ignore'), branch))
    refuse(`branch '${branch}' is ignored`)
  if (event.paths && !event.paths.some((path) => isFor('paths', path))) refuse('no changed file is among paths')
  if (
    event.paths &&
    find(token, 'paths-ignore') &&
    event.paths.every((path) => passesFilter(patterns('paths-ignore'), path))
  ) {
    refuse('every changed file is ignored')
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The repository that a pull request comes from. */
function headOf(event: Extract<WorkflowEvent, { name: 'pull_request' }>, repositoryName: string): Plain {
  const name = repositoryName.split('/').at(-1) ?? repositoryName
  return event.isFromFork
    ? { full_name: `somebody-else/${name}`, fork: true }
    : { full_name: repositoryName, fork: false }
}

/**
 * Checks that the event starts the workflow, and gives what the run sees of it.
 * @throws WorkflowError where GitHub would start nothing
 */
export function startedBy(file: WorkflowFile, event: WorkflowEvent, repositoryName: string): StartedBy {
  if (!file.triggers.has(event.name)) {
    throw new WorkflowError(
      `${file.path}: the workflow has no '${event.name}' trigger (it has ${[...file.triggers.keys()].join(', ')})`,
    )
  }
  if (event.name === 'workflow_dispatch') {
    const inputs = dispatchInputs(file, event.inputs ?? {})
    const texts = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]))
    return { inputs, payload: { inputs: texts, ref: 'refs/heads/main', workflow: file.path }, branch: 'main' }
  }
  if (event.name === 'schedule') {
    const schedules = sequenceOf(file.triggers.get('schedule'))
    const crons = schedules.map((item) => literalOf(find(item, 'cron')) ?? '')
    if (!crons.includes(event.cron))
      throw new WorkflowError(`${file.path}: '${event.cron}' is not one of its schedules (${crons.join('; ')})`)
    const timeZone = find(schedules[crons.indexOf(event.cron)], 'timezone')
    if (timeZone !== undefined && !isTimeZone(literalOf(timeZone) ?? ''))
      throw errorAt(file, timeZone, `'${literalOf(timeZone)}' is no time zone of the IANA database`)
    return { inputs: {}, payload: { schedule: event.cron }, branch: 'main' }
  }
  const branch = event.branch ?? 'main'
  refuseFiltered(file, event, branch)
  const payload: Readonly<Record<string, Plain>> =
    event.name === 'push'
      ? { ref: `refs/heads/${branch}`, commits: [] }
      : { action: 'opened', number: 1, pull_request: { head: { repo: headOf(event, repositoryName) } } }
  return { inputs: {}, payload, branch }
}
