/** What can go wrong between the runner and a host, apart from what a script itself decides. */
export type HostErrorCode =
  | 'access-invalid'
  | 'name-not-found'
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-timeout'
  | 'connection-failed'
  | 'connection-lost'
  | 'host-key-unknown'
  | 'host-key-mismatch'
  | 'host-key-revoked'
  | 'handshake-failed'
  | 'private-key-encrypted'
  | 'private-key-malformed'
  | 'authentication-refused'
  | 'channel-refused'
  | 'forwarding-refused'
  | 'sudo-password-wrong'
  | 'sudo-password-required'
  | 'sudo-not-allowed'
  | 'sudo-needs-tty'
  | 'sudo-missing'
  | 'timeout-missing'
  | 'script-timeout'
  | 'script-unreadable'
  | 'output-too-large'
  | 'upload-failed'
  | 'cancelled'
  | 'deadline'

interface HostErrorText {
  /** One sentence: what failed, without the host's name. */
  readonly title: string
  readonly cause: string
  readonly remedy: string
  readonly evidence?: readonly string[]
}

/** A failure of the transport, with everything a person needs. Holds neither key nor password: `redact` saw its texts. */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly code: HostErrorCode
  /** Label of the host, e.g. `oceanid@192.168.2.80`. */
  readonly host: string
  /** One sentence: what failed, without the host's name. */
  readonly title: string
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]

  constructor(
    code: HostErrorCode,
    host: string,
    text: HostErrorText,
    redact: (text: string) => string = (same) => same,
  ) {
    super(redact(`${host}: ${text.title}: ${text.cause}`))
    this.code = code
    this.host = host
    this.title = redact(text.title)
    this.cause = redact(text.cause)
    this.remedy = redact(text.remedy)
    this.evidence = (text.evidence ?? []).filter((line) => line !== '').map(redact)
  }
}

/** Replaces every secret by `***`. Lines of a secret of several lines are replaced one by one as well. */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const parts = secrets
    .filter((secret): secret is string => secret !== undefined && secret.trim() !== '')
    .flatMap((secret) => [
      secret,
      ...secret.split('\n').filter((line) => line.trim().length >= 8 && !line.includes('-----')),
    ])
    .sort((a, b) => b.length - a.length)
  return (text) => parts.reduce((result, part) => result.replaceAll(part, '***'), text)
}

/** The error of a wait that its AbortSignal ended: the caller's deadline, or the end of the run. */
export function abortedError(host: string, doing: string, signal: AbortSignal): HostError {
  // A DOMException, which is not in every realm an Error.
  const isDeadline = (signal.reason as { name?: unknown } | undefined)?.name === 'TimeoutError'
  return isDeadline
    ? new HostError('deadline', host, {
        title: `${doing} took too long`,
        cause: 'there was no answer before the deadline',
        remedy: 'look whether the host is under load or packets are dropped on the way, then run again',
      })
    : new HostError('cancelled', host, {
        title: `${doing} was cancelled`,
        cause: 'the run was cancelled',
        remedy: 'run it again: it continues from what it finds',
      })
}

/** The message of whatever was thrown. An error of another realm is not `instanceof Error` here. */
export function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message
  return typeof message === 'string' ? message : String(error)
}

/** The connection is gone, and with it everything that ran over it. Another one may well be had. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof HostError && error.code === 'connection-lost'
}
