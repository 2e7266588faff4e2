import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startComponent } from '../../lab/cluster/component.ts'
import { startPasswordCollector } from '../../lab/cluster/node-passwords.ts'
import { ask, type FrontWorld, password, startFrontWorld } from './lab-front-world.ts'

let world: FrontWorld
beforeEach(async () => {
  world = await startFrontWorld()
})
afterEach(() => world.close())

const token = 'abc123.0123456789abcdef'
const bootstrap = { username: 'system:bootstrap:abc123', groups: ['system:bootstrappers', 'system:authenticated'] }
const secret = '/api/v1/namespaces/kube-system/secrets/calypso.node-password.k3s'
const node = { 'K3s-Node-Name': 'Calypso', 'K3s-Node-Password': 'p4ss', 'K3s-Node-IP': '192.0.2.80,fd00::1,junk' }

const status = (text: string) => JSON.parse(text) as { code: number; reason: string; message: string }

describe('join credentials', () => {
  it('are good when the API server knows the token as one of a bootstrap user', async () => {
    world.tokens.set(token, bootstrap)
    expect(await ask(world, '/v1-k3s/readyz', { bearer: token })).toMatchObject({ code: 200, text: 'ok' })
    const basic = `Basic ${Buffer.from(`node:${password}`).toString('base64')}`
    expect((await ask(world, '/v1-k3s/readyz', { headers: { Authorization: basic } })).code).toBe(200)
    expect(JSON.parse(world.seen[0]?.body ?? '')).toMatchObject({ kind: 'TokenReview', spec: { token } })
  })

  it.each([
    ['the API server does not know', undefined],
    ['belong to a service account', { username: 'system:serviceaccount:a:b', groups: ['system:bootstrappers'] }],
    ['lack the group of bootstrap users', { username: 'system:bootstrap:abc123', groups: ['system:authenticated'] }],
  ])('are refused when they %s', async (_, user) => {
    if (user) world.tokens.set(token, user)
    const { code, text } = await ask(world, '/v1-k3s/readyz', { bearer: token })
    expect(code).toBe(401)
    expect(status(text)).toMatchObject({ reason: 'Unauthorized', message: 'not authorized' })
  })

  it('fault wrong-token: are refused by the API server, which is asked about another token', async () => {
    world.tokens.set(token, bootstrap)
    world.spoilsTokens = true
    expect((await ask(world, '/v1-k3s/readyz', { bearer: token })).code).toBe(401)
    expect(world.seen[0]?.body).toMatch(/abc123\.0123456789abcde0/)
  })
})

