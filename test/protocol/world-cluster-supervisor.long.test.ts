import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import {
  type Cluster,
  type ClusterOptions,
  createAuthority,
  leaseObject,
  nodeObject,
  readyConditions,
  startCluster,
} from '../../rehearsal/cluster/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'

const worlds: Cluster[] = []
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

async function start(options: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const world = await startCluster({ directory: '', faults: new Set<FaultName>(), calypso: 'fresh', ...options })
  worlds.push(world)
  return world
}

interface Answer {
  readonly code: number
  readonly text: string
}
interface Asked {
  readonly method?: string
  readonly authorization?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** undefined: as a host that has no CA yet. */
  readonly ca?: string
  readonly port?: number
}

function ask(world: Cluster, path: string, asked: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...asked.headers, ...(asked.authorization && { Authorization: asked.authorization }) }
    const options = {
      host: '127.0.0.1',
      port: asked.port ?? world.port,
      path,
      method: asked.method ?? 'GET',
      headers,
      agent: false as const,
      ...(asked.ca === undefined ? { rejectUnauthorized: false } : { ca: asked.ca }),
    }
    const call = request(options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ code: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }))
    })
    call.on('error', reject)
    call.end(asked.body === undefined ? undefined : JSON.stringify(asked.body))
  })
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const passwordOf = (world: Cluster) => world.serverToken.split(':').at(-1) ?? ''

const token = { id: 'abc123', secret: '0123456789abcdef' }
const bearer = `Bearer ${token.id}.${token.secret}`

/** Mints a token as kubectl would, with anything about it changed. */
function mint(
  world: Cluster,
  changes: Readonly<Record<string, string | undefined>> = {},
  type = 'bootstrap.kubernetes.io/token',
): void {
  const fields: Record<string, string | undefined> = {
    'token-id': token.id,
    'token-secret': token.secret,
    expiration: new Date(Date.now() + 600_000).toISOString(),
    'usage-bootstrap-authentication': 'true',
    ...changes,
  }
  const data = Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, Buffer.from(value).toString('base64')]],
    ),
  )
  const name = `bootstrap-token-${token.id}`
  world.objects.put(`secrets/kube-system/${name}`, { metadata: { name, namespace: 'kube-system' }, type, data })
}

describe('the CA', () => {
  it('is what /cacerts serves without credentials, and what a K10 token of one certificate hashes byte for byte', async () => {
    const world = await start()
    const { code, text } = await ask(world, '/cacerts')
    expect(code).toBe(200)
    expect(text).toBe(world.caPem)
    const hash = createHash('sha256').update(text).digest('hex')
    expect(world.serverToken).toMatch(new RegExp(`^K10${hash}::server:[0-9a-f]{32}$`))
    expect((await ask(world, '/cacerts', { ca: text })).code).toBe(200)
  })

  it('as intermediate and root hashes the root alone, and still verifies the server', async () => {
    const world = await start({ ca: 'chain' })
    const { text } = await ask(world, '/cacerts')
    const certificates = text.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----/g) ?? []
    expect(certificates).toHaveLength(2)
    const root = new X509Certificate(certificates[1] ?? '')
    expect(world.caHash).toBe(createHash('sha256').update(root.raw).digest('hex'))
    expect((await ask(world, '/cacerts', { ca: text })).code).toBe(200)
  })

  it('issues certificates that OpenSSL accepts for names and for both kinds of address', async () => {
    const authority = await createAuthority('k3s-server-ca@1795254117')
    const { certPem } = await authority.issue(['api.github.com', '10.0.0.1', 'fd00::1:2'])
    const certificate = new X509Certificate(certPem)
    const issuer = new X509Certificate(authority.certPem)
    // Byte by byte, because the K10 hash of a single CA goes by the text, and certificates are concatenated.
    expect([authority.certPem, certPem]).toEqual([issuer.toString(), certificate.toString()])
    expect(certificate.verify(issuer.publicKey)).toBe(true)
    expect(certificate.checkIssued(issuer)).toBe(true)
    expect(certificate.checkHost('api.github.com')).toBe('api.github.com')
    expect(certificate.checkHost('github.com')).toBeUndefined()
    expect(certificate.checkIP('10.0.0.1')).toBe('10.0.0.1')
    expect(certificate.checkIP('fd00::1:2')).toBe('fd00::1:2')
    expect(issuer.ca).toBe(true)
  })

  it('fault wrong-ca-hash: somebody else answers at the address, under another CA, and would take any token', async () => {
    const world = await start({ faults: new Set(['wrong-ca-hash']) })
    const impostor = world.impostor!
    const { text } = await ask(world, '/cacerts', { port: impostor.port })
    expect(text).toBe(impostor.caPem)
    expect(text).not.toBe(world.caPem)
    await expect(ask(world, '/cacerts', { port: impostor.port, ca: world.caPem })).rejects.toThrow(
      /self-signed|verify|certificate/,
    )
    expect((await ask(world, '/v1-k3s/readyz', { port: impostor.port, authorization: bearer })).code).toBe(200)
    expect(impostor.requests).toEqual(['GET /cacerts 200', 'GET /v1-k3s/readyz 200'])
    expect((await ask(world, '/cacerts', { ca: world.caPem })).code).toBe(200)
  })
})

