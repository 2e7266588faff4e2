import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, ClientChannel } from 'ssh2'
import type { HostAccess } from '../cluster-file/index.ts'
import { abortedError, HostError, messageOf } from './error.ts'
import { outputError, uploadError, uploadName } from './failures.ts'
import type { Host, ScriptResult, ScriptRun } from './model.ts'
import { outerCommand, renderInput, renderProgram } from './render.ts'
import { scripts } from './scripts.generated.ts'
import { concludeSession, SessionOutput, stopGraceMs, timeoutGraceMs, timeoutText } from './session.ts'
import { channelError, forwardingError } from './ssh-failures.ts'

interface Connected {
  readonly connection: Client
  readonly label: string
  readonly access: HostAccess
  readonly redact: (text: string) => string
  readonly hostKeyFingerprint: string
}

interface Session {
  /** For messages, e.g. `script survey`. */
  readonly doing: string
  readonly name: string
  readonly program: string
  readonly privilege: ScriptRun['privilege']
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onLine?: ScriptRun['onLine']
  readonly redact: (text: string) => string
  /** Writes what follows the script and ends the channel's input. Without it the input stays open as long as the script runs. */
  readonly feed?: (channel: ClientChannel) => Promise<void>
}

const signalExitCodes: Readonly<Record<string, number>> = { HUP: 129, INT: 130, KILL: 137, PIPE: 141, TERM: 143 }

/** A host behind one SSH connection. */
export class SshHost implements Host {
  readonly label: string
  readonly hostKeyFingerprint: string
  readonly counts = { sessions: 0, forwards: 0 }
  readonly #connection: Client
  readonly #access: HostAccess
  readonly #redact: (text: string) => string
  readonly #ended: Promise<unknown>
  #isOpen = true
  #lastError = ''

