/** Where a part is made: programs run here without a shell, their output goes to a log, and they end when they are told to. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { constants } from 'node:os'
import { dirname } from 'node:path'

export interface Command {
  readonly program: string
  readonly arguments: readonly string[]
  readonly directory?: string
  readonly environment?: Readonly<Record<string, string>>
  /** It only fetches: when it fails, the part cannot be had here, which is no fault of ours. */
  readonly isFetch?: true
}

export interface Workshop {
  /** What is made here, as messages name it. */
  readonly part: string
  /** Everything that the programs said. */
  readonly log: string
  /** The command's standard output. Throws `PartError` when it cannot be started, fails or is stopped. */
  run(command: Command): Promise<string>
  /** Whether what runs now fails because it was told to end. */
  isStopped(): boolean
  close(): Promise<void>
}

/** A part could not be made: which one, by which command, what that said last, and where the rest can be read. */
export class PartError extends Error {
  override readonly name = 'PartError'
  /** Set when the part cannot be had here: a registry does not give it, or cannot be reached. */
  readonly isUnavailable: boolean

  constructor(message: string, options: ErrorOptions & { readonly isUnavailable?: boolean } = {}) {
    super(message, options)
    this.isUnavailable = options.isUnavailable ?? false
  }
}

const linesShown = 20
/** A stopped program may clean up for this long. */
const patienceMs = 5_000

/**
 * What build tools may know about this machine: where programs, caches and registries are, and nothing that could be a
 * secret of somebody else.
 */
const passed = new RegExp(
  [
    'PATH|HOME|TMPDIR|USER|LOGNAME',
    'GO(?:ROOT|PATH|BIN|ENV|FLAGS|PROXY|NOPROXY|PRIVATE|SUMDB|NOSUMDB|INSECURE|CACHE|MODCACHE|TMPDIR|TOOLCHAIN|MAXPROCS|AUTH)',
    'PIP_[A-Z0-9_]+|APT_CONFIG|DEBOOTSTRAP_DIR',
    'SSL_CERT_(?:FILE|DIR)|(?:REQUESTS|CURL)_CA_BUNDLE|(?:http|https|no|all|ftp)_proxy',
  ]
    .map((names) => `^(?:${names})$`)
    .join('|'),
  'i',
)

export function buildEnvironment(machine: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const environment: Record<string, string> = { LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' }
  for (const [name, value] of Object.entries(machine)) {
    if (value !== undefined && passed.test(name)) environment[name] = value
  }
  // Programs of administrators (debootstrap, chroot, ip) are not on every user's PATH.
  environment.PATH = `${environment.PATH ?? '/usr/local/bin:/usr/bin:/bin'}:/usr/sbin:/sbin`
  return environment
}

export async function openWorkshop(part: string, log: string, signal?: AbortSignal): Promise<Workshop> {
  await mkdir(dirname(log), { recursive: true })
  const stream = createWriteStream(log, { flags: 'w', mode: 0o600 })
  return {
    part,
    log,
    run: (command) => runCommand(part, log, stream, command, signal),
    isStopped: () => signal?.aborted ?? false,
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  }
}

function runCommand(part: string, log: string, stream: WriteStream, command: Command, signal?: AbortSignal) {
  const line = [command.program, ...command.arguments].join(' ')
  stream.write(`$ ${line}\n`)
  return new Promise<string>((resolve, reject) => {
    if (signal?.aborted) {
      reject(new PartError(`${part}: stopped before ${command.program}`, { cause: signal.reason }))
      return
    }
    // A process group of its own: compilers and the like are told together with the program that started them. When this
    // process is killed it can tell nobody, and the kernel does.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', command.program, ...command.arguments], {
      cwd: command.directory,
      env: { ...buildEnvironment(process.env), ...command.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const stop = stopper(child)
    signal?.addEventListener('abort', stop, { once: true })
    let stdout = ''
    let said = ''
    const keep = (text: string): void => {
      stream.write(text)
      said = (said + text)
        .split('\n')
        .slice(-(linesShown + 1))
        .join('\n')
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      keep(text)
    })
    child.stderr.setEncoding('utf8').on('data', keep)
    const fail = (why: string, cause?: unknown): void => {
      const isUnavailable = command.isFetch === true && signal?.aborted !== true
      signal?.removeEventListener('abort', stop)
      const last = said.trimEnd().split('\n').slice(-linesShown).join('\n')
      const text = `${part}: ${why}\n  command  ${line}\n  log      ${log}\n${last}`.trimEnd()
      reject(new PartError(text, { cause, isUnavailable }))
    }
    child.once('error', (error) => fail(`setpriv could not be started: ${error.message}`, error))
    child.once('close', (code, ended) => {
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted) fail('stopped', signal.reason)
      else if (code === 0) resolve(stdout)
      else if (code === 127) fail(`${command.program} could not be started`)
      else fail(code === null ? `${command.program} was killed by ${ended}` : `${command.program} ended with ${code}`)
    })
  })
}

function stopper(child: ChildProcess): () => void {
  return () => {
    const { pid } = child
    if (pid === undefined) return
    const tell = (signal: NodeJS.Signals): void => {
      try {
        process.kill(-pid, constants.signals[signal])
      } catch {
        // Nothing of the group is left.
      }
    }
    tell('SIGTERM')
    const timer = setTimeout(tell, patienceMs, 'SIGKILL')
    child.once('close', () => clearTimeout(timer))
  }
}
