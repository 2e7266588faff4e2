import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import { significant } from './ssh-words.ts'

export interface SshEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The program could not be started. */
  readonly error?: NodeJS.ErrnoException
}

export interface SshProcess {
  /** Undefined: it could not be started. */
  readonly pid: number | undefined
  /** What it printed so far, as far as it tells something; the last lines of much. */
  readonly lines: readonly string[]
  readonly ended: Promise<SshEnd>
  readonly isOver: () => boolean
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
}

const keptLines = 60
const longestLine = 4096

function findOnPath(program: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/**
 * util-linux's setpriv lets ssh end with its parent, however that ends (prctl(2), PR_SET_PDEATHSIG; it survives the exec of ssh).
 * Without it an ssh whose supervisor was killed is ended by post or by the next run.
 */
function bound(command: readonly string[], path: string): readonly string[] {
  const setpriv = process.platform === 'linux' ? findOnPath('setpriv', path) : undefined
  return setpriv === undefined ? command : [setpriv, '--pdeathsig', 'TERM', '--', ...command]
}

/** Starts ssh in the tunnel's folder and in the caller's process group. `onLine` gets every line that tells something. */
export function startSsh(options: {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly arguments: readonly string[]
  readonly onLine: (line: string) => void
}): SshProcess {
  const { environment } = options
  const path = environment.PATH ?? '/usr/bin:/bin'
  const ssh = findOnPath('ssh', path)
  const lines: string[] = []
  let isOver = false
  if (ssh === undefined) {
    const error = Object.assign(new Error(`no ssh in ${path}`), { code: 'ENOENT' })
    const ended = Promise.resolve({ code: null, signal: null, error })
    return { pid: undefined, lines, ended, isOver: () => true, kill: () => undefined }
  }
  const [program = ssh, ...words] = bound([ssh, ...options.arguments], path)
  const child: ChildProcessByStdio<null, null, Readable> = spawn(program, words, {
    cwd: options.folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let rest = ''
  const take = (line: string): void => {
    const kept = significant(line.slice(0, longestLine))
    if (kept === undefined) return
    lines.push(kept)
    if (lines.length > keptLines) lines.shift()
    options.onLine(kept)
  }
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = (parts.pop() ?? '').slice(0, longestLine)
    for (const part of parts) take(part)
  })
  const ended = new Promise<SshEnd>((resolve) => {
    const over = (end: SshEnd): void => {
      if (rest !== '') take(rest)
      rest = ''
      isOver = true
      resolve(end)
    }
    child.on('error', (error: NodeJS.ErrnoException) => over({ code: null, signal: null, error }))
    child.on('close', (code, signal) => over({ code, signal }))
  })
  return { pid: child.pid, lines, ended, isOver: () => isOver, kill: (signal) => void child.kill(signal) }
}
