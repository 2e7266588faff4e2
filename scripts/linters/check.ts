/**
 * Workflows, actions and examples before the two linters: `npm run check -- workflows`. actionlint reads them twice, because it does not
 * know `uses: $/path` yet: as they are, and as a copy with `./path`, where it sees the inputs and outputs behind every call.
 */
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { finish, root } from '../programs.ts'
import { type Linter, linterEnvironment, type Missing, takeLinters } from './programs.ts'

const limitMs = 120_000
const configuration = '.github/actionlint.yaml'

export interface Ignores {
  /** The configuration without its ignores. */
  readonly bare: string
  /** Regular expressions, of every path. */
  readonly patterns: readonly string[]
}

/** The ignores of actionlint's configuration, and what is left of it without them. */
export function splitIgnores(text: string): Ignores {
  const { paths, ...bare } = parse(text) as { paths?: Record<string, { ignore?: string[] }> }
  return {
    bare: stringify(bare),
    patterns: Object.values(paths ?? {}).flatMap(({ ignore }) => ignore ?? []),
  }
}

/** Ignores that hide nothing any more. */
export function unneeded(patterns: readonly string[], messages: string): string[] {
  return patterns.filter((pattern) => !new RegExp(pattern).test(messages))
}

/** `$/path`, and the same path in a call from another repository, as a path of this one. */
export function asLocal(text: string): string {
  return text
    .replaceAll(/(\buses: +['"]?)\$\//g, '$1./')
    .replaceAll(/(\buses: +['"]?)[\w.-]+\/k3s-gpu-actions\/([\w./-]+)@[\w.-]+/g, '$1./$2')
}

/** An example as somebody has filled it in: zizmor asks for a full commit, which only its user can name. */
export function filledIn(text: string): string {
  return text.replaceAll(/(\buses: +)OWNER\/([^@\s]+)@COMMIT\b/g, `$1somebody/$2@${'0'.repeat(40)}`)
}

const workflowFiles = (): string[] => globSync('{.github/workflows,examples}/*.{yml,yaml}', { cwd: root }).sort()

async function ask(linter: Linter, args: readonly string[], cwd: string): Promise<{ clean: boolean; output: string }> {
  const done = await finish(linter.program, args, { cwd, limitMs, environment: linterEnvironment() })
  if (done.code === null) throw new Error(`${linter.name} did not end within ${limitMs / 1000} s`)
  return { clean: done.code === 0, output: done.output.trim() }
}

/** What actionlint needs to see of a repository in which `./` names what `$/` names here. */
function copyWithLocalPaths(folder: string): void {
  for (const file of workflowFiles()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), asLocal(readFileSync(join(root, file), 'utf8')))
  }
  cpSync(join(root, configuration), join(folder, configuration))
  for (const file of globSync('{actions/*/action.yml,dist/*/*.js}', { cwd: root })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  // By this it knows the root of a repository.
  mkdirSync(join(folder, '.git'))
}

async function actionlintProblems(linter: Linter): Promise<string[]> {
  const args = ['-no-color', '-oneline']
  const files = workflowFiles()
  const { bare, patterns } = splitIgnores(readFileSync(join(root, configuration), 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'workflows-'))
  try {
    const asWritten = await ask(linter, [...args, ...files], root)
    const bareFile = join(folder, 'bare.yaml')
    writeFileSync(bareFile, bare)
    const everything = await ask(linter, [...args, '-config-file', bareFile, ...files], root)
    const copy = join(folder, 'copy')
    mkdirSync(copy)
    copyWithLocalPaths(copy)
    const local = await ask(linter, [...args, ...files], copy)
    return [
      ...(asWritten.clean ? [] : [`actionlint:\n${asWritten.output}`]),
      ...(local.clean ? [] : [`actionlint, where ./ stands in the place of $/:\n${local.output}`]),
      ...unneeded(patterns, everything.output).map(
        (pattern) => `${configuration} ignores what actionlint no longer says; take it out: ${pattern}`,
      ),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function zizmorProblems(linter: Linter): Promise<string[]> {
  const pedantic = ['--persona=pedantic', '--offline', '--strict-collection', '--no-progress', '--quiet']
  const plain = ['--color=never', '--format=plain', '--config', join(root, '.github', 'zizmor.yml')]
  const folder = mkdtempSync(join(tmpdir(), 'examples-'))
  try {
    const examples = workflowFiles().filter((file) => file.startsWith('examples'))
    for (const file of examples) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), filledIn(readFileSync(join(root, file), 'utf8')))
    }
    const audited = ['.github', 'actions', ...examples.map((file) => join(folder, file))]
    const done = await ask(linter, [...pedantic, ...plain, ...audited], root)
    return done.clean ? [] : [`zizmor:\n${done.output.replaceAll(`${folder}/`, '')}`]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Throws an error with every finding. A linter that cannot be had is told by `say` and skipped, unless `required`: a green run that
 * looked at nothing is worth nothing where it is the last to look.
 */
export async function workflowsAreClean(options: {
  readonly say: (line: string) => void
  readonly required: boolean
}): Promise<void> {
  const problems: string[] = []
  if (!existsSync(join(root, 'dist'))) throw new Error('dist is missing: actionlint looks for what the actions start')
  const linters = await takeLinters()
  const run = async (
    linter: Linter | Missing,
    find: (linter: Linter) => Promise<string[]>,
  ): Promise<readonly string[]> => {
    if ('program' in linter) return find(linter)
    if (options.required) return [linter.missing]
    options.say(`skipped: ${linter.missing}`)
    return []
  }
  problems.push(...(await run(linters.actionlint, actionlintProblems)))
  problems.push(...(await run(linters.zizmor, zizmorProblems)))
  if (problems.length > 0) throw new Error(problems.join('\n'))
}
