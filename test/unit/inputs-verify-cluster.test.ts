import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ConfigurationError } from '../../actions/configuration-error.ts'
import { readInputs, type VerifyInputs } from '../../actions/verify-cluster/inputs.ts'

const clusterFile = readFileSync(join(process.cwd(), 'clusters/oceanid.yaml'), 'utf8')

type Inputs = Readonly<Record<string, string>>

/** A runner with these inputs, and files of the workspace by path. */
function read(inputs: Inputs, files: Inputs = {}) {
  const masked: string[] = []
  const forgotten: string[] = []
  const runner = {
    input: (name: string) => (inputs[name] ?? '').trim(),
    mask: (secret: string) => void masked.push(secret),
    workspace: '/runner/space',
    environment: { KUBECONFIG: '/home/runner/kube.yaml' },
  }
  const known: Inputs = { '/runner/space/clusters/oceanid.yaml': clusterFile, ...files }
  const readFile = (path: string): string => {
    const content = known[path]
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return content
  }
  // The runner fills in what action.yml has as a default.
  const given = { issue: 'none', 'dry-run': 'false', ...inputs }
  const reader = { ...runner, input: (name: string) => (given[name as keyof typeof given] ?? '').trim() }
  return { masked, forgotten, inputs: readInputs(reader, (name) => void forgotten.push(name), readFile) }
}

function verifying(inputs: Inputs, files: Inputs = {}): VerifyInputs {
  const read_ = read(inputs, files).inputs
  if (read_.kind !== 'verify') throw new Error(`it is ${read_.kind}`)
  return read_
}

function problemsOf(inputs: Inputs, files: Inputs = {}): string[] {
  try {
    read(inputs, files)
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map(({ input, problem }) => `${input} ${problem}`)
  }
}

const token = { 'access-client-id': 'id.access', 'access-client-secret': 'very secret' }
const oceanid = { 'cluster-file': 'clusters/oceanid.yaml', ...token }

