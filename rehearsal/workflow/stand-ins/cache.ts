/**
 * actions/cache/restore and actions/cache/save (v6.1.0): what was saved under a key is found by that key, or by the beginning of it,
 * the newest first, and only with exactly the same `path`. An entry never changes. Trouble with saving is a warning.
 * Read in actions/cache: restore/action.yml, save/action.yml, src/restoreImpl.ts, src/saveImpl.ts; the version of an entry in
 * actions/toolkit: packages/cache/src/internal/cacheUtils.ts.
 */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { StandIn, StandInRun } from './model.ts'

interface Entry {
  readonly key: string
  /** Of the `path` input: an entry that was saved with another one is another entry. */
  readonly version: string
  /** Number in the order of saving. */
  readonly number: number
  /** Relative to the workspace of whoever saved, as the archive has them. */
  readonly paths: readonly string[]
}

const linesOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

function required(run: StandInRun, name: string): string {
  const value = run.inputs[name]?.trim() ?? ''
  if (value === '') throw new Error(`Input required and not supplied: ${name}`)
  return value
}

function refuseKey(key: string): void {
  if (key.length > 512) throw new Error(`Key Validation Error: ${key} cannot be larger than 512 characters.`)
  if (key.includes(',')) throw new Error(`Key Validation Error: ${key} cannot contain commas.`)
}

const versionOf = (paths: readonly string[]): string => createHash('sha256').update(paths.join('|')).digest('hex')

function entries(folder: string): (Entry & { readonly folder: string })[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .map((name) => ({
      ...(JSON.parse(readFileSync(join(folder, name, 'entry.json'), 'utf8')) as Entry),
      folder: join(folder, name),
    }))
    .sort((a, b) => b.number - a.number)
}

export const cacheRestore: StandIn = {
  inputs: {
    path: '',
    key: '',
    'restore-keys': '',
    enableCrossOsArchive: 'false',
    'fail-on-cache-miss': 'false',
    'lookup-only': 'false',
  },
  async main(run) {
    const key = required(run, 'key')
    const paths = linesOf(required(run, 'path'))
    const keys = [key, ...linesOf(run.inputs['restore-keys'])]
    keys.forEach(refuseKey)
    run.output('cache-primary-key', key)
    const known = entries(run.cachesFolder).filter((entry) => entry.version === versionOf(paths))
    const found = keys
      .map(
        (wanted) => known.find((entry) => entry.key === wanted) ?? known.find((entry) => entry.key.startsWith(wanted)),
      )
      .find((entry) => entry !== undefined)
    if (found === undefined) {
      if (run.inputs['fail-on-cache-miss'] === 'true')
        throw new Error(`Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: ${key}`)
      return run.line(`Cache not found for input keys: ${keys.join(', ')}`)
    }
    run.output('cache-matched-key', found.key)
    run.output('cache-hit', String(found.key === key))
    if (run.inputs['lookup-only'] === 'true') return run.line(`Cache found and can be restored from key: ${found.key}`)
    for (const [index, path] of found.paths.entries()) {
      const target = resolve(run.workspace, path)
      mkdirSync(dirname(target), { recursive: true })
      cpSync(join(found.folder, String(index)), target, { recursive: true })
    }
    run.line(`Cache restored from key: ${found.key} (stand-in for actions/cache/restore)`)
  },
}

export const cacheSave: StandIn = {
  inputs: { path: '', key: '', 'upload-chunk-size': '', enableCrossOsArchive: 'false' },
  async main(run) {
    try {
      const key = required(run, 'key')
      refuseKey(key)
      const patterns = linesOf(required(run, 'path'))
      const paths = patterns
        .flatMap((pattern) => (/[*?[]/.test(pattern) ? globSync(pattern, { cwd: run.workspace }) : [pattern]))
        .map((path) => resolve(run.workspace, path))
        .filter((path) => existsSync(path))
      if (paths.length === 0)
        throw new Error(
          'Path Validation Error: Path(s) specified in the action for caching do(es) not exist, hence no cache is being saved.',
        )
      const known = entries(run.cachesFolder)
      const version = versionOf(patterns)
      if (known.some((entry) => entry.key === key && entry.version === version))
        return run.line(
          `Failed to save: Unable to reserve cache with key ${key}, another job may be creating this cache.`,
        )
      const number = (known[0]?.number ?? 0) + 1
      const folder = join(run.cachesFolder, String(number))
      mkdirSync(folder, { recursive: true })
      for (const [index, path] of paths.entries())
        cpSync(path, join(folder, String(index)), { recursive: statSync(path).isDirectory() })
      const entry: Entry = { key, version, number, paths: paths.map((path) => relative(run.workspace, path)) }
      writeFileSync(join(folder, 'entry.json'), JSON.stringify(entry))
      run.line(`Cache saved with key: ${key} (stand-in for actions/cache/save)`)
    } catch (error) {
      run.warning((error as Error).message)
      run.warning('Cache save failed.')
    }
  },
}
