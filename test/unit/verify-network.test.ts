/** The cluster's DNS, addresses that must answer, and what a pod on a node says of its network. */
import { describe, expect, it } from '@jest/globals'
import { type AnswerKind, type HttpAnswer, HttpFault, type HttpQuestion } from '../../src/http/index.ts'
import type { ApiObject, Cluster, NodeState, PodEvent, PodState } from '../../src/kubernetes/index.ts'
import type { EndpointWish } from '../../src/verify/model.ts'
import type { PodOutcome } from '../../src/verify/pod-run/index.ts'
import { askEndpoints } from '../../src/verify/suites/network/endpoints.ts'
import { networkSuite } from '../../src/verify/suites/network/index.ts'
import { networkImage } from '../../src/verify/suites/network/pod-image.ts'
import { chosenNodes, judgePodNetwork } from '../../src/verify/suites/network/pods.ts'
import { type AskedWorld, askedWorld, condition, wishOf } from './verify-asked-world.ts'

const slices = 'discovery.k8s.io/v1/endpointslices'
const slice = (...ready: readonly (boolean | undefined)[]): ApiObject => ({
  endpoints: ready.map((one) => ({ addresses: ['10.42.0.5'], conditions: { ready: one }, nodeName: 'srv712429' })),
})
const coreDns = (isReady: boolean, reason = ''): ApiObject => ({
  metadata: { name: 'coredns-1', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  spec: { nodeName: 'srv712429' },
  status: {
    phase: 'Running',
    conditions: [condition('Ready', isReady ? 'True' : 'False')],
    containerStatuses: reason === '' ? [] : [{ name: 'coredns', state: { waiting: { reason, message: 'back-off' } } }],
  },
})

describe('the cluster’s DNS', () => {
  const asked = async (world: AskedWorld) => (await networkSuite.verify(askedWorld(world), wishOf())).checks[0]

  it.each([
    ['runs', [slice(true)], [coreDns(true)], 'pass', /^1 endpoints, 1 pods$/],
    ['does not say whether it is ready', [slice(undefined)], [coreDns(true)], 'pass', /^1 endpoints/],
    ['is not ready', [slice(false)], [coreDns(false, 'CrashLoopBackOff')], 'fail', /none of its endpoints is ready/],
    ['is not there', [], [], 'fail', /there is no such Service/],
    [
      'lacks one of two',
      [slice(true, false)],
      [coreDns(true), coreDns(false)],
      'warn',
      /one of its pods is not ready on srv712429/,
    ],
  ] as const)('%s', async (_name, some, pods, verdict, found) => {
    const check = await asked({ objects: { [slices]: some, '/v1/pods': pods } })
    expect(check).toMatchObject({ id: 'network.dns', verdict, found: expect.stringMatching(found) })
  })

  it('is explained by its pod, and asked without the right to list pods', async () => {
    const objects = { [slices]: [slice(false)], '/v1/pods': [coreDns(false, 'CrashLoopBackOff')] }
    expect((await asked({ objects }))?.cause).toMatch(/^CrashLoopBackOff/)
    expect(await asked({ objects: { [slices]: [slice(true)] }, forbidden: ['pods'] })).toMatchObject({
      found: '1 endpoints',
    })
    expect((await asked({ objects, forbidden: ['endpointslices'] }))?.found).toBe(
      'may not be asked: list endpointslices',
    )
  })
})

describe('addresses', () => {
  const endpoint = (url: string) => ({ url, guard: 'direct', credentials: { 'x-key': 'hush' }, headers: {} }) as const
  const wanted = (status = 200, url = 'https://label.boathou.se', path = '/health?token=hush') => ({
    endpoint: endpoint(url),
    path,
    status,
    node: '',
  })
  type Answer = Pick<HttpAnswer, 'kind' | 'status'> | HttpFault
  const fault = (code: HttpFault['code']) =>
    new HttpFault({ code, title: 'label.boathou.se cannot be asked', cause: 'because', remedy: 'do' })

  async function asked(
    answers: readonly Answer[],
    wishes: readonly EndpointWish[] = [wanted()],
    resolve?: AskedWorld['resolve'],
  ) {
    const questions: HttpQuestion[] = []
    let closed = 0
    const ports = askedWorld({
      ...(resolve ? { resolve } : {}),
      openHttp: (of) => ({
        endpoint: of,
        requests: 0,
        async ask(question) {
          const answer = answers[Math.min(questions.push(question), answers.length) - 1]!
          if (answer instanceof HttpFault) throw answer
          return { headers: {}, body: new Uint8Array(), durationMs: 1, ...answer }
        },
        async close() {
          closed += 1
        },
      }),
    })
    const checks = await askEndpoints(ports, wishOf({ endpoints: wishes }), 0)
    return { check: checks[0]!, checks, questions, closed }
  }

  it.each([
    ['endpoint', 200, 200, 'pass', /answers as it should \(200\)/, undefined],
    ['page', 200, 200, 'pass', /answers as it should/, undefined],
    ['access-refused', 403, 403, 'pass', /answers as it should/, undefined],
    ['access-login', 302, 302, 'pass', /answers as it should/, undefined],
    ['access-login', 200, 200, 'fail', /a login page answers with 200/, /wants a login/],
    ['access-login', 302, 200, 'fail', /302 in place of 200/, /wants a login/],
    ['access-refused', 403, 200, 'fail', /403 in place of 200/, /refuses the service token/],
    ['tunnel-down', 530, 200, 'fail', /530 in place of 200/, /cloudflared/],
    ['origin-down', 502, 200, 'fail', /502 in place of 200/, /what it leads to/],
    ['redirect', 301, 200, 'fail', /301 in place of 200/, /elsewhere/],
    ['endpoint', 500, 200, 'fail', /500 in place of 200/, /another status/],
  ] as const)('%s with %i where %i is wanted: %s', async (kind: AnswerKind, status, want, verdict, found, cause) => {
    const { check, closed, questions } = await asked([{ kind, status }], [wanted(want)])
    expect(check).toMatchObject({ id: 'network.endpoint.label.boathou.se', verdict })
    expect(check.found).toMatch(found)
    if (cause !== undefined) expect(check.cause).toMatch(cause)
    expect(closed).toBe(questions.length)
    expect(JSON.stringify(check)).not.toContain('hush')
  })

  it('behind Access are not asked without a service token, and said to be not', async () => {
    const guarded = { ...wanted(), endpoint: { ...wanted().endpoint, guard: 'cloudflare' as const, credentials: {} } }
    const { check, questions } = await asked([{ kind: 'access-login', status: 302 }], [guarded])
    expect(check).toMatchObject({ verdict: 'warn', found: expect.stringMatching(/no service token was given/) })
    expect(questions).toEqual([])
  })

  it('are asked once more before anybody is woken', async () => {
    const { check, questions } = await asked([fault('closed'), { kind: 'endpoint', status: 200 }])
    expect([check.verdict, questions.length]).toEqual(['pass', 2])
  })

  it.each([
    ['refused', undefined, 'fail'],
    ['timeout', undefined, 'fail'],
    ['tls', undefined, 'fail'],
    ['unreachable', undefined, 'error'],
    ['proxy', undefined, 'error'],
    ['unsendable', undefined, 'error'],
    ['name-unknown', 'ENOTFOUND', 'fail'],
    ['name-unknown', 'EAI_AGAIN', 'error'],
  ] as const)('no answer, %s %s: %s', async (code, lookup, verdict) => {
    const resolve = async () => {
      throw Object.assign(new Error('no'), { code: lookup })
    }
    const { check } = await asked([fault(code)], [wanted()], resolve)
    expect(check).toMatchObject({ verdict, cause: 'because', remedy: 'do' })
  })

  it('of one host are one check, and it says which of them', async () => {
    const wishes = [
      wanted(200, 'https://a.example:8443', '/one'),
      wanted(200, 'https://a.example:8443', '/two'),
      wanted(200, 'https://b.example', '/'),
    ]
    const { checks } = await asked([{ kind: 'endpoint', status: 404 }], wishes)
    expect(checks.map(({ id }) => id)).toEqual(['network.endpoint.a.example-8443', 'network.endpoint.b.example'])
    expect(checks[0]?.found).toBe('404 in place of 200: https://a.example:8443/one, https://a.example:8443/two')
  })
})

const node = (name: string, changes: Partial<NodeState> = {}): NodeState =>
  ({ name, ready: 'True', unschedulable: false, images: [], labels: {}, taints: [], ...changes }) as NodeState
const mark = 'k3s-gpu-actions/pod-network'

describe('the network of pods', () => {
  const outcome = (log: string, changes: Partial<PodOutcome> = {}): PodOutcome => ({
    code: 'succeeded',
    isAdmitted: true,
    found: 'its command ended with 0',
    cause: '',
    remedy: '',
    evidence: [],
    log: log.replaceAll('@', mark),
    elapsedMs: 2000,
    isRemoved: true,
    leftover: '',
    ...changes,
  })
  const dnsElsewhere = ['srv712429']

  it.each([
    ['both', '@ asks 10.43.0.10\n@ dns ok\n@ service ok', dnsElsewhere, 'pass', /^both answer$/],
    ['only here', '@ dns ok\n@ service ok', ['calypso'], 'pass', /runs on this node alone/],
    [
      'neither',
      '@ dns failed timed out\n@ service failed timed out',
      dnsElsewhere,
      'fail',
      /neither DNS nor a service/,
    ],
    ['no DNS', '@ dns failed timed out\n@ service ok', dnsElsewhere, 'fail', /does not reach the DNS/],
    ['no service', '@ dns ok\n@ service failed refused', dnsElsewhere, 'fail', /reaches no service/],
    ['no tools', '@ tools none', dnsElsewhere, 'skip', /neither Python nor busybox/],
    ['nothing', '', dnsElsewhere, 'warn', /without an answer/],
    ['a log of somebody else', 'dns ok\nservice ok\n@ dnsok', dnsElsewhere, 'warn', /without an answer/],
    [
      'a hostile log',
      `@ dns failed \u001b[1m::error::x\r\n@ service ok${'x'.repeat(9999)}`,
      dnsElsewhere,
      'fail',
      /neither/,
    ],
  ])('%s', (_name, log, dnsNodes, verdict, found) => {
    const check = judgePodNetwork('calypso', outcome(log), dnsNodes, [])
    expect(check).toMatchObject({ id: 'network.pods.calypso', verdict, found: expect.stringMatching(found) })
    expect(JSON.stringify(check)).not.toMatch(/\\u001b|\\r|\\n/)
    expect(JSON.stringify(check).length).toBeLessThan(2000)
  })

  it.each([
    ['not-allowed', 'skip'],
    ['insufficient', 'skip'],
    ['quota', 'skip'],
    ['image', 'skip'],
    ['taken-away', 'skip'],
    ['sandbox', 'fail'],
    ['deadline', 'warn'],
  ] as const)('a pod that ended by %s is a %s', (code, verdict) => {
    const check = judgePodNetwork('calypso', outcome('', { code, found: 'in words', cause: 'why' }), [], [])
    expect(check).toMatchObject({ verdict, found: expect.stringMatching(/in words/), cause: 'why' })
  })

  it('is asked with an image that is on the node already', () => {
    const images = [
      'docker.io/library/ubuntu:22.04',
      'docker.io/rancher/klipper-lb@sha256:aa',
      'docker.io/rancher/klipper-lb:v0.4.13',
      'gcr.io/distroless/python3:latest',
      '$(reboot)/busybox',
    ]
    expect(networkImage(images)).toBe('docker.io/rancher/klipper-lb:v0.4.13')
    expect(networkImage([...images, 'rancher/mirrored-library-busybox:1.36.1'])).toBe(
      'rancher/mirrored-library-busybox:1.36.1',
    )
    expect(networkImage(['docker.io/rancher/mirrored-coredns-coredns:1.12.0', ''])).toBeUndefined()
  })

  it('puts no name into a command that Kubernetes would not allow', async () => {
    const evil = {
      ...coreDns(false),
      metadata: { name: 'x; reboot', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    }
    const world = { objects: { [slices]: [slice(true, false)], '/v1/pods': [evil] } }
    const [check] = (await networkSuite.verify(askedWorld(world), wishOf())).checks
    expect(check?.remedy).toBe('kubectl -n kube-system describe pod NAME')
  })

  it('asks a few nodes of many, and those that are named', () => {
    const many = Array.from({ length: 100 }, (_, index) => node(`n${index}`))
    expect(chosenNodes(many, wishOf())).toHaveLength(24)
    expect(chosenNodes([...many, node('down', { ready: 'False' })], wishOf({ nodes: ['down', 'n3'] }))).toHaveLength(2)
  })

  const expected = {
    calypso: { role: 'agent', address: '', version: '', labels: {}, taints: [], podNetwork: 'isolated' },
  } as const

  it('is no question where its owner declared it away, nor of a node that is down or has no image; and never in mode observe', async () => {
    const ports = askedWorld({ objects: { [slices]: [slice(true)], '/v1/pods': [] } })
    const nodes = [node('calypso'), node('bare'), node('old', { ready: 'Unknown' })]
    Object.assign(ports.cluster, { nodes: async () => nodes })
    const probe = wishOf({ mode: 'probe', expected, nodes: ['calypso', 'bare', 'old'] })
    const { checks } = await networkSuite.verify(ports, probe)
    expect(checks.slice(1).map(({ id, verdict, found }) => `${id} ${verdict} ${found}`)).toEqual([
      'network.pods.calypso skip declared (pod-network: isolated)',
      expect.stringMatching(/^network\.pods\.bare skip no image on the node/),
      'network.pods.old skip the node is not Ready',
    ])
    expect((await networkSuite.verify(ports, { ...probe, mode: 'observe' })).checks).toHaveLength(1)
  })

  it('is asked by a pod on that node, which is gone afterwards', async () => {
    const ports = askedWorld({ objects: { [slices]: [slice(true)], '/v1/pods': [] } })
    const made: ApiObject[] = []
    const deleted: string[] = []
    const pod = { namespace: 'k3s-gpu-actions', name: 'p', phase: 'Succeeded', problems: [] } as unknown as PodState
    let tell: (event: PodEvent) => void = () => undefined
    const cluster: Partial<Cluster> = {
      nodes: async () => [node('srv1', { images: ['busybox:1.36'] })],
      async createObject(_kind, object) {
        made.push(object)
        return { name: 'job', uid: 'u' }
      },
      async deleteObject(_kind, _namespace, name) {
        deleted.push(name)
        tell({ type: 'gone', namespace: pod.namespace, name: pod.name })
      },
      async watchPodsWith(_namespace, _selector, onEvent, signal) {
        tell = onEvent
        queueMicrotask(() => onEvent({ type: 'pod', pod }))
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      },
      podEvents: async () => [],
      podLog: async () => `${mark} dns ok\n${mark} service ok\n`,
    }
    Object.assign(ports.cluster, cluster)
    const { checks } = await networkSuite.verify(ports, wishOf({ mode: 'probe' }))
    expect(checks[1]).toMatchObject({ id: 'network.pods.srv1', verdict: 'pass', found: 'both answer' })
    expect(deleted).toEqual(['job'])
    expect(JSON.stringify(made[0])).toContain('busybox:1.36')
  })
})
