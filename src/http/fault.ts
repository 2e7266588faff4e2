import type { HttpFaultCode, HttpFaultInit } from './model.ts'

/** A question that got no answer. Its texts hold the host and the system's words, never a header or a path with a secret. */
export class HttpFault extends Error {
  readonly code: HttpFaultCode
  readonly title: string
  override readonly cause: string
  readonly remedy: string
  /** Of a timeout: whether the connection stood. */
  readonly isConnected: boolean

  constructor(init: HttpFaultInit, isConnected = false) {
    super(`${init.title}: ${init.cause}`)
    this.name = 'HttpFault'
    this.code = init.code
    this.title = init.title
    this.cause = init.cause
    this.remedy = init.remedy
    this.isConnected = isConnected
  }
}

interface SystemError extends Error {
  readonly errors?: readonly SystemError[]
  readonly code?: string
  readonly reason?: string
  readonly statusCode?: number
}

interface Row {
  readonly code: HttpFaultCode
  readonly matches: RegExp
  readonly cause: (host: string, error: SystemError) => string
  readonly remedy: (host: string, port: string) => string
}

/** By the codes of Node (doc/api/errors.md) and of OpenSSL's certificate check (doc/api/tls.md, X509 certificate error codes). */
const rows: readonly Row[] = [
  {
    code: 'name-unknown',
    matches: /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA|EAI_NONAME)$/,
    cause: (host, { code }) =>
      code === 'EAI_AGAIN'
        ? `the runner's name server does not answer for ${host} (EAI_AGAIN)`
        : `no name server knows ${host} (${code})`,
    remedy: (host) => `getent hosts ${host} on the runner; correct the address, or the DNS record of the tunnel`,
  },
  {
    code: 'refused',
    matches: /^ECONNREFUSED$/,
    cause: (host) => `nothing listens there: ${host} refuses the connection`,
    remedy: () =>
      'start the server, or correct the port; a Triton that still loads its models without explicit model control listens only when it has finished',
  },
  {
    code: 'unreachable',
    matches: /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/,
    cause: (host, { code }) => `the runner has no way to ${host} (${code})`,
    remedy: (host) => `ip route get <address of ${host}> on the runner`,
  },
  { code: 'timeout', matches: /^ETIMEDOUT$/, cause: (host) => `${host} does not answer`, remedy: silent },
  {
    code: 'tls',
    matches:
      /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|ERROR_IN_CERT|INVALID_|CRL_|SIGNATURE_)/,
    cause: (host, error) => tlsWords(host, error),
    remedy: (host, port) =>
      `openssl s_client -connect ${host}:${port} -servername ${host} </dev/null shows the certificate; a private authority goes into NODE_EXTRA_CA_CERTS of the runner`,
  },
  {
    code: 'unsendable',
    matches: /^(ERR_INVALID_CHAR|ERR_INVALID_HTTP_TOKEN|ERR_UNESCAPED_CHARACTERS)$/,
    cause: () => 'a header that is to be sent holds characters that HTTP does not allow',
    remedy: () => 'give access-client-id, access-client-secret and triton-headers anew, without line ends and quotes',
  },
  {
    code: 'proxy',
    matches: /^ERR_PROXY_/,
    cause: (host, { code, statusCode }) =>
      code === 'ERR_PROXY_INVALID_CONFIG'
        ? 'HTTPS_PROXY of the runner is no address of a proxy'
        : `the proxy of the runner (HTTPS_PROXY) does not let it through to ${host}${statusCode === undefined ? '' : ` (${statusCode})`}`,
    remedy: (host) => `let the proxy through to ${host}, or name it in NO_PROXY of the runner`,
  },
  {
    code: 'not-http',
    matches: /^(HPE_|ERR_HTTP_)/,
    cause: (host, { code }) => `what ${host} sends is no HTTP/1.1 (${code})`,
    remedy: () => 'look at the address and its port: Triton speaks HTTP at 8000, gRPC at 8001',
  },
]

function silent(host: string): string {
  return `curl -v --max-time 10 ${host} on the runner: firewalls on the way that drop packets, or a wrong address`
}

function tlsWords(host: string, { code, message, reason }: SystemError): string {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(`${code} ${message}`))
    return `${host} does not speak TLS at this port`
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of ${host} has expired`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `the certificate of ${host} is for other names`
  return `the connection to ${host} cannot be trusted or made (${code}${reason === undefined ? '' : `: ${reason.slice(0, 120)}`})`
}

/**
 * What an error of Node's sockets, TLS or HTTP parser means to a person.
 * @param error its message is not quoted: it may hold addresses of the network inside, and what a server chose
 * @param hasProxy whether a proxy of the runner may be what was met: then nobody knows anything about the host
 */
export function faultOf(error: unknown, host: string, port: string, hasProxy = false): HttpFault {
  // By its fields, not by instanceof: what Node throws may be of another realm than this module.
  const system = (error ?? {}) as SystemError
  const { code = '' } = system
  // Several addresses were tried in turn (happy eyeballs): the first failure is as good as any.
  if (system.errors?.[0]?.code) return faultOf(system.errors[0], host, port, hasProxy)
  const row = rows.find(({ matches }) => matches.test(code))
  const title = `${host} cannot be asked`
  if (row && hasProxy && /^(refused|unreachable|name-unknown)$/.test(row.code))
    return new HttpFault({
      code: 'proxy',
      title,
      cause: `no way through the proxy of the runner (HTTPS_PROXY), or past it where NO_PROXY names the host (${code})`,
      remedy: 'curl -v through the same proxy on the runner; correct HTTPS_PROXY or NO_PROXY',
    })
  if (row)
    return new HttpFault({ code: row.code, title, cause: row.cause(host, system), remedy: row.remedy(host, port) })
  return new HttpFault({
    code: 'closed',
    title,
    cause: `the connection ended before the answer was complete${code === '' ? '' : ` (${code})`}`,
    remedy: `ask again; when it stays, the log of the server at ${host}, and of what stands before it`,
  })
}

export function timeoutFault(host: string, timeoutMs: number, isConnected: boolean): HttpFault {
  return new HttpFault(
    {
      code: 'timeout',
      title: `${host} did not answer within ${timeoutMs >= 1000 ? `${Math.round(timeoutMs / 1000)} s` : `${timeoutMs} ms`}`,
      cause: isConnected
        ? 'the connection stands, the answer does not come: the server hangs, or is busy for longer than that'
        : 'no connection came about: packets are dropped on the way, or the address is wrong',
      remedy: isConnected ? `the log of the server at ${host}; restart it when it hangs` : silent(host),
    },
    isConnected,
  )
}

export function tooLargeFault(host: string, maximumBytes: number): HttpFault {
  return new HttpFault({
    code: 'too-large',
    title: `the answer of ${host} is too large`,
    cause: `it is longer than ${Math.round(maximumBytes / 1024 / 1024)} MiB, and was not read further`,
    remedy: 'look at what answers at this address; no answer that is asked for here is nearly as long',
  })
}
