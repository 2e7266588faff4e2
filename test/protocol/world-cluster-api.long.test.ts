import { request } from 'node:https'
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  type ApiException,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  VersionApi,
  Watch,
} from '@kubernetes/client-node'
import { type Cluster, type ClusterOptions, startCluster } from '../../rehearsal/cluster/index.ts'
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

function client(world: Cluster, text = world.kubeconfig(`https://127.0.0.1:${world.port}`)): KubeConfig {
  const config = new KubeConfig()
  config.loadFromString(text)
  return config
}

const admin = (world: Cluster) => client(world, world.adminKubeconfig(`https://127.0.0.1:${world.port}`))
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch)

/** The Status that a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<{ code: number; reason: string; message: string }> {
  try {
    await call
  } catch (error) {
    const { body } = error as ApiException<unknown>
    return (typeof body === 'string' ? JSON.parse(body) : body) as { code: number; reason: string; message: string }
  }
  throw new Error('the call was not refused')
}

describe('the embedded API, through the project’s own client library', () => {
  it('has the two servers of the cluster file, Ready, with fresh Leases and its version', async () => {
    const world = await start()
    const config = client(world)
    const { items } = await config.makeApiClient(CoreV1Api).listNode()
    expect(items.map((node) => node.metadata?.name)).toEqual(['srv712429', 'srv712695'])
    const server = items[0]!
    expect(server.metadata?.labels).toHaveProperty(['node-role.kubernetes.io/control-plane'], 'true')
    expect(server.metadata?.annotations).toMatchObject({
      'flannel.alpha.coreos.com/backend-type': 'vxlan',
      'flannel.alpha.coreos.com/public-ip': '157.173.210.123',
      'k3s.io/node-args': '["server"]',
    })
    expect(server.status?.conditions?.find((condition) => condition.type === 'Ready')?.status).toBe('True')
    const lease = await config
      .makeApiClient(CoordinationV1Api)
      .readNamespacedLease({ namespace: 'kube-node-lease', name: 'srv712695' })
    // The client library hands a MicroTime on as the text it is.
    expect(Date.now() - Date.parse(String(lease.spec?.renewTime))).toBeLessThan(11_000)
    const version = await config.makeApiClient(VersionApi).getCode()
    expect(version.gitVersion).toBe('v1.33.4+k3s1')
    expect(world.requests).toEqual([
      'GET /api/v1/nodes 200',
      'GET /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/srv712695 200',
      'GET /version 200',
    ])
  })

  it('judges a clock by the Date header of every answer, refusals too', async () => {
    const world = await start({ nowMs: () => Date.parse('2026-11-21T08:00:00Z') })
    const headers = await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: world.port, path: '/version', ca: world.caPem }, (response) => {
        response.resume()
        resolve({ code: response.statusCode, date: response.headers.date })
      })
        .on('error', reject)
        .end()
    })
    expect(headers).toEqual({ code: 401, date: 'Sat, 21 Nov 2026 08:00:00 GMT' })
  })

  it('changes labels, annotations and taints by merge patch, and takes labels away with null', async () => {
    const api = client(await start()).makeApiClient(CoreV1Api)
    const name = 'srv712695'
    const taints = [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }]
    const body = { metadata: { labels: { 'oceanid.node/name': name }, annotations: { note: 'x' } }, spec: { taints } }
    const changed = await api.patchNode({ name, body }, merge)
    expect(changed.metadata?.labels).toMatchObject({ 'oceanid.node/name': name, 'kubernetes.io/os': 'linux' })
    expect(changed.spec).toMatchObject({ podCIDR: '10.42.1.0/24', taints })
    const removed = await api.patchNode({ name, body: { metadata: { labels: { 'oceanid.node/name': null } } } }, merge)
    expect(removed.metadata?.labels).not.toHaveProperty(['oceanid.node/name'])
    expect(Number(removed.metadata?.resourceVersion)).toBeGreaterThan(Number(changed.metadata?.resourceVersion))
  })

  it('merges labels by strategic merge patch, but replaces taints: the list is atomic', async () => {
    const api = client(await start()).makeApiClient(CoreV1Api)
    const name = 'srv712695'
    const taint = (key: string) => ({ key, effect: 'NoSchedule' })
    await api.patchNode({ name, body: { spec: { taints: [taint('a'), taint('b')] } } }, strategic)
    const node = await api.patchNode(
      { name, body: { metadata: { labels: { c: 'd' } }, spec: { taints: [taint('b')] } } },
      strategic,
    )
    expect(node.spec?.taints).toEqual([taint('b')])
    expect(node.metadata?.labels).toMatchObject({ c: 'd', 'kubernetes.io/os': 'linux' })
  })

  it('leaves the status of a node to its kubelet', async () => {
    const api = client(await start()).makeApiClient(CoreV1Api)
    const body = { status: { conditions: [], nodeInfo: { kubeletVersion: 'v9' } } }
    const node = await api.patchNode({ name: 'srv712695', body }, merge)
    expect(node.status?.nodeInfo?.kubeletVersion).toBe('v1.33.4+k3s1')
    const refused = await refusal(api.patchNodeStatus({ name: 'srv712695', body }, merge))
    expect(refused.message).toContain('cannot patch resource "nodes/status" in API group "" at the cluster scope')
  })

  it('applies a JSON patch, and refuses one whose test fails', async () => {
    const api = client(await start()).makeApiClient(CoreV1Api)
    const name = 'srv712695'
    const path = '/metadata/labels/oceanid.node~1gpu'
    const node = await api.patchNode({ name, body: [{ op: 'add', path, value: 'yes' }] })
    expect(node.metadata?.labels).toHaveProperty(['oceanid.node/gpu'], 'yes')
    const stale = [
      { op: 'test', path, value: 'no' },
      { op: 'remove', path },
    ]
    expect(await refusal(api.patchNode({ name, body: stale }))).toMatchObject({ code: 422, reason: 'Invalid' })
  })

  it('refuses a patch of a node that somebody else changed in between', async () => {
    const api = client(await start()).makeApiClient(CoreV1Api)
    const name = 'srv712695'
    const { metadata } = await api.readNode({ name })
    await api.patchNode({ name, body: { metadata: { labels: { other: 'hand' } } } }, merge)
    const late = { metadata: { resourceVersion: metadata?.resourceVersion }, spec: { taints: [] } }
    expect(await refusal(api.patchNode({ name, body: late }, merge))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on nodes "srv712695": the object has been modified; please apply your changes to the latest version and try again',
    })
  })

  it('takes no new version when nothing changed', async () => {
    const api = client(await start()).makeApiClient(CoreV1Api)
    const name = 'srv712695'
    const body = { metadata: { labels: { same: 'same' } } }
    const first = await api.patchNode({ name, body }, merge)
    const second = await api.patchNode({ name, body }, merge)
    expect(second.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion)
  })

  // Every text here was read from a kube-apiserver v1.33.
  it.each([
    [
      'a label value with a space',
      { metadata: { labels: { gpu: 'RTX 4090' } } },
      `metadata.labels: Invalid value: "RTX 4090": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
    [
      'a label value that is too long',
      { metadata: { labels: { gpu: 'x'.repeat(64) } } },
      `metadata.labels: Invalid value: "${'x'.repeat(64)}": must be no more than 63 characters`,
    ],
    [
      'a label key with a prefix that is no domain',
      { metadata: { labels: { 'A_B/c': 'x' } } },
      `metadata.labels: Invalid value: "A_B/c": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
    [
      'a taint with an unknown effect',
      { spec: { taints: [{ key: 'a', effect: 'Never' }] } },
      'metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
    ['a taint without an effect', { spec: { taints: [{ key: 'a' }] } }, 'metadata.taints[0].effect: Required value'],
    [
      'a taint twice',
      {
        spec: {
          taints: [
            { key: 'a', effect: 'NoSchedule' },
            { key: 'a', effect: 'NoSchedule', value: 'b' },
          ],
        },
      },
      'metadata.taints[1]: Duplicate value: core.Taint{Key:"a", Value:"b", Effect:"NoSchedule", TimeAdded:<nil>}: taints must be unique by key and effect pair',
    ],
    [
      'another pod network',
      { spec: { podCIDR: '10.42.9.0/24' } },
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    ],
    [
      'another uid',
      { metadata: { uid: '00000000-0000-0000-0000-000000000000' } },
      'metadata.uid: Invalid value: "00000000-0000-0000-0000-000000000000": field is immutable',
    ],
  ])('refuses %s as invalid, in the words of an API server', async (_, body, words) => {
    const api = client(await start()).makeApiClient(CoreV1Api)
    const refused = await refusal(api.patchNode({ name: 'srv712695', body }, merge))
    expect(refused).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: `Node "srv712695" is invalid: ${words}`,
      details: { name: 'srv712695', kind: 'Node', causes: [{ field: words.split(': ')[0] }] },
    })
  })

  it('deletes only the node that is meant, and then its Lease and its password', async () => {
    const world = await start({ faults: new Set(['node-password']), collectMs: 1 })
    const api = client(world).makeApiClient(CoreV1Api)
    const name = 'calypso'
    const { metadata } = await api.readNode({ name })
    const other = { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } }
    expect(await refusal(api.deleteNode({ name, body: other }))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on Node "calypso": the UID in the precondition (00000000-0000-0000-0000-000000000000) does not match the UID in record (${metadata?.uid}). The object might have been deleted and then recreated`,
      details: { name, kind: 'Node' },
    })
    const gone = new Promise<void>((resolve) => {
      world.objects.listen(
        (event) => event.key === 'leases/kube-node-lease/calypso' && event.type === 'DELETED' && resolve(),
      )
    })
    const answer = await api.deleteNode({ name, body: { preconditions: { uid: metadata?.uid ?? '' } } })
    expect(answer.status).toBe('Success')
    await gone
    expect(world.objects.get('secrets/kube-system/calypso.node-password.k3s')).toBeUndefined()
    expect(await refusal(api.readNode({ name }))).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'nodes "calypso" not found',
    })
  })

  it('keeps Secrets with stringData as data, finds them by label, and knows them by name', async () => {
    const api = client(await start()).makeApiClient(CoreV1Api)
    const namespace = 'kube-system'
    const secret = (name: string) => ({
      metadata: { name, labels: { 'k3s-gpu-actions/run': '41' } },
      type: 'bootstrap.kubernetes.io/token',
      stringData: { 'token-id': 'abcdef' },
    })
    const created = await api.createNamespacedSecret({ namespace, body: secret('bootstrap-token-abcdef') })
    expect(created.data).toEqual({ 'token-id': Buffer.from('abcdef').toString('base64') })
    expect(created).not.toHaveProperty('stringData')
    expect(
      await refusal(api.createNamespacedSecret({ namespace, body: secret('bootstrap-token-abcdef') })),
    ).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'secrets "bootstrap-token-abcdef" already exists',
    })
    const generated = await api.createNamespacedSecret({ namespace, body: { metadata: { generateName: 'x-' } } })
    expect(generated.metadata?.name).toMatch(/^x-[a-z0-9]{5}$/)
    const found = await api.listNamespacedSecret({ namespace, labelSelector: 'k3s-gpu-actions/run=41' })
    expect(found.items.map((item) => item.metadata?.name)).toEqual(['bootstrap-token-abcdef'])
    const named = await api.listNamespacedSecret({
      namespace,
      fieldSelector: `metadata.name=${generated.metadata?.name}`,
    })
    expect(named.items).toHaveLength(1)
    await api.deleteNamespacedSecret({ namespace, name: 'bootstrap-token-abcdef' })
    expect(await refusal(api.deleteNamespacedSecret({ namespace, name: 'bootstrap-token-abcdef' }))).toMatchObject({
      code: 404,
    })
  })

  it('lists events, of which there are none yet', async () => {
    const api = admin(await start()).makeApiClient(CoreV1Api)
    const { items } = await api.listNamespacedEvent({
      namespace: 'default',
      fieldSelector: 'involvedObject.name=calypso',
    })
    expect(items).toEqual([])
  })
})

interface Seen {
  readonly type: string
  readonly name: string
  readonly code?: number
  readonly message?: string | undefined
}

/** Watches until the condition holds, and says what was seen. */
async function watchUntil(
  config: KubeConfig,
  path: string,
  query: Record<string, string>,
  isEnough: (seen: Seen[]) => boolean,
  act?: () => void,
): Promise<Seen[]> {
  const seen: Seen[] = []
  await new Promise<void>((resolve, reject) => {
    const note = (type: string, object: { metadata?: { name?: string }; code?: number; message?: string }) => {
      seen.push({
        type,
        name: object.metadata?.name ?? '',
        ...(object.code && { code: object.code, message: object.message }),
      })
      if (isEnough(seen)) stop()
    }
    const watching = new Watch(config).watch(path, query, note, (error) => (error ? reject(error) : resolve()))
    const stop = () => {
      watching.then((controller) => {
        resolve()
        controller.abort()
      }, reject)
    }
    if (act) watching.then(act, reject)
  })
  return seen
}

