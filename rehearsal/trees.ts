import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** The trees of the first promise: a failed handshake, a dry run and an undo leave them as they were. */
export const promisedTrees: readonly string[] = ['etc', 'usr/local', 'opt', 'root', 'home', 'var/lib/rancher']

/** Path → mode, owner and content of everything below the folders of a root, less those in `but`; folders end with a slash. */
export function treesOf(
  root: string,
  folders: readonly string[] = promisedTrees,
  but: ReadonlySet<string> = new Set(),
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  const visit = (path: string): void => {
    if (but.has(path)) return
    const full = join(root, path)
    const entry = lstatSync(full, { throwIfNoEntry: false })
    if (entry === undefined) return
    const look = `${entry.mode.toString(8)} ${entry.uid}:${entry.gid}`
    if (entry.isDirectory()) {
      found[`${path}/`] = look
      for (const name of readdirSync(full)) visit(`${path}/${name}`)
    } else if (entry.isSymbolicLink()) found[path] = `${look} -> ${readlinkSync(full)}`
    else if (entry.isFile()) found[path] = `${look} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`
  }
  for (const folder of folders) visit(folder)
  return found
}
