import { scripts } from './scripts.generated.ts'

/** How the host notices that the runner is gone (library.sh). */
export type Guard =
  | { readonly type: 'input' }
  | { readonly type: 'none' }
  | { readonly type: 'watch'; readonly pid: number; readonly file: string }

// Names that steer the shell or the transport itself. A caller that wants one of them has made a mistake.
const reserved = new Set(
  'PATH IFS ENV HOME SHELL USER LOGNAME PWD TERM PS1 PS2 PS4 ROOT REHEARSAL GUARD GUARD_PID GUARD_FILE KGA_GROUP SUDO_STATE SUDO_PROBLEM SUDO_USER LC_ALL LANG OPTIND'.split(
    ' ',
  ),
)

/** One word of POSIX sh that means exactly this text. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function assignment(name: string, value: string): string {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name) || reserved.has(name) || /^(?:LD_|BASH)/.test(name)) {
    throw new TypeError(`${JSON.stringify(name)} cannot be the name of a script's variable`)
  }
  // The value stays out of the message: it may be a secret.
  if (value.includes('\0'))
    throw new TypeError(`the value of ${name} holds a NUL character, which no shell variable can`)
  return `${name}=${quote(value)}`
}

/**
 * Variables as shell text. `env` is exported. `secrets` are not: `unset` comes first, because a name that the login
 * environment already exports would stay exported through an assignment.
 */
export function renderEnvironment(
  env: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): string {
  const exported = Object.entries(env).map(([name, value]) => `${assignment(name, value)}\nexport ${name}\n`)
  const hidden = Object.entries(secrets).map(([name, value]) => `unset ${name}\n${assignment(name, value)}\n`)
  return [...exported, ...hidden].join('')
}

function renderGuard(guard: Guard): string {
  if (guard.type !== 'watch') return `GUARD=${guard.type}\n`
  return `GUARD=watch\nGUARD_PID=${guard.pid}\nGUARD_FILE=${quote(guard.file)}\n`
}

/** The whole text that inner.sh evaluates: guard, library, variables, the caller's script, the call of main, and the mark that it arrived complete. */
export function renderProgram(
  script: string,
  env: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
  guard: Guard,
): string {
  const call = /(?:^|\n)main[ \t]*\n*$/.test(script) ? '' : 'main\n'
  return `${renderGuard(guard)}${scripts.library}\n${renderEnvironment(env, secrets)}${script}\n${call}#end`
}

export interface SessionInput {
  readonly program: string
  readonly privilege: 'user' | 'root' | 'root-if-possible'
  readonly timeoutMs: number
  /** No line break in it; checked when the host is connected. */
  readonly sudoPassword: string
  /** Whether the runner keeps the input open while the script runs. */
  readonly input: 'open' | 'closed'
}

/** Standard input of a session, as outer.sh and inner.sh read it. */
export function renderInput(session: SessionInput): Buffer {
  const password = session.privilege === 'user' ? '' : session.sudoPassword
  const seconds = Math.max(1, Math.ceil(session.timeoutMs / 1000))
  const program = Buffer.from(session.program)
  const head = [
    password,
    session.privilege,
    seconds,
    session.input,
    password,
    `k3s-gpu-actions-begin ${program.length}`,
  ]
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n`), program])
}

/** Arguments of `sh` for every session on every host: constant, so process lists and sudo's log show nothing else. */
export const outerArguments: readonly string[] = ['-c', scripts.outer, 'k3s-gpu-actions', scripts.inner]

/** The same as one command line for the user's login shell. */
export const outerCommand = `exec sh ${outerArguments.map(quote).join(' ')}`
