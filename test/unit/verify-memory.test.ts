import { describe, expect, it } from '@jest/globals'
import { failOnOf, failsRun, readPreviousReport, rememberRun } from '../../src/verify/memory/index.ts'
import { failsOnFail, night, nights, reportOf, run, seen } from './verify-runs.ts'

const news = (reports: ReturnType<typeof nights>) =>
  reports.map(({ verification }) => ({ new: verification?.newFailures, fixed: verification?.fixed }))

describe('what is new and what is fixed', () => {
  it('tells a failure once, and once that it is gone', () => {
    const story = nights([
      run(1, ['nodes.ready=pass']),
      run(2, ['nodes.ready=fail']),
      run(3, ['nodes.ready=fail']),
      run(4, ['nodes.ready=pass']),
      run(5, ['nodes.ready=pass']),
    ])
    expect(news(story)).toEqual([
      { new: [], fixed: [] },
      { new: ['nodes.ready'], fixed: [] },
      { new: [], fixed: [] },
      { new: [], fixed: ['nodes.ready'] },
      { new: [], fixed: [] },
    ])
    expect(story.map((one) => one.verification?.since['nodes.ready']?.slice(8, 10))).toEqual([
      undefined,
      '02',
      '02',
      undefined,
      undefined,
    ])
  })

  it.each([
    ['could not be asked', ['gpu.node.calypso=error']],
    ['was blocked by another', ['api.ready=fail', 'gpu.node.calypso=skip blocked by api.ready']],
  ])('does not call fixed or new what %s for a night', (_, between) => {
    const story = nights([
      run(1, ['gpu.node.calypso=fail']),
      run(2, between),
      run(3, ['gpu.node.calypso=fail']),
      run(4, ['gpu.node.calypso=pass']),
    ])
    expect(story[1]?.verification?.fixed).toEqual([])
    expect(story[2]?.verification?.newFailures).toEqual([])
    expect(story[2]?.verification?.since['gpu.node.calypso']).toBe(night(1))
    expect(story[3]?.verification?.fixed).toEqual(['gpu.node.calypso'])
  })

  it.each<[string, Parameters<typeof run>[2], boolean]>([
    ['of another suite', { suites: ['nodes'] }, true],
    ['in a lower mode', { mode: 'observe' }, true],
    ['limited to other nodes', { nodes: ['styx'] }, true],
    ['that asks everything: what it was about is gone', {}, false],
  ])('keeps what it knows through a run %s', (_, more, isKept) => {
    const [, second] = nights([run(1, ['gpu.node.calypso=fail']), run(2, ['nodes.ready=pass'], more)])
    expect(second?.verification?.history.at(-1)?.unasked ?? []).toEqual(isKept ? ['gpu.node.calypso'] : [])
    expect(second?.verification?.alarms).toEqual(isKept ? ['gpu.node.calypso'] : [])
    expect(second?.verification?.fixed).toEqual([])
  })

  it.each([
    ['the API was gone', ['api.reachable=error', 'gpu.cuda=skip blocked by api.reachable']],
    ['the nodes could not be listed', ['gpu.cuda=error could not be asked: …']],
    ['a right was missing', ['gpu.cuda=skip may not be asked: list nodes']],
  ])('does not take for gone what a suite could not name, because %s', (_, between) => {
    const story = nights([
      run(1, ['gpu.capacity.calypso=fail', 'gpu.cuda=pass']),
      run(2, between),
      run(3, ['gpu.capacity.calypso=fail', 'gpu.cuda=pass']),
    ])
    expect(story[1]?.verification?.alarms).toContain('gpu.capacity.calypso')
    expect(story[2]?.verification?.newFailures).toEqual([])
    expect(story[2]?.verification?.since['gpu.capacity.calypso']).toBe(night(1))
  })

  it('knows in which mode something was asked, however many lower runs came after', () => {
    const low = { mode: 'observe' } as const
    const story = nights([run(1, ['gpu.busy.a=fail']), run(2, [], low), run(3, [], low), run(4, []), run(5, [])])
    expect(story.map((one) => one.verification?.alarms.length)).toEqual([1, 1, 1, 0, 0])
  })

  it('forgets at once what the owner does not want to hear of, and after a week what nobody could ask', () => {
    const wanted = nights([
      run(1, ['nodes.ready=fail']),
      run(2, ['nodes.ready=skip ignored by ignore-checks (was fail): …']),
    ])
    expect(wanted[1]?.verification?.alarms).toEqual([])
    const lowered = nights([
      run(1, ['nodes.ready=fail']),
      run(2, ['nodes.ready=skip not counted: x; severity lowered in the cluster file']),
    ])
    expect(lowered[1]?.verification?.alarms).toEqual([])
    const blocked = Array.from({ length: 9 }, (_, index) =>
      run(2 + index, ['nodes.ready=skip the cluster has no such kind']),
    )
    const story = nights([run(1, ['nodes.ready=fail']), ...blocked])
    expect(story.map((one) => one.verification?.alarms.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0])
  })

  it('tells a warning that becomes a failure as new, with its own begin', () => {
    const [, second] = nights([run(1, ['nodes.ready=warn']), run(2, ['nodes.ready=fail'])])
    expect(second?.verification).toMatchObject({ newFailures: ['nodes.ready'], since: { 'nodes.ready': night(2) } })
  })

  it('keeps the begin of a failure that is older than the memory is long', () => {
    const story = nights(
      Array.from({ length: 45 }, (_, index) =>
        run(1, ['nodes.ready=fail'], { at: new Date(Date.UTC(2026, 8, 1 + index)).toISOString() }),
      ),
    )
    expect(story.at(-1)?.verification?.history).toHaveLength(30)
    expect(story.at(-1)?.verification?.since['nodes.ready']).toBe('2026-09-01T00:00:00.000Z')
  })
})

