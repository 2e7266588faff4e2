/** What a program is told when it starts, and what it has registered so far. */
export interface ProgramContext {
  readonly organization: string
  readonly project: string
  readonly stack: string
  readonly isDryRun: boolean
  /** `namespace:key` → text, decrypted. */
  readonly config: Readonly<Record<string, { readonly value: string; readonly isSecret: boolean }>>
}

/** A resource as the program wants it; secrets inside are `{ "rehearsal:secret": … }`. */
export interface WantedResource {
  readonly type: string
  readonly name: string
  readonly inputs: Readonly<Record<string, unknown>>
}

export type ProgramResult =
  | { readonly resources: readonly WantedResource[]; readonly outputs: Readonly<Record<string, unknown>> }
  | { readonly resources: readonly WantedResource[]; readonly error: string; readonly isRunError?: boolean }

interface Session {
  context: ProgramContext
  readonly resources: WantedResource[]
}

const key = Symbol.for('rehearsal.pulumi.session')
const everywhere = globalThis as { [key]?: Session }

/** The stubs and the runner are loaded by different paths, and share this all the same. */
export function begin(context: ProgramContext): Session {
  const session: Session = { context, resources: [] }
  everywhere[key] = session
  return session
}

export function session(): Session {
  const found = everywhere[key]
  if (found === undefined) throw new Error('the program was started by nobody')
  return found
}
