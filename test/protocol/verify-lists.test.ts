/** What the API room does for verification, against servers that a healthy cluster does not show. */
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { startCluster, type Cluster as World } from '../../rehearsal/cluster/index.ts'
import type { ApiObject, PodEvent } from '../../src/kubernetes/index.ts'
import { type ScriptedServer, scriptedServer } from './kubernetes-server.ts'
import { openText } from './verify-world.ts'

const never = new AbortController().signal
const things = { group: 'example.org', version: 'v1', resource: 'things' }
const nameOf = (object: ApiObject): string => (object.metadata as { name: string }).name

let server: ScriptedServer | undefined
afterEach(async () => {
  await server?.[Symbol.asyncDispose]()
  server = undefined
})

type Answer = (url: URL, request: IncomingMessage, body: string) => readonly [status: number, body: unknown]

/** A cluster behind which a function answers. */
async function behind(answer: Answer) {
  server = await scriptedServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'https://x')
      const [status, body] = answer(url, request, Buffer.concat(chunks).toString())
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  return await openText(server.kubeconfig())
}

const page = (names: readonly string[], next = '') => ({
  metadata: { resourceVersion: '7', ...(next && { continue: next }) },
  items: names.map((name) => ({ metadata: { name } })),
})

describe('a list', () => {
  it('comes page by page, each object read as it comes', async () => {
    const cluster = await behind((url) => {
      const next = url.searchParams.get('continue')
      expect(url.pathname).toBe('/apis/example.org/v1/namespaces/a/things')
      expect(url.searchParams.get('limit')).toBe('500')
      expect(url.searchParams.get('labelSelector')).toBe('x=y')
      return [200, next === null ? page(['a', 'b'], 'more') : page(['c'])]
    })
    const found = await cluster.list(things, nameOf, never, { namespace: 'a', labelSelector: 'x=y' })
    expect(found).toEqual(['a', 'b', 'c'])
    expect(cluster.requests).toBe(2)
  })

  it('is begun again when it expires between two pages, so that nothing is twice or missing', async () => {
    let expired = false
    const cluster = await behind((url) => {
      if (!url.searchParams.has('continue')) return [200, page(expired ? ['a', 'c'] : ['a', 'b'], 'more')]
      if (expired) return [200, page(['d'])]
      expired = true
      return [410, { kind: 'Status', reason: 'Expired', message: 'The provided continue parameter is too old' }]
    })
    expect(await cluster.list(things, nameOf, never)).toEqual(['a', 'c', 'd'])
    expect(cluster.requests).toBe(4)
  })

  it('that always expires is given up', async () => {
    const cluster = await behind((url) =>
      url.searchParams.has('continue') ? [410, { message: 'too old' }] : [200, page(['a'], 'more')],
    )
    await expect(cluster.list(things, nameOf, never)).rejects.toMatchObject({ code: 'api-failed', status: 410 })
    expect(cluster.requests).toBe(8)
  })

  it('of a kind that the cluster does not have is undefined, and not empty', async () => {
    const cluster = await behind(() => [404, '404 page not found\n'])
    expect(await cluster.list(things, nameOf, never)).toBeUndefined()
  })

  it('of something else is a fault with words, and no crash', async () => {
    for (const items of [[null], ['x'], [{ spec: {} }], { length: 3 }]) {
      const cluster = await behind(() => [200, { items }])
      await expect(cluster.list(things, nameOf, never)).rejects.toMatchObject({
        name: 'ClusterError',
        code: 'api-failed',
      })
      await server?.[Symbol.asyncDispose]()
    }
  })

  it('may want metadata alone', async () => {
    const cluster = await behind((_url, { headers }) => {
      expect(headers.accept).toMatch(/^application\/json;as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1,/)
      return [200, page(['a'])]
    })
    await cluster.list(things, nameOf, never, { isMetadataOnly: true })
    expect(Math.abs((cluster.serverTimeMs ?? 0) - Date.now())).toBeLessThan(5_000)
  })
})

