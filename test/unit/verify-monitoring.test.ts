/** Answers of a Prometheus: docs/querying/api.md of prometheus/prometheus, "Instant queries". */
import { describe, expect, it } from '@jest/globals'
import { ClusterError } from '../../src/kubernetes/index.ts'
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
