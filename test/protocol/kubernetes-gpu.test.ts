/** What the client asks an API server about device plugins and pods, and what it makes of hostile or broken answers. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { gpuAccessRequests, optionalGpuAccessRequests, readGpu, renderDevicePlugin } from '../../src/gpu/index.ts'
import { renderRuntimeClass } from '../../src/gpu/plugin/render.ts'
import {
  type Cluster,
  ClusterError,
  identityAccessRequest,
  openCluster,
  type PodEvent,
} from '../../src/kubernetes/index.ts'
import { type ScriptedServer, scriptedServer } from './kubernetes-server.ts'

const never = new AbortController().signal
const image = 'nvcr.io/nvidia/k8s-device-plugin:v0.20.0'

type Answer = (url: URL, request: IncomingMessage, response: ServerResponse, body: string) => unknown

let folder = ''
let server: ScriptedServer
let cluster: Cluster
let answer: Answer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubernetes-gpu-'))
  // One server and one key pair for all questions; what it answers is each test's own.
  server = await scriptedServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const said = answer(new URL(request.url ?? '', 'https://x'), request, response, Buffer.concat(chunks).toString())
      if (said === undefined) return
      if (typeof said === 'number') {
        response.statusCode = said
        response.end(JSON.stringify({ kind: 'Status', code: said, message: `status ${said}` }))
      } else response.end(typeof said === 'string' ? said : JSON.stringify(said))
    })
  })
  const kubeconfigPath = join(folder, 'kubeconfig')
  await writeFile(kubeconfigPath, server.kubeconfig())
  cluster = await openCluster({ kubeconfigPath, signal: never })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  answer = () => 404
})

async function refusal(promise: Promise<unknown>): Promise<ClusterError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ClusterError)
  return error as ClusterError
}

const named = (name: string, rest: object = {}) => ({
  metadata: { name, namespace: 'kube-system', uid: `u-${name}` },
  ...rest,
})

describe('lists', () => {
  it('are read page by page, and begun again when they expire between two pages', async () => {
    let expired = 0
    answer = (url) => {
      expect(url.searchParams.get('limit')).toBe('500')
      const next = url.searchParams.get('continue')
      if (next === null) return { metadata: { continue: 'two' }, items: [named('a'), named('b')] }
      if (next === 'two') return expired++ === 0 ? 410 : { metadata: { continue: 'three' }, items: [named('c')] }
      return { metadata: {}, items: [named('d')] }
    }
    expect((await cluster.daemonSets(never)).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('that never end, always expire, or are of a kind that the server does not know are faults, never an empty list', async () => {
    let asked = 0
    answer = () => ({ metadata: { continue: `page ${asked++}` }, items: [] })
    expect((await refusal(cluster.podsOnNode('calypso', never))).message).toMatch(/has no end/)
    expect(asked).toBeLessThanOrEqual(200)
    answer = () => 410
    expect((await refusal(cluster.daemonSets(never))).status).toBe(410)
    answer = () => 404
    expect((await refusal(cluster.daemonSets(never))).code).toBe('not-found')
  })

  it('name the manifest that grants the right that is missing', async () => {
    answer = () => 403
    expect((await refusal(cluster.daemonSets(never))).remedy).toMatch(/gpu-runtime-rbac\.yaml/)
    expect((await refusal(cluster.nodesWithLabel('a', 'b', never))).remedy).toMatch(/k3s-join-rbac\.yaml/)
  })
})

describe('pods and DaemonSets', () => {
  it('say which devices they hold, whose they are, and why they do not run', async () => {
    const limits = (quantity: string) => ({ resources: { limits: { 'nvidia.com/gpu': quantity, cpu: '4' } } })
    answer = (url) => {
      expect(url.searchParams.get('fieldSelector')).toBe('spec.nodeName=calypso')
      return {
        items: [
          {
            metadata: {
              name: 'p',
              uid: 'u',
              namespace: 'n',
              ownerReferences: [{ kind: 'DaemonSet', name: 'ds', controller: true }],
            },
            spec: {
              runtimeClassName: 'nvidia',
              containers: [
                { image: 'a', ...limits('1') },
                { image: 'b', ...limits('1') },
              ],
              initContainers: [limits('3')],
            },
            status: {
              phase: 'Pending',
              conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no\nroom' }],
              containerStatuses: [
                {
                  name: 'c',
                  restartCount: 4,
                  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
                  lastState: { terminated: { exitCode: 1, reason: 'Error' } },
                },
                { name: 'd', state: { waiting: { reason: 'ContainerCreating' } } },
              ],
            },
          },
          {},
        ],
      }
    }
    const [pod, empty] = await cluster.podsOnNode('calypso', never)
    expect(pod).toMatchObject({
      owner: 'DaemonSet/ds',
      runtimeClass: 'nvidia',
      devices: { 'nvidia.com/gpu': 3 },
      restarts: 4,
      isReady: false,
      problems: [
        'CrashLoopBackOff: back-off 5m0s',
        'container c ended with exit code 1 (Error)',
        'Unschedulable: no room',
      ],
    })
    expect(empty).toMatchObject({ name: '', devices: {}, problems: [], images: [] })
  })

  it('are read for a node in four calls when it is labelled, and five or six when not', async () => {
    const node = { metadata: { name: 'calypso' }, status: { capacity: { 'nvidia.com/gpu': '1' } } }
    let labelled = [node]
    let plugins: object[] = [{ metadata: { ...renderDevicePlugin({ image, taints: [] }).metadata }, spec: {} }]
    answer = (url) => {
      if (url.pathname.endsWith('/nodes')) return { items: labelled }
      if (url.pathname.endsWith('/daemonsets')) return { items: plugins }
      if (url.pathname.endsWith('/pods')) return { items: [] }
      if (url.pathname.endsWith('/runtimeclasses/nvidia')) return { handler: 'nvidia' }
      if (url.pathname.endsWith('/nodes/calypso')) return node
      return url.pathname === '/apis/nvidia.com/v1' ? { resources: [{ name: 'clusterpolicies' }] } : 404
    }
    const count = async () => {
      const before = cluster.requests
      const reading = await readGpu(cluster, 'calypso', never)
      return { reading, calls: cluster.requests - before }
    }
    const done = await count()
    expect(done.calls).toBe(4)
    expect(done.reading).toMatchObject({
      node: { name: 'calypso', capacity: { 'nvidia.com/gpu': '1' } },
      runtimeClass: { handler: 'nvidia' },
    })
    labelled = []
    plugins = []
    const first = await count()
    expect(first.calls).toBe(6)
    expect(first.reading).toMatchObject({ hasClusterPolicy: true, gpuNodes: [{ name: 'calypso' }] })
  })
})

describe('a server-side apply', () => {
  const object = renderDevicePlugin({ image, taints: [] })

  it('is strict, by one field manager, never forced', async () => {
    const seen: unknown[] = []
    answer = (url, request, _response, body) => {
      seen.push(request.method, url.pathname, Object.fromEntries(url.searchParams), request.headers['content-type'])
      return JSON.parse(body)
    }
    await cluster.applyObject(object, never)
    expect(seen).toEqual([
      'PATCH',
      '/apis/apps/v1/namespaces/kube-system/daemonsets/k3s-gpu-actions-nvidia-device-plugin',
      { fieldManager: 'k3s-gpu-actions', fieldValidation: 'Strict' },
      'application/apply-patch+yaml',
    ])
  })

  it('that has no namespace goes to its own path: the RuntimeClass that nobody but k3s ships', async () => {
    const seen: unknown[] = []
    answer = (url, request, _response, body) => {
      seen.push(request.method, url.pathname, JSON.parse(body))
      return JSON.parse(body)
    }
    await cluster.applyObject(renderRuntimeClass(), never)
    expect(seen).toEqual(['PATCH', '/apis/node.k8s.io/v1/runtimeclasses/nvidia', renderRuntimeClass()])
  })

  it('that others stand in the way of names each manager and field', async () => {
    // As the API server writes it (kubernetes/apimachinery: pkg/util/managedfields/internal/conflict.go, pkg/api/errors/errors.go).
    const cause = (manager: string, field: string) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${manager}" using apps/v1`,
      field,
    })
    const causes: unknown[] = [
      cause('helm', '.spec.template.spec.tolerations'),
      cause('kubectl-edit', '.spec.template.spec.containers[name="x"].image'),
    ]
    answer = (_url, _request, response) => {
      response.statusCode = 409
      response.end(JSON.stringify({ kind: 'Status', reason: 'Conflict', message: 'Apply failed', details: { causes } }))
    }
    const error = await refusal(cluster.applyObject(object, never))
    expect(error.code).toBe('apply-conflict')
    expect(error.message).toMatch(/helm, kubectl-edit/)
    expect(error.evidence).toEqual([
      'helm owns .spec.template.spec.tolerations',
      'kubectl-edit owns .spec.template.spec.containers[name="x"].image',
    ])
    expect(error.remedy).toContain('kubectl -n kube-system get daemonset/k3s-gpu-actions-nvidia-device-plugin')
    // Hostile: no objects, no strings, without end.
    causes.splice(
      0,
      2,
      null,
      7,
      { reason: 'FieldManagerConflict', message: {}, field: [] },
      cause('a\u001b[31m\nb', 'f'),
    )
    for (let more = 0; more < 500; more++) causes.push(cause('x'.repeat(2000), 'y'.repeat(2000)))
    const hostile = await refusal(cluster.applyObject(object, never))
    expect(hostile.evidence.length).toBeLessThanOrEqual(21)
    expect(Math.max(...hostile.evidence.map((line) => line.length))).toBeLessThan(700)
    expect(hostile.evidence.join('')).not.toMatch(/\n/)
  })
})

describe('deleting a DaemonSet', () => {
  it('names the uid that was read; another one of that name stays, and one that is gone is fine', async () => {
    let body = ''
    answer = (_url, _request, _response, sent) => {
      body = sent
      return 409
    }
    const error = await refusal(cluster.deleteDaemonSet('nvidia', 'nvdp', 'u-1', never))
    expect(error).toMatchObject({ code: 'conflict' })
    expect(error.message).toMatch(/nvidia\/nvdp was not deleted/)
    expect(JSON.parse(body)).toMatchObject({ preconditions: { uid: 'u-1' }, propagationPolicy: 'Background' })
    answer = () => 404
    await cluster.deleteDaemonSet('nvidia', 'nvdp', 'u-1', never)
    await expect(cluster.deleteDaemonSet('nvidia', 'nvdp', '', never)).rejects.toThrow(RangeError)
  })
})

describe("a pod's words", () => {
  it("are its log, its former container's when it has said nothing yet, that of the plugin where there are several", async () => {
    const asked: string[] = []
    answer = (url, _request, response) => {
      const { searchParams: query } = url
      asked.push(`${query.get('container') ?? '-'} ${query.get('previous') ?? '-'} ${query.get('limitBytes')}`)
      if (query.get('container') === null) {
        response.statusCode = 400
        const message =
          'a container name must be specified for pod p, choose one of: [sidecar nvidia-device-plugin-ctr]'
        response.end(JSON.stringify({ kind: 'Status', message }))
        return undefined
      }
      return query.get('previous') === 'true' ? 'E1121 Incompatible strategy detected auto\n' : '\n'
    }
    expect(await cluster.podLog('n', 'p', 20, never)).toBe('E1121 Incompatible strategy detected auto')
    expect(new Set(asked)).toContain('nvidia-device-plugin-ctr true 65536')
  })

  it('are empty when they may not be read, and end with the signal', async () => {
    answer = () => 403
    expect(await cluster.podLog('n', 'p', 20, never)).toBe('')
    expect(await cluster.podEvents('n', 'p', never)).toEqual([])
    answer = () => 404
    expect(await cluster.podLog('n', 'p', 20, never)).toBe('')
    const stop = new AbortController()
    answer = () => {
      stop.abort(new Error('cancelled'))
    }
    await expect(cluster.podLog('n', 'p', 20, stop.signal)).rejects.toThrow('cancelled')
  })

  it('are its newest events first', async () => {
    answer = () => ({
      items: [
        { reason: 'Pulled', message: 'old', lastTimestamp: '2026-08-01T10:00:00Z' },
        {
          reason: 'FailedCreatePodSandBox',
          message: 'no runtime for "nvidia" is configured',
          lastTimestamp: '2026-08-01T10:01:00Z',
        },
      ],
    })
    expect(await cluster.podEvents('n', 'p', never)).toEqual([
      'FailedCreatePodSandBox: no runtime for "nvidia" is configured',
      'Pulled: old',
    ])
  })
})

describe('the pods of a node', () => {
  it('are watched on through cut connections; what vanished in between is told as gone, unless its successor is there', async () => {
    const pod = (name: string, uid: string) => ({ metadata: { name, namespace: 'n', uid, resourceVersion: '1' } })
    let lists = 0
    answer = (url, _request, response) => {
      if (url.searchParams.get('watch') !== 'true') {
        lists += 1
        const items = lists === 1 ? [pod('a', 'a1'), pod('b', 'b1'), pod('c', 'c1')] : [pod('b', 'b2'), pod('c', 'c1')]
        return { metadata: { resourceVersion: String(lists) }, items }
      }
      if (lists === 1) {
        response.write(`${JSON.stringify({ type: 'DELETED', object: pod('a', 'a1') })}\n`)
        response.end(`${JSON.stringify({ type: 'ERROR', object: { code: 410 } })}\n`)
      } else response.write(`${JSON.stringify({ type: 'DELETED', object: pod('c', 'c1') })}\n`)
      return undefined
    }
    const stop = new AbortController()
    const told: string[] = []
    const { promise: done, resolve } = Promise.withResolvers<void>()
    const watching = cluster.watchPods(
      'calypso',
      (event: PodEvent) => {
        told.push(event.type === 'gone' ? `gone ${event.name}` : `${event.pod.name} ${event.pod.uid}`)
        if (told.at(-1) === 'gone c') resolve()
      },
      stop.signal,
    )
    await done
    stop.abort()
    await watching
    expect(told.slice(0, 4)).toEqual(['a a1', 'b b1', 'c c1', 'gone a'])
    expect(told).not.toContain('gone b')
    expect(told).toContain('b b2')
  })
})

it('the manifest grants what is asked for, and no Secret', async () => {
  interface Rule {
    apiGroups: string[]
    resources: string[]
    verbs: string[]
    resourceNames?: string[]
  }
  const documents = parseAllDocuments(await readFile('manifests/gpu-runtime-rbac.yaml', 'utf8')).map(
    (one) => one.toJS() as { metadata: { namespace?: string }; rules?: Rule[] },
  )
  const granted = documents.flatMap(({ metadata: { namespace }, rules = [] }) =>
    rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [''] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.flatMap((verb) =>
            resourceNames.map((name) => [verb, group, resource, namespace ?? '', name].join(' ')),
          ),
        ),
      ),
    ),
  )
  const asked = [
    ...gpuAccessRequests({ devicePlugin: 'apply', replaceDevicePlugin: '' }, true),
    ...optionalGpuAccessRequests,
    identityAccessRequest,
  ].map(({ verb, group, resource, namespace = '', name = '' }) => [verb, group, resource, namespace, name].join(' '))
  expect([...granted].sort()).toEqual([...new Set(asked)].sort())
  expect(granted.filter((right) => /secrets|\*/.test(right))).toEqual([])
})
