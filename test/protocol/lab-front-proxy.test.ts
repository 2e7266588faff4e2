import { once } from 'node:events'
import { request } from 'node:https'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import { ask, type FrontWorld, open, optionsOf, startFrontWorld } from './lab-front-world.ts'

let world: FrontWorld
beforeEach(async () => {
  world = await startFrontWorld()
})
afterEach(() => world.close())

const kubelet = () =>
  world.pki.clientCa.issueClient({ commonName: 'system:node:calypso', organization: 'system:nodes' })
const claims = { 'X-Remote-User': 'system:admin', 'x-remote-group': 'system:masters', 'X-Remote-Extra-Scopes': 'all' }

describe('who the API server hears of', () => {
  it('with a bearer token is the token alone, whatever else the caller claims to be', async () => {
    await ask(world, '/api/v1/nodes', { bearer: 'secret', headers: { ...claims, 'Impersonate-User': 'jane' } })
    const [seen] = world.seen
    expect(seen?.by).toBeUndefined()
    expect(seen?.headers).toMatchObject({ authorization: 'Bearer secret', 'impersonate-user': 'jane' })
    expect(Object.keys(seen?.headers ?? {}).filter((name) => name.startsWith('x-remote-'))).toEqual([])
  })

  it('with a client certificate is its user and groups, vouched for by the front', async () => {
    const certificate = await kubelet()
    await ask(world, '/api/v1/nodes/calypso', { certificate, bearer: 'secret', headers: claims })
    const [seen] = world.seen
    expect(seen?.by).toBe('system:auth-proxy')
    expect(seen?.headers).toMatchObject({ 'x-remote-user': 'system:node:calypso', 'x-remote-group': 'system:nodes' })
    expect(seen?.headers).not.toHaveProperty('authorization')
    expect(seen?.headers).not.toHaveProperty('x-remote-extra-scopes')
  })

  it('is nobody with a certificate of another authority, or with one for servers', async () => {
    const other = await createAuthority('k3s-client-ca@1')
    const forged = await other.issueClient({ commonName: 'system:admin', organization: 'system:masters' })
    const forServers = await world.pki.clientCa.issue(['x'], {
      commonName: 'system:admin',
      organization: 'system:masters',
    })
    for (const certificate of [forged, forServers]) await ask(world, '/api/v1/nodes', { certificate })
    expect(world.seen.map(({ by, headers }) => [by, headers['x-remote-user']])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ])
  })

  it('is in the list of requests, unless it came with a certificate', async () => {
    const certificate = await kubelet()
    await ask(world, '/api/v1/nodes?limit=1', { bearer: 'secret' })
    await ask(world, '/api/v1/nodes', { certificate })
    await ask(world, '/cacerts')
    expect(world.front.requests).toEqual(['GET /api/v1/nodes 404', 'GET /cacerts 200'])
    world.front.forget()
    expect(world.front.requests).toEqual([])
  })
})

