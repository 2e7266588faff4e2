import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { constants } from 'node:os'
import { RunnerError } from './errors.ts'
import type { Exec } from './model.ts'

/** A cancelled step has 10 s in all; a program that ignores SIGTERM may not use them up. */
const stubbornMs = 2000
/** What a program left running may keep its output open for ever; @actions/exec waits 10 s for it. */
const openOutputMs = 1000

type Options = Parameters<Exec>[2]

/**
 * Runs programs with @actions/exec. The child sees exactly `env`: by default it would inherit process.env with every
 * INPUT_* and the job's tokens (toolkit, packages/exec/src/toolrunner.ts). `signal` ends the child with SIGTERM, or as `interrupt` says.
 * Resolves with the exit code, 128 + signal number when a signal ended it. Nothing is printed.
 */
export function execPort(signal: AbortSignal): Exec {
  return async (command, args, options) => {
    signal.throwIfAborted()
    options.interrupt?.throwIfAborted()
    const { exec } = await import('@actions/exec')
    let child: ChildProcess | undefined
    const stop = options.interrupt === undefined ? terminate(() => child) : interruptOnce(() => child)
    const kill = () => void child?.kill('SIGKILL')
    const watch = (message: unknown) => {
      const born = (message as { process?: ChildProcess }).process
      // Published in the constructor: its streams exist once the current call to spawn has returned.
      queueMicrotask(() => {
        if (child || !born || !isOurs(born, args)) return
        child = born
        // @actions/exec writes the input without an error listener, so that a child that ends before it has read
        // everything would end this process by an unhandled EPIPE.
        born.stdin?.on('error', () => undefined)
        if (signal.aborted || options.interrupt?.aborted) stop()
        if (options.kill?.aborted) kill()
      })
    }
    subscribe('child_process', watch)
    const endings = endingsOf(signal, options, stop, kill)
    for (const [fires, end] of endings) fires.addEventListener('abort', end)
    try {
      const code: number | null = await exec(quoted(command), [...args], {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        input: options.input,
        env: { ...options.env },
        silent: true,
        ignoreReturnCode: true,
        ...(options.interrupt === undefined ? {} : { delay: openOutputMs }),
        listeners: { stdout: once(options.onStdout), stderr: once(options.onStderr) },
      })
      return code ?? 128 + (child?.signalCode ? constants.signals[child.signalCode] : 0)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      throw new RunnerError('program-not-found', `${command} could not be started on the runner`, {
        cause: text,
        remedy: `install ${command} on the runner, or use another transport`,
      })
    } finally {
      unsubscribe('child_process', watch)
      for (const [fires, end] of endings) fires.removeEventListener('abort', end)
    }
  }
}

/**
 * Whoever listens gets every chunk, and @actions/exec itself none: it would keep a line until it ends, whether anybody asks for lines or
 * not, and search all of it again with each chunk (toolkit, packages/exec/src/toolrunner.ts, _processLineBuffer). A line of 100 MB would
 * hold this process for minutes, in which it hears no signal.
 */
function once(listener: (chunk: Buffer) => void): (chunk: Buffer) => void {
  return (chunk) => {
    listener(chunk.subarray())
    chunk.toString = () => ''
  }
}

function endingsOf(signal: AbortSignal, options: Options, stop: () => void, kill: () => void) {
  const endings: (readonly [AbortSignal, () => void])[] = [[signal, stop]]
  if (options.interrupt !== undefined) endings.push([options.interrupt, stop])
  if (options.kill !== undefined) endings.push([options.kill, kill])
  return endings
}

function terminate(child: () => ChildProcess | undefined): () => void {
  return () => {
    child()?.kill('SIGTERM')
    setTimeout(() => child()?.exitCode === null && child()?.kill('SIGKILL'), stubbornMs).unref()
  }
}

/** Once, however many reasons there are: many programs take a second SIGINT for the wish to drop everything. */
function interruptOnce(child: () => ChildProcess | undefined): () => void {
  let isAsked = false
  return () => {
    if (!isAsked && child()) isAsked = child()?.kill('SIGINT') ?? false
  }
}

function isOurs(child: ChildProcess, args: readonly string[]): boolean {
  const given = child.spawnargs?.slice(1) ?? []
  return given.length === args.length && given.every((word, index) => word === args[index])
}

/** @actions/exec splits its first argument into words. */
function quoted(command: string): string {
  return `"${command.replaceAll('"', '\\"')}"`
}
