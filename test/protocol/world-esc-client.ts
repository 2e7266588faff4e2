/** One request to a real URL, led to an embedded server as the rehearsal's redirect does; certificates are verified. */
import { request } from 'node:https'
import { createAuthority } from '../../rehearsal/cluster/index.ts'

export const authority = await createAuthority('rehearsal')

export interface Answered {
  readonly code: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** The body as JSON, for looking into. */
  json(): Record<string, unknown>
}

export function send(
  port: number,
  method: string,
  address: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<Answered> {
  const url = new URL(address)
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const sent = request(
    {
      host: '127.0.0.1',
      port,
      method,
      servername: url.hostname,
      ca: authority.certPem,
      path: url.pathname + url.search,
      headers: { Host: url.hostname, ...headers },
      agent: false,
    },
    (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        resolve({
          code: response.statusCode ?? 0,
          headers: response.headers,
          body: text,
          json: () => JSON.parse(text) as Record<string, unknown>,
        })
      })
    },
  )
  sent.on('error', reject)
  sent.end(body)
  return promise
}
