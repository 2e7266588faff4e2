/** What started a run, checked as GitHub checks it before it starts one. */
import { WorkflowError } from './errors.ts'
import { refuseFiltered } from './event-filters.ts'
import { around, type PayloadFacts, pathsOf, pullRequestOf, pushPayload, type WorkflowEvent } from './event-payload.ts'
import type { Plain } from './expressions.ts'
import { entriesOf, errorAt, find, literalOf, placeOf, sequenceOf } from './tokens.ts'
import type { WorkflowFile } from './workflow-file.ts'

export type { WorkflowEvent } from './event-payload.ts'

export interface StartedBy {
  /** The `inputs` context. */
  readonly inputs: Readonly<Record<string, Plain>>
  /** The webhook payload as far as workflows read it (`github.event`). */
  readonly payload: { readonly [key: string]: Plain }
  /** What the run is about, e.g. `refs/heads/main`; of a pull request the merge that would be made. */
  readonly ref: string
  readonly sha: string
  /** Of a pull request; empty otherwise. */
  readonly headRef: string
  readonly baseRef: string
  /** A stranger's: it gets no secrets, no variables, no ID token, and a token that writes nothing. */
  readonly isFromFork: boolean
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

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function refuseSchedule(file: WorkflowFile, cron: string): void {
  const schedules = sequenceOf(file.triggers.get('schedule'))
  const crons = schedules.map((item) => literalOf(find(item, 'cron')) ?? '')
  if (!crons.includes(cron))
    throw new WorkflowError(`${file.path}: '${cron}' is not one of its schedules (${crons.join('; ')})`)
  const timeZone = find(schedules[crons.indexOf(cron)], 'timezone')
  if (timeZone !== undefined && !isTimeZone(literalOf(timeZone) ?? ''))
    throw errorAt(file, timeZone, `'${literalOf(timeZone)}' is no time zone of the IANA database`)
}

/** Git allows much in the name of a branch, but no blank, control character, `..`, or any of `~^:?*[\` (git check-ref-format). */
function refuseBranch(branch: string): void {
  if (/[\u0000- ~^:?*[\\\u007f]|\.\.|@\{|^[/.-]|[/.]$|\/\/|\.lock$/.test(branch) || branch === '')
    throw new WorkflowError(`'${branch}' is no name that git allows for a branch`)
}

/**
 * Checks that the event starts the workflow, and gives what the run sees of it.
 * @throws WorkflowError where GitHub would start nothing
 */
export function startedBy(file: WorkflowFile, event: WorkflowEvent, facts: PayloadFacts): StartedBy {
  if (!file.triggers.has(event.name)) {
    throw new WorkflowError(
      `${file.path}: the workflow has no '${event.name}' trigger (it has ${[...file.triggers.keys()].join(', ')})`,
    )
  }
  const branch = event.name === 'schedule' ? 'main' : (event.branch ?? 'main')
  refuseBranch(branch)
  const onBranch = {
    inputs: {},
    ref: `refs/heads/${branch}`,
    sha: facts.commit,
    headRef: '',
    baseRef: '',
    isFromFork: false,
  }
  switch (event.name) {
    case 'workflow_dispatch': {
      const inputs = dispatchInputs(file, event.inputs ?? {})
      const texts = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]))
      const payload = { inputs: texts, ref: onBranch.ref, workflow: file.path, ...around(facts) }
      return { ...onBranch, inputs, payload }
    }
    case 'schedule':
      refuseSchedule(file, event.cron)
      return { ...onBranch, payload: { schedule: event.cron, ...around(facts) } }
    case 'push': {
      const paths = pathsOf(event)
      refuseFiltered(file, { name: 'push', branch, ...(paths === undefined ? {} : { paths }) })
      return { ...onBranch, payload: pushPayload(event, branch, facts) }
    }
    case 'pull_request': {
      const { number, head, base, mergeCommit, payload } = pullRequestOf(event, facts)
      refuseBranch(head)
      const { paths, action = 'opened', isFromFork = false, isForkGone = false } = event
      refuseFiltered(file, { name: 'pull_request', branch: base, action, ...(paths === undefined ? {} : { paths }) })
      return {
        inputs: {},
        payload,
        ref: `refs/pull/${number}/merge`,
        sha: mergeCommit,
        headRef: head,
        baseRef: base,
        isFromFork: isFromFork || isForkGone,
      }
    }
  }
}