describe("a node's certificates", () => {
  beforeEach(() => {
    world.tokens.set(token, bootstrap)
  })
  const fetched = async (file: string) => {
    const { code, text } = await ask(world, `/v1-k3s/${file}`, { bearer: token, headers: node })
    const [certPem = ''] = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/.exec(text) ?? []
    return { code, certPem, keyPem: text.slice(certPem.length), certificate: new X509Certificate(text) }
  }

  it('let its kubelet speak as the node, and be spoken to at its name and addresses', async () => {
    const client = await fetched('client-kubelet.crt')
    expect([client.code, client.certificate.subject]).toEqual([200, 'O=system:nodes\nCN=system:node:calypso'])
    expect(client.certificate.verify(new X509Certificate(world.pki.clientCa.certPem).publicKey)).toBe(true)
    expect(client.keyPem).toMatch(/^-----BEGIN PRIVATE KEY-----/)
    const { certificate } = await fetched('serving-kubelet.crt')
    expect(certificate.verify(new X509Certificate(world.pki.serverCa.certPem).publicKey)).toBe(true)
    expect(['calypso', 'localhost'].map((name) => certificate.checkHost(name))).toEqual(['calypso', 'localhost'])
    const addresses = ['192.0.2.80', 'fd00::1', '127.0.0.1']
    expect(addresses.map((address) => certificate.checkIP(address))).toEqual(addresses)
    expect(certificate.subjectAltName).not.toContain('junk')
  })

  it('come with the authorities that sign them', async () => {
    for (const [file, ca] of [
      ['client-ca.crt', world.pki.clientCa],
      ['server-ca.crt', world.pki.serverCa],
    ] as const) {
      expect(await ask(world, `/v1-k3s/${file}`, { bearer: token })).toMatchObject({ code: 200, text: ca.certPem })
      expect((await ask(world, `/v1-k3s/${file}`)).code).toBe(403)
    }
  })

  it('are bound to the password that came with the first of them', async () => {
    await fetched('client-kubelet.crt')
    expect(world.objects.get(secret)).toMatchObject({ kind: 'Secret', type: 'Opaque', immutable: true })
    expect((await fetched('serving-kubelet.crt')).code).toBe(200)
    const headers = { ...node, 'K3s-Node-Password': 'other' }
    const { code, text } = await ask(world, '/v1-k3s/client-kubelet.crt', { bearer: token, headers })
    expect(code).toBe(403)
    expect(status(text).message).toBe("unable to verify hash for node 'calypso': hash does not match")
  })

  it('are renewed with the old one, as long as the Node is there, and for nobody else', async () => {
    const certificate = await fetched('client-kubelet.crt')
    const renew = (headers: Readonly<Record<string, string>>) =>
      ask(world, '/v1-k3s/client-kubelet.crt', { certificate, headers })
    const gone = await renew(node)
    expect(gone.code).toBe(401)
    expect(status(gone.text).message).toBe('unable to verify node identity: nodes "calypso" not found')
    world.objects.set('/api/v1/nodes/calypso', { metadata: { name: 'calypso' } })
    expect((await renew(node)).code).toBe(200)
    expect((await ask(world, '/v1-k3s/config', { certificate })).code).toBe(200)
    const other = await renew({ ...node, 'K3s-Node-Name': 'styx' })
    expect([other.code, status(other.text).message]).toEqual([400, 'header node name does not match auth node name'])
  })

  it.each([
    ['without a name', { 'K3s-Node-Name': '' }, 400],
    ['without a password', { 'K3s-Node-Password': '' }, 400],
    ['for a name that leads elsewhere', { 'K3s-Node-Name': '../../default/secrets/x' }, 400],
    ['for a name with a line break of LDAP', { 'K3s-Node-Name': 'a+O=system:masters' }, 400],
  ])('are refused %s', async (_, changes, code) => {
    const headers = { ...node, ...changes }
    expect((await ask(world, '/v1-k3s/client-kubelet.crt', { bearer: token, headers })).code).toBe(code)
    expect(world.objects.size).toBe(0)
  })

  it('are refused without credentials, with an administrator’s certificate, and by another method', async () => {
    const path = '/v1-k3s/client-kubelet.crt'
    expect((await ask(world, path, { headers: node })).code).toBe(403)
    expect((await ask(world, path, { headers: node, certificate: world.pki.admin })).code).toBe(403)
    expect((await ask(world, path, { headers: node, bearer: token, method: 'POST' })).code).toBe(405)
  })
})

describe('the password of a node', () => {
  it('goes with its Node, unless a machine of that name came anew', async () => {
    let events: ServerResponse | undefined
    const watching = new Promise<void>((resolve) => {
      world.answers.set('/api/v1/nodes', (call, response) => {
        if (!call.url?.includes('watch=true')) {
          response.setHeader('Content-Type', 'application/json')
          response.end(JSON.stringify({ metadata: { resourceVersion: '7' }, items: [] }))
          return
        }
        expect(call.url).toContain('resourceVersion=7')
        events = response.writeHead(200)
        events.flushHeaders()
        resolve()
      })
    })
    const collector = await startPasswordCollector(world.api, (error) => {
      throw error
    })
    await watching
    const deleted = (uid: string) =>
      events?.write(`${JSON.stringify({ type: 'DELETED', object: { metadata: { name: 'calypso', uid } } })}\n`)
    world.objects.set(secret, {})
    world.objects.set('/api/v1/nodes/calypso', {})
    deleted('1')
    await collector.collected('1')
    expect(world.objects.has(secret)).toBe(true)
    world.objects.delete('/api/v1/nodes/calypso')
    deleted('2')
    await collector.collected('2')
    expect(world.objects.has(secret)).toBe(false)
    collector.close()
  })
})

describe('a program of the control plane', () => {
  it('that ends unasked is told with its last lines; one that is closed is not', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'lab-component-'))
    const words = ['-c', 'seq 1 20; echo "no etcd" >&2; exit 3']
    const ending = startComponent({ program: '/bin/sh', arguments: words, directory })
    await new Promise((resolve) => ending.ended.addEventListener('abort', resolve))
    expect(ending.failure()?.message).toMatch(/^sh ended \(code 3\); its last lines:\n10\n[\s\S]*20\nno etcd$/)
    const missing = startComponent({ program: join(directory, 'missing'), arguments: [], directory })
    await new Promise((resolve) => missing.ended.addEventListener('abort', resolve))
    expect(missing.failure()?.message).toContain('ENOENT')
    const closed = startComponent({ program: '/bin/sh', arguments: ['-c', 'exec sleep 600'], directory })
    await closed.close()
    expect(closed.failure()).toBeUndefined()
    await Promise.all([ending.close(), missing.close()])
    rmSync(directory, { recursive: true })
  })
})
