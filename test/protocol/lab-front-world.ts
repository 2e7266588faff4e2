/** The lab's front on loopback, before an API server that keeps what it is given and remembers how it was asked. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type RequestOptions, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import { type ApiClient, openApi } from '../../lab/cluster/api-client.ts'
import { startFront } from '../../lab/cluster/front.ts'
import { createPki, type Pki } from '../../lab/cluster/pki.ts'
import { closing, type IssuedCertificate, type Listener } from '../../rehearsal/cluster/index.ts'

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Common name of the certificate it came with. */
  readonly by: string | undefined
  readonly body: string
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface FrontWorld {
  readonly pki: Pki
  readonly api: ApiClient
  readonly front: Listener
  readonly port: number
  readonly seen: readonly Seen[]
  /** What the API server keeps: path → object. */
  readonly objects: Map<string, object>
  /** Bearer token → user and groups, for TokenReview. */
  readonly tokens: Map<string, { readonly username: string; readonly groups: readonly string[] }>
  /** Path → an answer of its own. */
  readonly answers: Map<string, Answer>
  upgrade?: (request: IncomingMessage, socket: Duplex) => void
  failure?: Error
  spoilsTokens: boolean
  close(): Promise<void>
}

export const password = 'static'

export async function startFrontWorld(): Promise<FrontWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'lab-front-'))
  const pki = await createPki(directory, '127.0.0.1', 'https://127.0.0.1:1', Date.now())
  const seen: Seen[] = []
  const objects: FrontWorld['objects'] = new Map()
  const tokens: FrontWorld['tokens'] = new Map()
  const answers: FrontWorld['answers'] = new Map()
  const server = createServer(
    {
      cert: readFileSync(pki.file('serving-kube-apiserver.crt')),
      key: readFileSync(pki.file('serving-kube-apiserver.key')),
      ca: [readFileSync(pki.file('request-header-ca.crt')), readFileSync(pki.file('client-ca.crt'))],
      requestCert: true,
      rejectUnauthorized: false,
    },
    (call, response) => void serve(call, response),
  )
  const serve = async (call: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (call.url ?? '').split('?')[0] ?? ''
    const own = answers.get(path)
    const socket = call.socket as TLSSocket
    const CN = socket.authorized ? socket.getPeerCertificate().subject.CN : undefined
    const note = (body: string) =>
      seen.push({ method: call.method ?? '', url: call.url ?? '', headers: call.headers, by: [CN].flat()[0], body })
    if (own) {
      note('')
      own(call, response)
      return
    }
    const body = await text(call)
    note(body)
    const send = (code: number, value: object) =>
      response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    if (path.endsWith('/tokenreviews')) {
      const user = tokens.get((JSON.parse(body) as { spec: { token: string } }).spec.token)
      send(201, { status: user ? { authenticated: true, user } : { error: 'no' } })
    } else if (call.method === 'POST') {
      const object = JSON.parse(body) as { metadata: { name: string } }
      objects.set(`${path}/${object.metadata.name}`, object)
      send(201, object)
    } else if (call.method === 'DELETE') {
      send(objects.delete(path) ? 200 : 404, {})
    } else {
      const found = objects.get(path)
      send(found ? 200 : 404, found ?? {})
    }
  }
  server.on('upgrade', (call: IncomingMessage, socket: Duplex) => world.upgrade?.(call, socket))
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const closeServer = closing(server)
  const { port } = server.address() as AddressInfo
  const failure = () => world.failure
  const api = openApi({ port, caPem: pki.serverCa.bundlePem, certificate: pki.admin, failure })
  const front = await startFront({
    ...{ address: '127.0.0.1', port: 0, pki, api, password, version: 'v1.33.4+k3s1', failure },
    spoilsTokens: () => world.spoilsTokens,
  })
  const world: FrontWorld = {
    ...{ pki, api, front, port: front.port, seen, objects, tokens, answers, spoilsTokens: false },
    async close() {
      api.close()
      await front.close()
      await closeServer()
      rmSync(directory, { recursive: true })
    },
  }
  return world
}

export interface Asked {
  readonly method?: string
  readonly bearer?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly certificate?: IssuedCertificate
  readonly body?: string
}

export function optionsOf(world: FrontWorld, path: string, asked: Asked): RequestOptions {
  const { certificate, bearer } = asked
  return {
    ...{ host: '127.0.0.1', port: world.port, path, method: asked.method ?? 'GET', agent: false },
    ca: world.pki.serverCa.bundlePem,
    ...(certificate && { cert: certificate.certPem, key: certificate.keyPem }),
    headers: { ...asked.headers, ...(bearer && { Authorization: `Bearer ${bearer}` }) },
  }
}

export interface Answered {
  readonly code: number
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

export async function ask(world: FrontWorld, path: string, asked: Asked = {}): Promise<Answered> {
  const response = await open(world, path, asked)
  return { code: response.statusCode ?? 0, text: await text(response), headers: response.headers }
}

/** The answer as soon as its headers are there. */
export function open(world: FrontWorld, path: string, asked: Asked = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(optionsOf(world, path, asked), resolve)
    call.on('error', reject)
    call.end(asked.body)
  })
}
