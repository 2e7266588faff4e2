import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/certificates.ts'
import { type Endpoint, HttpFault, type HttpQuestion, openHttpClient } from '../../src/http/index.ts'

const secret = 'not-for-strangers-7f3a'
const open: { close(): Promise<unknown> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** A server of raw bytes: what it read of a request decides what it writes; undefined ends the connection. */
async function serverThat(
  reply: (request: string, count: number) => string | Buffer | undefined | 'silence',
  make: (listener: (socket: import('node:net').Socket) => void) => Server = createServer,
): Promise<{ readonly port: number; readonly heard: string[]; connections: number }> {
  const heard: string[] = []
  const world = { port: 0, heard, connections: 0 }
  const server = make((socket) => {
    world.connections += 1
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (data) => {
      text += data.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (end < 0 || text.length < end + 4 + length) return
      heard.push(text)
      text = ''
      const answer = reply(heard.at(-1) ?? '', heard.length)
      if (answer === 'silence') return
      if (answer === undefined) socket.destroy()
      else socket.write(answer)
    })
    open.push({ close: async () => socket.destroy() })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) })
  world.port = (server.address() as { port: number }).port
  return world
}

function clientOf(port: number, change: Partial<Endpoint> = {}, options?: Parameters<typeof openHttpClient>[1]) {
  const client = openHttpClient(
    {
      url: `http://127.0.0.1:${port}`,
      guard: 'cloudflare',
      credentials: { 'CF-Access-Client-Secret': secret },
      headers: { 'X-Key': `${secret}-2` },
      ...change,
    },
    options,
  )
  open.push(client)
  const ask = (question: Partial<HttpQuestion> = {}, signal = new AbortController().signal) =>
    client.ask({ method: 'GET', path: '/v2', timeoutMs: 2000, ...question }, signal)
  return { client, ask }
}

async function faultOf(work: Promise<unknown>): Promise<HttpFault> {
  const error = await work.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(HttpFault)
  expect(JSON.stringify({ ...(error as HttpFault), text: String(error), stack: (error as Error).stack })).not.toContain(
    secret,
  )
  return error as HttpFault
}

