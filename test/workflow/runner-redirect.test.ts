import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import type { Endpoint } from '../../rehearsal/contract.ts'
import { repositoryRoot } from '../../rehearsal/workflow/index.ts'
import { keyPair } from '../ssh-key-pair.ts'
import { run, stepsOf, temporaryFolder } from './runner-fixture.ts'

// Addresses that belong to nobody: documentation networks (RFC 5737) and the reserved name `.test` (RFC 2606).
const folder = temporaryFolder()
const authority = await createAuthority('redirect test')
const closers: (() => void)[] = []
let endpoints: Endpoint[] = []

async function listening(server: {
  listen(port: number, host: string): unknown
  address(): unknown
  close(): unknown
  once(event: string, listener: () => void): unknown
}): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server as never, 'listening')
  closers.push(() => server.close())
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  const plain = await listening(createHttpServer((request, response) => response.end(`plain ${request.headers.host}`)))
  const certificate = await authority.issue(['api.example.test', '192.0.2.7'])
  const secure = await listening(
    createHttpsServer({ cert: certificate.certPem, key: certificate.keyPem }, (request, response) =>
      response.end(
        `secure ${request.headers.host} ${(request.socket as unknown as { servername: string }).servername}`,
      ),
    ),
  )
  const { default: ssh2 } = await import('ssh2')
  const { private: hostKey } = keyPair()
  const ssh = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => {})
    client.on('authentication', (context) => context.accept())
  })
  const sshPort = await listening(ssh as never)
  endpoints = [
    { host: 'plain.example.test', port: 80, to: plain },
    { host: 'api.example.test', port: 443, to: secure },
    { host: '192.0.2.7', port: 6443, to: secure },
    { host: '192.0.2.80', port: 22, to: sshPort },
    { host: '192.0.2.9', port: 6443, to: 'refused' },
    { host: '192.0.2.10', port: 6443, to: 'timeout' },
  ]
  writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints))
  writeFileSync(join(folder, 'ca.pem'), authority.bundlePem)
})
afterAll(() => {
  for (const close of closers) close()
})

