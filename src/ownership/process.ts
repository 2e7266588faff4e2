import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process that cannot be taken for another one: pids are given anew, together with its start they are not. Plain data, for files. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it began, in the words of the platform; compared, never computed with. */
  readonly started: string
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** Linux: field 22 of /proc/<pid>/stat, in clock ticks since boot (proc(5)), and the boot. The name of a program may hold anything. */
function startedOnLinux(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie holds nothing any more: it only waits for its parent to look.
  if (stat === '' || fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${readOr('/proc/sys/kernel/random/boot_id').trim()}/${fields[19] ?? ''}`
}

/** macOS and others: `ps` tells the start to the second. */
function startedByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'state=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
    return text === '' || text.startsWith('Z') ? undefined : text.replace(/^\S+\s+/, '')
  } catch {
    return undefined
  }
}

/** Undefined: no such process lives. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid)
  return started === undefined ? undefined : { pid, started }
}

/** Whether that very process still lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started
}
