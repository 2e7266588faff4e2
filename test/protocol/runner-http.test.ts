import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/certificates.ts'
import { httpPort } from '../../src/runner/http.ts'
import { HttpFault } from '../../src/runner/index.ts'
import { backendThat, deadUrl } from './esc-backend.ts'

/** Dials nothing but loopback, whatever the test or the code does. */
const redirect = join(import.meta.dirname, '..', '..', '..', 'rehearsal', 'redirect.mjs')
const child = join(import.meta.dirname, 'runner-child.js')
const signal = new AbortController().signal
let folder = ''
const servers: Server[] = []
const sockets = new Set<Socket>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-http-'))
})

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  for (const socket of sockets) socket.destroy()
  rmSync(folder, { recursive: true, force: true })
})

async function portOf(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** What the child told as its output, and what it printed and exported. */
async function step(words: readonly string[], more: Record<string, string> = {}, endpoints: readonly object[] = []) {
  for (const name of ['output', 'env']) writeFileSync(join(folder, name), '')
  writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints))
  const started = spawn(process.execPath, ['--import', redirect, child, ...words], {
    env: {
      PATH: process.env.PATH ?? '',
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_ENV: join(folder, 'env'),
      RUNNER_TEMP: folder,
      REHEARSAL_ENDPOINTS: join(folder, 'endpoints.json'),
      ...more,
    },
  })
  let stdout = ''
  started.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  await once(started, 'close')
  const told = /^told<<(.+)\n([\s\S]*?)\n\1$/m.exec(readFileSync(join(folder, 'output'), 'utf8'))?.[2]
  return { told: JSON.parse(told ?? 'null') as unknown, stdout, exported: readFileSync(join(folder, 'env'), 'utf8') }
}

/** A server of api.pulumi.example with a CA of its own, and a proxy that leads every CONNECT to it. */
async function proxiedWorld() {
  const authority = await createAuthority('somebody')
  const certificate = await authority.issue(['api.pulumi.example'])
  const heard: string[] = []
  const origin = await portOf(
    createTlsServer({ cert: certificate.certPem, key: certificate.keyPem }, (request, response) => {
      heard.push(`${request.method} ${request.url} ${request.headers.authorization}`)
      response.writeHead(201, { 'X-Two': ['a', 'b'] }).end('answered')
    }) as unknown as Server,
  )
  const tunnels: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket: Socket) => {
    tunnels.push(`${request.url} ${request.headers.authorization ?? 'no authorization'}`)
    const onward = connect(origin, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    for (const one of [socket, onward]) sockets.add(one.on('error', () => undefined))
  })
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, authority.certPem)
  return { proxy: await portOf(proxy), origin, tunnels, heard, ca }
}