describe('health', () => {
  const answering = (status: number, text: string) =>
    behind(({ pathname }) => (pathname === '/version' ? [200, { gitVersion: 'v1.33.4+k3s1' }] : [status, text]))
  it.each([
    [
      'ready, as a real server says it',
      200,
      readFileSync(join('test', 'fixtures', 'verify', 'readyz.txt'), 'utf8'),
      [],
    ],
    ['ready', 200, '[+]ping ok\n[+]etcd ok\nreadyz check passed\n', []],
    [
      'not ready',
      500,
      '[+]ping ok\n[-]etcd failed: reason withheld\n[-]shutdown failed: reason withheld\nreadyz check failed\n',
      ['etcd', 'shutdown'],
    ],
    ['not ready without a reason', 500, 'internal server error', ['readyz']],
    ['a login page', 200, '<html>sign in</html>', ['readyz']],
    ['not allowed', 403, '{"message":"forbidden: User \\"x\\" cannot get path \\"/readyz\\""}', undefined],
    ['not there', 404, '404 page not found', undefined],
  ] as const)('%s', async (_what, status, text, notReady) => {
    const cluster = await answering(status, text)
    expect(await cluster.health(never)).toEqual({ version: 'v1.33.4+k3s1', ...(notReady && { notReady }) })
  })

  it('of something that is no API server is a fault', async () => {
    const cluster = await behind(() => [200, {}])
    await expect(cluster.health(never)).rejects.toMatchObject({ code: 'api-failed' })
  })
})

describe('objects of a run', () => {
  const object = { apiVersion: 'v1', kind: 'Thing', metadata: { generateName: 'a-', namespace: 'n' } }
  const refusal = (status: number, message: string, reason: string) =>
    [status, { kind: 'Status', reason, message }] as const
  it.each([
    ['taken', refusal(409, 'things.example.org "a" already exists', 'AlreadyExists'), 'already-exists'],
    [
      'in the way of a quota that changes',
      refusal(409, 'Operation cannot be fulfilled on resourcequotas "q"', 'Conflict'),
      'conflict',
    ],
    [
      'beyond a quota',
      refusal(403, 'things "a" is forbidden: exceeded quota: few, requested: pods=1', 'Forbidden'),
      'refused',
    ],
    [
      'in a namespace that ends',
      refusal(
        403,
        'things.example.org "a" is forbidden: unable to create new content in namespace n because it is being terminated',
        'Forbidden',
      ),
      'refused',
    ],
    [
      'refused by a webhook',
      refusal(403, 'admission webhook "w.example.org" denied the request: no', 'Forbidden'),
      'refused',
    ],
    [
      'not allowed',
      refusal(
        403,
        'things.example.org is forbidden: User "x" cannot create resource "things" in API group "example.org" in the namespace "n"',
        'Forbidden',
      ),
      'forbidden',
    ],
    ['in no namespace', refusal(404, 'namespaces "n" not found', 'NotFound'), 'not-found'],
  ] as const)('%s', async (_what, answer, code) => {
    const cluster = await behind(() => answer)
    await expect(cluster.createObject(things, object, never)).rejects.toMatchObject({ code })
    // A create is never repeated: the first one may have worked.
    expect(cluster.requests).toBe(1)
  })

  it('are created in their own namespace, and deleted only as they were read', async () => {
    const seen: string[] = []
    const cluster = await behind(({ pathname, search }, { method }, body) => {
      seen.push(`${method} ${pathname}${search} ${method === 'DELETE' ? body : ''}`)
      return method === 'POST' ? [201, { metadata: { name: 'a-x7', uid: 'u1' } }] : [200, {}]
    })
    expect(await cluster.createObject(things, object, never)).toEqual({ name: 'a-x7', uid: 'u1' })
    await cluster.deleteObject(things, 'n', 'a-x7', 'u1', never)
    expect(seen).toEqual([
      'POST /apis/example.org/v1/namespaces/n/things?fieldValidation=Strict ',
      'DELETE /apis/example.org/v1/namespaces/n/things/a-x7 {"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u1"},"propagationPolicy":"Background"}',
    ])
    await expect(cluster.deleteObject(things, 'n', 'a-x7', '', never)).rejects.toThrow(RangeError)
  })

  it('of somebody else with the same name stay', async () => {
    const cluster = await behind(() => [
      409,
      { message: 'Precondition failed: UID in precondition: u1, UID in object meta: u2' },
    ])
    await expect(cluster.deleteObject(things, 'n', 'a', 'u1', never)).rejects.toMatchObject({
      code: 'conflict',
      message: 'things/a was not deleted: it is no longer the one that was looked at',
    })
    await server?.[Symbol.asyncDispose]()
    const gone = await behind(() => [404, { message: 'not found' }])
    await expect(gone.deleteObject(things, 'n', 'a', 'u1', never)).resolves.toBeUndefined()
  })
})

