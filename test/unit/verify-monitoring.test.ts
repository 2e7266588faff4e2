/** Answers of a Prometheus: docs/querying/api.md of prometheus/prometheus, "Instant queries". */
import { describe, expect, it } from '@jest/globals'
import { ClusterError, type NodeState } from '../../src/kubernetes/index.ts'
import type { ExpectedNode } from '../../src/verify/model.ts'
import { monitoringSuite } from '../../src/verify/suites/monitoring/index.ts'
import { askedWorld, forbidden, wishOf } from './verify-asked-world.ts'

const prometheus = 'monitoring/prometheus-operated:9090'
const series = (job: string, instance: string, value: string, namespace = 'default') => ({
  metric: { __name__: 'up', job, instance, namespace },
  value: [1435781451.781, value],
})
const vector = (...result: readonly unknown[]) => ({ status: 'success', data: { resultType: 'vector', result } })

async function asked(answer: () => unknown, changes: Parameters<typeof wishOf>[0] = {}) {
  const ports = askedWorld({ proxied: answer })
  const { checks, metrics } = await monitoringSuite.verify(ports, wishOf({ prometheus, ...changes }))
  return { check: checks[0], metrics, asked: ports.asked }
}
const failed =
  (status: number | undefined, code: 'api-failed' | 'timeout' = 'api-failed') =>
  () => {
    throw new ClusterError(code, {
      title: `the service answered HTTP ${status}`,
      cause: 'no pod stands behind it',
      remedy: 'look at its pods',
      ...(status === undefined ? {} : { status }),
    })
  }

describe('targets of a Prometheus', () => {
  it.each([
    ['all read', vector(series('node', 'a:9100', '1'), series('api', 'b:6443', '1')), 'pass', /^2 targets of 2 jobs$/],
    [
      'some not',
      vector(series('node', 'a:9100', '1'), series('node', 'b:9100', '0')),
      'warn',
      /^job node: 1 of 2 targets cannot be read$/,
    ],
    [
      'a whole job not',
      vector(series('node', 'a:9100', '0'), series('api', 'b:6443', '1')),
      'fail',
      /^job node: 1 of 1 targets/,
    ],
    ['none at all', vector(), 'fail', /has no target at all/],
    ['an error', { status: 'error', errorType: 'bad_data', error: 'parse error' }, 'fail', /it answers: parse error/],
    ['another program', { hello: 'world' }, 'fail', /what answers is no Prometheus/],
    ['a page', '<html>', 'fail', /what answers is no Prometheus/],
    ['nothing', null, 'fail', /what answers is no Prometheus/],
    ['no service', undefined, 'fail', /there is no service monitoring\/prometheus-operated:9090/],
  ])('%s: %s', async (_name, answer, verdict, found) => {
    const { check } = await asked(() => answer)
    expect(check).toMatchObject({ id: 'monitoring.targets', verdict, found: expect.stringMatching(found) })
  })

  it('are asked in one question, and counted', async () => {
    const {
      metrics,
      asked: questions,
      check,
    } = await asked(() => vector(series('node', 'a:9100', '0'), series('node', 'b:9100', '1')))
    expect(questions).toEqual(['/api/v1/query?query=up'])
    expect(metrics).toEqual({ monitoring_targets_down: 1 })
    expect(check?.evidence).toEqual(['job node: a:9100 is down'])
  })

  it('belong to a namespace, so that one broken exporter can be lowered', async () => {
    const severities = [{ check: 'monitoring.targets', namespace: 'pulumi-system', atMost: 'warn' }] as const
    const { check } = await asked(() => vector(series('pko', 'a:1', '0', 'pulumi-system')), { severities })
    expect(check?.verdict).toBe('warn')
  })

  it('is no question when no Prometheus is named, or it may not be asked', async () => {
    expect((await asked(() => undefined, { prometheus: '' })).check).toMatchObject({ verdict: 'skip' })
    const refused = await asked(() => {
      throw forbidden({ verb: 'get', group: '', resource: 'services/proxy', namespace: 'monitoring' })
    })
    expect(refused.check).toMatchObject({ verdict: 'skip', found: 'may not be asked: get services/proxy' })
  })

  it('tells a Prometheus without pods from an API server that cannot be asked', async () => {
    expect((await asked(failed(503))).check).toMatchObject({ verdict: 'fail', cause: 'no pod stands behind it' })
    for (const fault of [failed(undefined, 'timeout'), failed(undefined), failed(429)])
      expect((await asked(fault)).check).toMatchObject({
        verdict: 'error',
        found: expect.stringMatching(/^could not be asked: /),
      })
  })

  it('takes a million odd series for what they are worth', async () => {
    const odd = [null, 7, { metric: null, value: ['x'] }, { metric: { job: 'a\n::error::b' }, value: [1, '0'] }]
    const { check, metrics } = await asked(() =>
      vector(...odd, ...Array.from({ length: 100_000 }, () => series('n', 'x'.repeat(500), '0'))),
    )
    expect(check?.verdict).toBe('fail')
    expect(JSON.stringify(check).length).toBeLessThan(5000)
    expect(JSON.stringify(check)).not.toContain('\\n')
    expect(metrics?.monitoring_targets_down).toBeLessThanOrEqual(10_000)
  })
})

