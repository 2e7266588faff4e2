import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** What can be said of a process to a person. Never its arguments: those of strangers may hold secrets. */
export interface ProcessDescription {
  readonly pid: number
  /** Name of the program; somebody else's text, one bounded line. */
  readonly program: string
  /** Owner's user name, or its number where it has none. */
  readonly user: string
  /** Process group; undefined where the platform does not tell. */
  readonly group?: number
}

function oneLine(text: string, limit: number): string {
  const line = text.replace(/[^\u0020-\u007e\u00a1-\uffff]+/g, ' ').trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** passwd(5). Directories of users that are not in the file (LDAP, macOS) leave the number. */
export function userName(uid: number): string {
  const line = readOr('/etc/passwd')
    .split('\n')
    .find((entry) => entry.split(':')[2] === String(uid))
  return oneLine(line?.split(':')[0] ?? '', 40) || String(uid)
}

function describeOnLinux(pid: number): ProcessDescription | undefined {
  const stat = readOr(`/proc/${pid}/stat`)
  const status = readOr(`/proc/${pid}/status`)
  if (stat === '' || status === '') return undefined
  const [words = ''] = readOr(`/proc/${pid}/cmdline`).split('\0')
  const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? -1)
  const comm = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
  // proc(5): field 5 is the process group; counted from behind the name, which may hold anything.
  const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
  return { pid, program: oneLine(basename(words) || comm, 60), user: userName(uid), group }
}

function describeByPs(pid: number): ProcessDescription | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'pgid=', '-o', 'user=', '-o', 'comm=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    }).trim()
    const [, group, user = '', program = ''] = /^(\d+)\s+(\S+)\s+(.*)$/.exec(text) ?? []
    return group === undefined
      ? undefined
      : { pid, program: oneLine(basename(program), 60), user: oneLine(user, 40), group: Number(group) }
  } catch {
    return undefined
  }
}

/** Undefined: no such process, or nothing of it can be seen. */
export function describeProcess(pid: number): ProcessDescription | undefined {
  return process.platform === 'linux' ? describeOnLinux(pid) : describeByPs(pid)
}

/** One variable of another process's initial environment: its own user and root can read it, on Linux only. */
export function environmentVariable(pid: number, name: string): string | undefined {
  if (process.platform !== 'linux') return undefined
  const entry = readOr(`/proc/${pid}/environ`)
    .split('\0')
    .find((text) => text.startsWith(`${name}=`))
  return entry?.slice(name.length + 1)
}
