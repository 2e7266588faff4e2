import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/certificates.ts'
import { type HttpFault, openHttpClient } from '../../src/http/index.ts'

/** Dials nothing but loopback, whatever the test or the code does. */
const redirect = join(import.meta.dirname, '..', '..', '..', 'rehearsal', 'redirect.mjs')
const child = join(import.meta.dirname, 'http-child.js')
const url = 'https://gpu.example.org'
const servers: Server[] = []
const sockets = new Set<Socket>()
const heard: string[] = []
const tunnels: string[] = []
let folder = ''
let ca = ''
let origin = 0
let proxy = 0
let refusing = 0

async function portOf(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A server of gpu.example.org with a CA of its own, a proxy that leads every CONNECT to it, and one that lets nobody through. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'http-proxy-'))
  const authority = await createAuthority('somebody')
  const { certPem, keyPem } = await authority.issue(['gpu.example.org'])
  ca = join(folder, 'ca.pem')
  writeFileSync(ca, authority.certPem)
  origin = await portOf(
    createTlsServer({ cert: certPem, key: keyPem }, (request, response) => {
      heard.push(`${request.method} ${request.url} ${request.headers['cf-access-client-secret']}`)
      response.end('{}')
    }) as unknown as Server,
  )
  const onward = createServer()
  onward.on('connect', (request, socket: Socket) => {
    tunnels.push(`${request.url} ${request.headers['cf-access-client-secret'] ?? 'no secret'}`)
    const to = connect(origin, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      to.pipe(socket).pipe(to)
    })
    for (const one of [socket, to]) sockets.add(one.on('error', () => undefined))
  })
  proxy = await portOf(onward)
  const closed = createServer()
  closed.on('connect', (_, socket: Socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
  refusing = await portOf(closed)
})

afterAll(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  rmSync(folder, { recursive: true, force: true })
})

async function ask(environment: Record<string, string>, hasRoute = false): Promise<unknown> {
  heard.length = 0
  tunnels.length = 0
  const endpoints = join(folder, 'endpoints.json')
  writeFileSync(endpoints, JSON.stringify(hasRoute ? [{ host: 'gpu.example.org', port: 443, to: origin }] : []))
  const started = spawn(process.execPath, ['--import', redirect, child, url], {
    env: { PATH: process.env.PATH ?? '', REHEARSAL_ENDPOINTS: endpoints, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let told = ''
  started.stdout.on('data', (part) => {
    told += part
  })
  await once(started, 'close')
  return JSON.parse(told)
}

const at = (port: number): string => `http://127.0.0.1:${port}`

describe('an endpoint beyond the proxy of the runner', () => {
  it('is reached through a tunnel of it, and the proxy sees no secret', async () => {
    expect(await ask({ https_proxy: at(proxy), NODE_EXTRA_CA_CERTS: ca })).toEqual({
      kind: 'endpoint',
      status: 200,
      text: '{}',
    })
    expect(heard).toEqual(['GET /v2 sesame'])
    expect(tunnels).toEqual(['gpu.example.org:443 no secret'])
  })

  it('is asked directly where NO_PROXY names it', async () => {
    const environment = { HTTPS_PROXY: at(proxy), NO_PROXY: '.example.org', NODE_EXTRA_CA_CERTS: ca }
    expect(await ask(environment, true)).toMatchObject({ status: 200 })
    expect(tunnels).toEqual([])
  })

  it('is not given the token where the runner has switched verification off, with a proxy and without', async () => {
    for (const HTTPS_PROXY of ['', at(proxy)]) {
      expect(await ask({ NODE_TLS_REJECT_UNAUTHORIZED: '0', HTTPS_PROXY }, true)).toMatchObject({ code: 'tls' })
      expect(heard).toEqual([])
    }
  })

  it('is not called down because the proxy refuses or is down', async () => {
    expect(await ask({ HTTPS_PROXY: at(refusing) })).toMatchObject({
      code: 'proxy',
      cause: 'the proxy of the runner (HTTPS_PROXY) does not let it through to gpu.example.org (407)',
    })
    const gone = createServer()
    const port = await portOf(gone)
    gone.close()
    await once(gone, 'close')
    expect(await ask({ HTTPS_PROXY: at(port) })).toMatchObject({ code: 'proxy' })
  })

  it('takes no address for a proxy that is none, and tells no password of it', async () => {
    const http = openHttpClient(
      { url, guard: 'cloudflare', credentials: {}, headers: {} },
      { environment: { HTTPS_PROXY: 'http://runner:pa#ssword@proxy.example:3128' } },
    )
    const fault = (await http
      .ask({ method: 'GET', path: '/v2', timeoutMs: 2000 }, new AbortController().signal)
      .catch((error: unknown) => error)) as HttpFault
    expect([fault.code, fault.cause]).toEqual(['proxy', 'HTTPS_PROXY of the runner is no address of a proxy'])
    expect(JSON.stringify({ ...fault, message: fault.message })).not.toContain('ssword')
  })

  it('is given up when the proxy opens no tunnel', async () => {
    const silent = createServer()
    silent.on('connect', (_, socket: Socket) => sockets.add(socket.on('error', () => undefined)))
    const environment = { HTTPS_PROXY: at(await portOf(silent)) }
    const http = openHttpClient({ url, guard: 'cloudflare', credentials: {}, headers: {} }, { environment })
    const asked = http.ask({ method: 'GET', path: '/v2', timeoutMs: 100 }, new AbortController().signal)
    await expect(asked).rejects.toMatchObject({ code: 'timeout', isConnected: false })
    await http.close()
  })
})