describe('the supervisor', () => {
  it('lets a bootstrap token and the static password in, and says where the API servers are', async () => {
    const world = await start()
    mint(world)
    for (const authorization of [bearer, basic('node', passwordOf(world))]) {
      expect(await ask(world, '/v1-k3s/readyz', { authorization })).toEqual({ code: 200, text: 'ok' })
      expect(JSON.parse((await ask(world, '/v1-k3s/apiservers', { authorization })).text)).toEqual([
        '157.173.210.123:6443',
      ])
      expect(JSON.parse((await ask(world, '/v1-k3s/config', { authorization })).text)).toMatchObject({
        FlannelBackend: 'vxlan',
        ClusterIPRange: { IP: '10.42.0.0', Mask: '//8AAA==' },
        SupervisorPort: 6443,
      })
    }
  })

  it.each([
    ['an unknown token', 'Bearer zzz999.0123456789abcdef'],
    ['a right id with a wrong secret', `Bearer ${token.id}.0000000000000000`],
    ['a wrong password', basic('node', 'wrong')],
    // k3s looks Basic credentials up in its password file; only Bearer reaches the bootstrap tokens.
    ['a bootstrap token sent as Basic', basic('node', `${token.id}.${token.secret}`)],
  ])('answers %s with 401 and k3s’s own words', async (_, authorization) => {
    const world = await start()
    mint(world)
    const { code, text } = await ask(world, '/v1-k3s/readyz', { authorization })
    expect(code).toBe(401)
    expect(JSON.parse(text)).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      reason: 'Unauthorized',
      message: 'not authorized',
    })
  })

  it('answers a caller without credentials with 403, as k3s does', async () => {
    const { code, text } = await ask(await start(), '/v1-k3s/config')
    expect(code).toBe(403)
    expect(JSON.parse(text)).toMatchObject({ reason: 'Forbidden', message: 'forbidden' })
  })
})

