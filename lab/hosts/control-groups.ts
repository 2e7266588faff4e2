import { readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'

/** Control groups of an ended machine, deepest first. */
export function removeGroups(label: string): void {
  const remove = (folder: string): void => {
    let entries: readonly { readonly name: string; isDirectory(): boolean }[]
    try {
      entries = readdirSync(folder, { withFileTypes: true })
    } catch {
      return
    }
    for (const entry of entries) if (entry.isDirectory()) remove(join(folder, entry.name))
    try {
      rmdirSync(folder)
    } catch {
      // The lab's own end removes it.
    }
  }
  remove(join('/sys/fs/cgroup', label))
  for (const hierarchy of readdirSync('/sys/fs/cgroup', { withFileTypes: true }))
    if (hierarchy.isDirectory()) remove(join('/sys/fs/cgroup', hierarchy.name, label))
}
