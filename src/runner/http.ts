import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIPv4 } from 'node:net'
import { within } from './deadline.ts'
import type { Http, HttpAnswer, HttpRequest } from './model.ts'

/**
 * Why there is no complete answer. `code` is Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, …) or one of ours: `timeout`,
 * `answer-too-large`, `plain-http`, `address-invalid`; an answer that was cut is an ECONNRESET. The message never holds a header or a body.
 */
export class HttpFault extends Error {
  override readonly name = 'HttpFault'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Everything that is asked this way is a few kilobytes; a kubeconfig with many clusters may be a few hundred. */
const maximumBodyBytes = 8 * 1024 * 1024

function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'))
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw new HttpFault('address-invalid', 'the address is no HTTPS address')
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new HttpFault('plain-http', `http://${url.host} is not encrypted: only https is spoken with other machines`)
  return url
}

/** The code of a fault; of the first address where several were tried (Happy Eyeballs). */
function codeOf(error: unknown): string {
  const fault = error as { readonly code?: unknown; readonly errors?: readonly unknown[] } | null
  if (Array.isArray(fault?.errors) && fault.errors.length > 0) return codeOf(fault.errors[0])
  return typeof fault?.code === 'string' ? fault.code : ''
}

function faultOf(error: unknown): HttpFault {
  if (error instanceof HttpFault) return error
  const code = codeOf(error)
  // Node quotes the address, which may hold the proxy's password.
  if (code === 'ERR_PROXY_INVALID_CONFIG') return new HttpFault(code, 'HTTPS_PROXY is no address of a proxy')
  const said = error instanceof Error && error.message !== '' ? error.message : code
  return new HttpFault(code === '' ? 'failed' : code, said === '' ? 'the connection failed' : said)
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the stream, and with it the connection.
    if (bytes > maximumBodyBytes)
      throw new HttpFault('answer-too-large', `the answer is longer than ${maximumBodyBytes / 1024 / 1024} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function headersOf(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

/** Said, because Node's default is what NODE_TLS_REJECT_UNAUTHORIZED says: a runner that has it at 0 would give the token to anybody. */
const verified = { keepAlive: true, rejectUnauthorized: true } as const

/**
 * HTTPS with the runner's proxy: node:https, which follows no redirect, so that no header meets a server that it was not meant for.
 * `environment` holds HTTPS_PROXY and NO_PROXY, in capitals or not (Node's `proxyEnv`, since 24.5); loopback is never proxied.
 */
export function httpPort(environment: Readonly<Record<string, string | undefined>>): Http {
  let proxied: HttpsAgent | undefined
  // Opened at the first request: an address of a proxy that is none throws here, and belongs to whoever asks.
  const throughProxy = () => {
    proxied ??= new HttpsAgent({ ...verified, proxyEnv: environment })
    return proxied
  }
  const direct = new HttpsAgent(verified)
  const plain = new HttpAgent({ keepAlive: true })
  const send = (url: URL, options: RequestOptions) => {
    if (url.protocol === 'http:') return httpRequest(url, { ...options, agent: plain })
    return httpsRequest(url, { ...options, agent: isLoopback(url.hostname) ? direct : throughProxy() })
  }

  async function exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const sending = send(urlOf(request.url), {
      method: request.method,
      signal,
      headers: {
        // What is not asked for is not unpacked: a small packed answer cannot become a large one.
        'Accept-Encoding': 'identity',
        ...request.headers,
        ...(request.method === 'POST' ? { 'Content-Length': Buffer.byteLength(request.body ?? '') } : {}),
      },
    })
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    sending.once('response', resolve)
    sending.on('error', reject)
    // Aborted between headers and body, Node 24 emits the abort on a socket that nobody listens to any more.
    sending.once('socket', (socket) => {
      if (socket.listenerCount('error', ignore) === 0) socket.on('error', ignore)
    })
    sending.end(request.body)
    const response = await promise
    return { status: response.statusCode ?? 0, headers: headersOf(response), body: await bodyOf(response) }
  }

  return async (request, signal) => {
    try {
      // A request that waits for its proxy to open a tunnel has no socket yet, and does not hear its signal: nobody waits for it.
      const outcome = await within(request.timeoutMs, signal, (until) => exchange(request, until))
      if (!outcome.isLate) return outcome.value
    } catch (error) {
      throw signal.aborted ? signal.reason : faultOf(error)
    }
    throw new HttpFault('timeout', `no complete answer in ${request.timeoutMs / 1000} s`)
  }
}

function ignore(): void {}
