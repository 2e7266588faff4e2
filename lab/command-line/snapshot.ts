/** The machine as far as a lab could leave something on it. */
import { execFile } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Snapshot } from './differences.ts'
import { allProcesses, ancestors, namespacesOf, textOf } from './processes.ts'
import type { Trace } from './trace.ts'

const execute = promisify(execFile)

/** Settings of the kernel that change by themselves. */
const volatileSettings =
  /^(?:fs\/(?:aio-nr|dentry-state|file-nr|inode-(?:nr|state)|quota\/)|kernel\/(?:ns_last_pid|random\/|perf_event_max_sample_rate|pty\/nr|sched_domain|tainted)|vm\/(?:compact_memory|drop_caches|stat_refresh))/

function below(root: string, folder: string, deepest: number, visit: (path: string) => void): void {
  let names: string[]
  try {
    names = readdirSync(join(root, folder))
  } catch {
    return
  }
  for (const name of names) {
    const path = folder === '' ? name : `${folder}/${name}`
    visit(path)
    try {
      if (deepest > 1 && lstatSync(join(root, path)).isDirectory()) below(root, path, deepest - 1, visit)
    } catch {
      // It has gone meanwhile: somebody else's.
    }
  }
}

function settings(): Record<string, string> {
  const found: Record<string, string> = {}
  for (const part of ['fs', 'kernel', 'vm'])
    below('/proc/sys', part, 6, (path) => {
      if (volatileSettings.test(path)) return
      try {
        if (lstatSync(join('/proc/sys', path)).isFile())
          found[path] = readFileSync(join('/proc/sys', path), 'utf8').trim()
      } catch {
        // Write-only, or not for this kernel.
      }
    })
  return found
}

/** Path → size, mode and, of files, when it was written. */
function files(state: string): Record<string, string> {
  const found: Record<string, string> = {}
  const look = (root: string, deepest: number): void =>
    below(root, '', deepest, (path) => {
      try {
        const { mode, size, mtimeMs } = lstatSync(join(root, path))
        const isFolder = (mode & 0o170000) === 0o040000
        found[join(root, path)] = isFolder ? mode.toString(8) : `${mode.toString(8)} ${size} ${mtimeMs}`
      } catch {
        // Somebody else's, gone meanwhile.
      }
    })
  look('/etc', 8)
  look('/run', 5)
  look('/tmp', 1)
  look('/var/tmp', 1)
  look('/dev/shm', 2)
  look(join(homedir(), '.kube'), 2)
  // Wherever it is, and what a keeper that was killed in its first moment has beside it.
  below(dirname(state), '', 1, (name) => {
    if (name.startsWith(basename(state))) found[join(dirname(state), name)] = 'of the lab'
  })
  return found
}

/** Control groups of any hierarchy whose name is a lab's, in this state folder or any other. */
function groups(): string[] {
  const found: string[] = []
  below('/sys/fs/cgroup', '', 6, (path) => {
    if (/(?:^|\/)k3s-gpu-actions-lab(?:-\d+)?$/.test(path)) found.push(join('/sys/fs/cgroup', path))
  })
  return found
}

/** Processes that show the lab's folder or control groups, without us and those who started us. */
function processes(state: string, labGroups: readonly string[]): string[] {
  const all = allProcesses()
  const ours = ancestors(process.pid, all)
  const names = new Set(labGroups.map((group) => basename(group)))
  return all
    .filter(({ pid, isZombie }) => !isZombie && !ours.has(pid))
    .filter(({ pid }) => {
      if (textOf(pid, 'cmdline').includes(state) || textOf(pid, 'environ').includes(`LAB_STATE=${state}\u0000`))
        return true
      const at = textOf(pid, 'cgroup')
      return [...names].some((name) => at.includes(`/${name}\n`) || at.includes(`/${name}/`))
    })
    .map(({ pid, start, name }) => `${name} (pid ${pid}, started at tick ${start})`)
}

/** Of a lab that has ended: what of it is still there. */
function survivors(trace: Trace): string[] {
  return allProcesses()
    .filter((process) => !process.isZombie)
    .flatMap(({ pid, start, name }) => {
      if (trace.processes.has(`${pid} ${start}`)) return [`${name} (pid ${pid}, started at tick ${start})`]
      const shared = namespacesOf(pid).find((namespace) => start <= (trace.namespaces.get(namespace) ?? -1))
      return shared === undefined ? [] : [`${name} (pid ${pid}, started at tick ${start}) in the lab's ${shared}`]
    })
}

/**
 * @param state - the lab's folder
 * @param trace - what belonged to the lab, when it has been there
 */
export async function takeSnapshot(state: string, trace?: Trace): Promise<Snapshot> {
  const links = await execute('ip', ['-o', 'link'])
  const mine = trace?.groups ?? []
  return {
    state,
    processes: [...new Set([...processes(state, mine), ...(trace === undefined ? [] : survivors(trace))])],
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n'),
    links: [...links.stdout.matchAll(/^\d+: ([^:@]+)/gm)].map((match) => match[1]!),
    groups: trace === undefined ? groups() : groups().filter((group) => mine.includes(group)),
    files: files(state),
    settings: settings(),
  }
}
