import { request } from 'node:http'
import { isIP } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { connect, type TLSSocket } from 'node:tls'
import type { Host } from '../host/index.ts'

/** What went wrong between the host and a server, seen from the host. */
export type FaultKind = 'connect' | 'timeout' | 'name' | 'tls' | 'authority' | 'identity' | 'protocol' | 'tool'

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
    return this.kind === 'connect' || this.kind === 'timeout'
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
const maximumBodyBytes = 1024 * 1024

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** One bounded line: part of it was said by a server or host. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
    .slice(0, 300)
}

function describeError(error: unknown): string {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  return oneLine(code === '' || message.includes(code) ? message : `${code} ${message}`)
}

/** Errors of the host itself, not of what it tried to reach. They are passed on as they are. */
const hostErrors = ['connection-lost', 'cancelled', 'forwarding-refused']

function faultOf(error: unknown): Error {
  if (error instanceof HostHttpsFault) return error
  const code = codeOf(error)
  if (error instanceof Error && hostErrors.includes(code)) return error
  const kind: FaultKind =
    code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? 'identity'
      : /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(code)
        ? 'authority'
        : /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)
          ? 'tls'
          : /^HPE_/.test(code)
            ? 'protocol'
            : code === 'deadline'
              ? 'timeout'
              : 'connect'
  return new HostHttpsFault(kind, describeError(error))
}

/** Runs one attempt under its own deadline; what it opened must listen to the signal it is given. */
async function withDeadline<T>(
  what: string,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(connectionSeconds * 1000)
  const either = AbortSignal.any([signal, deadline])
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(either.reason)
  ended.catch(() => undefined)
  either.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    // A forward that does not listen to its signal must not hold up the run.
    return await Promise.race([attempt(either), ended])
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (deadline.aborted) throw new HostHttpsFault('timeout', `${what}: no answer in ${connectionSeconds} s`)
    throw faultOf(error)
  } finally {
    either.removeEventListener('abort', onAbort)
  }
}

/** TLS over a channel that the host opened for us (direct-tcpip): nothing has to be installed there. */
class ForwardedHttps implements HostHttps {
  readonly via = 'forwarding'
  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  async get(asked: HostRequest, signal: AbortSignal): Promise<HostAnswer> {
    const { address, port, path } = asked
    return await withDeadline(`GET https://${authority(address, port)}${path}`, signal, async (either) => {
      await using connection = await this.#tls(address, port, asked.caPem, true, either)
      const { promise, resolve, reject } = Promise.withResolvers<HostAnswer>()
      const sending = request({
        createConnection: () => connection.socket,
        path,
        headers: {
          Host: authority(address, port),
          Connection: 'close',
          Accept: '*/*',
          ...(asked.authorization === undefined ? {} : { Authorization: asked.authorization }),
        },
      })
      sending.once('error', reject)
      sending.once('response', (response) => {
        let received = 0
        response.on('data', (chunk: Buffer) => {
          received += chunk.length
          if (received > maximumBodyBytes) response.destroy(new HostHttpsFault('protocol', 'the answer is too large'))
        })
        readText(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
      })
      sending.end()
      return await promise
    })
  }

  async reach(address: string, port: number, caPem: string, signal: AbortSignal): Promise<void> {
    await withDeadline(`connect ${authority(address, port)}`, signal, async (either) => {
      await using _ = await this.#tls(address, port, caPem, false, either)
    })
  }

  async #tls(
    address: string,
    port: number,
    caPem: string | undefined,
    checksIdentity: boolean,
    signal: AbortSignal,
  ): Promise<AsyncDisposable & { readonly socket: TLSSocket }> {
    const channel = await this.#host.forward(address, port, signal)
    const socket = connect({
      socket: channel,
      host: address,
      // RFC 6066: a server name is a DNS name, never an address.
      ...(isIP(address) === 0 ? { servername: address } : {}),
      ...(caPem === undefined ? { rejectUnauthorized: false } : { ca: caPem, rejectUnauthorized: true }),
      ...(checksIdentity ? {} : { checkServerIdentity: () => undefined }),
    })
    const close = (): void => {
      socket.destroy()
      channel.destroy()
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    socket.once('secureConnect', resolve)
    socket.on('error', reject)
    channel.on('error', reject)
    signal.addEventListener('abort', close, { once: true })
    socket.once('close', () => reject(new HostHttpsFault('connect', 'the connection was closed before TLS was set up')))
    if (signal.aborted) close()
    try {
      await promise
    } catch (error) {
      close()
      throw error
    }
    return {
      socket,
      [Symbol.asyncDispose]: async () => {
        signal.removeEventListener('abort', close)
        close()
      },
    }
  }
}

/** `host:port` as a URL and a Host header write it. */
export function authority(address: string, port: number): string {
  return `${isIP(address) === 6 ? `[${address}]` : address}:${port}`
}

/** What curl's exit codes say, for those that a handshake can meet. */
const curlKinds: Readonly<Record<string, FaultKind>> = {
  '5': 'name',
  '6': 'name',
  '7': 'connect',
  '28': 'timeout',
  '35': 'tls',
  '51': 'identity',
  '52': 'connect',
  '56': 'connect',
  '58': 'tls',
  '60': 'authority',
  '77': 'authority',
}

/** HTTPS by a program of the host itself, for hosts whose sshd forwards nothing. */
class CommandHttps implements HostHttps {
  readonly via = 'host-command'
  readonly #host: Host
  readonly #script: string