describe('a service through the API server', () => {
  it('is asked for JSON', async () => {
    const cluster = await behind(({ pathname, search }) => {
      expect(pathname + search).toBe(
        '/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/targets?state=any',
      )
      return [200, { status: 'success' }]
    })
    expect(await cluster.proxied('monitoring/prometheus:9090', '/api/v1/targets?state=any', never)).toEqual({
      status: 'success',
    })
  })

  it.each([
    ['its own 401', 401, 'log in', 'api-failed'],
    ['its own 403', 403, 'not for you', 'api-failed'],
    ['no pod behind it', 503, '{"message":"no endpoints available for service \\"prometheus:9090\\""}', 'api-failed'],
    [
      'the 403 of the API server',
      403,
      '{"message":"services \\"prometheus:9090\\" is forbidden: User \\"x\\" cannot get resource \\"services/proxy\\""}',
      'forbidden',
    ],
    ['a page', 200, '<html>', 'api-failed'],
    ['too much', 200, `"${'x'.repeat(9 * 1024 * 1024)}"`, 'api-failed'],
  ])('that answers with %s', async (_what, status, text, code) => {
    const cluster = await behind(() => [status, text])
    await expect(cluster.proxied('monitoring/prometheus:9090', '/', never)).rejects.toMatchObject({ code })
  })

  it('has a name that cannot lead anywhere else', async () => {
    const cluster = await behind(() => [200, {}])
    for (const service of ['a/b', 'a/../b:80', 'a/b:80/x', '../a/b:80'])
      await expect(cluster.proxied(service, '/', never)).rejects.toThrow(RangeError)
    expect(cluster.requests).toBe(0)
  })
})

describe('groups and rules', () => {
  it('lists groups with their versions, the preferred one first, whatever else is in the answer', async () => {
    const cluster = await behind(() => [
      200,
      {
        groups: [
          { name: 'a', versions: [{ version: 'v1beta2' }, { version: 'v1' }], preferredVersion: { version: 'v1' } },
          null,
          { name: 7 },
          { name: 'b', versions: 'x' },
        ],
      },
    ])
    expect(await cluster.apiGroups(never)).toEqual(
      new Map([
        ['a', ['v1', 'v1beta2']],
        ['b', []],
      ]),
    )
  })

  it('takes rules that are none for none', async () => {
    const cluster = await behind(() => [
      201,
      { status: { resourceRules: [null, { verbs: 'x', resources: [7, 'pods'] }] } },
    ])
    const none = { verbs: [], groups: [], names: [] }
    expect(await cluster.rules('n', never)).toEqual([
      { ...none, resources: [] },
      { ...none, resources: ['pods'] },
    ])
  })
})

describe('the pods of a run', () => {
  let world: World | undefined
  afterEach(async () => await world?.close())

  it('are watched by their label, in their namespace, and no others', async () => {
    world = await startCluster({ directory: '', faults: new Set(), calypso: 'fresh' })
    const cluster = await openText(world.adminKubeconfig(`https://127.0.0.1:${world.port}`))
    const put = (name: string, labels: Record<string, string>) =>
      world?.objects.put(`pods/default/${name}`, { metadata: { name, labels }, spec: { containers: [] } } as never)
    put('first', { run: 'a' })
    put('stranger', { run: 'b' })
    const seen: string[] = []
    const stop = new AbortController()
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const onEvent = (event: PodEvent): void => {
      seen.push(event.type === 'pod' ? event.pod.name : `gone ${event.name}`)
      if (seen.at(-1) === 'first') put('second', { run: 'a' })
      if (seen.at(-1) === 'second') world?.objects.delete('pods/default/first')
      if (seen.at(-1) === 'gone first') end()
    }
    const watching = cluster.watchPodsWith('default', 'run=a', onEvent, stop.signal)
    await ended
    stop.abort()
    await watching
    expect(new Set(seen)).toEqual(new Set(['first', 'second', 'gone first']))
  })
})
