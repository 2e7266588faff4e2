/** docs/workflows.md: what the reusable workflows take and give, and what the callers of this repository need to be set up with. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { cell, code } from './docs-cells.ts'

interface Entry {
  readonly description?: string
  readonly type?: string
  readonly required?: boolean
  readonly default?: unknown
}
type Entries = Readonly<Record<string, Entry>>

interface Job {
  readonly uses?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly environment?: { readonly name?: string }
  readonly with?: Readonly<Record<string, unknown>>
}

interface Workflow {
  readonly name: string
  readonly on: Readonly<Record<string, unknown>> & {
    readonly workflow_call?: { readonly inputs?: Entries; readonly secrets?: Entries; readonly outputs?: Entries }
    readonly schedule?: readonly { readonly cron: string; readonly timezone?: string }[]
  }
  readonly jobs: Readonly<Record<string, Job>>
}

interface WorkflowFile {
  readonly name: string
  readonly text: string
  readonly workflow: Workflow
}

/** Variables and secrets that a caller reads. A new one without a line here is an error. */
const settings: Readonly<Record<string, string>> = {
  CALYPSO_KNOWN_HOSTS: 'variable: `known_hosts` lines of calypso, where the cluster file does not pin its key',
  TETHYS_KNOWN_HOSTS:
    'variable: `known_hosts` lines of the SSH server before the API, where the cluster file does not pin its key',
  PULUMI_PREVIEW: 'variable: `true` lets pull requests of this repository show what they would change',
  PULUMI_DRIFT: 'variable: `true` lets the night look whether somebody changed by hand what was deployed',
  ACCESS_CLIENT_ID: 'secret: client ID of a service token, where Triton is behind Cloudflare Access',
  ACCESS_CLIENT_SECRET: 'secret: the secret of that token',
  PULUMI_ACCESS_TOKEN: "secret: Pulumi access token, where Pulumi does not trust GitHub's ID token",
  PULUMI_CONFIG_PASSPHRASE: 'secret: passphrase of the stack, where it encrypts its secrets with one',
}

/** Lowest rights with which a job may call the workflow: GitHub wants all of them granted, also for jobs that do not run. */
export function rightsOf(jobs: Readonly<Record<string, Job>>): Record<string, string> {
  const rights: Record<string, string> = {}
  for (const { permissions = {} } of Object.values(jobs))
    for (const [scope, level] of Object.entries(permissions)) if (rights[scope] !== 'write') rights[scope] = level
  return rights
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return rows.length === 0 ? [] : [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line), '']
}

function described(file: WorkflowFile, name: string, { description }: Entry): string {
  if (!description) throw new Error(`.github/workflows/${file.name}: ${name} has no description`)
  return cell(description)
}

function reusableSection(file: WorkflowFile, exampleOf: ReadonlyMap<string, string>): string[] {
  const { inputs = {}, secrets = {}, outputs = {} } = file.workflow.on.workflow_call ?? {}
  const rights = Object.entries(rightsOf(file.workflow.jobs)).map(([scope, level]) => `${scope}: ${level}`)
  const example = exampleOf.get(file.name)
  return [
    `## ${file.name}`,
    '',
    `[\`.github/workflows/${file.name}\`](../.github/workflows/${file.name})${example ? `, smallest caller: [\`${example}\`](../${example})` : ''}. The calling job grants \`permissions: { ${rights.join(', ')} }\`.`,
    '',
    ...table(
      ['input', 'what it says', 'default'],
      Object.entries(inputs).map(([name, entry]) => [
        code(name),
        described(file, name, entry),
        entry.required ? 'required' : code(String(entry.default ?? '')),
      ]),
    ),
    ...table(
      ['secret', 'what it is'],
      Object.entries(secrets).map(([name, entry]) => [code(name), described(file, name, entry)]),
    ),
    ...table(
      ['output', 'what it holds'],
      Object.entries(outputs).map(([name, entry]) => [code(name), described(file, name, entry)]),
    ),
  ]
}

function startsOf({ on }: Workflow): string {
  const words: Readonly<Record<string, string>> = {
    workflow_dispatch: 'button',
    push: 'push',
    pull_request: 'pull request',
    schedule: `clock (${(on.schedule ?? []).map(({ cron, timezone }) => `\`${cron}\`${timezone ? ` ${timezone}` : ''}`).join(', ')})`,
  }
  return Object.keys(on)
    .map((event) => words[event] ?? event)
    .join(', ')
}

const namesIn = (text: string, context: string): string[] =>
  [...text.matchAll(new RegExp(`\\b${context}\\.([A-Z][A-Z0-9_]*)`, 'g'))].map(([, name]) => name ?? '')

function callerRows(files: readonly WorkflowFile[]): string[][] {
  return files.map(({ name, text, workflow }) => {
    const environments = Object.values(workflow.jobs)
      .map((job) => job.environment?.name ?? job.with?.environment)
      .filter((one) => typeof one === 'string' && !one.includes('${{'))
      .map((one) => code(String(one)))
    const names = [...new Set([...namesIn(text, 'vars'), ...namesIn(text, 'secrets')])].filter(
      (one) => one !== 'GITHUB_TOKEN',
    )
    for (const one of names)
      if (!settings[one]) throw new Error(`scripts/docs-workflows.ts does not say what ${one} is, which ${name} reads`)
    return [code(name), startsOf(workflow), [...new Set(environments)].join(', '), names.map(code).join(', ')]
  })
}

/** The page for the repository at `root`. */
export function workflowsDocument(root: string): string {
  const read = (path: string): WorkflowFile => {
    const text = readFileSync(join(root, path), 'utf8')
    return { name: basename(path), text, workflow: parse(text) as Workflow }
  }
  const files = globSync('.github/workflows/*.yml', { cwd: root }).sort().map(read)
  const exampleOf = new Map<string, string>()
  for (const path of globSync('examples/*.yml', { cwd: root }).sort())
    for (const { uses = '' } of Object.values(read(path).workflow.jobs)) {
      const called = /\/\.github\/workflows\/([\w.-]+)@/.exec(uses)?.[1] ?? ''
      if (!exampleOf.has(called)) exampleOf.set(called, path)
    }
  const reusable = files.filter(({ workflow }) => workflow.on.workflow_call !== undefined)
  const callers = files.filter(({ workflow }) => workflow.on.workflow_call === undefined)
  const used = new Set(callers.flatMap(({ text }) => [...namesIn(text, 'vars'), ...namesIn(text, 'secrets')]))
  const rows = Object.entries(settings).filter(([name]) => used.has(name))
  return [
    '# Workflows',
    '',
    '<!-- written by npm run docs from .github/workflows and examples -->',
    '',
    'These workflows can be called from any repository. They are named by a full commit, and run the actions of that very commit. Secrets of the environment that a call names are found by the names below, and win over those that a caller passes.',
    '',
    ...reusable.flatMap((file) => reusableSection(file, exampleOf)),
    '## What starts in this repository',
    '',
    ...table(['workflow', 'starts by', 'environments', 'variables and secrets that it reads'], callerRows(callers)),
    ...table(
      ['name', 'what it is'],
      rows.map(([name, what]) => [code(name), what]),
    ),
    'None of them has to be there: what needs one says so. Secrets belong to an environment, variables to the repository.',
    '',
  ].join('\n')
}
