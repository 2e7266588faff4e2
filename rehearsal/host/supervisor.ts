import { createHash, X509Certificate } from 'node:crypto'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import type { HostNetwork } from '../contract.ts'

/** A token's parts as k3s reads them (pkg/clientaccess/token.go). */
export interface Token {
  /** Undefined for a short token: the server is not authenticated then. */
  readonly caHash: string | undefined
  /** `Authorization` header's value. An agent always says the user is `node`; a bootstrap token goes as Bearer. */
  readonly authorization: string
}

export function parseToken(text: string): Token {
  const full = /^K10([0-9a-f]{64})::(.+)$/.exec(text)
  const credentials = full?.[2] ?? text
  const isBootstrap = /^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(credentials)
  const colon = credentials.indexOf(':')
  const password = colon < 0 ? credentials : credentials.slice(colon + 1)
  return {
    caHash: full?.[1],
    authorization: isBootstrap
      ? `Bearer ${credentials}`
      : `Basic ${Buffer.from(`node:${password}`).toString('base64')}`,
  }
}

/** The hash that a K10 token carries: over the literal PEM of one certificate, or the DER of the root of several. */
export function caHashOf(bundle: string): string {
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length < 2) return createHash('sha256').update(bundle).digest('hex')
  const certificates = blocks.map((block) => new X509Certificate(block))
  let current = certificates[0] as X509Certificate
  for (const _ of certificates) {
    if (current.checkIssued(current)) break
    current = certificates.find((other) => other !== current && current.checkIssued(other)) ?? current
  }
  return createHash('sha256').update(current.raw).digest('hex')
}

export interface Question {
  readonly method: string
  readonly path: string
  /** PEM to verify the server with; undefined: accept any certificate. */
  readonly ca?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Client certificate and its key, PEM. */
  readonly identity?: { readonly certPem: string; readonly keyPem: string }
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}
export interface Answer {
  readonly status: number
  readonly text: string
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/**
 * One HTTPS request from the host's own network position. Rejects with an Error whose `code` is ECONNREFUSED, ECONNRESET,
 * ETIMEDOUT or a TLS code. Every socket it opened is gone when it settles.
 */
export async function ask(network: HostNetwork, host: string, port: number, question: Question): Promise<Answer> {
  let socket: Duplex | undefined
  let secure: TLSSocket | undefined
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  let isOver = false
  const givenUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure('ETIMEDOUT', 'context deadline exceeded')), question.timeoutMs)
    onAbort = () => reject(failure('ABORT_ERR', 'context canceled'))
    if (question.signal?.aborted) onAbort()
    question.signal?.addEventListener('abort', onAbort)
  })
  const talk = async (): Promise<Answer> => {
    const opened = await network.connect(host, port)
    if (isOver) {
      opened.destroy()
      throw failure('ABORT_ERR', 'context canceled')
    }
    socket = opened
    const layer = tlsConnect({
      socket: opened,
      // SNI must be a name; certificates are checked against the address all the same.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      host,
      rejectUnauthorized: question.ca !== undefined,
      ...(question.ca === undefined ? {} : { ca: question.ca }),
      ...(question.identity === undefined ? {} : { cert: question.identity.certPem, key: question.identity.keyPem }),
    })
    secure = layer
    return new Promise<Answer>((resolve, reject) => {
      opened.on('error', reject)
      const request = httpsRequest({
        method: question.method,
        path: question.path,
        host,
        port,
        // No agent at all: Node gives `agent: false` a fresh Agent, which ignores createConnection and dials the real address.
        createConnection: () => layer,
        headers: {
          Host: `${host}:${port}`,
          ...question.headers,
          ...(question.body === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(question.body)) }),
          Connection: 'close',
        },
      })
      request.on('error', reject)
      request.on('response', (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
        )
      })
      request.end(question.body)
    })
  }
  const talking = talk()
  // When the deadline wins, the loser's rejection is nobody's news.
  talking.catch(() => undefined)
  try {
    return await Promise.race([talking, givenUp])
  } finally {
    isOver = true
    clearTimeout(timer)
    if (onAbort !== undefined) question.signal?.removeEventListener('abort', onAbort)
    givenUp.catch(() => undefined)
    secure?.destroy()
    socket?.destroy()
  }
}
