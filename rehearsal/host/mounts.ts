/** What is mounted on an embedded host: a table below /proc, and the folders that it names. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Mount {
  readonly source: string
  /** From `/` on. */
  readonly path: string
  readonly type: string
  /** Path within → content, for whoever looks whether it is still there. */
  readonly files?: Readonly<Record<string, string>>
}

const tableOf = (root: string): string => join(root, 'proc/mounts')
const rowsOf = (root: string): readonly string[] =>
  readFileSync(tableOf(root), 'utf8')
    .split('\n')
    .filter((row) => row !== '')
const pathOf = (row: string): string => row.split(' ')[1] ?? ''

/** Mounts them; what is there already stays as it is. */
export function mount(root: string, mounts: readonly Mount[]): void {
  const rows = rowsOf(root)
  const added = mounts.filter(({ path }) => !rows.some((row) => pathOf(row) === path))
  if (added.length === 0) return
  for (const { path, files = {} } of added) {
    mkdirSync(join(root, path), { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, path, name), text)
  }
  const lines = [...rows, ...added.map(({ source, path, type }) => `${source} ${path} ${type} rw,relatime 0 0`)]
  writeFileSync(tableOf(root), lines.map((line) => `${line}\n`).join(''))
}

/** Unmounts those at the paths, whatever they are: what was visible there is not, and stays where it came from. */
export function unmount(root: string, paths: readonly string[]): void {
  const rows = rowsOf(root)
  const kept = rows.filter((row) => !paths.includes(pathOf(row)))
  if (kept.length === rows.length) return
  writeFileSync(tableOf(root), kept.map((line) => `${line}\n`).join(''))
  for (const row of rows.filter((one) => !kept.includes(one)))
    rmSync(join(root, pathOf(row)), { recursive: true, force: true })
}

/** Paths of everything that is mounted. */
export function mountedAt(root: string): readonly string[] {
  return rowsOf(root).map(pathOf)
}
