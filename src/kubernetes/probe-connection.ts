/** The first three stages of reaching a server: name, TCP, TLS. */
import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction, type Socket, connect as tcpConnect } from 'node:net'
import {
  type ConnectionOptions,
  checkServerIdentity,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
  connect as tlsConnect,
} from 'node:tls'
import type { ProbeStage, SelectedKubeconfig, ServerProbe } from '../kubeconfig/index.ts'
import { codeOf } from './errors.ts'
import { certificateIn, type SeenCertificate, seenOf } from './probe-certificate.ts'
import { dnsFailure, notAsked, passed, StageTimeout, tcpFailure, tlsFailure } from './probe-reasons.ts'

/** How long a stage may take, milliseconds. */
export interface ProbeLimits {
  readonly dns: number
  readonly tcp: number
  readonly tls: number
  readonly http: number
  /** All stages together. */
  readonly overall: number
  /** Waits before a request that met a passing fault is made again, within `http`. */
  readonly retries: readonly number[]
}

/** Three SYNs fit into `tcp`: they are sent after 0, 1 and 3 seconds. The first three together are less than `overall`. */
export const probeLimits: ProbeLimits = {
  dns: 4_000,
  tcp: 5_000,
  tls: 5_000,
  http: 6_000,
  overall: 15_000,
  retries: [150, 500],
}

export type Resolve = LookupFunction

export interface Target {
  readonly host: string
  readonly port: number
  /** What the certificate has to name. */
  readonly expectedName: string
  /** TLS options of every connection; the key is secret. */
  readonly tls: ConnectionOptions & { readonly secureContext: SecureContext }
}

type ConnectionStages = Pick<ServerProbe, 'dns' | 'tcp' | 'tls' | 'certificateNames' | 'serverCertificateExpiresAtMs'>

export interface Connected extends ConnectionStages {
  /** Undefined: a stage failed. */
  readonly socket: TLSSocket | undefined
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '')

/** Where the kubeconfig leads, and what may be believed there. Throws what OpenSSL says of a damaged certificate or key. */
export function targetOf(selected: SelectedKubeconfig): Target {
  const url = new URL(selected.server)
  const host = bare(url.hostname)
  const expectedName = selected.tlsServerName === '' ? host : bare(selected.tlsServerName)
  const { credentials } = selected
  const own =
    credentials.kind === 'client-certificate' ? { cert: credentials.certificatePem, key: credentials.keyPem } : {}
  return {
    host,
    port: url.port === '' ? 443 : Number(url.port),
    expectedName,
    tls: {
      secureContext: createSecureContext({ ca: selected.caPem, ...own }),
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED of the runner says.
      rejectUnauthorized: true,
      // An address is no server name: Node warns of it (DEP0123) and will ignore it. The certificate is compared with it all the same.
      servername: isIP(expectedName) === 0 ? expectedName : '',
      checkServerIdentity: (_host, certificate) => checkServerIdentity(expectedName, certificate),
    },
  }
}