describe('flapping and alarms', () => {
  it('names what went to and fro three times in ten nights, not counting nights that could not ask', () => {
    const flaps = (states: string) =>
      nights(
        [...states].map((state, index) =>
          run(1 + index, [`nodes.ready=${{ f: 'fail', p: 'pass', e: 'error' }[state]}`]),
        ),
      ).at(-1)?.verification?.flapping
    expect(['pppp', 'fffp', 'pfpp', 'pfpf', 'fpfp', 'fepefe', 'fpfpffffffffffff'].map(flaps)).toEqual([
      [],
      [],
      [],
      ['nodes.ready'],
      ['nodes.ready'],
      [],
      [],
    ])
  })

  it('alarms after so many of so many runs', () => {
    const alarms = (states: string, after: number, of: number) =>
      nights(
        [...states].map((state, index) =>
          run(1 + index, [
            `nodes.ready=${{ f: 'fail', p: 'pass', e: 'error', s: 'skip blocked by api.ready' }[state]}`,
          ]),
        ),
        { after, of },
      ).at(-1)?.verification?.alarms.length
    const table: [string, number, number, number][] = [
      ['f', 1, 1, 1],
      ['f', 2, 3, 0],
      ['ff', 2, 3, 1],
      ['fpf', 2, 3, 1],
      ['fppf', 2, 3, 0],
      ['ffp', 2, 3, 0],
      ['ee', 2, 2, 1],
      // A night that could not ask is no second sighting, and takes no alarm back.
      ['fs', 2, 3, 0],
      ['fsf', 2, 2, 1],
      ['fsf', 3, 3, 0],
      ['ffs', 2, 3, 1],
      ['ffsp', 2, 3, 0],
    ]
    for (const [states, after, of, expected] of table)
      expect([states, alarms(states, after, of)]).toEqual([states, expected])
  })

  it('lets the longest rule of fail-on decide for a check', () => {
    const policy = {
      otherwise: 'fail',
      checks: [
        { check: 'workloads.*', failOn: 'never' },
        { check: 'workloads.kube-system', failOn: 'warn' },
      ],
    } as const
    expect(
      ['nodes.ready', 'workloads.pulumi-system', 'workloads.kube-system'].map((id) => failOnOf(policy, id)),
    ).toEqual(['fail', 'never', 'warn'])
    expect(failsRun(policy, 'workloads.kube-system', 'warn')).toBe(true)
    const { verification } = reportOf(
      run(1, ['workloads.a=fail', 'workloads.kube-system=warn', 'api.ready=error', 'nodes.ready=warn']),
      undefined,
      undefined,
      policy,
    )
    expect(verification?.failing).toEqual(['workloads.kube-system', 'api.ready'])
    expect(verification?.verdict).toBe('fail')
  })

  it('claims no pass where nothing was answered', () => {
    const verdicts = [
      ['api.ready=pass', 'gpu.cuda=skip'],
      ['gpu.cuda=skip'],
      [],
      ['api.ready=error', 'nodes.ready=pass'],
      ['api.ready=error', 'nodes.ready=fail'],
    ]
    expect(verdicts.map((checks) => reportOf(run(1, checks)).verification?.verdict)).toEqual([
      'pass',
      'error',
      'error',
      'error',
      'fail',
    ])
  })
})