describe('a bootstrap token', () => {
  it('works at once, with an offset or fractions in its expiration, and without groups', async () => {
    const world = await start()
    for (const expiration of [
      '2999-01-01T00:00:00Z',
      '2999-01-01T00:00:00.123Z',
      '2999-01-01T00:00:00+02:00',
      undefined,
    ]) {
      mint(world, { expiration })
      expect(world.tokens.authenticateAfresh(`${token.id}.${token.secret}`)).toBeDefined()
    }
  })

  it.each([
    ['a wrong type', {}, 'Opaque'],
    ['a secret of 15 characters', { 'token-secret': '0123456789abcde' }, undefined],
    ['another id inside', { 'token-id': 'zzzzzz' }, undefined],
    ['a group outside system:bootstrappers', { 'auth-extra-groups': 'system:masters' }, undefined],
    ['an expiration in the past', { expiration: '2020-01-01T00:00:00Z' }, undefined],
    ['an expiration that is no time', { expiration: 'tomorrow' }, undefined],
    ['no usage for authentication', { 'usage-bootstrap-authentication': undefined }, undefined],
  ])('with %s is created without complaint and never works', async (_, changes, type) => {
    const world = await start()
    mint(world, changes, type)
    expect((await ask(world, '/v1-k3s/readyz', { authorization: bearer })).code).toBe(401)
  })

  it('still works for ten seconds after it was deleted, for a server that has seen it', async () => {
    let nowMs = Date.now()
    const world = await start({ nowMs: () => nowMs })
    mint(world)
    const use = () => ask(world, '/v1-k3s/readyz', { authorization: bearer }).then(({ code }) => code)
    expect(await use()).toBe(200)
    world.objects.delete(`secrets/kube-system/bootstrap-token-${token.id}`)
    nowMs += 9_000
    expect(await use()).toBe(200)
    expect(world.tokens.authenticateAfresh(`${token.id}.${token.secret}`)).toBeUndefined()
    nowMs += 2_000
    expect(await use()).toBe(401)
  })

  it('at the Kubernetes API is somebody without rights', async () => {
    const world = await start()
    mint(world, { 'auth-extra-groups': 'system:bootstrappers:k3s:default-node-token' })
    const { code, text } = await ask(world, '/api/v1/nodes', { authorization: bearer })
    expect(code).toBe(403)
    expect(text).toContain('User \\"system:bootstrap:abc123\\" cannot list resource \\"nodes\\"')
  })

  it('fault wrong-token: is created like any other and never accepted', async () => {
    const world = await start({ faults: new Set(['wrong-token']) })
    mint(world)
    expect((await ask(world, '/v1-k3s/readyz', { authorization: bearer })).code).toBe(401)
    expect((await ask(world, '/v1-k3s/readyz', { authorization: basic('node', passwordOf(world)) })).code).toBe(200)
  })
})

/** Calypso’s Node as a stand-in agent would report it. */
function calypso(ready: 'True' | 'False' = 'True') {
  const node = nodeObject({
    name: 'calypso',
    address: '192.168.2.80',
    role: 'agent',
    version: 'v1.33.4+k3s1',
    osImage: 'Ubuntu 22.04.5 LTS',
    kernel: '6.8.0-60-generic',
    podCidr: '',
    systemUuid: '4c4c4544-0000-0000-0000-000000000035',
    machineId: '00000000000000000000000000000035',
    arguments: ['agent'],
    environment: {},
    createdMs: 0,
    cpus: 16,
    memoryKi: 65_536_000,
  })
  const conditions = readyConditions(0).map((condition) =>
    condition.type === 'Ready' ? { ...condition, status: ready } : condition,
  )
  return {
    metadata: node.metadata,
    spec: { taints: [{ key: 'first', effect: 'NoSchedule' }] },
    status: { ...(node.status as object), conditions },
  }
}

const readiness = (world: Cluster) => {
  const node = world.objects.get('nodes/calypso') as
    | { status?: { conditions?: { type: string; status: string }[] } }
    | undefined
  return node?.status?.conditions?.find((condition) => condition.type === 'Ready')?.status
}
const taints = (world: Cluster) =>
  (
    (world.objects.get('nodes/calypso')?.spec as { taints?: { key: string; effect: string }[] } | undefined)?.taints ??
    []
  ).map(({ key, effect }) => `${key}:${effect}`)

