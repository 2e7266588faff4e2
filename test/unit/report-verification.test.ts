import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import {
  type Report,
  readReport,
  renderJson,
  renderSummary,
  type Verification,
  verificationHeadline,
} from '../../src/report/index.ts'
import { renderLatencyChart, trends } from '../../src/report/trend.ts'
import { p95, report } from './verified-report.ts'
import { nights, run, seen } from './verify-runs.ts'

const schema = JSON.parse(readFileSync(new URL('../../../schemas/report.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema)

describe('the summary of a verification', () => {
  const summary = renderSummary(report)
  const [above = '', ...folded] = summary.split('<details>')

  it('gives the verdict first, then counts and news, then what is not plain pass, worst first', () => {
    const lines = above.split('\n').filter((line) => line !== '')
    expect(lines.slice(0, 8)).toEqual([
      '## ❌ oceanid: 1 of 4 checks fails (new since yesterday)',
      'Cluster oceanid: 5 checks: 2 pass, 1 warn, 1 fail, 1 skip · mode probe · Triton: cpu-fallback · 12 API requests · 41.0 s in all.',
      '**News:** new: triton.gpu.distilbert-base-uncased · to and fro: workloads.pulumi-system (4 earlier runs remembered).',
      '**Next:** see the issue',
      '|  | check | found | do |',
      '| --- | --- | --- | --- |',
      '| ❌ new | triton.gpu.distilbert-base-uncased | answers, but on the CPU (KIND_CPU, 0 bytes on the GPU)<br>driver and library do not match | restart Triton on calypso |',
      '| ⚠️ since 2026-11-18, to and fro | workloads.pulumi-system | ImagePullBackOff for 12 days |  |',
    ])
    expect(above).not.toContain('nodes.ready')
    expect(folded.join()).toContain('| ✅ | nodes.ready |')
  })

  it('draws the cluster, with the way of a client to the GPU', () => {
    const flowchart = /```mermaid\n(flowchart[\s\S]*?)\n```/.exec(above)?.[1]?.split('\n') ?? []
    expect(flowchart.slice(0, 18)).toEqual([
      'flowchart LR',
      '  runner(["runner"])',
      '  api["API server<br>https://157.173.210.123:6443"]',
      '  tunnel["SSH tunnel<br>157.173.210.123"]',
      '  runner --> tunnel --> api',
      '  n0["❌ calypso<br>1 GPU<br>pods isolated"]:::fail',
      '  api --- n0',
      '  n1["✅ srv712429<br>server<br>v1.33.4+k3s1"]:::pass',
      '  api --- n1',
      '  n2["✅ styx"]:::pass',
      '  api --- n2',
      '  clients(["clients"])',
      '  h0["gpu.boathou.se"]',
      '  g0["Cloudflare Access"]',
      '  clients --> g0 -->|tunnel| h0',
      '  m0["❌ distilbert-base-uncased<br>Triton<br>cpu-fallback"]:::fail',
      '  h0 --> m0',
      '  m0 -.-> n0',
    ])
  })

  it('draws p95 over the last nights, and says in words what changed', () => {
    expect(/```mermaid\n(xychart[\s\S]*?)\n```/.exec(above)?.[1]?.split('\n')).toEqual([
      'xychart-beta',
      '  title "triton p95 of distilbert-base-uncased in ms"',
      '  x-axis ["11-16", "11-17", "11-18", "11-19"]',
      '  y-axis "ms" 0 --> 234',
      '  line [9, 8.4, 9.2, 212]',
    ])
    expect(above).toContain('- triton p95 of distilbert-base-uncased: slower, 212 ms; usually 9 ms (median of 3 runs)')
  })

  it('shows a failure of the run itself above the checks, but no second block when it is the checks that fail it', () => {
    const failure = { title: 't', cause: 'the token may not', remedy: 'r', evidence: [], state: 's' }
    expect(renderSummary({ ...report, result: 'failed', failure: { ...failure, code: 'issues-forbidden' } })).toContain(
      '| cause | the token may not |',
    )
    const known = renderSummary({ ...report, result: 'failed', failure: { ...failure, code: 'checks-failed' } })
    expect(known).not.toContain('the token may not')
    expect(known).toMatch(/^## ❌/)
  })

  it('names what is known to be bad and was not asked this time, and the issue', () => {
    const [, second] = nights([
      run(1, ['gpu.node.a=fail']),
      run(2, ['api.ready=error', 'gpu.node.a=skip blocked by api.ready']),
    ])
    const blocked = renderSummary({
      ...(second as Report),
      verification: { ...(second?.verification as Verification), issueUrl: 'https://github.com/o/r/issues/1' },
    })
    expect(blocked).toContain('Not well when last asked, not asked this time: gpu.node.a.')
    expect(blocked).toContain('**Issue:** <https://github.com/o/r/issues/1>')
    expect(blocked).toMatch(/^## ❔/)
  })
})

describe('the headline', () => {
  it.each<[string[][], string]>([
    [[['a.x=pass', 'a.y=pass']], 'all 2 checks pass'],
    [[['a.x=pass', 'a.y=skip']], 'the one check passes'],
    [[['a.x=skip']], 'nothing could be asked'],
    [[['a.x=fail', 'a.y=fail', 'a.z=pass']], '2 of 3 checks fail'],
    [[['a.x=fail'], ['a.x=fail', 'a.z=pass']], '1 of 2 checks fails (known)'],
    [[['a.x=fail'], ['a.x=fail', 'a.z=fail']], '2 of 2 checks fail (1 new since yesterday)'],
    [[['a.x=pass'], [], ['a.x=fail', 'a.y=pass']], '1 of 2 checks fails (new since yesterday)'],
    [[['a.x=error', 'a.y=pass']], '1 of 2 checks could not be asked'],
    [[['a.x=warn', 'a.y=pass']], 'no check fails, 1 of 2 warns'],
    [[['a.x=fail'], ['a.x=pass']], 'the one check passes (1 failure fixed)'],
  ])('%j says %s', (runs, words) => {
    const one = nights(runs.map((checks, index) => run(1 + index, checks))).at(-1) as Report
    expect(verificationHeadline('oceanid', one.checks, one.verification as Verification)).toBe(`oceanid: ${words}`)
  })
})

describe('trends in words', () => {
  it.each<[string, number[], string | undefined]>([
    ['triton_p95_ms.t', [9, 9, 9, 20], 'slower, 20 ms; usually 9 ms'],
    ['triton_p95_ms.t', [9, 9, 9, 13], undefined],
    ['triton_p95_ms.t', [90, 90, 90, 30], 'faster, 30 ms'],
    ['triton_p95_ms.t', [9, 90], undefined],
    ['triton_network_ms.t', [9, 9, 9, 90], undefined],
    ['storage_free_percent.d', [40, 38, 36, 34], '34 %, 2 less a day: none left in about 17 days'],
    ['storage_free_percent.d', [40, 40, 40, 40], undefined],
    ['certificate_days.server', [13, 12, 11, 365], 'renewed, 365 days'],
    ['certificate_days.server', [13, 12, 11, 10], undefined],
    ['workload_restarts.n', [3, 3, 3, 7], '4 more than in the run before'],
    ['anything', [1, 2, 3, 400], undefined],
  ])('%s %j', (metric, values, words) => {
    const said = trends(values.map((value, index) => seen(1 + index, {}, { [metric]: value })))
    expect(said.join('')).toContain(words ?? '')
    expect(said).toHaveLength(words === undefined ? 0 : 1)
  })

  it('draws nothing from one value, leaves nights without a value out, and keeps two runs of a day apart', () => {
    expect(renderLatencyChart([seen(1, {}, { [p95]: 9 })])).toBe('')
    const chart = renderLatencyChart([
      seen(1, {}, { [p95]: 9 }),
      seen(2, {}),
      seen(3, {}, { [p95]: 1e300 }),
      { ...seen(3, {}, { [p95]: -4 }), at: '2026-11-03T12:00:00.000Z' },
    ])
    expect(chart).toContain('x-axis ["11-01", "11-03", "11-03 12:00"]')
    expect(chart).toContain('line [9, 1000000000, 0]')
  })
})

describe('the JSON report', () => {
  it('fits its schema in stable order, and is read back as it was', () => {
    const text = renderJson({ ...report, result: 'verified' })
    validate(JSON.parse(text))
    expect(validate.errors).toBeNull()
    expect(readReport(text)).toEqual({ report: JSON.parse(text) })
    expect(text).toBe(renderJson(JSON.parse(text)))
  })

  it.each([
    ['', 'it is empty'],
    ['{', 'it is no JSON'],
    ['{}', 'it breaks the schema of reports at its top: required'],
    [renderJson(report).replace('"verdict": "fail"', '"verdict": "fine"'), 'it breaks the schema'],
    [
      renderJson(report).replace('"mode": "probe"', '"mode": "::error::"'),
      'it breaks the schema of reports at /verification',
    ],
    [
      renderJson(report).replace('"cluster": "oceanid"', '"cluster": "oceanid", "__proto__": 1'),
      'it breaks the schema',
    ],
    ['['.repeat(100_000), 'it is no JSON'],
  ])('is refused as a whole: %#', (text, problem) => {
    expect(readReport(text)).toEqual({ problem: expect.stringContaining(problem) })
  })
})
