/**
 * What a release carries besides its tag, made from a commit and its lock file alone: no package is installed, so nothing that a package
 * does can change it. Source archive, bill of materials (CycloneDX and SPDX) of what is bundled in dist/, notes, and the sums of all that
 * is signed, every file of dist/ among it.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const sumsFile = 'SHA256SUMS'
export const notesFile = 'notes.md'
const limitMs = 120_000

export interface Packing {
  readonly repository: string
  /** Is made; must not be there. */
  readonly folder: string
  readonly version: string
  readonly commit: string
  readonly notes: string
}

function output(program: string, args: readonly string[], cwd: string): string {
  const done = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: limitMs,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (done.error) throw new Error(`${program} ${args[0]}: ${done.error.message}`)
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')} failed (${done.status}): ${done.stderr.trim()}`)
  return done.stdout
}

/** npm names the root of both documents after the folder it stands in; they are about the package. */
export function namedAfterPackage(bill: string, name: string): string {
  const document = JSON.parse(bill) as { name?: string; metadata?: { component?: { name?: string } } }
  if (document.metadata?.component) document.metadata.component.name = name
  if (document.name !== undefined) document.name = document.name.replace(/^.*@/, `${name}@`)
  return `${JSON.stringify(document, null, 2)}\n`
}

function billOfMaterials(repository: string, name: string, format: 'cyclonedx' | 'spdx'): string {
  // Optional packages are the Node for those who work on this; what is bundled is in the rest.
  const what = ['--package-lock-only', '--omit=dev', '--omit=optional', `--sbom-format=${format}`]
  return namedAfterPackage(output('npm', ['sbom', ...what], repository), name)
}

export const sumOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/** As sha256sum writes and checks them. */
export function sumsOf(files: ReadonlyMap<string, Buffer>): string {
  return [...files]
    .map(([name, content]) => `${sumOf(content)}  ${name}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join('')
}

/** Names in sums that `read` finds otherwise, or not at all; everything that is not a line of sums counts as one. */
export function wrongSums(sums: string, read: (name: string) => Buffer | undefined): string[] {
  return sums
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [, sum, name = line] = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line) ?? []
      const content = sum === undefined ? undefined : read(name)
      return content !== undefined && sumOf(content) === sum ? [] : [name]
    })
}

function distOf(repository: string): [string, Buffer][] {
  return readdirSync(join(repository, 'dist'), { recursive: true, encoding: 'utf8' })
    .map((name) => `dist/${name.replaceAll('\\', '/')}`)
    .filter((name) => statSync(join(repository, name)).isFile())
    .map((name) => [name, readFileSync(join(repository, name))])
}

/** Answers the names of what is attached to the release. */
export function pack({ repository, folder, version, commit, notes }: Packing): readonly string[] {
  const name = 'k3s-gpu-actions'
  mkdirSync(folder)
  const archive = `${name}-${version}.tar.gz`
  const archiveAs = ['--format=tar.gz', `--prefix=${name}-${version}/`, `--output=${join(folder, archive)}`]
  output('git', ['archive', ...archiveAs, commit], repository)
  const bills = (['cyclonedx', 'spdx'] as const).map((format): [string, string] => [
    `${name}-${version}.${format}.json`,
    billOfMaterials(repository, name, format),
  ])
  for (const [file, bill] of bills) writeFileSync(join(folder, file), bill)
  const attached = [archive, ...bills.map(([file]) => file)]
  const signed = new Map([
    ...attached.map((file): [string, Buffer] => [file, readFileSync(join(folder, file))]),
    ...distOf(repository),
  ])
  writeFileSync(join(folder, sumsFile), sumsOf(signed))
  writeFileSync(join(folder, notesFile), notes)
  return [...attached, sumsFile]
}