/** Settles with the first event; the signal and the limit end the wait. */
async function within<T>(
  limitMs: number,
  what: string,
  signal: AbortSignal,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => reject(new StageTimeout(what, limitMs)), limitMs)
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (signal.aborted) stop()
    else begin(resolve, reject)
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** Resolves the name and connects. `dns` is known even where the connection fails. */
async function reach(
  target: Target,
  limits: ProbeLimits,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<{ dns: ProbeStage; tcp: ProbeStage; socket?: Socket }> {
  const { host, port } = target
  let dns: ProbeStage =
    isIP(host) === 0 ? passed() : { outcome: 'skip', reason: 'address', evidence: [`${host} is an address`] }
  let isResolving = false
  const lookup: LookupFunction = (name, options, callback) => {
    isResolving = true
    let isOver = false
    const answer: typeof callback = (error, ...found) => {
      if (isOver) return
      isOver = true
      isResolving = false
      clearTimeout(timer)
      const [addresses] = found
      const list = Array.isArray(addresses) ? addresses.map(({ address }) => address) : [addresses]
      // Node takes an empty list for an address and trips over it.
      const fault =
        error ?? (list.length > 0 ? null : Object.assign(new Error(`${name} has no address`), { code: 'ENODATA' }))
      dns = fault === null ? passed(`${name} is ${list.slice(0, 8).join(', ')}`) : dnsFailure(fault)
      callback(fault, ...found)
    }
    const timer = setTimeout(() => answer(new StageTimeout(`resolving ${name}`, limits.dns), ''), limits.dns)
    try {
      resolve(name, options, answer)
    } catch (error) {
      answer(error instanceof Error ? error : new Error(String(error)), '')
    }
  }
  let socket: Socket | undefined
  try {
    const limitMs = isIP(host) === 0 ? limits.dns + limits.tcp : limits.tcp
    await within<void>(limitMs, `connecting to ${host}:${port}`, signal, (done, fail) => {
      // An address that is slow must not lose against one that does not answer: the default gives each 250 ms.
      socket = tcpConnect({ host, port, lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1_500 })
      // Stays for good: an abort may come after the connection.
      socket.on('error', fail)
      socket.once('connect', () => done())
    })
    return { dns, tcp: passed(`connected to ${socket?.remoteAddress ?? host}:${port}`), ...(socket && { socket }) }
  } catch (error) {
    socket?.destroy()
    if (signal.aborted) throw error
    if (isResolving) dns = dnsFailure(error)
    return { dns, tcp: dns.outcome === 'fail' ? notAsked : tcpFailure(error) }
  }
}

async function secure(
  target: Target,
  socket: Socket,
  options: ConnectionOptions,
  limitMs: number,
  signal: AbortSignal,
): Promise<TLSSocket> {
  let secured: TLSSocket | undefined
  try {
    await within<void>(limitMs, `TLS with ${target.host}:${target.port}`, signal, (done, fail) => {
      secured = tlsConnect({ socket, ALPNProtocols: ['http/1.1'], ...options })
      secured.on('error', fail)
      secured.once('close', () =>
        fail(Object.assign(new Error('the connection was closed during the handshake'), { code: 'ECONNRESET' })),
      )
      secured.once('secureConnect', () => done())
    })
    return secured as TLSSocket
  } catch (error) {
    secured?.destroy()
    socket.destroy()
    throw error
  }
}

/** A certificate that was not trusted, looked at once more without credentials and without a word being said over that connection. */
async function lookAtCertificate(
  target: Target,
  limits: ProbeLimits,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<SeenCertificate | undefined> {
  try {
    const { socket } = await reach(target, limits, resolve, signal)
    if (socket === undefined) return undefined
    const { servername } = target.tls
    const secured = await secure(
      target,
      socket,
      { rejectUnauthorized: false, ...(servername && { servername }) },
      limits.tls,
      signal,
    )
    const certificate = secured.getPeerX509Certificate()
    secured.destroy()
    return certificate && seenOf(certificate)
  } catch {
    // What the first handshake said stands; this look only adds to it.
    return undefined
  }
}

/** Connects and shakes hands. Rejects only with the signal's reason. */
export async function connectTo(
  target: Target,
  limits: ProbeLimits,
  resolve: Resolve | undefined,
  signal: AbortSignal,
): Promise<Connected> {
  const resolver = resolve ?? systemLookup
  const { dns, tcp, socket } = await reach(target, limits, resolver, signal)
  if (socket === undefined) return { dns, tcp, tls: notAsked, certificateNames: [], socket: undefined }
  try {
    const secured = await secure(target, socket, target.tls, limits.tls, signal)
    const certificate = secured.getPeerX509Certificate()
    const seen = certificate && seenOf(certificate)
    const protocol = secured.getProtocol() ?? 'TLS'
    return {
      dns,
      tcp,
      tls: passed(`${protocol}, verified as ${target.expectedName}`),
      certificateNames: seen?.names ?? [],
      ...(seen && { serverCertificateExpiresAtMs: seen.expiresAtMs }),
      socket: secured,
    }
  } catch (error) {
    if (signal.aborted) throw error
    const stage = tlsFailure(error)
    const isAboutCertificate = /^(certificate-(name|expired|not-yet-valid)|ca-unknown)$/.test(stage.reason)
    const seen = isAboutCertificate
      ? (certificateIn(error) ?? (await lookAtCertificate(target, limits, resolver, signal)))
      : undefined
    // Node's sentence about a wrong name lists all names once more.
    const said = stage.reason === 'certificate-name' ? [codeOf(error)] : stage.evidence
    return {
      dns,
      tcp,
      tls: { ...stage, evidence: [...said, ...(seen?.evidence ?? [])] },
      certificateNames: seen?.names ?? [],
      ...(seen && { serverCertificateExpiresAtMs: seen.expiresAtMs }),
      socket: undefined,
    }
  }
}