  constructor(host: Host, script: string) {
    this.#host = host
    this.#script = script
  }

  async get(asked: HostRequest, signal: AbortSignal): Promise<HostAnswer> {
    const run = await this.#host.run({
      name: 'handshake',
      script: this.#script,
      env: {
        URL: `https://${authority(asked.address, asked.port)}${asked.path}`,
        CA_PEM: asked.caPem ?? '',
        CONNECT_SECONDS: String(connectionSeconds),
      },
      secrets: { AUTHORIZATION: asked.authorization ?? '' },
      privilege: 'user',
      timeoutMs: (connectionSeconds + 5) * 1000,
      signal,
    })
    const line = run.lines.findLast((one) => 'http' in one || 'error' in one)
    if (line?.http !== undefined) {
      return { status: Number(line.http), body: Buffer.from(String(line.body ?? ''), 'base64').toString('utf8') }
    }
    const said = oneLine(String(line?.message ?? run.stderr))
    if (line?.error === 'connect') {
      const kind = curlKinds[String(line.curl)] ?? 'connect'
      const isIdentity = kind === 'authority' && /subject (alternative )?name|does not match/i.test(said)
      throw new HostHttpsFault(isIdentity ? 'identity' : kind, said || `curl exit code ${String(line.curl)}`)
    }
    throw new HostHttpsFault(
      'tool',
      said || `the script ended with ${run.exitCode}`,
      'allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host',
    )
  }

  async reach(address: string, port: number, caPem: string, signal: AbortSignal): Promise<void> {
    try {
      await this.get({ address, port, path: '/cacerts', caPem }, signal)
    } catch (error) {
      if (!(error instanceof HostHttpsFault) || error.kind !== 'identity') throw error
    }
  }
}

/** Forwarding, until the host says that it does not allow it; from then on the script. */
class AdaptiveHttps implements HostHttps {
  readonly #host: Host
  readonly #script: string | undefined
  #current: HostHttps

  constructor(host: Host, script: string | undefined) {
    this.#host = host
    this.#script = script
    this.#current = new ForwardedHttps(host)
  }

  get via(): HostHttps['via'] {
    return this.#current.via
  }

  async get(asked: HostRequest, signal: AbortSignal): Promise<HostAnswer> {
    return await this.#adapting((https) => https.get(asked, signal))
  }

  async reach(address: string, port: number, caPem: string, signal: AbortSignal): Promise<void> {
    await this.#adapting((https) => https.reach(address, port, caPem, signal))
  }

  async #adapting<T>(attempt: (https: HostHttps) => Promise<T>): Promise<T> {
    try {
      return await attempt(this.#current)
    } catch (error) {
      if (codeOf(error) !== 'forwarding-refused') throw error
      if (this.#script === undefined) {
        throw new HostHttpsFault(
          'tool',
          describeError(error),
          'allow forwarding for this user in sshd_config (AllowTcpForwarding local)',
        )
      }
      this.#current = new CommandHttps(this.#host, this.#script)
      return await attempt(this.#current)
    }
  }
}

/** HTTPS from the host's position. `script`: the text of handshake.sh, for hosts whose sshd forwards nothing. */
export function hostHttps(host: Host, script?: string): HostHttps {
  return new AdaptiveHttps(host, script)
}
