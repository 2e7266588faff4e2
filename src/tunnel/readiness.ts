import { request as httpRequest } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls'
import type { TunnelFault } from './error.ts'
import type { Destination, TunnelRequest } from './model.ts'
import { explainRefusal } from './ssh-words.ts'

/** The API server may be restarting: that long it may refuse. */
const patienceMs = 5000
const attemptMs = 5000
const pauseMs = 250
/** The SSH server's word about a refused connection comes by way of the state file. */
const wordMs = 1000

type Server = TunnelRequest['server']
type Attempt = { readonly stage: 'tcp' | 'tls' | 'version'; readonly error: unknown; readonly isFinal: boolean }

export interface ReadinessOptions {
  readonly to: Destination
  readonly server: Server
  /** The SSH server's last refusal since this began, if it is known by now. */
  readonly refusal: () => string | undefined
  /** Why the tunnel is not there any more, if it is not. */
  readonly ended: () => TunnelFault | undefined
  readonly onMilestone: (text: string) => void
  readonly signal: AbortSignal
}

async function opened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once(event, resolve).once('error', reject)
    socket.once('close', () => reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })))
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function secure(socket: Socket, { caPem, tlsServerName }: Server): TLSSocket {
  const name = tlsServerName === '' ? '127.0.0.1' : tlsServerName
  return connectTls({
    socket,
    ca: caPem,
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED of the runner says: this is the proof.
    rejectUnauthorized: true,
    // RFC 6066: no addresses in SNI.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    // Any proxy of the environment is for others: this is loopback.
    ALPNProtocols: ['http/1.1'],
  })
}

async function version(socket: TLSSocket, host: string, signal: AbortSignal): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asked = httpRequest(
      {
        createConnection: () => socket,
        path: '/version',
        headers: { Host: host, Connection: 'close', 'User-Agent': 'k3s-gpu-actions' },
        signal,
      },
      (response) => {
        response.on('error', () => undefined).resume()
        resolve(response.statusCode ?? 0)
      },
    )
    asked.on('error', reject).end()
  })
}

const passing = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT', 'ABORT_ERR', 'TIMEOUT_ERR', 'HTTP-5XX'])

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  if (typeof code === 'string') return code
  return name === 'TimeoutError' ? 'TIMEOUT_ERR' : ''
}

async function attempt({ to, server, onMilestone, signal }: ReadinessOptions): Promise<Attempt | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(attemptMs)])
  const socket = connect({ host: '127.0.0.1', port: to.localPort })
  socket.on('error', () => undefined)
  let stage: Attempt['stage'] = 'tcp'
  try {
    await opened(socket, 'connect', limited)
    onMilestone('TCP connection')
    stage = 'tls'
    const secured = secure(socket, server)
    secured.on('error', () => undefined)
    await opened(secured, 'secureConnect', limited)
    onMilestone('TLS handshake, verified with the kubeconfig’s CA')
    stage = 'version'
    const status = await version(secured, to.target, limited)
    // 401 and 403 still prove that the API server is there; what the credentials are worth is another question.
    if (status === 200 || status === 401 || status === 403) {
      onMilestone(`/version answered HTTP ${status}`)
      return undefined
    }
    const error = Object.assign(new Error(`GET /version: HTTP ${status}`), {
      code: status >= 500 ? 'HTTP-5XX' : 'HTTP',
    })
    return { stage, error, isFinal: status < 500 }
  } catch (error) {
    signal.throwIfAborted()
    return { stage, error, isFinal: !passing.has(codeOf(error)) }
  } finally {
    socket.destroy()
  }
}

function explainTls(error: unknown, to: Destination): TunnelFault {
  const code = codeOf(error)
  const evidence = [
    `127.0.0.1:${to.localPort}: ${code} ${error instanceof Error ? error.message : String(error)}`.slice(0, 400),
  ]
  const title = `what answers behind the tunnel at ${to.target} cannot be trusted`
  const fault = (cause: string, remedy: string): TunnelFault => ({ code: 'tunnel-tls', title, cause, remedy, evidence })
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return fault(
      'the server’s certificate is not issued for this name',
      'set tls-server-name to a name that its certificate has, e.g. kubernetes',
    )
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return fault(
      'the server’s certificate is outside its period of validity, or the clock of this runner is wrong',
      'compare the clocks; k3s renews an expired certificate when it is restarted',
    )
  }
  if (/^(ERR_SSL_|EPROTO)/.test(code)) {
    return fault(
      `the TLS handshake failed: ${to.target} speaks something else`,
      'set server, or the target of the tunnel, to the address of the API server as the SSH server sees it',
    )
  }
  return fault(
    'its certificate is not signed by the certificate authority in the kubeconfig: another cluster, or this one before its CA changed',
    `fetch the kubeconfig again from the cluster at ${to.target} of ${to.host}, or correct tunnel-host`,
  )
}

function explainAttempt({ stage, error }: Attempt, to: Destination): TunnelFault {
  const code = codeOf(error)
  const said = `${code} ${error instanceof Error ? error.message : String(error)}`.trim().slice(0, 400)
  if (stage === 'tls' && !passing.has(code)) return explainTls(error, to)
  const evidence = [`127.0.0.1:${to.localPort}, ${stage === 'version' ? 'GET /version' : stage.toUpperCase()}: ${said}`]
  if (code === 'HTTP' || code === 'HTTP-5XX') {
    return {
      code: 'tunnel-failed',
      title: `what answers behind the tunnel at ${to.target} is no API server that is ready`,
      cause: `it answered ${said.replace(/^HTTP(-5XX)? /, '')}`,
      remedy: `look on ${to.host} what listens at ${to.target}, and whether the API server is up`,
      evidence,
    }
  }
  return {
    code: 'tunnel-unreachable',
    title: 'the tunnel stands, and the API server behind it does not answer',
    cause: `${to.target}, as ${to.host} sees it, ${code === 'TIMEOUT_ERR' || code === 'ABORT_ERR' ? `gave no answer in ${attemptMs / 1000} s` : 'closes the connection'}`,
    remedy: `look on ${to.host} whether the API server runs and listens there: ss -ltn, systemctl status k3s`,
    evidence,
  }
}

async function refusalSoon(options: ReadinessOptions): Promise<string | undefined> {
  const until = performance.now() + wordMs
  while (performance.now() < until) {
    const refusal = options.refusal()
    if (refusal !== undefined || options.ended() !== undefined) return refusal
    await sleep(20, undefined, { signal: options.signal })
  }
  return undefined
}

/**
 * Stages two to four: TCP, TLS against the kubeconfig's CA, `/version`, over one connection.
 * @returns why it is not ready; undefined: it is
 * @throws the signal's reason
 */
export async function proveReadiness(options: ReadinessOptions): Promise<TunnelFault | undefined> {
  const { to, signal } = options
  const until = performance.now() + patienceMs
  for (;;) {
    const failed = await attempt(options)
    if (failed === undefined) return undefined
    const ended = options.ended()
    if (ended) return ended
    if (failed.isFinal) return explainAttempt(failed, to)
    const refusal = failed.stage === 'tcp' ? undefined : await refusalSoon(options)
    const isForbidden = refusal !== undefined && !/^connect failed/.test(refusal)
    if (isForbidden || performance.now() > until) {
      return options.ended() ?? (refusal === undefined ? explainAttempt(failed, to) : explainRefusal(refusal, to))
    }
    await sleep(pauseMs, undefined, { signal })
  }
}