describe('what passes', () => {
  it('is the request as it was, with its body', async () => {
    const body = JSON.stringify({ metadata: { name: 'x' }, text: 'ä'.repeat(100_000) })
    const headers = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }
    const answer = await ask(world, '/api/v1/namespaces/a/secrets?fieldManager=b%2Fc', {
      method: 'POST',
      headers,
      body,
    })
    expect(answer).toMatchObject({ code: 201, text: body })
    expect(world.seen[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/namespaces/a/secrets?fieldManager=b%2Fc',
      body,
    })
  })

  it('is a body of unknown length too, also of a DELETE', async () => {
    const body = '{"preconditions":{"uid":"1"}}'
    await ask(world, '/api/v1/nodes/x', { method: 'DELETE', headers: { 'Transfer-Encoding': 'chunked' }, body })
    expect(world.seen[0]).toMatchObject({ method: 'DELETE', body })
  })

  it("is the answer as it is, with the API server's own clock and warnings", async () => {
    world.answers.set('/x', (_, response) => {
      response.sendDate = false
      const headers = { Date: 'Sat, 21 Nov 2026 08:00:00 GMT', Warning: '299 - "old"', 'Content-Type': 'text/plain' }
      response.writeHead(422, headers).end('no')
    })
    const { code, text, headers } = await ask(world, '/x')
    expect([code, text]).toEqual([422, 'no'])
    expect(headers).toMatchObject({ date: 'Sat, 21 Nov 2026 08:00:00 GMT', warning: '299 - "old"' })
  })

  it('is a version that k3s would announce, and no other change', async () => {
    const real = { major: '1', minor: '33', gitVersion: 'v1.33.13', platform: 'linux/amd64' }
    world.objects.set('/version', real)
    const { text } = await ask(world, '/version')
    expect(JSON.parse(text)).toEqual({ ...real, gitVersion: 'v1.33.4+k3s1' })
    world.answers.set('/version', (_, response) => response.writeHead(401).end('who?'))
    expect(await ask(world, '/version')).toMatchObject({ code: 401, text: 'who?' })
  })

  it('is every event of a watch when it happens, and the end of it when the caller leaves', async () => {
    const left = new Promise<void>((resolve) => {
      world.answers.set('/api/v1/nodes', (_, response) => {
        response.once('close', resolve)
        response.writeHead(200)
        response.flushHeaders()
        world.answers.set('next', () => response.write('{"type":"ADDED"}\n'))
      })
    })
    const response = await open(world, '/api/v1/nodes?watch=true', { bearer: 'secret' })
    expect(response.statusCode).toBe(200)
    expect(world.front.requests).toEqual(['GET /api/v1/nodes?watch=true 200'])
    for (const _ of [1, 2]) {
      world.answers.get('next')?.(response, undefined as never)
      const [chunk] = (await once(response, 'data')) as [Buffer]
      expect(chunk.toString()).toBe('{"type":"ADDED"}\n')
    }
    response.destroy()
    await left
  })

  it('is that a caller left before there was an answer', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    const left = new Promise<void>((resolve) => {
      world.answers.set('/slow', (_, response) => {
        response.once('close', resolve)
        ask()
      })
    })
    const call = request(optionsOf(world, '/slow', {}))
    call.on('error', () => undefined)
    call.end()
    await asked
    call.destroy()
    await left
    expect(world.front.requests).toEqual([])
  })

  it('is another protocol in both directions', async () => {
    world.upgrade = (call, socket) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${call.headers.upgrade}\r\n\r\nhello `,
      )
      socket.on('data', (chunk: Buffer) => socket.end(chunk))
    }
    const headers = { Connection: 'Upgrade', Upgrade: 'SPDY/3.1' }
    const call = request(optionsOf(world, '/api/v1/namespaces/default/pods/x/exec', { method: 'POST', headers }))
    call.end()
    const [response, socket, head] = await once(call, 'upgrade')
    expect([response.statusCode, response.headers.upgrade]).toEqual([101, 'SPDY/3.1'])
    socket.write('there')
    let text = head.toString()
    for await (const chunk of socket) text += chunk
    expect(text).toBe('hello there')
  })

  it('is the refusal of another protocol', async () => {
    world.upgrade = (_, socket) =>
      socket.end(
        'HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n',
      )
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' }
    expect(await ask(world, '/api/v1/namespaces/default/pods/x/exec', { headers })).toMatchObject({
      code: 403,
      text: 'no',
    })
  })
})

describe('an API server that fails', () => {
  it('is told with the last lines of the program that ended', async () => {
    world.failure = new Error('kube-apiserver ended (code 1); its last lines:\nno etcd')
    const { code, text } = await ask(world, '/api/v1/nodes')
    expect(code).toBe(503)
    expect(JSON.parse(text)).toMatchObject({ reason: 'ServiceUnavailable', message: world.failure.message })
  })

  it('that cuts a connection before its answer is told, and one that cuts its answer cuts it for the caller', async () => {
    world.answers.set('/before', (call) => void call.socket.destroy())
    expect((await ask(world, '/before')).code).toBe(503)
    world.answers.set('/within', (call, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('some')
      setImmediate(() => call.socket.destroy())
    })
    await expect(ask(world, '/within')).rejects.toThrow(/aborted|terminated|closed/)
  })
})
