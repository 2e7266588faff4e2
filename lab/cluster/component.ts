import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A program of the control plane. */
export interface Component {
  readonly name: string
  /** Why it ended, with its last lines; undefined while it runs or after `close`. */
  failure(): Error | undefined
  /** Aborted when it ends, with `failure()` as the reason. */
  readonly ended: AbortSignal
  close(): Promise<void>
}

export interface ComponentOptions {
  readonly program: string
  readonly arguments: readonly string[]
  /** Its output goes to `<name>.log` in here. */
  readonly directory: string
}

const keptLines = 12

/** Starts a program. It never outlives this process, and nothing of this process's environment reaches it. */
export function startComponent({ program, arguments: words, directory }: ComponentOptions): Component {
  const name = basename(program)
  const logFile = join(directory, `${name}.log`)
  const ended = new AbortController()
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn(program, words, {
    argv0: name,
    cwd: directory,
    // Go programs look up their home folder; this one holds nothing.
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: directory },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let isClosing = false
  let failure: Error | undefined
  const { promise: gone, resolve } = Promise.withResolvers<void>()
  const fail = (how: string) => {
    process.removeListener('exit', kill)
    resolve()
    if (isClosing) return
    failure ??= new Error(`${name} ended (${how}); its last lines:\n${lastLines(logFile)}`)
    ended.abort(failure)
  }
  child.once('error', (error) => fail(error.message))
  child.once('exit', (code, signal) => fail(signal ?? `code ${code}`))
  return {
    name,
    failure: () => failure,
    ended: ended.signal,
    async close() {
      isClosing = true
      if (isAlive(child)) kill()
      await gone
    },
  }
}

/** Whatever these programs keep is thrown away with the lab, so nothing is gained by asking them to end in order. */
function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-keptLines).join('\n')
}
