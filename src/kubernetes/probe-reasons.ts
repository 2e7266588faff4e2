/** What an error of a connection means, by stage. Pure. Reasons are stable; `serverChecks` has cause and remedy for each. */
import type { ProbeStage } from '../kubeconfig/index.ts'
import { codeOf, quoteRemote } from './errors.ts'

export const notAsked: ProbeStage = { outcome: 'skip', reason: '', evidence: [] }

export function passed(...evidence: readonly string[]): ProbeStage {
  return { outcome: 'pass', reason: '', evidence }
}

export function failed(reason: string, ...evidence: readonly string[]): ProbeStage {
  return { outcome: 'fail', reason, evidence: evidence.map(quoteRemote) }
}

/** A stage that had no answer in its time. */
export class StageTimeout extends Error {
  readonly code = 'ETIMEDOUT'
  constructor(what: string, limitMs: number) {
    super(`${what}: no answer in ${limitMs / 1000} s`)
  }
}

/** One line for each address that was tried: Happy Eyeballs wraps them. */
export function linesOf(error: unknown): string[] {
  if (typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors))
    return error.errors.slice(0, 8).flatMap(linesOf)
  const code = codeOf(error)
  const said = error instanceof Error ? error.message : String(error)
  return [quoteRemote(code === '' || said.includes(code) ? said : `${code} ${said}`)]
}

// What getaddrinfo's answers are called in Node: ENOTFOUND is EAI_NONAME, and EAI_NODATA where the system tells them apart.
const dnsReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'name-unknown',
  EAI_NONAME: 'name-unknown',
  ENODATA: 'name-without-address',
  EAI_NODATA: 'name-without-address',
  EAI_ADDRFAMILY: 'name-without-address',
  EAI_AGAIN: 'resolver-silent',
  ETIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  EAI_FAIL: 'resolver-failed',
  ESERVFAIL: 'resolver-failed',
}

export function dnsFailure(error: unknown): ProbeStage {
  return failed(dnsReasons[codeOf(error)] ?? 'failed', ...linesOf(error))
}

const connectionReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ETIMEDOUT: 'timeout',
  ERR_SOCKET_CONNECTION_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
}

export function tcpFailure(error: unknown): ProbeStage {
  return failed(connectionReasons[codeOf(error)] ?? 'failed', ...linesOf(error))
}

/** Codes of Node and OpenSSL; the first pattern that fits. */
const tlsReasons: readonly (readonly [RegExp, string])[] = [
  [/^ERR_TLS_CERT_ALTNAME/, 'certificate-name'],
  [/^CERT_HAS_EXPIRED$/, 'certificate-expired'],
  [/^CERT_NOT_YET_VALID$/, 'certificate-not-yet-valid'],
  // A server that took every name it was asked for into its certificate (GHSA-m4hf-6vgr-75r2): OpenSSL refuses the message.
  [/EXCESSIVE_MESSAGE_SIZE/, 'certificate-too-large'],
  [/ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/, 'client-certificate-refused'],
  [
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_UNTRUSTED|CERT_SIGNATURE|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/,
    'ca-unknown',
  ],
  [/ALERT|UNSUPPORTED_PROTOCOL|NO_SHARED|UNRECOGNIZED_NAME/, 'handshake-refused'],
  [/^(ERR_SSL_|EPROTO$)/, 'not-tls'],
]

export function tlsFailure(error: unknown): ProbeStage {
  const code = codeOf(error)
  const reason = tlsReasons.find(([pattern]) => pattern.test(code))?.[1] ?? connectionReasons[code]
  return failed(reason ?? 'failed', ...linesOf(error))
}

/** No HTTP answer over a connection that stood. A server that refuses a client certificate says so only now in TLS 1.3. */
export function httpFailure(error: unknown): ProbeStage {
  const code = codeOf(error)
  if (code.startsWith('HPE_') || code === 'ERR_HTTP_INVALID_STATUS_CODE') return failed('not-http', ...linesOf(error))
  const { reason } = tlsFailure(error)
  return failed(reason === 'not-tls' ? 'failed' : reason, ...linesOf(error))
}
