/** Hostile API servers, SSH servers, GitHub, files and inputs, through the committed bundle: no command runs, no verdict changes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import ssh2 from 'ssh2'
import { githubNames } from '../../rehearsal/github/index.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { keyPair } from '../ssh-key-pair.ts'
import { doors } from './door.ts'
import { expectHarmless, hostileBytes, hostileLine, hostileText, marker } from './hostile.ts'
import { greetingServer, type HostileServer, httpsServer, ledTo } from './hostile-servers.ts'

const opened = doors()
const servers: HostileServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function running<Started extends HostileServer>(started: Promise<Started>): Promise<Started> {
  const server = await started
  servers.push(server)
  return server
}

const apiServer = { host: '157.173.210.123', port: 6443 }
const calypso = { host: '192.168.2.80', port: 22 }
/** A header may hold no control character. */
const header = hostileLine.replaceAll(/[^\x20-\x7e]/g, '')

describe('an API server', () => {
  it.each([
    [403, 'forbidden', 'json'],
    [401, 'unauthorized', 'json'],
    [422, 'api-failed', 'text'],
    [200, 'api-failed', 'text'],
  ] as const)('that answers %i is quoted: %s', async (status, code, form) => {
    const door = await opened()
    const { world } = door
    const body =
      form === 'text'
        ? hostileBytes
        : JSON.stringify({ kind: 'Status', code: status, reason: hostileLine, message: hostileText })
    const server = await running(
      httpsServer(world, [apiServer.host], (_request, response) => {
        response.writeHead(status, header, { 'X-Evil': header, Date: header, 'Content-Type': 'application/json' })
        response.end(body)
      }),
    )
    const press = await door.press({}, { endpoints: ledTo(world, apiServer, server.port) })
    expectHarmless(door, press, { exitCode: 1, result: 'failed', code })
    expect(press.summary).toContain(marker)
  })

  it('whose certificate names anybody is not trusted, and its names are text', async () => {
    const door = await opened()
    const names = [header, `${marker}.test`, '*.%0A::error::evil']
    const server = await running(httpsServer(door.world, names, (_request, response) => response.end()))
    const press = await door.press({}, { endpoints: ledTo(door.world, apiServer, server.port) })
    expectHarmless(door, press, { exitCode: 1, result: 'failed', code: 'api-tls' })
  })

  it('may show any Node: what is wanted is found, what is foreign stays, nothing of it is carried out', async () => {
    const door = await opened()
    const { world, press } = door
    expect((await press()).outputs.result).toBe('joined')
    const { objects } = world.cluster
    const node = objects.get('nodes/calypso')!
    const status = node.status as { nodeInfo: object; conditions: object[] }
    objects.put('nodes/calypso', {
      ...node,
      metadata: {
        ...node.metadata,
        labels: { ...node.metadata.labels, [hostileLine]: hostileText },
        annotations: {
          ...node.metadata.annotations,
          [hostileText]: hostileText,
          'k3s-gpu-actions/owned-labels': `${hostileLine},a b`,
        },
      },
      status: {
        ...status,
        addresses: [
          { type: 'InternalIP', address: hostileText },
          { type: hostileText, address: hostileText },
        ],
        nodeInfo: {
          ...status.nodeInfo,
          osImage: hostileText,
          kernelVersion: hostileText,
          containerRuntimeVersion: hostileText,
        },
        conditions: [
          ...status.conditions,
          { type: hostileText, status: hostileText, reason: hostileText, message: hostileText },
        ],
      },
    })
    objects.put('nodes/evil', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: hostileText, labels: { [hostileText]: hostileText } },
      spec: { taints: [{ key: hostileText, value: hostileText, effect: hostileText }] },
      status: { addresses: [{ type: 'InternalIP', address: hostileText }], nodeInfo: {} },
    })
    // Tokens of a dead run: the id becomes a part of an address.
    objects.put('secrets/kube-system/bootstrap-token-evil', {
      metadata: {
        name: 'bootstrap-token-evil',
        namespace: 'kube-system',
        labels: { 'k3s-gpu-actions/node': 'calypso' },
      },
      type: 'bootstrap.kubernetes.io/token',
      data: { 'token-id': Buffer.from('../../nodes/srv712429').toString('base64') },
    })
    expectHarmless(door, await press(), { exitCode: 0, result: 'unchanged' })
    const deep = await press({ verify: 'deep', labels: 'oceanid.node/name=other', 'dry-run': 'true' })
    expectHarmless(door, deep, { exitCode: 0, result: 'planned' })
    expect(objects.get('nodes/srv712429')).toBeDefined()
  })
})

