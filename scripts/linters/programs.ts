/**
 * The two linters of workflows, at the versions that this folder pins, made once and kept in `.cache/linters`: actionlint from its
 * Go module (go.sum holds the hashes), zizmor from its wheel (zizmor.txt holds them). What cannot be had is told in one line.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Finished, finish, root } from '../programs.ts'

export interface Linter {
  readonly name: string
  readonly program: string
}

export interface Missing {
  readonly name: string
  /** One line: why it cannot be had here. */
  readonly missing: string
}

interface Recipe {
  readonly name: string
  /** Everything that it is made from, besides this machine. */
  from(): readonly string[]
  /** The program, in the folder that it was made in. */
  readonly program: string
  /** Makes it in an empty folder; answers why it could not. */
  make(folder: string): Promise<string | undefined>
}

const here = join(root, 'scripts', 'linters')
const makeLimitMs = 300_000

/** What a build may know of this machine: no secret of anybody, but where programs, caches and registries are. */
const passed =
  /^(?:PATH|HOME|TMPDIR|USER|LANG|GO[A-Z]+|PIP_[A-Z_]+|XDG_CACHE_HOME|SSL_CERT_(?:FILE|DIR)|(?:https?|no|all)_proxy)$/i

/** The environment of linters and of what builds them. */
export function linterEnvironment(machine: Readonly<NodeJS.ProcessEnv> = process.env): Record<string, string> {
  const kept = Object.entries(machine).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passed.test(entry[0]),
  )
  return { ...Object.fromEntries(kept), LC_ALL: 'C.UTF-8', NO_COLOR: '1' }
}

/** The last line that says something, for people who read one line. */
export function lastLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  return (lines.findLast((line) => line !== '') ?? 'it said nothing').slice(0, 300)
}

async function attempt(program: string, args: readonly string[], cwd: string, more = {}): Promise<Finished | string> {
  try {
    const environment = { ...linterEnvironment(), ...more }
    const done = await finish(program, args, { cwd, limitMs: makeLimitMs, environment })
    if (done.code === 0) return done
    return done.code === null
      ? `${program} did not end within ${makeLimitMs / 1000} s`
      : `${program}: ${lastLine(done.output)}`
  } catch {
    return `${program} is not installed here`
  }
}

const actionlint: Recipe = {
  name: 'actionlint',
  from: () => ['go.mod', 'go.sum'].map((name) => readFileSync(join(here, name), 'utf8')),
  program: 'actionlint',
  async make(folder) {
    const build = ['build', '-mod=readonly', '-trimpath', '-o', join(folder, 'actionlint')]
    const done = await attempt('go', [...build, 'github.com/rhysd/actionlint/cmd/actionlint'], here, {
      CGO_ENABLED: '0',
    })
    return typeof done === 'string' ? done : undefined
  },
}

const zizmor: Recipe = {
  name: 'zizmor',
  from: () => [readFileSync(join(here, 'zizmor.txt'), 'utf8')],
  program: join('bin', 'zizmor'),
  async make(folder) {
    const exactly = ['--no-deps', '--only-binary=:all:', '--require-hashes', '--requirement', join(here, 'zizmor.txt')]
    const quietly = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-compile']
    const reasons: string[] = []
    // Debian's own Python has no pip unless somebody installed it; a second one on PATH often has.
    for (const python of ['python3', '/usr/bin/python3']) {
      const done = await attempt(python, ['-m', 'pip', 'install', ...quietly, ...exactly, '--target', folder], here)
      if (typeof done !== 'string') return undefined
      reasons.push(done)
    }
    return reasons.join('; ')
  },
}

/** From the cache, or made now. Two at once may both make it: the first to finish is kept. */
async function take(recipe: Recipe): Promise<Linter | Missing> {
  const { name } = recipe
  const hash = createHash('sha256').update(JSON.stringify([process.platform, process.arch, ...recipe.from()]))
  const shelf = join(root, '.cache', 'linters')
  const folder = join(shelf, `${name}-${hash.digest('hex').slice(0, 16)}`)
  const program = join(folder, recipe.program)
  if (existsSync(program)) return { name, program }
  mkdirSync(shelf, { recursive: true })
  const making = mkdtempSync(join(shelf, '.making-'))
  try {
    const why = await recipe.make(making)
    if (why !== undefined) return { name, missing: `${name} cannot be had here: ${why}` }
    if (!existsSync(join(making, recipe.program)))
      return { name, missing: `${name} cannot be had here: it was installed without its program` }
    try {
      renameSync(making, folder)
    } catch (error) {
      if (!existsSync(program)) throw error
    }
    return { name, program }
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

/** actionlint 1.7.12 and zizmor 1.32.0, each or why not. */
export async function takeLinters(): Promise<{
  readonly actionlint: Linter | Missing
  readonly zizmor: Linter | Missing
}> {
  return { actionlint: await take(actionlint), zizmor: await take(zizmor) }
}
