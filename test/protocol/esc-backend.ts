/** A tiny HTTP server on loopback that records what it is asked and answers as a test says; no Pulumi Cloud, only its door. */
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  /** With the query, as it was sent. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An answer as data, or whatever a hostile server does with the connection. */
export type Reply =
  | {
      readonly status?: number
      readonly headers?: Record<string, string>
      readonly json?: unknown
      readonly text?: string
    }
  | ((response: ServerResponse, request: IncomingMessage) => void)

export interface Backend extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  readonly asked: readonly Asked[]
  /** `METHOD url` of everything that was asked. */
  readonly requests: () => readonly string[]
}

/** Answers with these, one after the other; further questions get the last one. A function chooses by the question. */
export async function backendThat(replies: readonly Reply[] | ((asked: Asked) => Reply)): Promise<Backend> {
  const asked: Asked[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() }
      asked.push(one)
      const reply = typeof replies === 'function' ? replies(one) : (replies[asked.length - 1] ?? replies.at(-1) ?? {})
      if (typeof reply === 'function') return reply(response, request)
      const text = reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json))
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers }).end(text)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    requests: () => asked.map((one) => `${one.method} ${one.url}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A port on which nobody listens. */
export async function deadUrl(): Promise<string> {
  const backend = await backendThat([])
  await backend[Symbol.asyncDispose]()
  return backend.url
}
