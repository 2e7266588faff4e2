import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { Bind } from './binds.ts'
import { inside, mustRun, runCommand } from './command.ts'
import { removeGroups } from './control-groups.ts'
import { until } from './until.ts'

/** Units of Debian that a host under test has no use for; without them it boots in a third of the time. */
const masked = [
  'e2scrub_reap.service',
  'systemd-logind.service',
  'getty.target',
  'console-getty.service',
  'timers.target',
  'modprobe@.service',
  'dev-hugepages.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'systemd-journal-flush.service',
  'systemd-modules-load.service',
  'systemd-pstore.service',
  'systemd-remount-fs.service',
  'systemd-sysusers.service',
  'systemd-update-utmp-runlevel.service',
  'systemd-update-utmp.service',
] as const

/** What the container manager forbids by default and kubelet, containerd and runc need. */
const systemCalls = 'add_key keyctl bpf perf_event_open @mount'

export interface BootOptions {
  /** Mounted tree. */
  readonly root: string
  /** Name of its control groups and of its end of the network; of this boot alone. */
  readonly label: string
  readonly hostname: string
  readonly bridge: string
  readonly binds: readonly Bind[]
  /** A folder that the machine sees under the same path, and may write. */
  readonly share?: string | undefined
  /** Folders that lie in memory; made when missing. */
  readonly memory?: readonly string[]
  /** File for everything that it says on its console. */
  readonly console: string
}

/** A booted machine: its first process in the lab's numbers. */
export interface Machine {
  readonly pid: number
  /** Switches it off at once; every process of it is gone then. */
  close(): Promise<void>
}

/** Boots, and resolves when sshd listens and systemd has nothing left to start. */
export async function bootMachine(options: BootOptions): Promise<Machine> {
  const console = openSync(options.console, 'a')
  const script = join(repositoryRoot, 'lab/hosts/boot.sh')
  const child = spawn('/bin/sh', [script, options.label, ...nspawnArguments(options)], {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['ignore', console, console],
  })
  closeSync(console)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  let pid: number | undefined
  const close = async (): Promise<void> => {
    await switchOff(child, pid, ended)
    removeGroups(options.label)
  }
  try {
    pid = await until(`the first process of ${options.hostname}`, 10_000, () => {
      if (child.exitCode !== null || child.pid === undefined) throw new Error('systemd-nspawn ended')
      return firstProcess(child.pid)
    })
    const first = pid
    await until(`sshd on ${options.hostname}`, 20_000, () => (isListening(first, 22) ? true : undefined))
    await settled(first)
    return { pid, close }
  } catch (error) {
    await close()
    throw new Error(`${options.hostname} did not boot: ${(error as Error).message}\n${tail(options.console)}`)
  }
}

function nspawnArguments(options: BootOptions): readonly string[] {
  const path = (text: string): string => text.replace(/[\\:]/g, '\\$&')
  return [
    '--quiet',
    `--directory=${options.root}`,
    `--machine=${options.label}`,
    `--hostname=${options.hostname}`,
    `--network-bridge=${options.bridge}`,
    '--boot',
    '--register=no',
    '--keep-unit',
    '--settings=no',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    '--console=pipe',
    '--capability=all',
    `--system-call-filter=${systemCalls}`,
    '--bind=/dev/kmsg',
    ...(options.share === undefined ? [] : [`--bind=${path(options.share)}:${path(options.share)}`]),
    ...(options.memory ?? []).map((folder) => `--tmpfs=${path(folder)}:mode=711`),
    ...options.binds.map(({ from, to }) => `--bind-ro=${path(from)}:${path(to)}:norbind`),
    ...masked.map((unit) => `systemd.mask=${unit}`),
  ]
}

function firstProcess(parent: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
    // Before that, they are the container manager's own.
    return children.map(Number).find((pid) => pid > 0 && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'systemd\n')
  } catch {
    return undefined
  }
}

/** Whether a TCP port is listened on, as the machine's kernel lists it: looking makes no connection that would be counted. */
function isListening(pid: number, port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n')
  return rows.some((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/)
    return local.endsWith(wanted) && state === '0A'
  })
}

async function settled(pid: number): Promise<void> {
  const { stdout } = await runCommand(inside(pid, ['systemctl', 'is-system-running', '--wait']), { limitMs: 20_000 })
  if (stdout.trim() === 'running') return
  const failed = await mustRun(inside(pid, ['systemctl', '--failed', '--plain', '--no-legend', '--no-pager']))
  throw new Error(`systemd is ${stdout.trim()}: ${failed.trim()}`)
}

async function switchOff(child: ChildProcess, pid: number | undefined, ended: Promise<void>): Promise<void> {
  const kill = (target: number | undefined): void => {
    try {
      if (target !== undefined && child.exitCode === null && child.signalCode === null) process.kill(target, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
  // The end of its first process is the end of all others, and the container manager then removes what it made.
  kill(pid ?? child.pid)
  const limit = new AbortController()
  await Promise.race([ended, sleep(5000, undefined, { signal: limit.signal }).catch(() => undefined)])
  limit.abort()
  kill(child.pid)
  await ended
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-15).join('\n')
}