describe('watches', () => {
  it('show what is there, then every change, of one name only', async () => {
    const world = await start()
    const seen = await watchUntil(
      client(world),
      '/api/v1/nodes',
      { fieldSelector: 'metadata.name=calypso' },
      (list) => list.at(-1)?.type === 'DELETED',
      () => {
        world.objects.put('nodes/calypso', { metadata: { name: 'calypso' } })
        world.objects.put('nodes/other', { metadata: { name: 'other' } })
        world.objects.put('nodes/calypso', { metadata: { name: 'calypso', labels: { a: 'b' } } })
        world.objects.delete('nodes/calypso')
      },
    )
    expect(seen.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'ADDED calypso',
      'MODIFIED calypso',
      'DELETED calypso',
    ])
    expect(world.requests).toEqual(['GET /api/v1/nodes?watch=true 200'])
  })

  it('lose nothing between a list and the watch from its version', async () => {
    const world = await start()
    const config = client(world)
    const listed = await config.makeApiClient(CoreV1Api).listNode()
    world.objects.put('nodes/calypso', { metadata: { name: 'calypso' } })
    const resourceVersion = listed.metadata?.resourceVersion ?? ''
    const seen = await watchUntil(config, '/api/v1/nodes', { resourceVersion }, (list) => list.length > 0)
    expect(seen).toEqual([{ type: 'ADDED', name: 'calypso' }])
  })

  it('are told 410 when they come too late', async () => {
    const world = await start()
    const began = world.objects.version
    const seen = await watchUntil(client(world), '/api/v1/nodes', { resourceVersion: '1' }, (list) => list.length > 0)
    expect(seen).toEqual([{ type: 'ERROR', name: '', code: 410, message: `too old resource version: 1 (${began})` }])
  })

  it('see an object leave a label selection as deleted', async () => {
    const world = await start()
    world.objects.put('nodes/calypso', { metadata: { name: 'calypso', labels: { gpu: 'yes' } } })
    const seen = await watchUntil(
      client(world),
      '/api/v1/nodes',
      { labelSelector: 'gpu=yes' },
      (list) => list.length === 2,
      () => world.objects.put('nodes/calypso', { metadata: { name: 'calypso', labels: { gpu: 'no' } } }),
    )
    expect(seen.map(({ type }) => type)).toEqual(['ADDED', 'DELETED'])
  })

  it('end after timeoutSeconds', async () => {
    const world = await start()
    const seen = await watchUntil(
      client(world),
      '/api/v1/nodes',
      { timeoutSeconds: '1', resourceVersion: String(world.objects.version) },
      () => false,
    )
    expect(seen).toEqual([])
  })
})

