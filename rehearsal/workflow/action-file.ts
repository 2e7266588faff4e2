/** Reads the action.yml of an action of this repository. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WorkflowError } from './errors.ts'
import type { Origin } from './origin.ts'
import { isMapping, NoOperationTraceWriter, parseAction, type TemplateToken } from './parser.ts'
import { entriesOf, errorAt, find, literalOf, type Source } from './tokens.ts'
import { refuseUnknownKeys } from './workflow-file.ts'

export interface ActionFile extends Source {
  /** Undefined: it lay in the workspace. */
  readonly origin?: Origin
  readonly name: string
  /** Folder of action.yml; `main`, `pre` and `post` are relative to it. */
  readonly directory: string
  readonly inputs: readonly { readonly name: string; readonly default?: TemplateToken; readonly deprecation?: string }[]
  readonly main: string
  readonly pre?: string
  readonly preIf: string
  readonly post?: string
  readonly postIf: string
}

/**
 * Reads and validates an action with GitHub's own schema.
 * @param directory folder that holds action.yml
 * @param path how messages name that folder
 * @throws WorkflowError when there is none, when it is invalid, or when it is no JavaScript action for Node 24
 */
export async function readAction(directory: string, path: string): Promise<ActionFile> {
  const name = ['action.yml', 'action.yaml'].find((candidate) => existsSync(join(directory, candidate)))
  if (name === undefined) throw new WorkflowError(`${path}: there is no action.yml in this folder`)
  const filePath = `${path}/${name}`
  const { context, value: root } = parseAction(
    { name: filePath, content: await readFile(join(directory, name), 'utf8') },
    new NoOperationTraceWriter(),
  )
  const problem = context.errors.getErrors()[0]
  if (root === undefined || problem || !isMapping(root)) {
    const start = problem?.range?.start
    throw new WorkflowError(
      `${filePath}${start ? `:${start.line}:${start.column}` : ''}: ${problem?.rawMessage ?? 'this is not an action'}`,
    )
  }
  const source: Source = { path: filePath, root, context }
  const runs = find(root, 'runs')
  const using = literalOf(find(runs, 'using')) ?? ''
  if (using !== 'node24')
    throw errorAt(
      source,
      find(runs, 'using') ?? runs,
      `the rehearsal runs JavaScript actions with 'using: node24', not '${using}'`,
    )
  refuseUnknownKeys(source, runs, 'runs', ['using', 'main', 'pre', 'pre-if', 'post', 'post-if'])
  const stage = (key: 'main' | 'pre' | 'post'): string | undefined => {
    const token = find(runs, key)
    const script = literalOf(token)
    if (script !== undefined && !existsSync(join(directory, script)))
      throw errorAt(source, token, `'${script}' does not exist; build the bundles first`)
    return script
  }
  const main = stage('main')
  if (main === undefined) throw errorAt(source, runs, `'main' is missing`)
  const pre = stage('pre')
  const post = stage('post')
  return {
    ...source,
    name: literalOf(find(root, 'name')) ?? path,
    directory,
    inputs: entriesOf(find(root, 'inputs')).map(([input, token]) => {
      const fallback = find(token, 'default')
      const deprecation = literalOf(find(token, 'deprecationMessage'))
      return { name: input, ...(fallback ? { default: fallback } : {}), ...(deprecation ? { deprecation } : {}) }
    }),
    main,
    ...(pre ? { pre } : {}),
    preIf: literalOf(find(runs, 'pre-if')) ?? 'always()',
    ...(post ? { post } : {}),
    postIf: literalOf(find(runs, 'post-if')) ?? 'always()',
  }
}