  constructor(connected: Connected) {
    this.label = connected.label
    this.hostKeyFingerprint = connected.hostKeyFingerprint
    this.#connection = connected.connection
    this.#access = connected.access
    this.#redact = connected.redact
    const ended = Promise.withResolvers<void>()
    this.#ended = ended.promise
    this.#connection.on('error', (error) => {
      this.#lastError = error.message
    })
    this.#connection.on('close', () => {
      this.#isOpen = false
      ended.resolve()
    })
  }

  async run(run: ScriptRun): Promise<ScriptResult> {
    const hidden = Object.values(run.secrets ?? {})
    const redact = (text: string) =>
      hidden.filter((value) => value !== '').reduce((rest, value) => rest.replaceAll(value, '***'), this.#redact(text))
    return this.#session({
      doing: `script ${run.name}`,
      name: run.name,
      program: renderProgram(run.script, run.env ?? {}, run.secrets ?? {}, { type: 'input' }),
      privilege: run.privilege,
      timeoutMs: run.timeoutMs,
      signal: run.signal,
      ...(run.onLine && { onLine: run.onLine }),
      redact,
    })
  }

  async upload(
    file: { readonly path: string; readonly name: string; readonly sizeBytes: number },
    signal: AbortSignal,
  ): Promise<string> {
    const env = { NAME: uploadName(file.name), SIZE: String(file.sizeBytes) }
    const result = await this.#session({
      doing: `the upload of ${file.name}`,
      name: 'upload',
      program: renderProgram(scripts.upload, env, {}, { type: 'none' }),
      privilege: 'user',
      // Slower than 64 KiB/s is no upload any more.
      timeoutMs: 60_000 + (file.sizeBytes / 65_536) * 1000,
      signal,
      redact: this.#redact,
      feed: (channel) =>
        this.#send(file.path, channel).catch((error: unknown) => {
          throw uploadError(this.label, file.name, messageOf(error), this.#redact)
        }),
    })
    const path = result.lines.find((line) => typeof line.path === 'string')?.path
    if (result.exitCode === 0 && typeof path === 'string' && path.endsWith(`/${file.name}`)) return path
    const message = result.lines.find((line) => typeof line.error === 'string')?.message
    throw uploadError(
      this.label,
      file.name,
      typeof message === 'string' ? message : result.stderr.trim() || `exit code ${result.exitCode}`,
      this.#redact,
    )
  }

  /** The host decides the pace: what it has not taken yet is not read from the disk either. */
  async #send(path: string, channel: ClientChannel): Promise<void> {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      if (!channel.write(chunk)) await Promise.race([once(channel, 'drain'), once(channel, 'close')])
      if (!channel.writable) return
    }
    channel.end()
  }

  async forward(address: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const doing = `connecting to ${address}:${port} through the host`
    this.counts.forwards += 1
    return this.#open(doing, signal, (done) => this.#connection.forwardOut('127.0.0.1', 0, address, port, done)).catch(
      (error: unknown) => {
        throw error instanceof HostError ? error : forwardingError(this.label, this.#access, address, port, error)
      },
    )
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#connection.end()
    await Promise.race([this.#ended, delay(2000, undefined, { ref: false })])
    this.#connection.destroy()
  }

  /** Opens a channel, or rejects with HostError when the run is cancelled or the connection gone; other errors stay as ssh2 made them. */
  async #open(
    doing: string,
    signal: AbortSignal,
    start: (done: (error: Error | undefined, channel: ClientChannel) => void) => void,
  ): Promise<ClientChannel> {
    if (signal.aborted) throw abortedError(this.label, doing, signal)
    if (!this.#isOpen) throw this.#lost(doing)
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>()
    let isWanted = true
    const onAbort = () => reject(abortedError(this.label, doing, signal))
    signal.addEventListener('abort', onAbort, { once: true })
    void this.#ended.then(() => reject(this.#lost(doing)))
    try {
      start((error, channel) => {
        if (error !== undefined && error !== null) {
          reject(this.#isOpen ? error : this.#lost(doing))
          return
        }
        // An error after the end, e.g. a write that the host no longer took, has been told by the end itself.
        channel.on('error', () => undefined)
        if (!isWanted) channel.close()
        resolve(channel)
      })
    } catch {
      reject(this.#lost(doing))
    }
    try {
      return await promise
    } finally {
      isWanted = !signal.aborted
      signal.removeEventListener('abort', onAbort)
    }
  }

  #lost(doing: string): HostError {
    return new HostError(
      'connection-lost',
      this.label,
      {
        title: `the connection was lost while ${doing} was running`,
        cause: this.#lastError || 'the host closed it',
        remedy:
          'look whether the host restarted or its network changed, then run it again: it continues from what it finds',
      },
      this.#redact,
    )
  }

  async #session(session: Session): Promise<ScriptResult> {
    const { doing, signal, timeoutMs, redact } = session
    this.counts.sessions += 1
    const channel = await this.#open(doing, signal, (done) => this.#connection.exec(outerCommand, done)).catch(
      (error: unknown) => {
        throw error instanceof HostError ? error : channelError(this.label, doing, error)
      },
    )
    const output = new SessionOutput(session.onLine)
    const startedAt = performance.now()
    const closed = Promise.withResolvers<number | undefined>()
    const stopped = Promise.withResolvers<never>()
    stopped.promise.catch(() => undefined)
    let exitCode: number | undefined
    // The end of the input tells the guard on the host to end the script.
    const stop = (error: unknown): void => {
      channel.end()
      stopped.reject(error)
    }
    const collect = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
      try {
        output[stream](chunk)
      } catch (error) {
        stop(error instanceof RangeError ? outputError(this.label, session.name) : error)
      }
    }
    channel.on('data', collect('stdout'))
    channel.stderr.on('data', collect('stderr'))
    channel.on('exit', (code: number | null, signalName?: string) => {
      exitCode = code ?? signalExitCodes[(signalName ?? '').replace(/^SIG/, '')] ?? 255
    })
    channel.on('close', () => closed.resolve(exitCode))
    const onAbort = () => stop(abortedError(this.label, doing, signal))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    const overdue = setTimeout(
      () => stop(new HostError('script-timeout', this.label, timeoutText(session.name, timeoutMs), redact)),
      timeoutMs + timeoutGraceMs,
    )
    try {
      channel.write(
        renderInput({
          program: session.program,
          privilege: session.privilege,
          timeoutMs,
          sudoPassword: this.#access.sudoPassword ?? '',
          input: 'open',
        }),
      )
      session.feed?.(channel).catch(stop)
      const code = await Promise.race([closed.promise, stopped.promise])
      if (code === undefined) throw this.#lost(doing)
      const elapsedMs = performance.now() - startedAt
      return concludeSession({
        host: this.label,
        user: this.#access.user,
        scriptName: session.name,
        privilege: session.privilege,
        timeoutMs,
        elapsedMs,
        exitCode: code,
        output,
        redact,
      })
    } catch (error) {
      // A stopped script gets a moment for its own cleanup, so that nothing runs beside what the caller does next.
      await Promise.race([closed.promise, delay(stopGraceMs, undefined, { ref: false })])
      throw error
    } finally {
      clearTimeout(overdue)
      signal.removeEventListener('abort', onAbort)
      channel.close()
    }
  }
}
