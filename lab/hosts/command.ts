import { type ChildProcess, spawn } from 'node:child_process'
import type { CommandResult } from '../contract.ts'

/** What a root shell has, and nothing of whoever started the lab. */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LANG: 'C.UTF-8',
}

export interface CommandOptions {
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
  /** It is killed after this time. Default: none. */
  readonly limitMs?: number
}

/** Starts a program with a clean environment; its input and output are pipes. */
export function startCommand(command: readonly string[], options: CommandOptions = {}): ChildProcess {
  const [program = '', ...words] = command
  return spawn(program, words, {
    env: { ...environment, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.limitMs === undefined ? {} : { timeout: options.limitMs, killSignal: 'SIGKILL' as const }),
  })
}

/** Runs a program to its end. Rejects only when it cannot be started. */
export async function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const child = startCommand(command, options)
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', (chunk: Buffer) => chunks[name].push(chunk))
  // A program may end without reading its input.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(options.input ?? '')
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(chunks[name]).toString('utf8')
  return { code, stdout: text('stdout'), stderr: text('stderr') }
}

/** As `runCommand`; rejects with what the program said unless it ends with 0. */
export async function mustRun(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, options)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${(stderr + stdout).trim()}`)
  return stdout
}

/** The same inside all namespaces of a machine, named by its first process. Secrets go by `environment`, never by words. */
export function inside(pid: number, command: readonly string[]): readonly string[] {
  return ['nsenter', '--target', String(pid), '--all', '--', ...command]
}