/** Runs a module text in a process kept inside the world; resolves with what it printed. */
async function inside(code: string): Promise<string> {
  const redirect = pathToFileURL(join(repositoryRoot, 'rehearsal', 'redirect.mjs')).href
  const child = spawn(process.execPath, ['--import', redirect, '--input-type=module', '-e', code], {
    cwd: repositoryRoot,
    env: {
      PATH: process.env.PATH,
      REHEARSAL_ENDPOINTS: join(folder, 'endpoints.json'),
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  child.stderr.on('data', (chunk) => (text += chunk))
  await once(child, 'close')
  return text.trim()
}

const get = (module: string, options: string): string => `
  import { get } from 'node:${module}'
  get(${options}, (response) => { response.setEncoding('utf8'); response.on('data', (text) => console.log(text)) })
    .on('error', (error) => console.log(error.code, error.message))`

describe('a process inside the embedded world', () => {
  it.each([
    [
      'fetch by name',
      `console.log(await (await fetch('http://plain.example.test/')).text())`,
      'plain plain.example.test',
    ],
    [
      'fetch with TLS',
      `console.log(await (await fetch('https://api.example.test/')).text())`,
      'secure api.example.test api.example.test',
    ],
    ['http with an agent', get('http', `'http://plain.example.test/x'`), 'plain plain.example.test'],
    ['https by name', get('https', `'https://api.example.test/x'`), 'secure api.example.test api.example.test'],
    ['https by address', get('https', `{ host: '192.0.2.7', port: 6443 }`), 'secure 192.0.2.7:6443 false'],
    [
      'undici of a package',
      `import { request } from 'undici'
       console.log(await (await request('https://api.example.test/')).body.text())`,
      'secure api.example.test api.example.test',
    ],
    [
      'tls.connect',
      `import { connect } from 'node:tls'
       const socket = connect(443, 'api.example.test', { servername: 'api.example.test' }, () => { console.log(socket.authorized, socket.getPeerCertificate().subject.CN); socket.destroy() })`,
      'true api.example.test',
    ],
    [
      'net.connect with every form of arguments',
      `import net, { connect, createConnection, Socket } from 'node:net'
       const open = (make) => new Promise((resolve, reject) => { const socket = make(() => { socket.destroy(); resolve() }); socket.on('error', reject) })
       await open((done) => connect(80, 'plain.example.test', done))
       await open((done) => connect({ port: 80, host: 'plain.example.test', localAddress: '0.0.0.0', family: 4 }, done))
       await open((done) => createConnection({ port: '80', host: 'PLAIN.example.test' }).on('connect', done))
       await open((done) => new Socket().connect(80, 'plain.example.test', done))
       await open((done) => new net.Socket().connect([{ port: 80, host: 'plain.example.test' }, done]))
       console.log('all open')`,
      'all open',
    ],
    [
      'ssh2',
      `import ssh2 from 'ssh2'
       const client = new ssh2.Client()
       client.on('ready', () => { console.log('logged in'); client.end() }).on('error', (error) => console.log(error.message))
       client.connect({ host: '192.0.2.80', username: 'u', password: 'p', hostVerifier: () => true })`,
      'logged in',
    ],
  ])('%s', async (_, code, expected) => {
    expect(await inside(code)).toBe(expected)
  })

  it('finds a port closed where the world says so', async () => {
    expect(await inside(get('https', `{ host: '192.0.2.9', port: 6443 }`))).toBe(
      'ECONNREFUSED connect ECONNREFUSED 192.0.2.9:6443',
    )
    expect(await inside(`await fetch('https://192.0.2.9:6443/').catch((error) => console.log(error.cause.code))`)).toBe(
      'ECONNREFUSED',
    )
  })

  it('waits where packets are dropped until it gives up itself', async () => {
    const code = `
      import { connect } from 'node:net'
      const socket = connect(6443, '192.0.2.10', () => console.log('never'))
      socket.setTimeout(150, () => { console.log('gave up', socket.connecting); socket.destroy() })
      socket.on('close', () => console.log('closed'))`
    expect(await inside(code)).toBe('gave up true\nclosed')
    const aborted = `await fetch('https://192.0.2.10:6443/', { signal: AbortSignal.timeout(100) }).catch((error) => console.log(error.name)); process.exit()`
    expect(await inside(aborted)).toBe('TimeoutError')
  })

  it.each([
    [
      'another address',
      `await fetch('https://203.0.113.5/').catch((error) => console.log(error.cause.message))`,
      'the rehearsal has no 203.0.113.5:443 (it has plain.example.test:80',
    ],
    [
      'another port of a known host',
      `await fetch('https://192.0.2.7:443/').catch((error) => console.log(error.cause.message))`,
      'the rehearsal has no 192.0.2.7:443',
    ],
    [
      'a name',
      get('http', `'http://other.example.test/'`)
        .replace('get(', 'try { get(')
        .concat('} catch (error) { console.log(error.message) }'),
      'the rehearsal has no other.example.test:80',
    ],
    [
      'a look-up',
      `import { lookup } from 'node:dns'; lookup('plain.example.test', (error) => console.log(error.message))`,
      'the rehearsal has no address for the name plain.example.test',
    ],
    [
      'a look-up by promise',
      `import { resolve4 } from 'node:dns/promises'; await resolve4('x.example.test').catch((error) => console.log(error.message))`,
      'the rehearsal has no address',
    ],
    [
      'UDP',
      `import { createSocket } from 'node:dgram'; const socket = createSocket('udp4'); try { socket.send('x', 53, '203.0.113.5') } catch (error) { console.log(error.message) } socket.close()`,
      'the rehearsal has no 203.0.113.5 for UDP',
    ],
  ])('gets an error and sends nothing for %s', async (_, code, expected) => {
    expect(await inside(code)).toContain(expected)
  })

  it('keeps loopback and unix sockets', async () => {
    const path = join(folder, 's')
    const server = createTcpServer((socket) => socket.end('unix'))
    server.listen(path)
    await once(server, 'listening')
    const port = await listening(createTcpServer((socket) => socket.end('loopback')))
    try {
      const code = `
        import { connect } from 'node:net'
        for (const target of [{ path: ${JSON.stringify(path)} }, { port: ${port} }, { port: ${port}, host: 'localhost', family: 4 }])
          for await (const chunk of connect(target)) console.log(String(chunk))
        for await (const chunk of connect(${JSON.stringify(path)})) console.log(String(chunk))`
      expect(await inside(code)).toBe('unix\nloopback\nloopback\nunix')
    } finally {
      server.close()
    }
  })

  it('does not start without its map', async () => {
    const redirect = pathToFileURL(join(repositoryRoot, 'rehearsal', 'redirect.mjs')).href
    const child = spawn(process.execPath, ['--import', redirect, '-e', ''], {
      env: {},
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let text = ''
    child.stderr.on('data', (chunk) => (text += chunk))
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(1)
    expect(text).toContain('REHEARSAL_ENDPOINTS does not name the file')
  })
})

describe('a workflow in front of the embedded world', () => {
  it('keeps actions and the Node of scripts inside it', async () => {
    const code = `console.log(await (await fetch('https://api.example.test/')).text()); await fetch('https://203.0.113.5/').catch((error) => console.log(error.cause.code))`
    const steps = `- uses: $/actions/probe\n  with:\n    code: ${JSON.stringify(code)}\n- run: ${JSON.stringify(`"$NODE" --input-type=module -e "${code.replaceAll('"', '\\"')}"`)}\n  env: { NODE: ${JSON.stringify(process.execPath)} }`
    const result = await run(stepsOf(steps), { endpoints, caFile: join(folder, 'ca.pem') })
    expect(result.log.match(/^secure api\.example\.test api\.example\.test\nENOTREHEARSED$/gm)).toHaveLength(2)
  })
})
