/** Which pushes and pull requests start a workflow: its `branches`, `paths` and `types`. */
import { WorkflowError } from './errors.ts'
import { entriesOf, errorAt, find, literalOf, placeOf, sequenceOf } from './tokens.ts'
import type { WorkflowFile } from './workflow-file.ts'

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

const filters = ['branches', 'branches-ignore', 'paths', 'paths-ignore', 'types', 'tags'] as const

// What `pull_request` means where the workflow names no types.
const usualTypes = ['opened', 'synchronize', 'reopened']

/** What of an event its filters look at. */
export interface Filtered {
  readonly name: 'push' | 'pull_request'
  /** Of a pull request the branch that it is to be merged into. */
  readonly branch: string
  /** Undefined: nobody has said which files are changed, and no filter of paths is asked. */
  readonly paths?: readonly string[]
  /** Of a pull request. */
  readonly action?: string
}

/** @throws WorkflowError where GitHub would start nothing */
export function refuseFiltered(file: WorkflowFile, event: Filtered): void {
  const token = file.triggers.get(event.name)
  const patterns = (key: (typeof filters)[number]): string[] =>
    sequenceOf(find(token, key)).map((item) => literalOf(item) ?? '')
  for (const [key] of entriesOf(token)) {
    if (!(filters as readonly string[]).includes(key))
      throw errorAt(file, find(token, key), `the rehearsal does not know the filter '${key}'`)
  }
  const refuse = (why: string): never => {
    throw new WorkflowError(`${placeOf(file, token)}: this ${event.name} does not start the workflow: ${why}`)
  }
  const isFor = (key: 'branches' | 'paths', value: string): boolean =>
    patterns(key).length === 0 || passesFilter(patterns(key), value)
  const { branch, paths, action } = event
  const types = patterns('types').length === 0 ? usualTypes : patterns('types')
  if (action !== undefined && !types.includes(action)) refuse(`'${action}' is not among types`)
  // Only tags are named: pushes of branches are not meant.
  if (find(token, 'tags') && !find(token, 'branches') && !find(token, 'branches-ignore')) refuse('only tags are named')
  if (!isFor('branches', branch)) refuse(`branch '${branch}' is not among branches`)
  if (find(token, 'branches-ignore') && passesFilter(patterns('branches-ignore'), branch))
    refuse(`branch '${branch}' is ignored`)
  if (paths === undefined) return
  if (!paths.some((path) => isFor('paths', path))) refuse('no changed file is among paths')
  if (find(token, 'paths-ignore') && paths.every((path) => passesFilter(patterns('paths-ignore'), path)))
    refuse('every changed file is ignored')
}
