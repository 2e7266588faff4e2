/** Where systemd finds units below a root. */
import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

const ownFolder = '/etc/systemd/system'
const folders = [ownFolder, '/run/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system']

/** Path of the unit's file, without the root; undefined when there is none. */
export function findFragment(root: string, name: string): string | undefined {
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(join(root, path)))
}

/** Paths of its drop-ins, in the order in which they count: by name, whatever folder they lie in. */
export function findDropIns(root: string, name: string): readonly string[] {
  const found = folders.flatMap((folder) => {
    const path = join(root, folder, `${name}.d`)
    const files = existsSync(path) ? readdirSync(path).filter((file) => file.endsWith('.conf')) : []
    return files.map((file) => ({ file, path: `${folder}/${name}.d/${file}` }))
  })
  // Of two with one name, that of the first folder.
  const first = found.filter(({ file }, at) => found.findIndex((other) => other.file === file) === at)
  return first.sort((a, b) => (a.file < b.file ? -1 : 1)).map(({ path }) => path)
}

/** Is the unit's file a link to nowhere (`systemctl mask`)? */
export function isMasked(root: string, name: string): boolean {
  const fragment = findFragment(root, name)
  if (fragment === undefined) return false
  const path = join(root, fragment)
  return lstatSync(path).isSymbolicLink() && readlinkSync(path) === '/dev/null'
}

/** Names of the units that have a link in a `.wants` or `.requires` folder. */
export function wantedUnits(root: string): ReadonlySet<string> {
  const folder = join(root, ownFolder)
  const links = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(wants|requires)$/.test(name)) : []
  return new Set(links.flatMap((name) => readdirSync(join(folder, name))))
}