describe('a stand-in agent', () => {
  const register = (world: Cluster, authorization: string, password: string, body: unknown = calypso()) =>
    ask(world, '/standin/v1/nodes/calypso', {
      method: 'POST',
      authorization,
      headers: { 'K3s-Node-Name': 'calypso', 'K3s-Node-Password': password },
      body,
    })

  it('registers with its token, lives on by its key after the token is gone, and starts again', async () => {
    const world = await start({ tokenCacheMs: 0 })
    mint(world)
    const first = await register(world, bearer, 'secret-of-calypso', calypso('False'))
    expect(first.code).toBe(201)
    world.objects.delete(`secrets/kube-system/bootstrap-token-${token.id}`)
    expect((await register(world, bearer, 'secret-of-calypso')).code).toBe(401)
    const { key } = JSON.parse(first.text) as { key: string }
    const renewed = await ask(world, '/standin/v1/leases/calypso', { method: 'PUT', authorization: `Bearer ${key}` })
    expect(renewed.code).toBe(200)
    const again = await register(world, `Bearer ${key}`, 'secret-of-calypso')
    expect(again.code).toBe(200)
    expect(readiness(world)).toBe('True')
    expect(world.objects.get('nodes/calypso')?.spec).toMatchObject({
      podCIDR: expect.stringMatching(/^10\.42\.\d+\.0\/24$/),
    })
  })

  it('adds labels at every start but takes none away, and sets taints only the first time', async () => {
    const world = await start()
    mint(world)
    await register(world, bearer, 'p')
    const node = world.objects.get('nodes/calypso')!
    world.objects.put('nodes/calypso', {
      ...node,
      metadata: { ...node.metadata, labels: { ...node.metadata.labels, mine: 'yes' } },
      spec: {},
    })
    await register(world, bearer, 'p')
    expect(world.objects.get('nodes/calypso')?.metadata.labels).toMatchObject({
      mine: 'yes',
      'kubernetes.io/hostname': 'calypso',
    })
    expect(taints(world)).toEqual([])
  })

  it('is turned away with another machine’s password, and the hash that is kept tells nobody the password', async () => {
    const world = await start()
    mint(world)
    await register(world, bearer, 'secret-of-calypso')
    const refused = await register(world, bearer, 'secret-of-another')
    expect(refused.code).toBe(403)
    const secret = JSON.stringify(world.objects.get('secrets/kube-system/calypso.node-password.k3s'))
    expect(secret).not.toContain('secret-of-calypso')
    expect(secret).toContain('"immutable":true')
  })

  it('needs a token again once its Node was deleted', async () => {
    const world = await start({ collectMs: 1 })
    mint(world)
    const { key } = JSON.parse((await register(world, bearer, 'p')).text) as { key: string }
    const collected = new Promise<void>((resolve) => {
      world.objects.listen((event) => event.key.endsWith('.node-password.k3s') && event.type === 'DELETED' && resolve())
    })
    world.objects.delete('nodes/calypso')
    expect((await register(world, `Bearer ${key}`, 'p')).code).toBe(401)
    await collected
    expect((await register(world, bearer, 'another after the reinstallation')).code).toBe(201)
  })

  it('is Ready only when it says so; dead, it stays Ready for 53 s and is Unknown then, with the taints of the node controller', async () => {
    let nowMs = Date.now()
    const world = await start({ nowMs: () => nowMs })
    mint(world, { expiration: '2999-01-01T00:00:00Z' })
    const { key } = JSON.parse((await register(world, bearer, 'p', calypso('False'))).text) as { key: string }
    world.sweep()
    expect(taints(world)).toEqual(['first:NoSchedule', 'node.kubernetes.io/not-ready:NoSchedule'])
    nowMs += 5_000
    world.sweep()
    expect(taints(world).at(-1)).toBe('node.kubernetes.io/not-ready:NoExecute')
    await register(world, `Bearer ${key}`, 'p', calypso('True'))
    await ask(world, '/standin/v1/leases/calypso', { method: 'PUT', authorization: `Bearer ${key}` })
    world.sweep()
    // A Lease that somebody sets back is old for whoever reads it, and no news for the node controller.
    world.objects.put('leases/kube-node-lease/calypso', leaseObject('calypso', nowMs - 60_000))
    nowMs += 52_000
    world.sweep()
    expect([readiness(world), taints(world)]).toEqual(['True', ['first:NoSchedule']])
    nowMs += 2_000
    world.sweep()
    const unreachable = 'node.kubernetes.io/unreachable'
    expect([readiness(world), taints(world)]).toEqual(['Unknown', ['first:NoSchedule', `${unreachable}:NoSchedule`]])
    // Pods that run there are evicted from the controller's next look on.
    nowMs += 5_000
    world.sweep()
    expect(taints(world).slice(1)).toEqual([`${unreachable}:NoSchedule`, `${unreachable}:NoExecute`])
    const server = world.objects.get('nodes/srv712429') as unknown as { status: { conditions: { status: string }[] } }
    expect(server.status.conditions.at(-1)?.status).toBe('True')
  })

  it('that never reported anything is spoken for by the node controller', async () => {
    let nowMs = Date.now()
    const world = await start({ nowMs: () => nowMs })
    world.objects.put('nodes/calypso', { metadata: { name: 'calypso' } })
    nowMs += 54_000
    world.sweep()
    const status = world.objects.get('nodes/calypso')?.status as { conditions: Record<string, string>[] }
    expect(status.conditions.map(({ type, status, reason, message }) => [type, status, reason, message])).toEqual(
      ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => [
        type,
        'Unknown',
        'NodeStatusNeverUpdated',
        'Kubelet never posted node status.',
      ]),
    )
    expect(taints(world)).toEqual(['node.kubernetes.io/unreachable:NoSchedule'])
  })

  it('may not say with its certificate what its node is to the cluster, but may say again what is said', async () => {
    const world = await start()
    mint(world)
    const { key } = JSON.parse((await register(world, bearer, 'p')).text) as { key: string }
    const labelled = (value: string) => {
      const node = calypso()
      const labels = { ...node.metadata.labels, 'node-role.kubernetes.io/gpu': value, 'node.kubernetes.io/mine': 'x' }
      return { ...node, metadata: { ...node.metadata, labels } }
    }
    const refused = await register(world, `Bearer ${key}`, 'p', labelled('true'))
    expect([refused.code, (JSON.parse(refused.text) as { message: string }).message]).toEqual([
      403,
      'nodes "calypso" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/gpu',
    ])
    const node = world.objects.get('nodes/calypso')!
    world.objects.put('nodes/calypso', { ...node, metadata: { ...node.metadata, ...labelled('true').metadata } })
    expect((await register(world, `Bearer ${key}`, 'p', labelled('true'))).code).toBe(200)
    expect((await register(world, `Bearer ${key}`, 'p', labelled('false'))).code).toBe(403)
  })

  it('fault node-password: an earlier installation left a Node unseen for nine days and a password nobody knows', async () => {
    const world = await start({
      faults: new Set(['node-password']),
      calypsoSystemUuid: '4c4c4544-0000-0000-0000-000000000035',
    })
    mint(world)
    world.sweep()
    expect(readiness(world)).toBe('Unknown')
    const unreachable = 'node.kubernetes.io/unreachable'
    expect(taints(world)).toEqual([`${unreachable}:NoSchedule`, `${unreachable}:NoExecute`])
    expect(world.objects.get('nodes/calypso')).toMatchObject({
      status: { nodeInfo: { systemUUID: '4c4c4544-0000-0000-0000-000000000035' } },
    })
    expect((await register(world, bearer, 'secret-of-calypso')).code).toBe(403)
  })
})

