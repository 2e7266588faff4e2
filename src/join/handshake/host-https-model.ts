import { isIP } from 'node:net'

/** Nothing was said at all: there was no connection, or it broke. */
export type ConnectionFault = 'connect' | 'refused' | 'route' | 'timeout'

/** What went wrong between the host and a server, seen from the host. */
export type FaultKind = ConnectionFault | 'name' | 'tls' | 'authority' | 'identity' | 'protocol' | 'tool'

export function isOfConnection(kind: FaultKind): kind is ConnectionFault {
  return ['connect', 'refused', 'route', 'timeout'].includes(kind)
}

/** The system's own words for why a connection was not made (strerror, getaddrinfo), as sshd and curl pass them on. */
export function kindOfReason(reason: string): FaultKind {
  if (/connection refused/i.test(reason)) return 'refused'
  if (/no route to host|network is unreachable|host is unreachable/i.test(reason)) return 'route'
  if (/name or service not known|name resolution|no address associated|not known|could not resolve/i.test(reason))
    return 'name'
  if (/timed out/i.test(reason)) return 'timeout'
  return 'connect'
}

export class HostHttpsFault extends Error {
  override readonly name = 'HostHttpsFault'
  readonly kind: FaultKind
  /** For kind `tool`: the way out, when the one who failed knows it. */
  readonly remedy: string | undefined

  constructor(kind: FaultKind, message: string, remedy?: string) {
    super(message)
    this.kind = kind
    this.remedy = remedy
  }

  /** A fault of the connection, which may be gone in a moment. */
  get isPassing(): boolean {
    return isOfConnection(this.kind)
  }
}

export interface HostRequest {
  readonly address: string
  readonly port: number
  readonly path: string
  /** Certificates the server's must be signed by; undefined: accept any, send nothing secret. */
  readonly caPem?: string
  /** Value of the Authorization header. Secret. */
  readonly authorization?: string
}

export interface HostAnswer {
  readonly status: number
  readonly body: string
}

/** How HTTPS is spoken from a host's own network position. Rejects with HostHttpsFault, or with the signal's reason. */
export interface HostHttps {
  readonly via: 'forwarding' | 'host-command'
  get(request: HostRequest, signal: AbortSignal): Promise<HostAnswer>
  /** Connects and verifies the certificate authority, and nothing else. */
  reach(address: string, port: number, caPem: string, signal: AbortSignal): Promise<void>
}

/** One connection, from the first packet to the last byte. */
export const connectionSeconds = 5

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}

/** One bounded line: part of it was said by a server or host. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
    .slice(0, 300)
}

export function describeError(error: unknown): string {
  const code = codeOf(error)
  const message = messageOf(error)
  return oneLine(code === '' || message.includes(code) ? message : `${code} ${message}`)
}

/** `host:port` as a URL and a Host header write it. */
export function authority(address: string, port: number): string {
  return `${isIP(address) === 6 ? `[${address}]` : address}:${port}`
}