describe('GitHub', () => {
  it.each([
    ['an error', 500, { message: hostileText }, 'github-refused'],
    [
      'a release',
      200,
      {
        tag_name: hostileText,
        body: hostileText,
        assets: [{ name: hostileText, browser_download_url: 'https://evil.test/', size: 1e15, digest: hostileText }],
      },
      'release-incomplete',
    ],
    ['no JSON', 200, hostileText, 'release-incomplete'],
  ])('is quoted when it answers with %s', async (_story, status, body, code) => {
    const door = await opened()
    const server = await running(
      httpsServer(door.world, githubNames, (request, response) => {
        const isSha = /commits/.test(request.url ?? '')
        response.writeHead(status, { 'Content-Type': 'application/json', 'X-Evil': header })
        response.end(isSha ? header : typeof body === 'string' ? body : JSON.stringify(body))
      }),
    )
    const endpoints = door.world.endpoints.map((one) => (one.port === 443 ? { ...one, to: server.port } : one))
    const press = await door.press({}, { endpoints })
    expectHarmless(door, press, {
      exitCode: 1,
      result: 'failed',
      code: expect.stringMatching(new RegExp(`^(${code}|github-unreachable|github-refused)$`)) as never,
    })
  })
})

describe('an SSH server', () => {
  it('that greets with anything before its name is refused for its key, or left alone', async () => {
    const door = await opened()
    const server = await running(
      greetingServer(Buffer.concat([hostileBytes, Buffer.from(`SSH-2.0-${header}\r\n`), hostileBytes])),
    )
    const press = await door.press({}, { endpoints: ledTo(door.world, calypso, server.port) })
    expectHarmless(door, press, {
      exitCode: 1,
      result: 'failed',
      code: expect.stringMatching(/^(handshake-failed|connection-)/) as never,
    })
  })

  it('with a banner, and a menu of questions, gets a key and nothing else', async () => {
    const door = await opened()
    const key = keyPair()
    const asked: string[] = []
    const ssh = new ssh2.Server({ hostKeys: [key.private], banner: hostileText }, (client) => {
      client.on('error', () => undefined)
      client.on('authentication', (context) => {
        asked.push(context.method)
        context.reject(['keyboard-interactive', 'password', hostileLine.replaceAll(',', ' ')] as never)
      })
    })
    await new Promise<void>((resolve) => ssh.listen(0, '127.0.0.1', resolve))
    const { port } = ssh.address() as AddressInfo
    servers.push({ port, close: () => new Promise((resolve) => ssh.close(() => resolve())) })
    const [type, text] = key.public.split(' ')
    const press = await door.press(
      { 'known-hosts': `${calypso.host} ${type} ${text} ${header}` },
      { endpoints: ledTo(door.world, calypso, port) },
    )
    expectHarmless(door, press, { exitCode: 1, result: 'failed', code: 'authentication-refused' })
    expect(asked.filter((method) => method !== 'none' && method !== 'publickey')).toEqual([])
  })
})

describe('a file', () => {
  const committed = readFileSync(join(repositoryRoot, 'clusters/oceanid.yaml'), 'utf8')

  it.each([
    ['unknown keys', `${JSON.stringify(hostileText)}: 1\n`],
    ['a value of the wrong form', `verify:\n  flux: ${JSON.stringify(hostileText)}\n`],
    ['no YAML at all', hostileText],
  ])('of a cluster with %s is refused, and its words are quoted', async (_story, text) => {
    const door = await opened()
    const folder = join(door.folder, 'workspace')
    mkdirSync(folder)
    const file = join(folder, 'cluster.yaml')
    writeFileSync(file, `${committed}\n${text}`)
    const press = await door.press({ 'cluster-file': file })
    expectHarmless(door, press, { exitCode: 1, result: 'failed', code: 'inputs-invalid' })
  })

  it.each([
    ['names', (text: string) => text.replaceAll('oceanid', JSON.stringify(hostileText)), 'joined|kubeconfig-.*'],
    [
      'a server',
      (text: string) => text.replace(/server: .*/, `server: ${JSON.stringify(`https://${hostileText}`)}`),
      'kubeconfig-.*',
    ],
    [
      'a credential helper',
      (text: string) => text.replace(/token: .*/, `exec: { command: ${JSON.stringify(hostileText)} }`),
      'kubeconfig-refused',
    ],
    ['no YAML', () => hostileText, 'kubeconfig-.*'],
  ])('of credentials with hostile text for %s', async (_story, change, outcome) => {
    const door = await opened()
    const file = join(door.folder, 'kubeconfig')
    writeFileSync(file, change(readFileSync(door.world.kubeconfigFile, 'utf8')), { mode: 0o600 })
    const press = await door.press({ kubeconfig: file, 'dry-run': 'true' })
    const code = press.outputs['failure-code'] || press.outputs.result || ''
    expect(code).toMatch(new RegExp(`^(?:planned|${outcome})$`))
    expectHarmless(door, press, {
      exitCode: press.exitCode ?? -1,
      result: press.outputs.result ?? '',
      code: press.outputs['failure-code'] ?? '',
    })
  })
})

describe('inputs', () => {
  it('that are hostile themselves are refused, each quoted on its own line', async () => {
    const door = await opened()
    const names =
      'node host user port server version labels taints adopt timeout fail-on verify dry-run replace-node ignore-checks context cluster-file'
    // Several lines in the place of a path count as a key in the wrong input, and are masked.
    const inputs = Object.fromEntries(
      names.split(' ').map((name) => [name, name === 'cluster-file' ? hostileLine : hostileText]),
    )
    const press = await door.press(inputs)
    expectHarmless(door, press, { exitCode: 1, result: 'failed', code: 'inputs-invalid' })
    expect(door.world.cluster.requests).toEqual([])
  })
})
