/** Whether a running lab still uses a folder of the cache: as a layer of a host's tree, as a mount, or as a program. */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Looks at every process, because every lab has mounts of its own. */
export async function isInUse(folder: string, processes = '/proc'): Promise<boolean> {
  // mountinfo(5) writes white space and backslashes as octal numbers.
  const mounted = folder.replace(/[\s\\]/g, (found) => `\\${found.charCodeAt(0).toString(8).padStart(3, '0')}`)
  for (const name of await readdir(processes)) {
    if (!/^\d+$/.test(name)) continue
    // A process that ended between the two looks uses nothing.
    const mounts = await readFile(join(processes, name, 'mountinfo'), 'utf8').catch(() => '')
    if (mounts.includes(mounted)) return true
    const program = await readlink(join(processes, name, 'exe')).catch(() => '')
    if (program.startsWith(`${folder}/`)) return true
  }
  return false
}