describe('an earlier report', () => {
  const good = () => JSON.stringify(nights([run(1, ['nodes.ready=fail']), run(2, ['nodes.ready=fail'])]).at(-1))
  const changed = (
    change: (report: Record<string, unknown> & { verification: Record<string, unknown> }) => void,
  ): string => {
    const report = JSON.parse(good())
    change(report)
    return JSON.stringify(report)
  }

  it.each([
    ['empty', '  ', 'empty'],
    ['cut in the middle', good().slice(0, 400), 'no JSON'],
    ['no object', '[1]', 'none of this version'],
    [
      'of another version',
      changed((report) => {
        report.schema = 'v9'
      }),
      'none of this version',
    ],
    [
      'of another cluster',
      changed((report) => {
        report.cluster = 'other'
      }),
      'another cluster',
    ],
    [
      'of another action',
      changed((report) => {
        delete (report as Partial<typeof report>).verification
      }),
      'none of verify-cluster',
    ],
    [
      'without a run',
      changed((report) => {
        report.verification.history = 'many'
      }),
      'no earlier run',
    ],
    [
      'from the future',
      changed((report) => {
        report.verification.history = [seen(29, {})]
      }),
      'no earlier run',
    ],
    ['endless', `"${'x'.repeat(33 * 1024 * 1024)}"`, 'too long'],
  ])('that is %s is said, and treated as none', (_, text, said) => {
    const memory = readPreviousReport(text, 'oceanid', night(20))
    expect(memory).toMatchObject({ history: [], since: {}, alarms: [] })
    expect(memory.said).toContain(said)
    expect(memory.said).toContain('without a memory')
  })

  it('that is hostile gives nothing but numbers, times, ids and verdicts, and not many', () => {
    const hostile = changed((report) => {
      report.verification.alarms = ['nodes.ready', '::set-output name=x::y', 7, 'unknown.id']
      report.verification.since = { 'nodes.ready': '"><script>', 'A B': night(1) }
      report.verification.mode = { evil: true }
      report.verification.history = [
        null,
        { at: 'yesterday' },
        {
          at: night(1),
          run: 5,
          mode: { evil: true },
          checks: JSON.parse('{"nodes.ready":"fail","__proto__":"fail","a b":"fail","api.ready":"pass","x.y":{"z":1}}'),
          unasked: ['nodes.ready', 'not.there', '<!--'],
          metrics: JSON.parse('{"a_ms.b":1e999,"c_ms":3,"d ms":4,"__proto__":{"polluted":1}}'),
        },
        {
          at: night(2),
          run: 'x'.repeat(10_000),
          checks: Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`n.${index}`, 'warn'])),
          metrics: {},
        },
      ]
    })
    const memory = readPreviousReport(hostile, 'oceanid', night(20))
    expect(memory.history[0]).toEqual({
      at: night(1),
      run: '',
      checks: { 'nodes.ready': 'fail' },
      unasked: ['nodes.ready'],
      metrics: { c_ms: 3 },
    })
    expect(Object.keys(memory.history[1]?.checks ?? {})).toHaveLength(1000)
    expect(memory.history[1]?.run).toHaveLength(200)
    expect(memory).toMatchObject({
      alarms: [],
      since: {},
      said: '2 of 4 runs in the previous report do not fit and are left out',
    })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('stays small for a cluster with thousands of failures, and loses the least', () => {
    const checks = Array.from({ length: 4000 }, (_, index) => `gpu.node.n${index}=${index < 3990 ? 'warn' : 'fail'}`)
    const verification = rememberRun(run(1, checks), { history: [], since: {}, alarms: [], said: '' }, failsOnFail, {
      after: 1,
      of: 1,
    })
    const kept = verification.history[0]?.checks ?? {}
    expect(Object.keys(kept)).toHaveLength(1000)
    expect(Object.values(kept).filter((one) => one === 'fail')).toHaveLength(10)
    const many = {
      ...Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`pod_restarts.n${index}`, index])),
      bad: Number.NaN,
      'triton_p95_ms.t': 9,
    }
    const { metrics, history } = reportOf(run(1, [], { metrics: many })).verification ?? {}
    expect([
      Object.keys(metrics ?? {}).length,
      Object.keys(history?.[0]?.metrics ?? {}).length,
      history?.[0]?.metrics['triton_p95_ms.t'],
    ]).toEqual([901, 300, 9])
  })
})
