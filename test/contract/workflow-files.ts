/** Workflows, examples and actions as they lie in this repository, read for contract tests. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'

export const root = join(import.meta.dirname, '..', '..', '..')

export interface Step {
  readonly id?: string
  readonly name?: string
  readonly uses?: string
  readonly if?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
}

export interface Job extends Step {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: readonly Step[]
  readonly secrets?: Readonly<Record<string, string>> | string
  readonly environment?: unknown
  readonly outputs?: Readonly<Record<string, string>>
  readonly needs?: string | readonly string[]
  readonly 'timeout-minutes'?: number
  readonly 'runs-on'?: unknown
}

export interface Input {
  readonly description?: string
  readonly type?: string
  readonly required?: boolean
  readonly default?: unknown
  readonly options?: readonly string[]
}

interface Trigger {
  readonly inputs?: Readonly<Record<string, Input>>
  readonly secrets?: Readonly<Record<string, { readonly description?: string; readonly required?: boolean }>>
  readonly outputs?: Readonly<Record<string, { readonly description?: string; readonly value: string }>>
}

export interface Workflow {
  readonly on: Readonly<Record<string, Trigger | null>> & {
    readonly schedule?: readonly { readonly cron: string; readonly timezone?: string }[]
  }
  readonly permissions?: unknown
  readonly concurrency?: { readonly group: string; readonly queue?: string; readonly 'cancel-in-progress'?: unknown }
  readonly jobs: Readonly<Record<string, Job>>
}

export interface WorkflowFile {
  /** `nightly.yml` */
  readonly name: string
  /** `.github/workflows/nightly.yml` */
  readonly path: string
  readonly text: string
  readonly workflow: Workflow
}

function read(path: string): WorkflowFile {
  const text = readFileSync(join(root, path), 'utf8')
  return { name: basename(path), path, text, workflow: parse(text) as Workflow }
}

export const workflows = globSync('.github/workflows/*.yml', { cwd: root }).sort().map(read)
/** Callers from other repositories. */
export const examples = globSync('examples/*.yml', { cwd: root }).sort().map(read)
export const reusable = workflows.filter(({ workflow }) => 'workflow_call' in workflow.on)
export const callers = workflows.filter(({ workflow }) => !('workflow_call' in workflow.on))

export interface ActionFile {
  readonly inputs: Readonly<Record<string, Input>>
  readonly outputs: Readonly<Record<string, unknown>>
}

/** Name → action.yml. */
export const actions: ReadonlyMap<string, ActionFile> = new Map(
  readdirSync(join(root, 'actions'))
    .filter((name) => existsSync(join(root, 'actions', name, 'action.yml')))
    .map((name) => [name, parse(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as ActionFile]),
)

/** Every job, and every step of it, with where it stands. */
export const places = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).flatMap(([job, value]) =>
    [value, ...(value.steps ?? [])].map((step) => ({ where: `${name}, job ${job}`, step })),
  ),
)

/** The own action that a step starts; undefined for a script, somebody else's action, or one that is not there. */
export const actionOf = ({ uses = '' }: Step): string | undefined => /^\$\/actions\/([\w-]+)$/.exec(uses)?.[1]

/** The reusable workflow that a job calls, also from another repository. */
export function calledBy({ uses = '' }: Step): WorkflowFile | undefined {
  const name = /^(?:\$|[\w.-]+\/k3s-gpu-actions)\/\.github\/workflows\/([\w.-]+?)(?:@.*)?$/.exec(uses)?.[1]
  return reusable.find((one) => one.name === name)
}

/** Names that expressions of a text read from a context: `namesIn('${{ inputs.mode }}', 'inputs')` is `['mode']`. */
export function namesIn(text: string, context: string): string[] {
  const found = new Set<string>()
  for (const [expression] of text.matchAll(/\$\{\{.*?\}\}/gs))
    for (const [, name] of expression.matchAll(new RegExp(`(?<![\\w.-])${context}\\.([\\w-]+)`, 'g')))
      if (name !== undefined) found.add(name)
  return [...found].sort()
}
