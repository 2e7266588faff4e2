import { StringDecoder } from 'node:string_decoder'
import { HostError, type HostErrorCode } from './error.ts'
import type { ScriptLine, ScriptResult } from './model.ts'

/** How long after its limit a script may take to be ended by the host itself: 5 s from TERM to KILL, and the way back. */
export const timeoutGraceMs = 8000
/** How long a stopped script has for its cleanup before the runner goes on without it. */
export const stopGraceMs = 3000
const longestLine = 1024 * 1024
const mostOutput = 32 * 1024 * 1024
const mostStderr = 64 * 1024

/** Collects what a session prints: JSON lines from standard output, the end of standard error. */
export class SessionOutput {
  readonly lines: ScriptLine[] = []
  readonly #onLine: ((line: ScriptLine) => void) | undefined
  readonly #stdout = new StringDecoder('utf8')
  readonly #stderr = new StringDecoder('utf8')
  #pending = ''
  #received = 0
  #isRefused = false
  #errors = ''

  constructor(onLine?: (line: ScriptLine) => void) {
    this.#onLine = onLine
  }

  /** Throws RangeError when the host prints more than a script of ours ever does; what comes after that is not even read. */
  stdout(chunk: Buffer): void {
    if (!this.#counts(chunk)) return
    const texts = (this.#pending + this.#stdout.write(chunk)).split('\n')
    this.#pending = texts.pop() ?? ''
    if (this.#pending.length > longestLine) this.#refuse()
    for (const text of texts) this.#take(text)
  }

  /** Only its end is kept. Throws RangeError when there is none: a host that floods this stream never comes to its answer. */
  stderr(chunk: Buffer): void {
    if (!this.#counts(chunk)) return
    this.#keep(this.#stderr.write(chunk))
  }

  /** False: the session is given up already, and its end is waited for. */
  #counts(chunk: Buffer): boolean {
    if (this.#isRefused) return false
    this.#received += chunk.length
    if (this.#received > mostOutput) this.#refuse()
    return true
  }

  #refuse(): never {
    this.#isRefused = true
    this.#pending = ''
    throw new RangeError('too much output')
  }

  /** Whatever stood on a last line without line break. */
  end(): void {
    const rest = this.#pending + this.#stdout.end()
    this.#pending = ''
    this.#take(rest)
  }

  get errors(): string {
    return this.#errors.slice(-mostStderr)
  }

  /** Cut now and then only: cutting for every line of a flood would take longer than the flood. */
  #keep(text: string): void {
    this.#errors += text
    if (this.#errors.length > 4 * mostStderr) this.#errors = this.#errors.slice(-mostStderr)
  }

  #take(text: string): void {
    if (text.trim() === '') return
    const line = parseObject(text)
    if (line === undefined) {
      // A login shell's start-up file may print on its own; it belongs to the evidence, not to the answer.
      this.#keep(`${text.slice(0, 1024)}\n`)
      return
    }
    this.lines.push(line)
    this.#onLine?.(line)
  }
}

function parseObject(text: string): ScriptLine | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ScriptLine) : undefined
  } catch {
    return undefined
  }
}

/** What outer.sh refuses with, by code. `%u` is the user. */
const refusals: Partial<Record<HostErrorCode, { title: string; cause: string; remedy: string }>> = {
  'sudo-password-wrong': {
    title: 'root rights could not be had',
    cause: 'sudo does not accept the password (it was tried once, so nothing is locked)',
    remedy: 'correct the sudo password, or allow the user passwordless sudo',
  },
  'sudo-password-required': {
    title: 'root rights could not be had',
    cause: 'sudo asks for a password and none was given',
    remedy:
      'give the sudo password, or allow passwordless sudo: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d',
  },
  'sudo-not-allowed': {
    title: 'root rights could not be had',
    cause: 'the user may not run the needed commands with sudo',
    remedy: 'add the user to the sudoers: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d',
  },
  'sudo-needs-tty': {
    title: 'root rights could not be had',
    cause: 'sudo insists on a terminal (requiretty)',
    remedy: 'switch it off for this user: Defaults:%u !requiretty in a file of /etc/sudoers.d',
  },
  'sudo-missing': {
    title: 'root rights could not be had',
    cause: 'the user is not root and the host has no sudo',
    remedy: 'install sudo, or connect as root',
  },
  'timeout-missing': {
    title: 'nothing was run',
    cause: 'the host has no timeout command, so nothing there could be ended for certain',
    remedy: 'install coreutils or busybox on the host',
  },
}

export interface SessionEnd {
  readonly host: string
  readonly user: string
  readonly scriptName: string
  readonly privilege: 'user' | 'root' | 'root-if-possible'
  readonly timeoutMs: number
  readonly elapsedMs: number
  readonly exitCode: number
  readonly output: SessionOutput
  readonly redact: (text: string) => string
}

function lastLines(text: string): string[] {
  return text.trim().split('\n').slice(-5)
}

/** The result of a session that ended by itself. Throws HostError when not the script but its start or the time limit decided. */
export function concludeSession(end: SessionEnd): ScriptResult {
  end.output.end()
  const { lines, errors } = end.output
  const fail = (
    code: HostErrorCode,
    text: { title: string; cause: string; remedy: string },
    evidence: string[],
  ): never => {
    const remedy = text.remedy.replaceAll('%u', end.user)
    throw new HostError(code, end.host, { ...text, remedy, evidence: [...evidence, ...lastLines(errors)] }, end.redact)
  }
  const refused = lines.find((line) => typeof line.error === 'string' && line.error in refusals)
  if (end.exitCode === 77 && refused !== undefined) {
    const code = refused.error as HostErrorCode
    const text = refusals[code]
    if (text !== undefined) fail(code, text, typeof refused.message === 'string' ? [refused.message] : [])
  }
  // 124: GNU timeout; 143 and 137: busybox, or a script that would not end. Earlier than the limit they mean something else.
  if ([124, 137, 143].includes(end.exitCode) && end.elapsedMs >= end.timeoutMs * 0.95) {
    fail('script-timeout', timeoutText(end.scriptName, end.timeoutMs), [
      `last line: ${JSON.stringify(lines.at(-1) ?? null).slice(0, 500)}`,
    ])
  }
  if (end.exitCode === 74 && lines.length === 0) {
    fail(
      'script-unreadable',
      {
        title: `script ${end.scriptName} did not start`,
        cause: 'the host did not read it completely',
        remedy: 'run it again; if it stays, look at the host with dd --version and sh on the console',
      },
      [],
    )
  }
  // sudo may allow `true` and refuse the command itself; then nothing of ours has run.
  if (end.privilege === 'root' && end.exitCode === 1 && lines.length === 0 && /^sudo: /m.test(errors)) {
    const text = refusals['sudo-not-allowed']
    if (text !== undefined) fail('sudo-not-allowed', text, [])
  }
  return { exitCode: end.exitCode, lines, stderr: end.redact(errors) }
}

export function timeoutText(scriptName: string, timeoutMs: number): { title: string; cause: string; remedy: string } {
  return {
    title: `script ${scriptName} was ended on the host`,
    cause: `it did not finish within ${Math.round(timeoutMs / 100) / 10} s`,
    remedy: 'look at the host (load, disk, network) and run it again; raise the timeout when the host is just slow',
  }
}