describe('what the kubeconfig may do is what the shipped manifest says', () => {
  it('may read one namespace, by whose UID the cluster is known in every world, and is told which other it may not', async () => {
    const uids: (string | undefined)[] = []
    for (const world of [await start(), await start()]) {
      const { metadata } = await client(world).makeApiClient(CoreV1Api).readNamespace({ name: 'kube-system' })
      uids.push(metadata?.uid)
      const refused = await refusal(client(world).makeApiClient(CoreV1Api).readNamespace({ name: 'default' }))
      expect(refused).toMatchObject({ code: 403, reason: 'Forbidden' })
      expect(refused.message).toContain('cannot get resource "namespaces" in API group "" in the namespace "default"')
    }
    expect(uids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(uids[1]).toBe(uids[0])
  })

  it('names its user by a token that says when it ends, as kubectl makes them', async () => {
    const { token = '' } = client(await start()).getCurrentUser() ?? {}
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
    expect(claims.sub).toBe('system:serviceaccount:kube-system:k3s-gpu-actions-join')
    expect((Number(claims.exp) * 1000 - Date.now()) / 86_400_000).toBeCloseTo(90, 1)
  })

  const user = 'system:serviceaccount:kube-system:k3s-gpu-actions-join'

  it('refuses everything else in the API server’s own words', async () => {
    const world = await start()
    const api = client(world).makeApiClient(CoreV1Api)
    const text = (call: Promise<unknown>) =>
      refusal(call).then(({ code, reason, message }) => `${code} ${reason} ${message}`)
    expect(await text(api.listNamespacedSecret({ namespace: 'default' }))).toBe(
      `403 Forbidden secrets is forbidden: User "${user}" cannot list resource "secrets" in API group "" in the namespace "default"`,
    )
    expect(await text(api.createNode({ body: { metadata: { name: 'x' } } }))).toBe(
      `403 Forbidden nodes is forbidden: User "${user}" cannot create resource "nodes" in API group "" at the cluster scope`,
    )
    expect(
      await text(
        client(world)
          .makeApiClient(CoordinationV1Api)
          .deleteNamespacedLease({ namespace: 'kube-node-lease', name: 'calypso' }),
      ),
    ).toBe(
      `403 Forbidden leases.coordination.k8s.io "calypso" is forbidden: User "${user}" cannot delete resource "leases" in API group "coordination.k8s.io" in the namespace "kube-node-lease"`,
    )
    expect(await text(api.patchNamespacedSecret({ namespace: 'kube-system', name: 'x', body: {} }, merge))).toContain(
      'cannot patch resource "secrets"',
    )
  })

  const ask = (config: KubeConfig, verb: string, resource: string, namespace?: string) =>
    config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { verb, resource, group: '', ...(namespace && { namespace }) } } },
    })

  it('answers a SelfSubjectAccessReview by the same rules', async () => {
    const config = client(await start())
    expect((await ask(config, 'create', 'secrets', 'kube-system')).status).toMatchObject({ allowed: true })
    expect((await ask(config, 'create', 'secrets', 'default')).status).toMatchObject({ allowed: false })
    expect((await ask(config, 'patch', 'nodes')).status?.reason).toContain('ClusterRole "k3s-gpu-actions-join"')
    expect((await ask(config, 'update', 'nodes')).status?.allowed).toBe(false)
  })

  it('fault no-rbac: the binding leads to a Role that is not there, and says so', async () => {
    const config = client(await start({ faults: new Set(['no-rbac']) }))
    expect((await ask(config, 'create', 'secrets', 'kube-system')).status?.allowed).toBe(false)
    expect((await ask(config, 'get', 'nodes')).status?.allowed).toBe(true)
    const refused = await refusal(
      config
        .makeApiClient(CoreV1Api)
        .createNamespacedSecret({ namespace: 'kube-system', body: { metadata: { name: 'x' } } }),
    )
    expect(refused.message).toBe(
      `secrets is forbidden: User "${user}" cannot create resource "secrets" in API group "" in the namespace "kube-system": RBAC: role.rbac.authorization.k8s.io "k3s-gpu-actions-join" not found`,
    )
  })

  it('knows nobody without a token, and nobody with a wrong one', async () => {
    const world = await start()
    const text = world.kubeconfig(`https://127.0.0.1:${world.port}`)
    const stranger = client(world, text.replace(/token: .*/, 'token: 0123'))
    const nobody = client(world, text.replace(/token: .*/, 'username: x'))
    for (const config of [stranger, nobody]) {
      // The client library drops the body of a 401.
      await expect(config.makeApiClient(CoreV1Api).listNode()).rejects.toMatchObject({ code: 401 })
    }
  })

  it('writes no secret into its log of requests', async () => {
    const world = await start()
    await client(world).makeApiClient(CoreV1Api).listNode({ labelSelector: 'a=b' })
    for (const secret of world.secrets) expect(world.requests.join('\n')).not.toContain(secret)
    expect(world.requests).toEqual(['GET /api/v1/nodes 200'])
  })
})
