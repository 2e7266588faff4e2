import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createAuthority, startCluster, type Cluster as World } from '../../rehearsal/cluster/index.ts'
import { type Cluster, ClusterError, type NodeEvent, openCluster } from '../../src/kubernetes/index.ts'
import { kubeconfigText, scriptedServer } from './kubernetes-server.ts'

let folder = ''
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cluster-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const never = new AbortController().signal

async function open(kubeconfig: string): Promise<Cluster> {
  const kubeconfigPath = join(folder, `${files++}.yaml`)
  await writeFile(kubeconfigPath, kubeconfig)
  return await openCluster({ kubeconfigPath, signal: never })
}

async function refusal(promise: Promise<unknown>): Promise<ClusterError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ClusterError)
  return error as ClusterError
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

/** May read nodes, and nothing else. */
const readerManifest = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [nodes], verbs: [get, list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: ServiceAccount, name: k3s-gpu-actions-join, namespace: kube-system }]
`

describe('a cluster', () => {
  let world: World
  let cluster: Cluster
  const nowMs = Date.parse('2026-08-01T10:00:00Z')
  beforeEach(async () => {
    world = await startCluster({
      directory: folder,
      faults: new Set(),
      calypso: 'fresh',
      manifest: readerManifest,
      nowMs: () => nowMs,
    })
    cluster = await open(world.adminKubeconfig(`https://127.0.0.1:${world.port}`))
  })
  afterEach(async () => {
    await world.close()
  })

  it('is read with three questions and judged by its own clock', async () => {
    const reading = await cluster.read('srv712429', never)
    expect(reading).toMatchObject({ version: 'v1.33.4+k3s1', serverTimeMs: nowMs })
    expect(reading.node).toMatchObject({
      name: 'srv712429',
      isServer: true,
      ready: 'True',
      internalIps: ['157.173.210.123'],
    })
    expect(nowMs - (reading.leaseRenewedAtMs ?? 0)).toBeLessThanOrEqual(10_000)
    expect([...world.requests].sort()).toEqual([
      'GET /api/v1/nodes/srv712429 200',
      'GET /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/srv712429 200',
      'GET /version 200',
    ])
  })

  it('is read afresh every time: a node that came back to life meanwhile is seen', async () => {
    const beats = (renewTime: string) =>
      world.objects.put('leases/kube-node-lease/calypso', {
        metadata: { name: 'calypso', namespace: 'kube-node-lease' },
        spec: { renewTime },
      })
    world.objects.put('nodes/calypso', { metadata: { name: 'calypso' } })
    beats('2026-08-01T08:00:00.000000Z')
    const dead = await cluster.read('calypso', never)
    beats('2026-08-01T10:00:00.000000Z')
    world.objects.put('nodes/calypso', { metadata: { name: 'calypso', labels: { again: 'here' } } })
    const [one, other] = await Promise.all([cluster.read('calypso', never), cluster.read('calypso', never)])
    expect(dead.leaseRenewedAtMs).toBe(Date.parse('2026-08-01T08:00:00Z'))
    for (const alive of [one, other])
      expect(alive).toMatchObject({ leaseRenewedAtMs: nowMs, node: { labels: { again: 'here' } } })
    // Two at a time are not one either, and none lets the server answer from its cache (resourceVersion=0).
    expect(world.requests.filter((line) => line.startsWith('GET /api/v1/nodes/calypso '))).toHaveLength(3)
  })

  it('has no node and no Lease for a name that has not joined', async () => {
    const reading = await cluster.read('calypso', never)
    expect(reading.node).toBeUndefined()
    expect(reading.leaseRenewedAtMs).toBeUndefined()
  })

  it('lists its nodes', async () => {
    expect((await cluster.nodes(never)).map((node) => node.name).sort()).toEqual(['srv712429', 'srv712695'])
  })

  it('describes a node by its conditions and newest events, whatever they say, in bounded lines', async () => {
    const node = world.objects.get('nodes/srv712695')!
    const hostile = `x\n::error::forged \u001b[31m ${'y'.repeat(10_000)}`
    world.objects.put('nodes/srv712695', {
      ...node,
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: hostile }] },
    })
    const event = (name: string, involved: string, lastTimestamp: string, message: string) =>
      world.objects.put(`events/default/${name}`, {
        metadata: { name, namespace: 'default' },
        involvedObject: { kind: 'Node', name: involved },
        type: 'Warning',
        reason: 'InvalidDiskCapacity',
        message,
        count: 3,
        lastTimestamp,
      })
    event('later', 'srv712695', '2026-08-01T09:59:00Z', 'invalid capacity 0 on image filesystem')
    event('earlier', 'srv712695', '2026-08-01T09:00:00Z', hostile)
    event('of-another', 'srv712429', '2026-08-01T09:00:00Z', 'not to be told')
    const text = await cluster.describeNode('srv712695', never)
    expect(text).toMatch(/^node srv712695, uid [0-9a-f-]{36}/)
    expect(text).toMatch(/\ncondition Ready=False since : KubeletNotReady: x ::error::forged/)
    expect(text).toMatch(
      /event 2026-08-01T09:00:00Z Warning InvalidDiskCapacity \(3×\): x .*\nevent 2026-08-01T09:59:00Z .*invalid capacity 0/,
    )
    expect(text).not.toContain('not to be told')
    for (const line of text.split('\n')) {
      expect(line.length).toBeLessThan(600)
      expect(line).not.toMatch(/\u001b|^::/)
    }
    expect(await cluster.describeNode('calypso', never)).toBe('There is no node calypso.\n\nNo events.\n')
  })

  it('describes a node without its events to somebody who may not read them, and says which rule allows it', async () => {
    const reader = await open(world.kubeconfig(`https://127.0.0.1:${world.port}`))
    const text = await reader.describeNode('srv712695', never)
    expect(text).toContain('condition Ready=True')
    expect(text).toMatch(
      /Events could not be read: .*may not list events in namespace default; an optional rule in manifests\//,
    )
    await expect(reader.describeNode('srv712695', AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
  })

  it('accepts a minted token at once, lists it by label without its secret, and forgets it when it is deleted', async () => {
    const token = {
      id: 'abc123',
      secret: '0123456789abcdef',
      description: 'join of calypso',
      expiresAt: '2026-08-01T10:10:00Z',
      extraGroups: 'system:bootstrappers:k3s:default-node-token',
      labels: { 'k3s-gpu-actions/node': 'calypso', 'k3s-gpu-actions/run': 'run-41' },
    }
    await cluster.createBootstrapToken(token, never)
    expect(world.tokens.authenticate('abc123.0123456789abcdef')).toBeDefined()
    expect(await cluster.bootstrapTokens({ 'k3s-gpu-actions/node': 'calypso' }, never)).toEqual([
      { id: 'abc123', createdAt: '2026-08-01T10:00:00Z', expiresAt: '2026-08-01T10:10:00Z' },
    ])
    expect(await cluster.bootstrapTokens({ 'k3s-gpu-actions/node': 'other' }, never)).toEqual([])
    await cluster.deleteBootstrapToken('abc123', never)
    expect(world.objects.get('secrets/kube-system/bootstrap-token-abc123')).toBeUndefined()
    await cluster.deleteBootstrapToken('abc123', never)
  })

  describe('keeps node passwords', () => {
    const name = 'calypso.node-password.k3s'
    const key = `secrets/kube-system/${name}`
    const secret = (hash: string) => ({
      metadata: { name, namespace: 'kube-system' },
      data: { hash: Buffer.from(hash).toString('base64') },
    })

    it('one to a name, found by a list that reads no other Secret', async () => {
      world.objects.put('secrets/kube-system/other.node-password.k3s', {
        ...secret('$1:00:1:1:1:of-another'),
        metadata: { name: 'other.node-password.k3s', namespace: 'kube-system' },
      })
      expect(await cluster.nodePassword(name, never)).toBeUndefined()
      const { uid, resourceVersion } = world.objects.put(key, secret('$1:00:1:1:1:xyz')).metadata
      const stored = await cluster.nodePassword(name, never)
      expect(stored).toMatchObject({ uid, resourceVersion, hash: '$1:00:1:1:1:xyz' })
      // No right to get Secrets is needed.
      expect(world.requests.at(-1)).toBe('GET /api/v1/namespaces/kube-system/secrets 200')
    })

    it('whose hash is too long to be one is none', async () => {
      world.objects.put(key, secret('$'.repeat(100_000)))
      expect(await cluster.nodePassword(name, never)).toMatchObject({ hash: '' })
    })

    it('and deletes one only as it was read', async () => {
      world.objects.put(key, secret('first'))
      const stored = (await cluster.nodePassword(name, never))!
      world.objects.put(key, { ...secret('first'), immutable: true })
      const refused = await refusal(cluster.deleteNodePassword(name, stored, never))
      expect(refused).toMatchObject({ code: 'conflict', message: expect.stringMatching(/no longer the one/) })
      expect(world.objects.get(key)).toBeDefined()
      await cluster.deleteNodePassword(name, (await cluster.nodePassword(name, never))!, never)
      expect(world.objects.get(key)).toBeUndefined()
      // Absent already.
      await cluster.deleteNodePassword(name, stored, never)
      await expect(cluster.deleteNodePassword(name, { uid: '', resourceVersion: '' }, never)).rejects.toThrow(
        RangeError,
      )
    })
  })

  it('never lists tokens without labels: that would be everybody’s', async () => {
    await expect(cluster.bootstrapTokens({}, never)).rejects.toThrow(RangeError)
  })

  it('sets and removes labels, annotations and taints in one change', async () => {
    const node = await cluster.changeNode(
      'srv712695',
      {
        labels: { 'oceanid.node/gpu': 'none', 'node.kubernetes.io/instance-type': null },
        annotations: { 'k3s-gpu-actions/owned-labels': 'oceanid.node/gpu' },
        taints: (current) => [...current, { key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
      },
      never,
    )
    expect(node.labels).toMatchObject({ 'oceanid.node/gpu': 'none' })
    expect(node.labels).not.toHaveProperty('node.kubernetes.io/instance-type')
    expect(node.taints).toEqual([{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }])
    expect(world.requests.filter((line) => line.startsWith('PATCH'))).toHaveLength(1)
  })

  it('computes taints again when somebody else changed the node in between', async () => {
    const seen: number[] = []
    const node = await cluster.changeNode(
      'srv712695',
      {
        taints: (current) => {
          seen.push(current.length)
          if (seen.length === 1) {
            const object = world.objects.get('nodes/srv712695') as { spec: object; metadata: { name: string } }
            world.objects.put('nodes/srv712695', {
              ...object,
              spec: { ...object.spec, taints: [{ key: 'theirs', effect: 'NoSchedule' }] },
            })
          }
          return [...current, { key: 'ours', effect: 'NoSchedule' }]
        },
      },
      never,
    )
    expect(seen).toEqual([0, 1])
    expect(node.taints.map((taint) => taint.key)).toEqual(['theirs', 'ours'])
  })

  it('is not changed at all when the taints are as wanted', async () => {
    await cluster.changeNode('srv712695', { taints: (current) => current }, never)
    expect(world.requests.filter((line) => line.startsWith('PATCH'))).toEqual([])
  })

  it('deletes only the node that was meant', async () => {
    const error = await refusal(cluster.deleteNode('srv712695', 'another-uid', never))
    expect(error).toMatchObject({
      code: 'conflict',
      message: 'node srv712695 was not deleted: it is no longer the one that was looked at',
      remedy: expect.stringMatching(/^nothing was deleted\. Run it again/),
      status: 409,
    })
    expect(error.evidence.join()).toContain('another-uid')
    expect(world.objects.get('nodes/srv712695')).toBeDefined()
    await cluster.deleteNode('srv712695', world.objects.get('nodes/srv712695')?.metadata.uid ?? '', never)
    expect(world.objects.get('nodes/srv712695')).toBeUndefined()
    await cluster.deleteNode('srv712695', 'whatever', never)
  })

  it('answers what the user may do, request by request', async () => {
    const reader = await open(world.kubeconfig(`https://127.0.0.1:${world.port}`))
    const secrets = { verb: 'create', group: '', resource: 'secrets', namespace: 'kube-system' }
    const nodes = { verb: 'get', group: '', resource: 'nodes' }
    const answers = await reader.canI([nodes, secrets], never)
    expect(answers.map((answer) => [answer.resource, answer.allowed])).toEqual([
      ['nodes', true],
      ['secrets', false],
    ])
  })

  it('names verb, resource, namespace and the manifest when a rule is missing', async () => {
    const reader = await open(world.kubeconfig(`https://127.0.0.1:${world.port}`))
    const error = await refusal(reader.bootstrapTokens({ a: 'b' }, never))
    expect(error.code).toBe('forbidden')
    expect(error.message).toBe('the user of the kubeconfig may not list secrets in namespace kube-system')
    expect(error.remedy).toContain('manifests/k3s-join-rbac.yaml')
  })

  it('says that credentials are refused', async () => {
    const stranger = await open(kubeconfigText(`https://127.0.0.1:${world.port}`, world.caPem, 'wrong-token'))
    const error = await refusal(stranger.nodes(never))
    expect(error.code).toBe('unauthorized')
    expect(JSON.stringify(error)).not.toContain('wrong-token')
  })

  it('is not trusted under another certificate authority, and is asked once', async () => {
    const { certPem } = await createAuthority('other')
    const other = await open(kubeconfigText(`https://127.0.0.1:${world.port}`, certPem))
    const error = await refusal(other.nodes(never))
    expect(error).toMatchObject({ code: 'api-tls' })
    expect(error.cause).toContain('not signed by')
    expect(world.requests).toEqual([])
  })

  it('reports a node that registers, changes and goes, and its heartbeat', async () => {
    const events: NodeEvent[] = []
    const stop = new AbortController()
    const { promise: sawNode, resolve: onNode } = Promise.withResolvers<void>()
    const { promise: sawLabel, resolve: onLabel } = Promise.withResolvers<void>()
    const { promise: sawLease, resolve: onLease } = Promise.withResolvers<void>()
    const { promise: sawGone, resolve: onGone } = Promise.withResolvers<void>()
    const watching = cluster.watch(
      'calypso',
      (event) => {
        events.push(event)
        if (event.type === 'node') (event.node.labels.a === 'b' ? onLabel : onNode)()
        if (event.type === 'lease') onLease()
        if (event.type === 'gone') onGone()
      },
      stop.signal,
    )
    await until(() => world.requests.includes('GET /api/v1/nodes?watch=true 200'))
    world.objects.put('nodes/calypso', { metadata: { name: 'calypso' } })
    await sawNode
    world.objects.put('leases/kube-node-lease/calypso', {
      metadata: { name: 'calypso', namespace: 'kube-node-lease' },
      spec: { renewTime: '2026-08-01T10:00:00.000000Z' },
    })
    await sawLease
    const node = world.objects.get('nodes/calypso') as { metadata: { name: string } }
    world.objects.put('nodes/calypso', { ...node, metadata: { ...node.metadata, labels: { a: 'b' } } })
    await sawLabel
    world.objects.delete('nodes/calypso')
    await sawGone
    stop.abort()
    await watching
    expect(events[0]?.type).toBe('node')
    expect(events.find((event) => event.type === 'lease')).toEqual({ type: 'lease', renewedAtMs: nowMs })
  })

  it('rejects a watch that is not allowed, instead of waiting for ever', async () => {
    const reader = await open(world.kubeconfig(`https://127.0.0.1:${world.port}`))
    const error = await refusal(reader.watch('calypso', () => undefined, never))
    expect(error.code).toBe('forbidden')
  })
})

describe('an API server that is not well', () => {
  it('is asked again after 503 and a cut connection, and then answers', async () => {
    let asked = 0
    await using server = await scriptedServer((request, response) => {
      asked++
      if (asked === 1) response.writeHead(503).end('starting')
      else if (asked === 2) request.socket.destroy()
      else response.end(JSON.stringify({ items: [{ metadata: { name: 'srv712429' } }] }))
    })
    const cluster = await open(server.kubeconfig())
    expect((await cluster.nodes(never)).map((node) => node.name)).toEqual(['srv712429'])
    expect(asked).toBe(3)
  })

  it('is not asked twice to change something', async () => {
    await using server = await scriptedServer((_request, response) =>
      response.writeHead(503).end('<html>\n::error::no</html>'),
    )
    const cluster = await open(server.kubeconfig())
    const error = await refusal(cluster.deleteBootstrapToken('abc123', never))
    expect(error).toMatchObject({ code: 'api-failed', status: 503 })
    expect(error.evidence.join()).not.toContain('\n')
    expect(server.requests).toHaveLength(1)
  })

  it('that never answers is left at once when the run is cancelled', async () => {
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>()
    await using server = await scriptedServer(() => onAsked())
    const cluster = await open(server.kubeconfig())
    const cancel = new AbortController()
    const reading = cluster.nodes(cancel.signal)
    await asked
    cancel.abort(new Error('cancelled by a person'))
    await expect(reading).rejects.toThrow('cancelled by a person')
  })

  it('whose certificate names another host is not trusted', async () => {
    await using server = await scriptedServer((_request, response) => response.end('{}'), ['198.51.100.7'])
    const error = await refusal((await open(server.kubeconfig())).nodes(never))
    expect(error).toMatchObject({ code: 'api-tls', cause: 'the server certificate is not issued for this address' })
  })

  it('that listens nowhere is unreachable, with the address', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const address = closed.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => closed.close(resolve))
    const { certPem } = await createAuthority('nobody')
    const cluster = await open(kubeconfigText(`https://127.0.0.1:${port}`, certPem))
    const error = await refusal(cluster.nodes(never))
    expect(error.code).toBe('api-unreachable')
    expect(error.message).toContain(`https://127.0.0.1:${port}`)
    expect(error.evidence.join()).toContain('ECONNREFUSED')
  })

  it('that is no API server is told apart from a broken one', async () => {
    await using server = await scriptedServer((_request, response) => response.end('{"hello":"world"}'))
    const error = await refusal((await open(server.kubeconfig())).read('calypso', never))
    expect(error.message).toContain('is no Kubernetes API server')
  })

  it('gives up on a node that changes with every look', async () => {
    await using server = await scriptedServer((request, response) => {
      if (request.method === 'GET') response.end('{"metadata":{"name":"n","resourceVersion":"1"}}')
      else response.writeHead(409).end('{"message":"the object has been modified"}')
    })
    const cluster = await open(server.kubeconfig())
    const error = await refusal(cluster.changeNode('n', { taints: () => [{ key: 'a', effect: 'NoSchedule' }] }, never))
    expect(error.code).toBe('conflict')
    expect(server.requests.filter((line) => line.startsWith('PATCH'))).toHaveLength(5)
  })

  it('a watch goes on after a cut, an expired version and half a line', async () => {
    let nodeWatches = 0
    let lists = 0
    const { promise: done, resolve: onDone } = Promise.withResolvers<void>()
    await using server = await scriptedServer((request, response) => {
      const url = new URL(request.url ?? '', 'https://x')
      if (!url.pathname.endsWith('/nodes')) {
        if (url.searchParams.get('watch') === 'true') response.flushHeaders()
        else response.end('{"metadata":{"resourceVersion":"1"},"items":[]}')
        return
      }
      if (url.searchParams.get('watch') !== 'true') {
        lists++
        response.end(
          `{"metadata":{"resourceVersion":"${lists}0"},"items":[{"metadata":{"name":"n","uid":"list-${lists}"}}]}`,
        )
        return
      }
      nodeWatches++
      if (nodeWatches === 1) {
        response.write(
          '{"type":"MODIFIED","object":{"metadata":{"name":"n","uid":"watch-1","resourceVersion":"11"}}}\n',
        )
        setImmediate(() => request.socket.destroy())
      } else if (nodeWatches === 2) {
        expect(url.searchParams.get('resourceVersion')).toBe('11')
        response.end('{"type":"ERROR","object":{"code":410}}\n')
      } else if (nodeWatches === 3) {
        response.end('{"type":"MODIF')
      } else if (nodeWatches === 4) {
        response.write('{"type":"DELETED","object":{"metadata":{"name":"n"}}}\n')
      }
    })
    const cluster = await open(server.kubeconfig())
    const seen: string[] = []
    const stop = new AbortController()
    const watching = cluster.watch(
      'n',
      (event) => {
        seen.push(event.type === 'node' ? event.node.uid : event.type)
        if (event.type === 'gone') onDone()
      },
      stop.signal,
    )
    await done
    stop.abort()
    await watching
    expect(seen).toEqual(['list-1', 'watch-1', 'list-2', 'gone'])
  })

  it('a consumer that throws ends the watch with its own error', async () => {
    await using server = await scriptedServer((_request, response) =>
      response.end('{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"n"}}]}'),
    )
    const cluster = await open(server.kubeconfig())
    await expect(
      cluster.watch(
        'n',
        () => {
          throw new Error('bug of the consumer')
        },
        never,
      ),
    ).rejects.toThrow('bug of the consumer')
  })
})
