/** Control groups of one host: hosts of a lab share the machine's, so every kubelet has a root of its own. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Mount points of the hierarchies, version 1 and 2, in the text of proc_pid_mountinfo(5). */
export function hierarchies(mountinfo: string): readonly { readonly path: string; readonly version: 1 | 2 }[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [mount = '', source = ''] = line.split(' - ')
    const path = mount.split(' ')[4]
    const type = source.split(' ')[0]
    if (path === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return []
    return [{ path, version: type === 'cgroup' ? 1 : 2 } as const]
  })
}

/** Makes the group in every hierarchy of this host; a kubelet refuses a `cgroupRoot` that is not there. */
export function makeControlGroup(name: string): void {
  const all = hierarchies(readFileSync('/proc/self/mountinfo', 'utf8'))
  const isUnified = all.every(({ version }) => version === 2)
  for (const { path, version } of all) {
    const group = `${path}/${name}`
    if (version === 2 && isUnified) enableControllers(path)
    mkdirSync(group, { recursive: true })
    // A cpuset of version 1 has no processors until it is told.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (version === 2 || !existsSync(`${group}/${file}`)) continue
      if (readFileSync(`${group}/${file}`, 'utf8').trim() === '') {
        writeFileSync(`${group}/${file}`, readFileSync(`${path}/${file}`))
      }
    }
    if (version === 2 && isUnified) enableControllers(group)
  }
}

function enableControllers(group: string): void {
  const names = readFileSync(`${group}/cgroup.controllers`, 'utf8').trim().split(' ')
  for (const name of names) {
    if (name !== '') writeFileSync(`${group}/cgroup.subtree_control`, `+${name}`)
  }
}