const ok = (body = '', headers = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`

describe('a question', () => {
  it('carries the secrets of its endpoint, and none when a stranger asks', async () => {
    const server = await serverThat(() => ok('{}', 'X-Y: 1\r\nContent-Type: application/json\r\n'))
    const { client, ask } = clientOf(server.port)
    expect(await ask({ method: 'POST', body: Buffer.from('{"ready":false}') })).toMatchObject({
      kind: 'endpoint',
      status: 200,
      headers: { 'x-y': '1' },
      body: Buffer.from('{}'),
    })
    await ask({ isAnonymous: true })
    const [own, stranger] = server.heard
    expect(own).toMatch(/^POST \/v2 HTTP\/1\.1\r\n/)
    expect(own).toContain(`cf-access-client-secret: ${secret}\r\n`)
    expect(own).toContain(`x-key: ${secret}-2\r\n`)
    expect(own).toContain('content-length: 15\r\n')
    expect(stranger).not.toContain(secret)
    expect([client.requests, server.connections]).toEqual([2, 1])
  })

  it('never goes where a redirect points', async () => {
    const elsewhere = await serverThat(() => ok())
    const server = await serverThat(
      () => `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${elsewhere.port}/\r\nContent-Length: 0\r\n\r\n`,
    )
    expect(await clientOf(server.port).ask()).toMatchObject({ kind: 'redirect', status: 302 })
    expect(elsewhere.heard).toEqual([])
  })

  it('goes to the host of its endpoint alone, whatever its path', async () => {
    const server = await serverThat(() => ok())
    const { ask } = clientOf(server.port)
    await expect(ask({ path: '@evil.example/' })).rejects.toThrow(TypeError)
    await expect(ask({ path: ':1@evil.example/' })).rejects.toThrow(TypeError)
    await ask({ path: '//evil.example/x' })
    await ask({ path: '/@evil.example/\\evil' })
    expect(
      server.heard.every(
        (text) =>
          text.includes(`host: 127.0.0.1:${server.port}\r\n`) || text.includes(`Host: 127.0.0.1:${server.port}\r\n`),
      ),
    ).toBe(true)
  })

  it('keeps its framing, whatever headers are configured', async () => {
    const server = await serverThat(() => ok())
    const { ask } = clientOf(server.port, {
      headers: { 'Transfer-Encoding': 'chunked', 'content-length': '999', Connection: 'upgrade', Host: 'evil.example' },
    })
    expect((await ask({ method: 'POST', body: Buffer.from('x') })).status).toBe(200)
    expect(server.heard[0]).toContain('content-length: 1\r\n')
    expect(server.heard[0]).not.toMatch(/chunked|upgrade|evil/)
  })

  it('is answered byte by byte as well, without a buffer for each', async () => {
    const count = 200_000
    const server = await serverThat(
      () =>
        `HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(count)}0\r\n\r\n`,
    )
    const { body } = await clientOf(server.port).ask({ timeoutMs: 20_000 })
    expect(body.length).toBe(count)
    // One piece of memory, at most twice what is in it.
    expect(body.buffer.byteLength).toBeLessThanOrEqual(2 * count)
  })

  it('may be shorter or longer than the others', async () => {
    const server = await serverThat(() => ok('x'.repeat(100)))
    const { ask } = clientOf(server.port, {}, { maximumBytes: 50 })
    expect((await faultOf(ask())).code).toBe('too-large')
    expect((await ask({ maximumBytes: 200 })).body.length).toBe(100)
  })

  it('is asked again when the connection that was kept has gone', async () => {
    const server = await serverThat((_, count) => (count === 2 ? undefined : ok('x')))
    const { client, ask } = clientOf(server.port)
    await ask()
    expect((await ask()).status).toBe(200)
    expect([client.requests, server.connections]).toEqual([3, 2])
  })

  it.each(['ftp://gpu.example.org', 'https://user:pass@gpu.example.org', 'gpu.example.org:8000'])(
    'has no endpoint at %s',
    (url) => {
      expect(() => openHttpClient({ url, guard: 'direct', credentials: {}, headers: {} })).toThrow(TypeError)
    },
  )
})

describe('no answer', () => {
  it.each<[string, HttpFault['code'], (request: string, count: number) => string | Buffer | undefined | 'silence']>([
    ['a server that takes connections and hangs', 'timeout', () => 'silence'],
    ['one that stops in the middle of its answer', 'timeout', () => 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'],
    ['one that speaks something else', 'not-http', () => '220 smtp.example.org ESMTP\r\n'],
    ['one that never ends its head', 'not-http', () => `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}`],
    ['one with two lengths', 'not-http', () => 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
    ['one that hangs up', 'closed', () => undefined],
    ['an answer without end', 'too-large', () => ok('x'.repeat(70_000))],
    [
      'a bomb',
      'too-large',
      () =>
        Buffer.concat([
          Buffer.from(
            'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n',
          ),
          chunk(gzipSync(Buffer.alloc(5_000_000))),
        ]),
    ],
    ['what is packed and is not', 'not-http', () => ok('plain', 'Content-Encoding: gzip\r\n')],
  ])('comes from %s', async (_, code, reply) => {
    const server = await serverThat(reply)
    const { ask } = clientOf(server.port, {}, { maximumBytes: 65_536 })
    const fault = await faultOf(ask({ timeoutMs: 200 }))
    expect(fault.code).toBe(code)
    if (code === 'timeout') expect(fault.isConnected).toBe(true)
  })

  it('comes from a port where nobody listens', async () => {
    const server = await serverThat(() => ok())
    await open.splice(0).reverse()[0]?.close()
    expect((await faultOf(clientOf(server.port).ask())).code).toBe('refused')
  })

  it('comes for a header that cannot be sent, which is named by nobody', async () => {
    const { ask } = clientOf(1, { credentials: { 'CF-Access-Client-Secret': `${secret}\r\nX: y` } })
    expect(await faultOf(ask())).toMatchObject({
      code: 'unsendable',
      cause: 'a header that is to be sent holds characters that HTTP does not allow',
    })
  })

  it('comes as early hints for ever, and is given up', async () => {
    const server = await serverThat(() => 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(5000))
    expect((await faultOf(clientOf(server.port).ask({ timeoutMs: 300 }))).code).toBe('timeout')
  })

  it('comes when it is no longer wanted', async () => {
    const server = await serverThat(() => 'silence')
    const stop = new AbortController()
    const asked = clientOf(server.port).ask({}, stop.signal)
    setTimeout(() => stop.abort(new Error('cancelled')), 20)
    await expect(asked).rejects.toThrow('cancelled')
    await expect(clientOf(server.port).ask({}, stop.signal)).rejects.toThrow('cancelled')
  })

  it('comes from a server that cannot be trusted, and from one that speaks no TLS', async () => {
    const stranger = await (await createAuthority('nobody')).issue(['127.0.0.1'])
    const server = await serverThat(
      () => ok(),
      (listener) => createTlsServer({ cert: stranger.certPem, key: stranger.keyPem }, listener) as unknown as Server,
    )
    const untrusted = clientOf(server.port, { url: `https://127.0.0.1:${server.port}` })
    expect((await faultOf(untrusted.ask())).code).toBe('tls')
    expect(server.heard).toEqual([])
    const plain = await serverThat(() => ok())
    const mistaken = await faultOf(
      clientOf(plain.port, { url: `https://127.0.0.1:${plain.port}` }).ask({ timeoutMs: 500 }),
    )
    expect(mistaken.code).toMatch(/^(tls|timeout)$/)
  })
})

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')])
}