describe('the inputs of verify-cluster', () => {
  it('give the cluster of the seeds: what it must have, its Triton behind Access, and careful defaults', () => {
    const { inputs, masked, forgotten } = read(oceanid)
    expect(inputs).toMatchObject({
      kind: 'verify',
      retries: 2,
      ignoreChecks: [],
      policy: { otherwise: 'fail', checks: [] },
      alarm: { after: 1, of: 1 },
      kubeconfig: '/home/runner/kube.yaml',
      previousReport: '',
      issue: { isKept: false },
      wish: {
        cluster: 'oceanid',
        mode: 'observe',
        version: 'v1.33.4+k3s1',
        tunnel: '157.173.210.123',
        flux: 'required',
        namespace: 'k3s-gpu-actions-verify',
        severities: [{ check: 'workloads.*', namespace: 'pulumi-system', atMost: 'warn' }],
        expected: {
          srv712429: { role: 'server', address: '157.173.210.123' },
          calypso: {
            podNetwork: 'isolated',
            gpu: { count: 1, product: 'NVIDIA GeForce RTX 4090' },
            taints: [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
          },
        },
        triton: [
          {
            id: 'distilbert-base-uncased',
            model: 'distilbert-base-uncased',
            node: 'calypso',
            gpuProof: 'gpu-likely',
            p95Ms: 250,
            endpoint: {
              url: 'https://gpu.boathou.se',
              guard: 'cloudflare',
              credentials: { 'cf-access-client-id': 'id.access', 'cf-access-client-secret': 'very secret' },
            },
          },
        ],
      },
    })
    expect(masked).toEqual(['id.access', 'very secret'])
    expect(forgotten).toEqual(['access-client-id', 'access-client-secret'])
  })

  it('win over the cluster file, and need none', () => {
    const given = verifying({
      ...oceanid,
      mode: 'probe',
      suites: 'triton, api',
      'expect-nodes': 'a, b',
      'expect-gpus': 'b=2',
      'expect-version': 'match-server',
      'expect-flux': 'ignored',
      'fail-on': 'warn, triton.latency.*=never, nodes.version=fail',
      'triton-url': 'http://10.0.0.7:8000/',
      'triton-model': 'My_Model',
      'triton-access': 'direct',
      'triton-headers': 'X-Restricted: very restricted',
      'expect-p95': '2s',
    })
    // In the order in which they are asked.
    expect([...given.wish.suites]).toEqual(['api', 'triton'])
    expect(given.policy).toEqual({
      otherwise: 'warn',
      checks: [
        { check: 'triton.latency.*', failOn: 'never' },
        { check: 'nodes.version', failOn: 'fail' },
      ],
    })
    expect(Object.entries(given.wish.expected ?? {}).map(([name, { gpu }]) => [name, gpu?.count])).toEqual([
      ['a', undefined],
      ['b', 2],
    ])
    expect(given.wish.triton).toMatchObject([
      {
        id: 'my_model',
        p95Ms: 2000,
        endpoint: {
          url: 'http://10.0.0.7:8000',
          guard: 'direct',
          credentials: {},
          headers: { 'x-restricted': 'very restricted' },
        },
      },
    ])
    const bare = verifying({ kubeconfig: 'kube.yaml' })
    expect(bare.wish).toMatchObject({ cluster: '', triton: [], endpoints: [], version: '' })
    expect(bare.wish.expected).toBeUndefined()
    expect(bare.kubeconfig).toBe('/runner/space/kube.yaml')
  })

  it('let the rest of the cluster be verified where nobody gave a service token', () => {
    const { wish } = verifying({ 'cluster-file': 'clusters/oceanid.yaml' })
    expect(wish.suites.has('triton')).toBe(true)
    expect(wish.triton).toMatchObject([{ endpoint: { guard: 'cloudflare', credentials: {} } }])
  })

  it('ask no server on a node that the run is not about', () => {
    const file = `name: x
nodes: { a: {}, b: {} }
verify: { triton: [{ url: "http://10.0.0.1:8000", model: m, node: a }, { url: "http://10.0.0.2:8000", model: n, node: b }, { url: "http://10.0.0.3:8000", model: o }] }`
    const models = (nodes: string) =>
      verifying({ 'cluster-file': 'x.yaml', nodes }, { '/runner/space/x.yaml': file }).wish.triton.map(({ id }) => id)
    expect([models('a'), models('')]).toEqual([
      ['m', 'o'],
      ['m', 'n', 'o'],
    ])
  })

  it('say nothing about a node that is about to join, and of others what the file says of them', () => {
    const file = `name: k3s2
distribution: kubeadm
version: v1.32.3
nodes: { k3s1: { role: server }, k3s2: {} }
verify:
  probe-image: busybox:stable
  storage: { class: longhorn }
  monitoring: { prometheus: "monitoring/prometheus:9090", node-jobs: [nodes] }
  endpoints: [{ url: "http://192.168.86.71:30080/", status: 404, node: k3s1 }, { url: "http://192.168.86.72:30080/", status: 404, node: k3s2 }, { url: "https://example.org/" }]`
    const wish = (inputs: Inputs) =>
      verifying({ 'cluster-file': 'x.yaml', ...inputs }, { '/runner/space/x.yaml': file }).wish
    const hosts = (inputs: Inputs) => wish(inputs).endpoints.map(({ endpoint }) => new URL(endpoint.url).host)
    expect(wish({})).toMatchObject({
      distribution: 'kubeadm',
      storageClass: 'longhorn',
      probeImage: 'busybox:stable',
      nodeJobs: ['nodes'],
      joining: '',
    })
    expect(wish({ 'storage-class': 'local-path' }).storageClass).toBe('local-path')
    expect(wish({ 'expect-version': 'v1.32.7' }).version).toBe('v1.32.7')
    expect(Object.keys(wish({ joining: 'k3s2' }).expected ?? {})).toEqual(['k3s1'])
    expect(hosts({ joining: 'k3s2' })).toEqual(['192.168.86.71:30080', 'example.org'])
    expect(hosts({ nodes: 'k3s2' })).toEqual(['192.168.86.72:30080', 'example.org'])
    expect(hosts({})).toHaveLength(3)
    expect(problemsOf({ joining: 'a', nodes: 'a' })).toEqual([
      'nodes is the node that is about to join: nothing is asked about it',
    ])
    expect([...wish({}).suites]).not.toContain('spread')
    expect([...wish({ suites: 'spread' }).suites]).toEqual(['spread'])
  })

  it('name two servers of one model apart', () => {
    const file = `name: x
nodes: { a: {} }
verify: { triton: [{ url: "http://10.0.0.1:8000", model: m }, { url: "http://10.0.0.2:8000", model: m }, { url: "http://10.0.0.3:8000", model: m, name: third }] }`
    const { wish } = verifying({ 'cluster-file': 'x.yaml' }, { '/runner/space/x.yaml': file })
    expect(wish.triton.map(({ id }) => id)).toEqual(['m.10.0.0.1-8000', 'm.10.0.0.2-8000', 'third'])
    const versions = `name: x
nodes: { a: {} }
verify: { triton: [{ url: "http://a:8000", model: m, version: "1" }, { url: "http://a:8000", model: m, version: "2" }, { url: "http://a:8000", model: M }] }`
    const same = verifying({ 'cluster-file': 'x.yaml' }, { '/runner/space/x.yaml': versions })
    expect(same.wish.triton.map(({ id }) => id)).toEqual(['m.a-8000.1', 'm.a-8000.2', 'm.a-8000'])
    const twice = versions.replace('version: "2"', 'version: "1"')
    const alike = verifying({ 'cluster-file': 'x.yaml' }, { '/runner/space/x.yaml': twice })
    expect(new Set(alike.wish.triton.map(({ id }) => id)).size).toBe(3)
  })

  it('give headers, which are secrets, to one host and not to every server of a file', () => {
    const file = (second: string) => `name: x
nodes: { a: {} }
verify: { triton: [{ url: "http://a:8000", model: m }, { url: "${second}", model: n }] }`
    const given = { 'cluster-file': 'x.yaml', 'triton-headers': 'Key: v' }
    expect(problemsOf(given, { '/runner/space/x.yaml': file('http://b:8000') })).toEqual([
      'triton-headers is given, though the cluster file knows servers on several hosts',
    ])
    expect(problemsOf(given, { '/runner/space/x.yaml': file('http://a:8000') })).toEqual([])
  })

  it('send no service token in the clear, to no address of a file either', () => {
    const file = `name: x
nodes: { a: {} }
verify: { endpoints: [{ url: "http://grafana.example.org", access: cloudflare }] }`
    expect(problemsOf({ 'cluster-file': 'x.yaml', ...token }, { '/runner/space/x.yaml': file })).toEqual([
      expect.stringMatching(/verify\.endpoints\[0\]\) is guarded by Cloudflare Access and not https$/),
    ])
  })

  const wrong: readonly (readonly [string, Inputs, readonly string[]])[] = [
    [
      'half a service token',
      { 'cluster-file': 'clusters/oceanid.yaml', 'access-client-id': 'x' },
      ['access-client-secret is missing, though `access-client-id` is given'],
    ],
    ['a suite that is none', { ...oceanid, suites: 'nodes, gpus' }, ['suites is no suite']],
    [
      'a rule that is none',
      { ...oceanid, 'fail-on': 'triton=maybe' },
      ['fail-on is no verdict that a run can fail on'],
    ],
    ['a node that nobody expects', { ...oceanid, nodes: 'calipso' }, ['nodes is no node that the cluster must have']],
    ['GPUs of nobody', { 'expect-gpus': 'a=1' }, ['expect-gpus is given without nodes']],
    ['an issue without a token', { ...oceanid, issue: 'keep' }, ['github-token is missing, though an issue is kept']],
    [
      'a report that is to be published, and a cluster',
      { 'from-report': 'clusters/oceanid.yaml', nodes: 'calypso' },
      ['nodes is given, but with `from-report` no cluster is asked'],
    ],
    ['a model without a server', { 'triton-model': 'm' }, ['triton-url is missing']],
    [
      'headers that are not the caller’s to set',
      { 'triton-url': 'http://a:1', 'triton-model': 'm', 'triton-headers': 'X: 1\nHost: elsewhere\nno header' },
      ['triton-headers line 2 is no header that may be added', 'triton-headers line 3 is no header that may be added'],
    ],
    [
      'a token in the clear',
      { ...token, 'triton-url': 'http://gpu.example.org', 'triton-model': 'm' },
      ['triton-url is guarded by Cloudflare Access and not https'],
    ],
    [
      'an address with a password',
      { 'triton-url': 'https://u:p@a', 'triton-model': 'm' },
      ['triton-url holds a user or a password'],
    ],
  ]
  it.each(wrong)('refuse %s', (_what, inputs, problems) => {
    expect(problemsOf(inputs)).toEqual(problems)
  })

  it('never quote a header or an address with a password, which are secrets', () => {
    for (const secret of [{ 'triton-headers': 'hunter2' }, { 'triton-url': 'https://u:hunter2@a' }] as Inputs[]) {
      const inputs: Inputs = { 'triton-url': 'http://a:1', 'triton-model': 'm', ...secret }
      expect(problemsOf(inputs)).toHaveLength(1)
      expect(() => read(inputs)).not.toThrow(/hunter2/)
      expect(() => read(inputs)).toThrow(ConfigurationError)
    }
  })

  it('tell a run that publishes, and one that watches, from one that asks', () => {
    const report = { '/runner/space/report.json': '{}' }
    expect(read({ 'from-report': 'report.json', issue: 'keep', 'github-token': 't' }, report).inputs).toMatchObject({
      kind: 'publish',
      text: '{}',
      issue: { isKept: true, labels: ['k3s-gpu-actions'], token: 't' },
    })
    expect(read({ 'watch-workflow': 'nightly.yml', 'github-token': 't' }).inputs).toMatchObject({
      kind: 'watch',
      workflow: 'nightly.yml',
      ageMs: 26 * 3_600_000,
    })
    expect(problemsOf({ 'watch-workflow': '../nightly.yml', 'github-token': 't' })).toHaveLength(1)
  })
})