it('needs the right to ask this one service', () => {
  expect(monitoringSuite.access(wishOf({ prometheus }))).toEqual([
    { verb: 'list', group: '', resource: 'nodes' },
    { verb: 'get', group: '', resource: 'services/proxy', namespace: 'monitoring', name: 'prometheus-operated:9090' },
  ])
  expect(monitoringSuite.access(wishOf())).toEqual([])
})

describe('node-exporters', () => {
  const node = (name: string, ip: string, changes: Partial<NodeState> = {}): NodeState =>
    ({ name, internalIps: [ip], externalIps: [], labels: {}, ...changes }) as unknown as NodeState
  const nodes = [node('k3s1', '192.168.86.71'), node('k3s2', '192.168.86.72')]
  const job = 'prometheus-node-exporter'
  const of = async (result: readonly unknown[], changes: Parameters<typeof wishOf>[0] = {}, seen = nodes) => {
    const ports = askedWorld({ proxied: () => vector(...result), nodes: seen })
    const { checks } = await monitoringSuite.verify(ports, wishOf({ prometheus, ...changes }))
    return checks.find(({ id }) => id === 'monitoring.nodes')
  }
  const discovered = (name: string, value: string) => ({
    metric: { __name__: 'up', job, instance: '10.42.1.7:9100', node: name },
    value: [0, value],
  })

  it.each<[string, readonly unknown[], string, RegExp]>([
    [
      'by address',
      [series(job, '192.168.86.71:9100', '1'), series(job, '192.168.86.72:9100', '1')],
      'pass',
      /^2 nodes in prometheus-node-exporter$/,
    ],
    ['by name', [series(job, 'k3s1:9100', '1'), series(job, 'k3s2', '1')], 'pass', /^2 nodes/],
    ['by discovery', [discovered('k3s1', '1'), discovered('k3s2', '1')], 'pass', /^2 nodes/],
    ['one missing', [discovered('k3s1', '1')], 'fail', /^k3s2: job prometheus-node-exporter has no target of it$/],
    ['one down', [discovered('k3s1', '1'), discovered('k3s2', '0')], 'fail', /^k3s2: job \S+ cannot read it$/],
    [
      'an address that only begins alike',
      [discovered('k3s1', '1'), series(job, '192.168.86.721:9100', '1')],
      'fail',
      /k3s2/,
    ],
    ['none that is about nodes', [series('api', '192.168.86.71:6443', '1')], 'skip', /no job of it is named like/],
  ])('%s', async (_name, result, verdict, found) => {
    expect(await of(result)).toMatchObject({ verdict, found: expect.stringMatching(found) })
  })

  it('are asked of the nodes that the run is about, of jobs that somebody named, and not where pods are cut off', async () => {
    const one = [discovered('k3s1', '1')]
    expect(await of(one, { nodes: ['k3s1'] })).toMatchObject({ verdict: 'pass' })
    expect(await of([series('kubelet', 'k3s1:10250', '1')], { nodeJobs: ['kubelet'] })).toMatchObject({
      verdict: 'fail',
    })
    const isolated = { podNetwork: 'isolated' } as ExpectedNode
    expect(await of(one, { expected: { k3s2: isolated } })).toMatchObject({
      verdict: 'pass',
      found: expect.stringMatching(/not asked: k3s2 \(isolated\)/),
    })
  })

  it('of a node that has just joined are waited for, where the run may take its time', async () => {
    let times = 0
    const ports = askedWorld({
      proxied: () =>
        ++times < 2 ? vector(discovered('k3s1', '1')) : vector(discovered('k3s1', '1'), discovered('k3s2', '1')),
      nodes,
    })
    const { checks } = await monitoringSuite.verify(ports, wishOf({ prometheus, mode: 'probe', nodes: ['k3s2'] }))
    expect(checks.find(({ id }) => id === 'monitoring.nodes')).toMatchObject({ verdict: 'pass' })
    expect(times).toBe(2)
  }, 15_000)
})
