import { describe, expect, it } from '@jest/globals'
import { type ApiObject, type Cluster, ClusterError } from '../../src/kubernetes/index.ts'
import { blocked, gather, isMeant, nameSome, unanswered } from '../../src/verify/gather.ts'
import { idPart } from '../../src/verify/ids.ts'
import { openLists } from '../../src/verify/lists.ts'
import type { Finding, SeverityRule } from '../../src/verify/model.ts'
import { forDays, typed } from '../../src/verify/words.ts'

const dayMs = 86_400_000
const finding = (subject: string, changes: Partial<Finding> = {}): Finding => ({
  namespace: 'apps',
  subject,
  found: 'broken',
  verdict: 'fail',
  ...changes,
})
const gathered = (findings: readonly Finding[], rules: readonly SeverityRule[] = [], lead = '') =>
  gather('workloads.apps', 'Well?', findings, 'all well', rules, lead)

describe('findings become one check', () => {
  it('passes when there are none', () => {
    expect(gathered([])).toEqual({ id: 'workloads.apps', verdict: 'pass', question: 'Well?', found: 'all well' })
  })

  it('takes the worst, with its cause and remedy, whatever came first', () => {
    const check = gathered([
      finding('a', { verdict: 'warn', found: 'slow', cause: 'load', remedy: 'wait' }),
      finding('b', { cause: 'gone', remedy: 'mend it' }),
    ])
    expect(check).toMatchObject({ verdict: 'fail', found: 'b: broken; a: slow', cause: 'gone', remedy: 'mend it' })
  })

  it('says what is alike once, five of them by name, in an order that does not depend on the server', () => {
    const names = ['g', 'f', 'e', 'd', 'c', 'b', 'a']
    const check = gathered(
      names.map((name) => finding(name)),
      [],
      '993 of 1000 nodes Ready',
    )
    expect(check.found).toBe('993 of 1000 nodes Ready; broken: a, b, c, d, e and 2 more')
  })

  it('keeps at most twenty lines of evidence', () => {
    const evidence = gathered([
      finding('a', { evidence: Array.from({ length: 300 }, (_, line) => `line ${line}`) }),
    ]).evidence
    expect(evidence).toHaveLength(20)
    expect(evidence?.at(-1)).toBe('and 281 more lines')
  })

  it.each([
    ['of the whole check', { check: 'workloads.apps', namespace: '', atMost: 'warn' }, 'warn'],
    ['of all checks that begin so', { check: 'workloads.*', namespace: '', atMost: 'warn' }, 'warn'],
    ['of its namespace', { check: 'workloads.*', namespace: 'apps', atMost: 'warn' }, 'warn'],
    ['of another namespace', { check: 'workloads.*', namespace: 'other', atMost: 'warn' }, 'fail'],
    ['of another check', { check: 'workloads.jobs', namespace: '', atMost: 'warn' }, 'fail'],
  ] as const)('a rule %s', (_of, rule, verdict) => {
    const check = gathered([finding('a')], [rule])
    expect(check.verdict).toBe(verdict)
    expect(check.found.endsWith('severity lowered in the cluster file')).toBe(verdict === 'warn')
  })

  it('lowers only what is of the namespace, so that the rest still fails', () => {
    const rule: SeverityRule = { check: 'flux.ready', namespace: 'pulumi-system', atMost: 'skip' }
    const findings = [finding('operator', { namespace: 'pulumi-system' }), finding('web')]
    const check = gather('flux.ready', 'Ready?', findings, 'all', [rule])
    expect(check).toMatchObject({
      verdict: 'fail',
      found: 'web: broken; not counted: operator: broken; severity lowered in the cluster file',
    })
  })

  it('what is set aside is still said, and is no pass', () => {
    const check = gathered([finding('operator')], [{ check: 'workloads.*', namespace: 'apps', atMost: 'skip' }])
    expect(check).toMatchObject({
      verdict: 'skip',
      found: 'not counted: operator: broken; severity lowered in the cluster file',
    })
  })

  it('never raises a severity', () => {
    const check = gathered([finding('a', { verdict: 'warn' })], [{ check: '*', namespace: '', atMost: 'warn' }])
    expect(check).toMatchObject({ verdict: 'warn', found: 'a: broken' })
  })

  it('is bounded and one line, whatever a cluster calls its things', () => {
    const hostile = `x\n::error::forged\u2028${'y'.repeat(100_000)}`
    const many = Array.from({ length: 1_000 }, (_, index) =>
      finding(`${index}${hostile}`, { found: `${index}${hostile}`, cause: hostile, evidence: [hostile] }),
    )
    const check = gathered(many)
    const text = JSON.stringify(check)
    expect(text.length).toBeLessThan(20_000)
    expect(text).not.toMatch(/\\n|\u2028/)
  })
})