describe('HTTPS from the runner', () => {
  it('goes through the proxy of the environment, which sees no header', async () => {
    const world = await proxiedWorld()
    const { told } = await step(['http', 'POST', 'https://api.pulumi.example/x?y=1'], {
      https_proxy: `http://127.0.0.1:${world.proxy}`,
      NODE_EXTRA_CA_CERTS: world.ca,
    })
    expect(told).toMatchObject({ status: 201, body: 'answered', headers: { 'x-two': 'a, b' } })
    expect(world.heard).toEqual(['POST /x?y=1 token secret'])
    expect(world.tunnels).toEqual(['api.pulumi.example:443 no authorization'])
  })

  it('goes there directly without one, or where NO_PROXY names the host', async () => {
    const world = await proxiedWorld()
    const endpoints = [{ host: 'api.pulumi.example', port: 443, to: world.origin }]
    const proxies: Record<string, string>[] = [
      {},
      { HTTPS_PROXY: `http://127.0.0.1:${world.proxy}`, NO_PROXY: '.pulumi.example' },
    ]
    for (const proxy of proxies) {
      const environment = { ...proxy, NODE_EXTRA_CA_CERTS: world.ca }
      const { told } = await step(['http', 'GET', 'https://api.pulumi.example/'], environment, endpoints)
      expect(told).toMatchObject({ status: 201, body: 'answered' })
    }
    expect(world.tunnels).toEqual([])
  })

  it('trusts no certificate that Node does not trust', async () => {
    const world = await proxiedWorld()
    const { told } = await step(['http', 'GET', 'https://api.pulumi.example/'], {
      HTTPS_PROXY: `http://127.0.0.1:${world.proxy}`,
    })
    expect(told).toMatchObject({ code: expect.stringMatching(/^(UNABLE_TO_|SELF_SIGNED_)/) })
    expect(world.heard).toEqual([])
  })

  it('trusts none either where the runner has switched verification off', async () => {
    const world = await proxiedWorld()
    const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0', HTTPS_PROXY: `http://127.0.0.1:${world.proxy}` }
    const endpoints = [{ host: 'api.pulumi.example', port: 443, to: world.origin }]
    for (const proxy of [environment, { ...environment, HTTPS_PROXY: '' }]) {
      const { told } = await step(['http', 'GET', 'https://api.pulumi.example/'], proxy, endpoints)
      expect(told).toMatchObject({ code: expect.stringMatching(/^(UNABLE_TO_|SELF_SIGNED_)/) })
    }
    expect(world.heard).toEqual([])
  })

  it('waits for no proxy that does not answer, and ends with the signal there as well', async () => {
    const silent = createServer()
    silent.on('connect', (_request, socket: Socket) => sockets.add(socket.on('error', () => undefined)))
    const http = httpPort({ HTTPS_PROXY: `http://127.0.0.1:${await portOf(silent)}` })
    const request = { method: 'GET', url: 'https://api.pulumi.example/', headers: {} } as const
    await expect(http({ ...request, timeoutMs: 200 }, signal)).rejects.toMatchObject({ code: 'timeout' })
    const stop = new AbortController()
    const reason = new Error('cancelled by SIGINT')
    silent.once('connect', () => stop.abort(reason))
    await expect(http({ ...request, timeoutMs: 60_000 }, stop.signal)).rejects.toBe(reason)
  })

  it('never tells the password in the address of a proxy', async () => {
    const http = httpPort({ HTTPS_PROXY: 'http://runner:pa#ssword@proxy.example:3128' })
    const fault = await http(
      { method: 'GET', url: 'https://api.pulumi.example/', headers: {}, timeoutMs: 5000 },
      signal,
    )
      .then(() => undefined)
      .catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'ERR_PROXY_INVALID_CONFIG', message: expect.not.stringContaining('ssword') })
  })

  it('tells a proxy that is none, or that refuses', async () => {
    const refusing = createServer()
    refusing.on('connect', (_request, socket: Socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
    const port = await portOf(refusing)
    const through = async (proxy: string) =>
      (await step(['http', 'GET', 'https://api.pulumi.example/'], { HTTPS_PROXY: proxy })).told
    expect(await through(`http://127.0.0.1:${port}`)).toMatchObject({ code: 'ERR_PROXY_TUNNEL' })
    expect(await through(await deadUrl())).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('leaves loopback out of the proxy', async () => {
    await using backend = await backendThat([{ text: 'direct' }])
    const proxy = await deadUrl()
    const environment = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }
    const answer = await httpPort(environment)(
      { method: 'GET', url: backend.url, headers: {}, timeoutMs: 5000 },
      signal,
    )
    expect(answer).toMatchObject({ status: 200, body: 'direct' })
  })

  it.each([
    ['http://192.0.2.1/', 'plain-http'],
    ['http://localhost.example.org/', 'plain-http'],
    ['ftp://127.0.0.1/', 'address-invalid'],
    ['nonsense', 'address-invalid'],
  ])('speaks with %s not at all: %s', async (url, code) => {
    const work = httpPort({})({ method: 'GET', url, headers: {}, timeoutMs: 5000 }, signal)
    await expect(work).rejects.toMatchObject({ code })
  })

  it('sends no header that would be two', async () => {
    await using backend = await backendThat([{}])
    const headers = { Authorization: 'token secret\r\nX: y' }
    const fault = await httpPort({})({ method: 'GET', url: backend.url, headers, timeoutMs: 5000 }, signal).catch(
      (error: unknown) => error,
    )
    expect(fault).toBeInstanceOf(HttpFault)
    expect((fault as HttpFault).message).not.toContain('secret')
    expect(backend.asked).toEqual([])
  })

  it('ends with the signal, with its reason, at any point', async () => {
    const http = httpPort({})
    const reason = new Error('cancelled by SIGINT')
    await expect(
      http({ method: 'GET', url: 'https://192.0.2.1/', headers: {}, timeoutMs: 5000 }, AbortSignal.abort(reason)),
    ).rejects.toBe(reason)
    for (const isBegun of [false, true]) {
      const stop = new AbortController()
      await using backend = await backendThat([
        (response) => {
          if (isBegun) response.writeHead(200).write('begun')
          setImmediate(() => stop.abort(reason))
        },
      ])
      await expect(http({ method: 'GET', url: backend.url, headers: {}, timeoutMs: 5000 }, stop.signal)).rejects.toBe(
        reason,
      )
    }
  })

  it('unpacks nothing: what is packed is no answer to what was asked', async () => {
    await using backend = await backendThat([{ text: 'x', headers: { 'content-encoding': 'gzip' } }])
    const answer = await httpPort({})({ method: 'GET', url: backend.url, headers: {}, timeoutMs: 5000 }, signal)
    expect(answer.body).toBe('x')
    expect(backend.asked[0]?.headers['accept-encoding']).toBe('identity')
  })
})

describe('what a job gives and gets', () => {
  it('asks for its ID token, and prints it to nobody', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOm8vciJ9.c2lnbmF0dXJl'
    await using issuer = await backendThat([{ json: { value: token } }])
    const { told, stdout } = await step(['id-token'], {
      GITHUB_ACTIONS: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    })
    expect(told).toBe('a token')
    expect(issuer.requests()).toEqual(['GET /token?api-version=2.0&audience=urn%3Apulumi%3Aorg%3Aryan-taylor'])
    expect(issuer.asked[0]?.headers.authorization).toBe('Bearer request-token')
    const lines = stdout.split('\n')
    expect(lines).toContain(`::add-mask::${token}`)
    expect(lines).toContain('have ***')
    expect(lines.filter((line) => line.includes(token) && !line.startsWith('::add-mask::'))).toEqual([])
  })

  it('exports a variable to later steps', async () => {
    const { told, exported, stdout } = await step(['export', 'KUBECONFIG', '/tmp/a b/kubeconfig'])
    expect(told).toEqual(['/tmp/a b/kubeconfig'])
    expect(exported).toMatch(/^KUBECONFIG<<(\S+)\n\/tmp\/a b\/kubeconfig\n\1\n$/)
    expect(stdout).not.toContain('kubeconfig')
  })

  it('but neither names that are not ours nor two lines', async () => {
    const refused = [
      ['NODE_OPTIONS', '--import=x'],
      ['PATH', '/tmp'],
      ['LD_PRELOAD', 'x'],
      ['GITHUB_TOKEN', 'x'],
      ['A B', 'x'],
      ['KUBECONFIG', 'a\nPATH=b'],
    ]
    const { told, exported } = await step(['export', ...refused.flat()])
    expect(told).toEqual(refused.map(([name]) => `Error: ${name} is no variable to export`))
    expect(exported).toBe('')
  })
})
