/** One process of a step: its lines as they come, and how it is ended when the step is cancelled. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** How long the runner waits after each signal (ProcessInvoker): SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL. */
export interface SignalDelays {
  readonly interruptMs: number
  readonly terminateMs: number
}

export const runnerDelays: SignalDelays = { interruptMs: 7500, terminateMs: 2500 }

// Grandchildren may hold the output open; the runner waits this long after the process has ended.
const outputMs = 5000

/** A lone carriage return ends a line too, as in the runner's reader: a command may hide behind one. */
function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    rest += decoder.write(chunk)
    // A carriage return at the end may be half of CR LF.
    const isHeld = rest.endsWith('\r')
    const lines = (isHeld ? rest.slice(0, -1) : rest).split(/\r\n|\n|\r/)
    rest = (lines.pop() ?? '') + (isHeld ? '\r' : '')
    for (const line of lines) onLine(line)
  })
  stream.on('end', () => {
    rest += decoder.end()
    if (rest.endsWith('\r')) rest = rest.slice(0, -1)
    if (rest !== '') onLine(rest)
    rest = ''
  })
}

export interface ChildOptions {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
  /** Aborted when the step is cancelled or has timed out. */
  readonly signal: AbortSignal
  readonly delays: SignalDelays
}

/**
 * Runs a process to its end.
 * @returns its exit code; 128 + number when a signal ended it
 * @throws when it cannot be started
 */
export async function runChild(options: ChildOptions): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const child = spawn(options.program, options.args, {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  readLines(child.stdout, options.onLine)
  readLines(child.stderr, options.onLine)

  const timers: NodeJS.Timeout[] = []
  const later = (delayMs: number, action: () => void): void => {
    timers.push(setTimeout(action, delayMs))
  }
  const cancel = (): void => {
    child.kill('SIGINT')
    later(options.delays.interruptMs, () => child.kill('SIGTERM'))
    later(options.delays.interruptMs + options.delays.terminateMs, () => child.kill('SIGKILL'))
  }
  let exitCode = 0
  child.on('error', reject)
  child.on('exit', (code, signal) => {
    exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
    for (const timer of timers) clearTimeout(timer)
    later(outputMs, () => {
      child.stdout.destroy()
      child.stderr.destroy()
    })
  })
  child.on('close', () => resolve(exitCode))
  if (options.signal.aborted) cancel()
  else options.signal.addEventListener('abort', cancel, { once: true })
  try {
    return await promise
  } finally {
    options.signal.removeEventListener('abort', cancel)
    for (const timer of timers) clearTimeout(timer)
  }
}