describe('ids, words and skips', () => {
  it.each([
    ['pulumi-system', 'pulumi-system'],
    ['GPU.Boathou.SE:443', 'gpu.boathou.se-443'],
    ['../../etc', 'etc'],
    ['', 'unnamed'],
    ['\n::warning::', 'warning'],
  ])('%j is %s in an id', (text, part) => expect(idPart(text)).toBe(part))

  it('two long names are two ids', () => {
    const [one, other] = [idPart(`${'a'.repeat(130)}.x`), idPart(`${'a'.repeat(130)}.y`)]
    expect(one).not.toBe(other)
    expect(one).toMatch(/^[a-z0-9._-]{1,120}$/)
  })

  it('tells ages in days, and none below one', () => {
    expect([0.9, 1, 12.99].map((days) => forDays(1, 1 + days * dayMs))).toEqual(['', ' for 1 day', ' for 12 days'])
    expect(forDays(0, 50 * dayMs)).toBe('')
  })

  it('puts no name into a command that could do anything else there', () => {
    expect(typed('srv-1.lan', 'node')).toBe('srv-1.lan')
    for (const name of ['$(reboot)', 'a; reboot', '-rf', '', 'a b']) expect(typed(name, 'node')).toBe('<node>')
  })

  it('matches ids as they are written, or by their beginning', () => {
    expect(isMeant('gpu.busy.*', 'gpu.busy.calypso')).toBe(true)
    expect(isMeant('gpu.busy', 'gpu.busy.calypso')).toBe(false)
    expect(isMeant('gpu.b.sy.*', 'gpu.busy.calypso')).toBe(false)
  })

  it('names what blocks, and the rule that is missing', () => {
    expect(blocked('gpu.plugin.calypso', 'gpu.node.calypso', 'Plugin?')).toMatchObject({
      verdict: 'skip',
      found: 'blocked by gpu.node.calypso',
    })
    const refusal = new ClusterError('forbidden', {
      title: 'the user of the kubeconfig may not list jobs.batch',
      cause: 'a rule for it is missing',
      remedy: '',
      access: { verb: 'list', group: 'batch', resource: 'jobs' },
    })
    expect(unanswered('workloads.jobs', 'Jobs?', refusal)).toMatchObject({
      verdict: 'skip',
      found: 'may not be asked: list jobs.batch',
      remedy: 'kubectl apply -f manifests/verify-rbac.yaml (as an administrator)',
    })
    const broken = new ClusterError('api-failed', { title: 'HTTP 500', cause: '', remedy: '' })
    expect(unanswered('workloads.jobs', 'Jobs?', broken)).toMatchObject({
      verdict: 'error',
      found: 'could not be asked: HTTP 500',
    })
    expect(() => unanswered('workloads.jobs', 'Jobs?', new TypeError('bug'))).toThrow('bug')
  })

  it('names some', () => expect(nameSome(['a', 'b', 'c'], 2)).toBe('a, b and 1 more'))
})

describe('lists of a run', () => {
  const kind = { group: '', version: 'v1', resource: 'pods' }
  const name = (object: ApiObject): unknown => object.name
  const signal = new AbortController().signal

  function clusterOf(answers: (() => Promise<readonly unknown[] | undefined>)[]) {
    const asked: string[] = []
    const list: Cluster['list'] = async (of, _read, _signal, options) => {
      asked.push(`${of.resource} ${JSON.stringify(options)}`)
      return (await answers.shift()?.()) as readonly never[] | undefined
    }
    return { asked, cluster: { list, serverTimeMs: undefined } as unknown as Cluster }
  }

  it('asks once for many who ask at the same time', async () => {
    const { asked, cluster } = clusterOf([async () => ['a']])
    const lists = openLists(cluster, () => 7, signal)
    const answers = await Promise.all([lists.of(kind, name), lists.of(kind, name), lists.of(kind, name)])
    expect(answers).toEqual([['a'], ['a'], ['a']])
    expect(asked).toHaveLength(1)
    expect(lists.serverTimeMs()).toBe(7)
  })

  it('asks again after a failure, but keeps that a kind is not there', async () => {
    const gone = new ClusterError('api-failed', { title: 'HTTP 500', cause: '', remedy: '' })
    const { asked, cluster } = clusterOf([async () => Promise.reject(gone), async () => undefined])
    const lists = openLists(cluster, () => 0, signal)
    await expect(lists.of(kind, name)).rejects.toBe(gone)
    expect(await lists.of(kind, name)).toBeUndefined()
    expect(await lists.of(kind, name)).toBeUndefined()
    expect(asked).toHaveLength(2)
  })

  it('takes what is asked for otherwise for another list', async () => {
    const { asked, cluster } = clusterOf([async () => [1], async () => [2], async () => [3]])
    const lists = openLists(cluster, () => 0, signal)
    expect(await lists.of(kind, name)).toEqual([1])
    expect(await lists.of(kind, name, { namespace: 'a' })).toEqual([2])
    expect(await lists.of(kind, (object) => object)).toEqual([3])
    expect(asked).toHaveLength(3)
  })

  it('reads Leases anew after ten seconds, because the clock that they are compared with goes on', async () => {
    const one = async () => [['calypso', 1] as const]
    const { asked, cluster } = clusterOf([one, one])
    let nowMs = 0
    const lists = openLists(cluster, () => nowMs, signal)
    await lists.leases()
    nowMs = 9_000
    await lists.leases()
    expect(asked).toHaveLength(1)
    nowMs = 20_000
    expect(await lists.leases()).toEqual(new Map([['calypso', 1]]))
    expect(asked).toHaveLength(2)
  })
})

it('a node that is about to join is in no list, so that no suite says a word about it', async () => {
  const names = ['k3s1', 'k3s2'].map((name) => ({ name }))
  const cluster = { nodes: async () => names } as unknown as Cluster
  const { signal } = new AbortController()
  const listed = async (joining?: string) =>
    (await openLists(cluster, Date.now, signal, joining).nodes()).map(({ name }) => name)
  expect([await listed('k3s2'), await listed()]).toEqual([['k3s1'], ['k3s1', 'k3s2']])
})
