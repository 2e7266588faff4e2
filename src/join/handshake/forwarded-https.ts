import { request } from 'node:http'
import { isIP } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { connect, type TLSSocket } from 'node:tls'
import type { Host } from '../../host/index.ts'
import {
  authority,
  codeOf,
  connectionSeconds,
  describeError,
  type FaultKind,
  type HostAnswer,
  type HostHttps,
  HostHttpsFault,
  type HostRequest,
  kindOfReason,
  oneLine,
} from './host-https-model.ts'

const maximumBodyBytes = 1024 * 1024

/** Errors of the host itself, not of what it tried to reach. They are passed on as they are. */
const hostErrors = ['connection-lost', 'cancelled', 'forwarding-refused']

function faultOf(error: unknown): unknown {
  if (error instanceof HostHttpsFault) return error
  const code = codeOf(error)
  if (hostErrors.includes(code)) return error
  // What sshd answered: why the host itself could not connect.
  if (code === 'connection-failed' && typeof (error as Error).cause === 'string') {
    const reason = String((error as Error).cause)
    return new HostHttpsFault(kindOfReason(reason), oneLine(reason))
  }
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
export class ForwardedHttps implements HostHttps {
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
