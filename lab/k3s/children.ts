/** containerd and kubelet as processes of their own that cannot outlive the agent: k3s has them in or under its own process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Child {
  readonly name: string
  readonly pid: number
  /** In Go's words: `exit status 1`, `signal: killed`. Never rejects. */
  readonly ended: Promise<string>
  /** Asks it to end, and kills it when it has not after `limitMs`. */
  stop(limitMs: number): Promise<void>
}

export interface ChildOptions {
  readonly name: string
  readonly program: string
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Folder of its note. Default: /run/k3s-stand-in. */
  readonly notes?: string
  /** File that its output is appended to; without it, the output goes to the journal. */
  readonly log?: string
}

/** Where the pids of children are noted, for an agent that comes after one whose children lingered all the same. */
const notes = '/run/k3s-stand-in'

/** What neither child may see: the token, and the socket by which only the agent speaks to systemd. */
const withheld = /^(K3S_TOKEN|K3S_TOKEN_FILE|K3S_AGENT_TOKEN|NOTIFY_SOCKET|WATCHDOG_USEC|WATCHDOG_PID)$/

/** The agent's environment as its children may have it, with the lab's programs first on the search path. */
export function environmentFor(
  own: Readonly<Record<string, string | undefined>>,
  programs: string,
): Record<string, string> {
  const kept = Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const environment = Object.fromEntries(kept.filter(([name]) => !withheld.test(name)))
  const usual = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  return { ...environment, PATH: `${programs}:${own.PATH ?? usual}` }
}

/** Starts a child that the kernel kills when the agent dies, whatever way it dies. */
export function startChild(options: ChildOptions): Child {
  if (options.log !== undefined) mkdirSync(dirname(options.log), { recursive: true, mode: 0o755 })
  const output = options.log === undefined ? 'inherit' : openSync(options.log, 'a', 0o600)
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', options.program, ...options.words], {
    env: { ...options.environment },
    stdio: ['ignore', output, output],
  })
  if (typeof output === 'number') closeSync(output)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code === null ? signalWords(signal) : `exit status ${code}`))
  })
  if (child.pid !== undefined) note(options.notes ?? notes, options.name, child.pid)
  return { name: options.name, pid: child.pid ?? 0, ended, stop: (limitMs) => stop(child, ended, limitMs) }
}

function signalWords(signal: NodeJS.Signals | null): string {
  const words: Readonly<Record<string, string>> = {
    SIGKILL: 'killed',
    SIGTERM: 'terminated',
    SIGSEGV: 'segmentation fault',
  }
  return `signal: ${words[signal ?? ''] ?? String(constants.signals[signal ?? 'SIGTERM'])}`
}

async function stop(child: ChildProcess, ended: Promise<string>, limitMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  await ended
  clearTimeout(timer)
}

/** Start of a process in clock ticks since boot (proc_pid_stat(5)): with the pid it names one process for ever. */
function startOf(pid: number): string | undefined {
  if (!existsSync(`/proc/${pid}/stat`)) return undefined
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie holds no port and no lock any more.
  return fields[0] === 'Z' ? undefined : fields[19]
}

function note(folder: string, name: string, pid: number): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/${name}.pid`, `${pid} ${startOf(pid) ?? ''}\n`)
}

/** Kills what an earlier agent noted under this name, if it still runs, and waits until it is gone. */
export async function endStray(name: string, folder = notes): Promise<void> {
  const path = `${folder}/${name}.pid`
  if (!existsSync(path)) return
  const [pid = '', start = ''] = readFileSync(path, 'utf8').trim().split(' ')
  const number = Number(pid)
  if (start !== '' && startOf(number) === start) {
    process.kill(number, 'SIGKILL')
    while (startOf(number) === start) await sleep(10)
  }
  rmSync(path, { force: true })
}
