/**
 * A release, step by step; only `prepare` is for people, the rest is what release.yml does:
 *
 *   npm run release -- prepare 1.2.3    version in package.json and the lock file, everything unreleased under its heading
 *   npm run release -- check 1.2.3      every reason against releasing what is committed here
 *   node scripts/release.ts pack 1.2.3 FOLDER        archive, bills of materials, notes, sums
 *   node scripts/release.ts publish 1.2.3 FOLDER     tag, release, major tag
 *
 * Runs on Node 24 without any package: the jobs that sign and publish install none.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { notAsCommitted } from './dist-status.ts'
import { cut } from './release/changelog.ts'
import { openRepository } from './release/github.ts'
import { notesFile, pack, sumOf, sumsFile, wrongSums } from './release/pack.ts'
import { publish } from './release/publish.ts'
import { readinessOf } from './release/readiness.ts'

const root = join(import.meta.dirname, '..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
const say = (line: string): void => void process.stdout.write(`${line}\n`)

function git(...args: string[]): string {
  const done = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (done.error || done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.error?.message ?? done.stderr}`)
  return done.stdout.trimEnd()
}

function localTags(): Map<string, string> {
  const lines = git('for-each-ref', '--format=%(refname:strip=2) %(objectname)', 'refs/tags').split('\n')
  return new Map(lines.filter(Boolean).map((line) => line.split(' ') as [string, string]))
}

/** The notes of the version, when it may be released from here. */
function check(version: string): string {
  const readiness = readinessOf({
    version,
    changelog: read('CHANGELOG.md'),
    packageFile: read('package.json'),
    lockFile: read('package-lock.json'),
    ref: process.env.GITHUB_REF,
    commit: git('rev-parse', 'HEAD'),
    tags: localTags(),
    changed: notAsCommitted(root, 'dist') || git('status', '--porcelain'),
  })
  if ('problems' in readiness)
    throw new Error(
      `${version} cannot be released:\n${readiness.problems.map((problem) => `  - ${problem}`).join('\n')}`,
    )
  say(`${version} can be released.`)
  return readiness.notes
}

function prepare(version: string): void {
  const changelog = cut(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10))
  const pkg = JSON.parse(read('package.json')) as { version: string }
  const lock = JSON.parse(read('package-lock.json')) as {
    version: string
    packages: Record<string, { version: string } | undefined>
  }
  pkg.version = version
  lock.version = version
  if (lock.packages[''] !== undefined) lock.packages[''].version = version
  writeFileSync(join(root, 'CHANGELOG.md'), changelog)
  writeFileSync(join(root, 'package.json'), `${JSON.stringify(pkg, null, 2)}\n`)
  writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`)
  say(`Read CHANGELOG.md once more, commit, merge into main, and press Release with ${version}.`)
}

/** What `pack` has made, and what was signed beside it; dist/ as it lies in this checkout. */
function assetsOf(folder: string): Map<string, { content: Buffer; sum: string }> {
  const wrong = wrongSums(readFileSync(join(folder, sumsFile), 'utf8'), (name) => {
    const file = join(name.startsWith('dist/') ? root : folder, name)
    return existsSync(file) ? readFileSync(file) : undefined
  })
  if (wrong.length > 0) throw new Error(`not what was packed and signed: ${wrong.join(', ')}; nothing was published`)
  const names = readdirSync(folder).filter((name) => name !== notesFile)
  return new Map(
    names.sort().map((name) => {
      const content = readFileSync(join(folder, name))
      return [name, { content, sum: sumOf(content) }]
    }),
  )
}

function needed(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: this is for release.yml`)
  return value
}

const [command, version = '', folder = ''] = process.argv.slice(2)
try {
  if (command === 'prepare') prepare(version)
  else if (command === 'check') check(version)
  else if (command === 'pack' && folder !== '') {
    if (existsSync(folder)) throw new Error(`${folder} is there already`)
    const commit = git('rev-parse', 'HEAD')
    const packing = { repository: root, folder, version, commit, notes: check(version) }
    say(`${folder}: ${pack(packing).join(', ')}`)
  } else if (command === 'publish' && folder !== '') {
    const repository = openRepository({
      api: needed('GITHUB_API_URL'),
      repository: needed('GITHUB_REPOSITORY'),
      token: needed('GITHUB_TOKEN'),
    })
    const notes = readFileSync(join(folder, notesFile), 'utf8')
    await publish(repository, { version, commit: needed('GITHUB_SHA'), notes, assets: assetsOf(folder) }, say)
  } else throw new Error('usage: npm run release -- prepare|check VERSION, or pack|publish VERSION FOLDER')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