describe('hostile requests', () => {
  it.each([
    ['GET', '/api/v1/nodes/%E0%A4%A', undefined, 404],
    ['GET', '//', undefined, 404],
    ['GET', '/api/v1/nodes?labelSelector=%28%28', undefined, 400],
    ['GET', '/api/v1/nodes?watch=true&resourceVersion=x', undefined, 400],
    ['POST', '/api/v1/namespaces/kube-system/secrets', '{"metadata":{"name":"../../x"}}', 422],
    ['POST', '/api/v1/namespaces/kube-system/secrets', '{"metadata":', 400],
    ['POST', '/api/v1/namespaces/kube-system/secrets', '{"metadata":{"name":"x"},"data":{"a":"not base64!"}}', 400],
    ['PATCH', '/api/v1/nodes/srv712429', '[{"op":"add","path":"/__proto__/polluted","value":1}]', 422],
  ])('%s %s is refused and the world lives on', async (method, path, body, code) => {
    const world = await start()
    const authorization = `Bearer ${world.secrets.at(-1)}`
    const answer = await new Promise<number>((resolve, reject) => {
      const headers = {
        Authorization: authorization,
        'Content-Type': method === 'PATCH' ? 'application/json-patch+json' : 'application/json',
      }
      request(
        { host: '127.0.0.1', port: world.port, path, method, headers, ca: world.caPem, agent: false },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
        .on('error', reject)
        .end(body)
    })
    expect(answer).toBe(code)
    expect((await ask(world, '/ping')).text).toBe('pong')
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

it('a world ends although somebody connected and never spoke', async () => {
  const world = await start()
  const socket = connect(world.port, '127.0.0.1')
  await once(socket, 'connect')
  // The server has the connection only after it was accepted there, too: an answered request on another one proves it.
  await ask(world, '/ping')
  const ended = once(socket, 'close')
  await world.close()
  await ended
})

describe('the shipped manifest', () => {
  const documents = parseAllDocuments(readFileSync('manifests/k3s-join-rbac.yaml', 'utf8')).map(
    (document) =>
      document.toJS() as {
        kind: string
        metadata: { name: string; namespace?: string }
        roleRef?: { kind: string; name: string }
        rules?: object[]
      },
  )

  it('grants exactly what k3s-join uses, and no wildcard', () => {
    const rules = documents.flatMap(({ metadata, rules = [] }) =>
      rules.map((rule) => ({ in: metadata.namespace ?? 'cluster', ...rule })),
    )
    expect(rules).toEqual([
      { in: 'cluster', apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch', 'patch', 'delete'] },
      { in: 'cluster', apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] },
      {
        in: 'kube-node-lease',
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        verbs: ['get', 'list', 'watch'],
      },
      { in: 'kube-system', apiGroups: [''], resources: ['secrets'], verbs: ['create', 'delete', 'list'] },
      // Only to say in a failure what happened to the node; a run works without.
      { in: 'default', apiGroups: [''], resources: ['events'], verbs: ['list'] },
      {
        in: 'kube-public',
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['cluster-info'],
        verbs: ['get'],
      },
      {
        in: 'kube-system',
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['kubeadm-config', 'kubelet-config'],
        verbs: ['get'],
      },
      { in: 'longhorn-system', apiGroups: ['longhorn.io'], resources: ['nodes'], verbs: ['list', 'watch'] },
      {
        in: 'cluster',
        apiGroups: ['kustomize.toolkit.fluxcd.io'],
        resources: ['kustomizations'],
        verbs: ['list', 'watch'],
      },
      { in: 'cluster', apiGroups: ['helm.toolkit.fluxcd.io'], resources: ['helmreleases'], verbs: ['list', 'watch'] },
    ])
  })

  it('binds no role that it does not define', () => {
    for (const { metadata, roleRef } of documents.filter((document) => document.roleRef)) {
      const namespace = roleRef?.kind === 'Role' ? metadata.namespace : undefined
      const role = documents.find(
        ({ kind, metadata: of }) => kind === roleRef?.kind && of.name === roleRef?.name && of.namespace === namespace,
      )
      expect(role).toBeDefined()
    }
  })
})
