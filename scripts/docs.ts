/**
 * What is written by a program in documents, between its markers: `npm run docs`. The tables of inputs and outputs in
 * `actions/<name>/README.md` come from action.yml, the table of docs/lab.md from the lists of scenarios; docs/checks.md as a
 * whole from the registry of checks, docs/troubleshooting.md from the catalogue of diagnoses, docs/workflows.md from the workflows.
 * With `check`, nothing is written and a table that is not current is an error.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type CoverageRow, coverage } from '../lab/conformance/coverage.ts'
import { faults } from '../rehearsal/scenarios/index.ts'
import { cell, code } from './docs-cells.ts'
import { checksDocument } from './docs-checks.ts'
import { troubleshooting, troubleshootingPath } from './docs-troubleshooting.ts'
import { workflowsDocument } from './docs-workflows.ts'
import { root as repository } from './programs.ts'

interface ActionFile {
  readonly inputs?: Readonly<
    Record<string, { readonly description?: string; readonly required?: boolean; readonly default?: string } | null>
  >
  readonly outputs?: Readonly<Record<string, { readonly description?: string } | null>>
}

/** A description ends with the default that is not the runner's to fill in, and the place where the cluster file says the same. */
function splitDescription(description: string): {
  readonly text: string
  readonly fallback: string
  readonly twin: string
} {
  const [, text = '', fallback = '', twin = ''] =
    /^(.*?)(?: Default: (.*?)\.)?(?: Cluster file: (\S+)\.)?$/s.exec(description.trim()) ?? []
  return { text, fallback, twin }
}

function described(action: string, name: string, entry: { readonly description?: string } | null): string {
  const description = entry?.description?.trim() ?? ''
  if (description === '') throw new Error(`actions/${action}/action.yml: ${name} has no description`)
  return description
}

function inputTable(action: string, inputs: NonNullable<ActionFile['inputs']>): string[] {
  const rows = Object.entries(inputs).map(([name, input]) => {
    const { text, fallback, twin } = splitDescription(described(action, name, input))
    const value = input?.required ? 'required' : code(String(input?.default ?? '')) || cell(fallback)
    return `| \`${name}\` | ${cell(text)} | ${value} | ${code(twin)} |`
  })
  return ['| input | what it says | default | in the cluster file |', '|---|---|---|---|', ...rows]
}

function outputTable(action: string, outputs: NonNullable<ActionFile['outputs']>): string[] {
  const rows = Object.entries(outputs).map(
    ([name, output]) => `| \`${name}\` | ${cell(described(action, name, output))} |`,
  )
  return ['| output | what it holds |', '|---|---|', ...rows]
}

/** Names of scenarios as their commands take them; paths of test files. */
function shownBy(names: CoverageRow['lab']): string {
  return 'nowhere' in names
    ? cell(names.nowhere)
    : names.map((name) => code(name.replace('+', ' --fault '))).join('<br>')
}

function coverageTable(rows: readonly CoverageRow[]): string[] {
  const lines = rows.map(({ what, rehearsal, lab }) => `| ${cell(what)} | ${shownBy(rehearsal)} | ${shownBy(lab)} |`)
  const head =
    '| feature or fault | simulated: `npm run rehearse -- …`, or tests | on real parts: `npm run lab -- run …` |'
  return [head, '|---|---|---|', ...lines]
}

/** Puts the lines between `<!-- name: …` and `<!-- /name -->`. */
function replaceBetween(
  readme: string,
  path: string,
  name: string,
  lines: readonly string[],
  source = 'action.yml',
): string {
  const begin = `<!-- ${name}: written by npm run docs from ${source} -->`
  const end = `<!-- /${name} -->`
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${path} lacks the lines ${begin} and ${end}`)
  return `${readme.slice(0, from + begin.length)}\n\n${lines.join('\n')}\n\n${readme.slice(to)}`
}

/** Document → what it should say. */
function actionReadmes(root: string): [string, string][] {
  const files = globSync('actions/*/action.yml', { cwd: root }).sort()
  if (files.length === 0) throw new Error(`there is no action in ${root}`)
  return files.map((file) => {
    const action = file.split(/[/\\]/)[1] ?? ''
    const path = `actions/${action}/README.md`
    if (!existsSync(join(root, path))) throw new Error(`${path} is missing`)
    const content = parse(readFileSync(join(root, file), 'utf8')) as ActionFile
    const before = readFileSync(join(root, path), 'utf8')
    const withInputs = replaceBetween(before, path, 'inputs', inputTable(action, content.inputs ?? {}))
    return [path, replaceBetween(withInputs, path, 'outputs', outputTable(action, content.outputs ?? {}))]
  })
}

function labDocument(root: string): [string, string][] {
  const path = 'docs/lab.md'
  if (!existsSync(join(root, path))) return []
  const before = readFileSync(join(root, path), 'utf8')
  const source = 'lab/conformance/coverage.ts'
  return [[path, replaceBetween(before, path, 'coverage', coverageTable(coverage(faults)), source)]]
}

/** Pages that are written as a whole; a folder without documents, as in tests, gets none. */
function wholePages(root: string): [string, string][] {
  if (!existsSync(join(root, 'docs'))) return []
  return [
    ['docs/checks.md', checksDocument()],
    [troubleshootingPath, troubleshooting()],
    ['docs/workflows.md', workflowsDocument(root)],
  ]
}

/** Writes the tables of the repository at `root`, or throws an error that names the stale files. */
export function generateDocs(options: { readonly check: boolean; readonly root?: string }): void {
  const root = options.root ?? repository
  const stale: string[] = []
  for (const [path, wanted] of [...actionReadmes(root), ...labDocument(root), ...wholePages(root)]) {
    if (existsSync(join(root, path)) && wanted === readFileSync(join(root, path), 'utf8')) continue
    if (options.check) stale.push(path)
    else writeFileSync(join(root, path), wanted)
  }
  if (stale.length > 0)
    throw new Error(
      `${stale.join(', ')} is not what its sources say (action.yml, coverage.ts, registry.ts, src/diagnosis, .github/workflows); run \`npm run docs\``,
    )
}

if (import.meta.main) generateDocs({ check: process.argv.includes('--check') })
