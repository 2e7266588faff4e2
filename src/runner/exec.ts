import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { constants } from 'node:os'
import { RunnerError } from './errors.ts'
import type { Exec } from './model.ts'

/** A cancelled step has 10 s in all; a program that ignores SIGTERM may not use them up. */
const stubbornMs = 2000

/**
 * Runs programs with @actions/exec. The child sees exactly `env`: by default it would inherit process.env with every
 * INPUT_* and the job's tokens (toolkit, packages/exec/src/toolrunner.ts). `signal` ends the child with SIGTERM.
 * Resolves with the exit code, 128 + signal number when a signal ended it. Nothing is printed.
 */
export function execPort(signal: AbortSignal): Exec {
  return async (command, args, options) => {
    signal.throwIfAborted()
    const { exec } = await import('@actions/exec')
    let child: ChildProcess | undefined
    const stop = () => {
      child?.kill('SIGTERM')
      setTimeout(() => child?.exitCode === null && child.kill('SIGKILL'), stubbornMs).unref()
    }
    const watch = (message: unknown) => {
      const born = (message as { process?: ChildProcess }).process
      // Published in the constructor: its streams exist once the current call to spawn has returned.
      queueMicrotask(() => {
        if (child || !born || !isOurs(born, args)) return
        child = born
        // @actions/exec writes the input without an error listener, so that a child that ends before it has read
        // everything would end this process by an unhandled EPIPE.
        born.stdin?.on('error', () => undefined)
        if (signal.aborted) stop()
      })
    }
    subscribe('child_process', watch)
    signal.addEventListener('abort', stop)
    try {
      const code: number | null = await exec(quoted(command), [...args], {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        input: options.input,
        env: { ...options.env },
        silent: true,
        ignoreReturnCode: true,
        listeners: { stdout: options.onStdout, stderr: options.onStderr },
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
      signal.removeEventListener('abort', stop)
    }
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
