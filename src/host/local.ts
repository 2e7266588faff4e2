import { rmSync } from 'node:fs'
import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { HostAccess } from '../cluster-file/index.ts'
import type { Exec } from '../runner/index.ts'
import { abortedError, HostError, messageOf, redactor } from './error.ts'
import { forwardError, outputError, uploadError, uploadName } from './failures.ts'
import type { Host, ScriptResult, ScriptRun } from './model.ts'
import { outerArguments, renderInput, renderProgram } from './render.ts'
import { concludeSession, SessionOutput, stopGraceMs, timeoutGraceMs, timeoutText } from './session.ts'

/** What a child needs to find programs and itself; nothing else of the runner's environment, which holds tokens. */
function childEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'USER', 'LOGNAME']
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

/** The runner itself as a host. Scripts run as over SSH, with the runner's pid and a file of its own in place of the channel. */
export class LocalHost implements Host {
  readonly label = 'local'
  readonly counts = { sessions: 0, forwards: 0 }
  readonly #exec: Exec
  readonly #sudoPassword: string
  readonly #user: string
  readonly #folder: string

  private constructor(access: HostAccess, exec: Exec, folder: string) {
    this.#exec = exec
    this.#sudoPassword = access.sudoPassword ?? ''
    this.#user = access.user || process.env.USER || 'the user'
    this.#folder = folder
  }

  static async open(access: HostAccess, exec: Exec): Promise<LocalHost> {
    return new LocalHost(access, exec, await mkdtemp(join(tmpdir(), 'k3s-gpu-actions-')))
  }

  async run(run: ScriptRun): Promise<ScriptResult> {
    const doing = `script ${run.name}`
    if (run.signal.aborted) throw abortedError(this.label, doing, run.signal)
    this.counts.sessions += 1
    const redact = redactor([this.#sudoPassword, ...Object.values(run.secrets ?? {})])
    const file = join(this.#folder, `session-${this.counts.sessions}`)
    await writeFile(file, '')
    const program = renderProgram(run.script, run.env ?? {}, run.secrets ?? {}, {
      type: 'watch',
      pid: process.pid,
      file,
    })
    const output = new SessionOutput(run.onLine)
    const startedAt = performance.now()
    const stopped = Promise.withResolvers<never>()
    stopped.promise.catch(() => undefined)
    const stop = (error: unknown): void => {
      rmSync(file, { force: true })
      stopped.reject(error)
    }
    const onAbort = () => stop(abortedError(this.label, doing, run.signal))
    const overdue = setTimeout(
      () => stop(new HostError('script-timeout', this.label, timeoutText(run.name, run.timeoutMs), redact)),
      run.timeoutMs + timeoutGraceMs,
    )
    run.signal.addEventListener('abort', onAbort, { once: true })
    const collect = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
      try {
        output[stream](chunk)
      } catch (error) {
        stop(error instanceof RangeError ? outputError(this.label, run.name) : error)
      }
    }
    const finished = this.#exec('sh', outerArguments, {
      input: renderInput({
        program,
        privilege: run.privilege,
        timeoutMs: run.timeoutMs,
        sudoPassword: this.#sudoPassword,
        input: 'closed',
      }),
      env: childEnvironment(),
      onStdout: collect('stdout'),
      onStderr: collect('stderr'),
    })
    try {
      const exitCode = await Promise.race([finished, stopped.promise])
      return concludeSession({
        host: this.label,
        user: this.#user,
        scriptName: run.name,
        privilege: run.privilege,
        timeoutMs: run.timeoutMs,
        elapsedMs: performance.now() - startedAt,
        exitCode,
        output,
        redact,
      })
    } catch (error) {
      // A stopped script gets a moment for its own cleanup, so that nothing runs beside what the caller does next.
      await Promise.race([finished.catch(() => undefined), delay(stopGraceMs, undefined, { ref: false })])
      throw error
    } finally {
      clearTimeout(overdue)
      run.signal.removeEventListener('abort', onAbort)
      rmSync(file, { force: true })
    }
  }

  async upload(
    file: { readonly path: string; readonly name: string; readonly sizeBytes: number },
    signal: AbortSignal,
  ): Promise<string> {
    if (signal.aborted) throw abortedError(this.label, `the upload of ${file.name}`, signal)
    const folder = await mkdtemp(join(tmpdir(), 'k3s-gpu-actions.'))
    const target = join(folder, uploadName(file.name))
    try {
      await copyFile(file.path, target)
      const { size } = await stat(target)
      if (size !== file.sizeBytes) throw new Error(`${size} of ${file.sizeBytes} bytes were copied`)
      return target
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw uploadError(this.label, file.name, messageOf(error))
    }
  }

  async forward(address: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const doing = `connecting to ${address}:${port}`
    if (signal.aborted) throw abortedError(this.label, doing, signal)
    this.counts.forwards += 1
    const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
    const socket = connect({ host: address, port, noDelay: true })
    const onAbort = () => {
      socket.destroy()
      reject(abortedError(this.label, doing, signal))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('connect', () => resolve(socket))
    // Stays attached: a socket without a listener would end the whole run when it breaks later.
    socket.on('error', (error) => reject(forwardError(this.label, address, port, error.message)))
    return promise.finally(() => signal.removeEventListener('abort', onAbort))
  }

  /** Scripts that still run see their file go and end. */
  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
