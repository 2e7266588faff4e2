import { afterEach, describe, expect, it } from '@jest/globals'
import {
  startTriton,
  type TritonFault,
  type TritonOptions,
  type TritonWorld,
  toyModel,
} from '../../rehearsal/triton/index.ts'
import { openHttpClient } from '../../src/http/index.ts'
import type { Check } from '../../src/report/index.ts'
import type { TritonTarget } from '../../src/triton/index.ts'
import type { VerifyPorts, VerifyWish } from '../../src/verify/model.ts'
import { createTritonSuite, tritonRules } from '../../src/verify/suites/triton/index.ts'

const day = 86_400_000
const now = Date.parse('2026-11-22T03:17:00Z')
const token = { clientId: 'id-of-a-token', clientSecret: 'secret-of-a-token' }
const suite = createTritonSuite({
  ...tritonRules,
  askMs: 300,
  inferMs: 400,
  repeatAfterMs: [5],
  warmUps: 1,
  samples: 6,
  load: { clients: 2, forMs: 60 },
})

let worlds: TritonWorld[] = []
afterEach(async () => {
  for (const world of worlds) await world.close()
  worlds = []
})

interface Night {
  readonly faults?: readonly TritonFault[]
  readonly options?: Partial<TritonOptions>
  readonly target?: Partial<TritonTarget>
  readonly wish?: Partial<VerifyWish>
  readonly history?: VerifyPorts['history']
  readonly isDirect?: boolean
  readonly hasMetrics?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

async function verify(night: Night = {}) {
  const world = await startTriton({
    faults: new Set(night.faults),
    inferenceMs: 1,
    ...(!night.isDirect && { access: token }),
    ...night.options,
  })
  worlds.push(world)
  const target: TritonTarget = {
    id: 'd',
    endpoint: {
      url: `http://127.0.0.1:${world.port}`,
      guard: night.isDirect ? 'direct' : 'cloudflare',
      credentials: night.isDirect
        ? {}
        : { 'CF-Access-Client-Id': token.clientId, 'CF-Access-Client-Secret': token.clientSecret },
      headers: night.headers ?? {},
    },
    model: toyModel,
    version: '',
    gpuProof: 'gpu-likely',
    p95Ms: 250,
    metricsUrl: night.hasMetrics === false ? '' : `http://127.0.0.1:${world.metricsPort}`,
    tokenExpires: '2027-06-01',
    node: '',
    gpuUuids: [],
    ...night.target,
  }
  const said: string[] = []
  const ports = {
    openHttp: (endpoint) => openHttpClient(endpoint),
    now: () => now,
    runId: 'ab12cd34ef56',
    history: night.history ?? [],
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  } as Partial<VerifyPorts> as VerifyPorts
  const wish = {
    mode: 'probe',
    triton: [target],
    severities: [],
    certificateWarnMs: 30 * day,
    certificateFailMs: 7 * day,
    ...night.wish,
  } as Partial<VerifyWish> as VerifyWish
  const outcome = await suite.verify(ports, wish)
  const text = JSON.stringify([outcome, said])
  expect(text).not.toContain(token.clientSecret)
  const of = (what: string): Check | undefined => outcome.checks.find(({ id }) => id === `triton.${what}.d`)
  const not = (verdict: string) =>
    outcome.checks.filter((check) => check.verdict === verdict).map(({ id }) => id.split('.')[1])
  return { world, outcome, of, failed: not('fail'), warned: not('warn'), skipped: not('skip'), errors: not('error') }
}

describe('a Triton that works', () => {
  it('passes every check through Cloudflare Access, and the GPU is proved', async () => {
    const { outcome, world } = await verify({ wish: { mode: 'load' } })
    expect(outcome.checks.map(({ id, verdict }) => `${verdict} ${id}`)).toEqual(
      suite.entries.map(({ id }) => `pass ${id.replace('<target>', 'd')}`),
    )
    expect(outcome.gpuVerdict).toBe('gpu-proved')
    expect(outcome.facts).toEqual({ 'triton d': 'triton 2.51.0, model version 1, gpu-proved' })
    expect(Object.keys(outcome.metrics ?? {})).toEqual([
      'triton_p50_ms.d',
      'triton_p95_ms.d',
      'triton_p99_ms.d',
      'triton_server_ms.d',
      'triton_network_ms.d',
      'triton_load_p95_ms.d',
      'triton_load_per_s.d',
    ])
    // Of what changes a server only the load of a name that cannot exist is asked.
    expect(world.requests.filter((line) => /\/(un)?load /.test(line))).toEqual(
      ['POST /v2/repository/models/k3s-gpu-actions-no-such-model-ab12cd34ef56/load 503'].flatMap((line) => [
        line,
        'POST /v2/repository/models/k3s-gpu-actions-no-such-model-ab12cd34ef56/load 302 anonymous',
      ]),
    )
  })

  it('is only read in observe', async () => {
    const { outcome, world } = await verify({ wish: { mode: 'observe' } })
    expect(outcome.checks.map(({ id }) => id)).not.toContain('triton.control.d')
    expect(world.requests.some((line) => line.includes('/load'))).toBe(false)
  })

  it('gives the golden answer, or is told that it does not', async () => {
    const inputs = { input_ids: [[101, 7592, 2088, 102]], attention_mask: [[1, 1, 1, 1]] }
    const right = await verify({ target: { golden: { inputs, outputs: { logits: [[9.883, 4]] } } } })
    expect(right.of('infer')).toMatchObject({ verdict: 'pass', found: 'the golden answer' })
    expect([right.failed, right.warned, right.skipped]).toEqual([[], [], []])
    const wrong = await verify({ target: { golden: { inputs, outputs: { logits: [[9.9, 4]] } } } })
    expect(wrong.of('infer')).toMatchObject({
      verdict: 'fail',
      found: 'another answer than the golden one: logits[0,0] is 9.883, not 9.9',
    })
    const unfit = await verify({ target: { golden: { inputs: { tokens: [[1]] }, outputs: {} } } })
    expect(unfit.of('infer')).toMatchObject({ verdict: 'warn', found: expect.stringContaining('no input tokens') })
  })
})

describe('what can be wrong', () => {
  const blockedFrom = (first: string): readonly string[] => {
    const all = suite.entries.filter(({ layer }) => layer !== undefined).map(({ id }) => id.split('.')[1] ?? '')
    return all.slice(all.indexOf(first) + 1)
  }

  it.each<[TritonFault, string, RegExp, RegExp]>([
    ['triton-cpu-fallback', 'gpu', /answers, but on the CPU \(KIND_CPU, 0 bytes on the GPU\)/, /no usable GPU/],
    ['triton-stub-dead', 'infer', /500: Stub process .* is not healthy/, /the process behind the model died/],
    ['triton-unloaded', 'ready', /UNAVAILABLE: unloaded/, /somebody unloaded it/],
    ['triton-never-loaded', 'ready', /KIND_GPU but no GPUs are available/, /wants a GPU, and Triton sees none/],
    ['triton-loading', 'ready', /still loads/, /just been started/],
    ['triton-lying-ready', 'index', /UNAVAILABLE/, /unloaded/],
    ['triton-nan', 'infer', /values that are no numbers \(NaN\)/, /computes nonsense/],
    ['triton-unsteady', 'repeat', /two answers/, /not deterministic/],
    ['triton-binary-differs', 'binary', /JSON and binary tensors disagree/, /proxy/],
    ['triton-binary-truncated', 'binary', /has 8 bytes, and only 4 came/, /cut or changed/],
    ['triton-binary-header', 'binary', /inference-header-content-length names, are no JSON/, /cut or changed/],
    ['triton-batch-mixed', 'batch', /row 1 of a batch of two differs/, /mixed up/],
    ['triton-half-open', 'live', /did not answer within/, /the answer does not come/],
    ['access-login-page', 'live', /Access sends to its login \(200\)/, /Service Auth/],
    ['access-login', 'live', /Access sends to its login \(302\)/, /wrong, expired or deleted/],
    ['access-refused', 'live', /refuses the request \(403\)/, /no policy lets it through/],
    ['access-redirect', 'live', /redirects \(302\) to parking\.example\.org\/; not followed/, /not that of Triton/],
    ['tunnel-down', 'live', /no connector holds the tunnel/, /cloudflared does not run/],
    ['origin-down', 'live', /the tunnel stands, Triton behind it does not answer/, /not started/],
  ])('%s: triton.%s says so, and no later one fails', async (fault, what, found, cause) => {
    const seen = await verify({ faults: [fault], wish: { mode: 'observe' } })
    expect(seen.failed).toEqual([what])
    expect(seen.of(what)).toMatchObject({ found: expect.stringMatching(found), cause: expect.stringMatching(cause) })
    expect(seen.of(what)?.remedy).toBeTruthy()
    const blocked = seen.outcome.checks.filter((check) => check.found === `blocked by triton.${what}.d`)
    const later = blockedFrom(what).filter((one) => seen.skipped.includes(one))
    expect(blocked.map(({ id }) => id.split('.')[1])).toEqual(later)
    if (what !== 'gpu') expect(later.length).toBeGreaterThan(2)
    expect(seen.outcome.gpuVerdict).toBe(what === 'gpu' ? 'cpu-fallback' : 'unknown')
  })

  it('an answer from a cache proves nothing', async () => {
    const { failed, of, outcome } = await verify({ faults: ['triton-cache-hit'] })
    expect(failed).toEqual(['statistics', 'gpu'])
    expect(of('statistics')?.found).toContain('nothing was computed: they came from the response cache')
    expect(outcome.gpuVerdict).toBe('unknown')
  })

  it('a restricted API is less known, not broken; its header opens it', async () => {
    const closed = await verify({ faults: ['triton-restricted'], hasMetrics: false, target: { gpuProof: 'none' } })
    expect([closed.failed, closed.skipped]).toEqual([[], ['index', 'statistics']])
    expect(closed.outcome.gpuVerdict).toBe('unknown')
    const restriction = { name: 'admin-key', value: token.clientSecret }
    const opened = await verify({
      faults: ['triton-restricted'],
      options: { restriction },
      headers: { 'Admin-Key': token.clientSecret },
    })
    expect([opened.failed, opened.skipped, opened.outcome.gpuVerdict]).toEqual([[], [], 'gpu-proved'])
  })

  it('a slow answer names the side that is slow', async () => {
    const { failed, of } = await verify({ options: { inferenceMs: 60 }, target: { p95Ms: 20 } })
    expect(failed).toEqual(['latency'])
    expect(of('latency')).toMatchObject({ cause: 'most of it is spent in Triton' })
  })

  it('a fallback that made it slow says how it was before', async () => {
    const history = [9, 8, 250].map((p95) => ({ at: '', run: '', checks: {}, metrics: { 'triton_p95_ms.d': p95 } }))
    const { of } = await verify({ faults: ['triton-cpu-fallback'], options: { inferenceMs: 40 }, history })
    expect(of('gpu')?.found).toMatch(/on the CPU \(KIND_CPU, 0 bytes on the GPU, p95 \d+ ms; before 9 ms\)/)
  })

  it('less evidence than is asked for is a failure that says how to get more', async () => {
    const { of } = await verify({ target: { gpuProof: 'gpu-proved' }, faults: ['triton-restricted'] })
    expect(of('gpu')).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringContaining('triton-backend-memory-tracker'),
    })
    const none = await verify({ faults: ['triton-cpu-fallback'], target: { gpuProof: 'none' } })
    expect(none.of('gpu')).toMatchObject({ verdict: 'pass', found: expect.stringContaining('cpu-fallback') })
  })

  it('another model or version is not there', async () => {
    expect((await verify({ target: { model: 'bert' } })).of('index')).toMatchObject({
      verdict: 'fail',
      found: 'bert is not in the repository',
      cause: `it has ${toyModel}`,
    })
    expect((await verify({ target: { version: '7' } })).failed).toEqual(['index'])
  })
})

describe('what must be closed', () => {
  it.each<[TritonFault[], Night, string, string, RegExp]>([
    [['access-open'], {}, 'guarded', 'fail', /answers without a service token/],
    [['triton-metrics-public'], {}, 'metrics-hidden', 'fail', /everybody can read the metrics/],
    [['triton-control'], {}, 'control', 'warn', /whoever holds the service token/],
    [['triton-control', 'access-open'], {}, 'control', 'fail', /whoever reaches this address/],
    [['triton-control'], { isDirect: true }, 'control', 'warn', /whoever reaches this address/],
    [[], { isDirect: true }, 'guarded', 'skip', /reached directly/],
    [[], { isDirect: true }, 'metrics-hidden', 'skip', /reached directly/],
    [['tunnel-down'], {}, 'control', 'skip', /nothing answers/],
    [[], { target: { tokenExpires: '' } }, 'token', 'skip', /nobody said/],
    [[], { target: { tokenExpires: '2026-12-10' } }, 'token', 'warn', /ends on 2026-12-10, in 17 days/],
    [[], { target: { tokenExpires: '2026-11-25' } }, 'token', 'fail', /in 2 days/],
    [[], { target: { tokenExpires: '2026-11-01' } }, 'token', 'fail', /ended on 2026-11-01/],
  ])('%s %j: triton.%s is %s', async (faults, night, what, verdict, found) => {
    expect((await verify({ ...night, faults })).of(what)).toMatchObject({
      verdict,
      found: expect.stringMatching(found),
    })
  })
})

describe('the way there', () => {
  it('a port where nothing listens is a Triton that is down, and behind Cloudflare infrastructure', async () => {
    const gone = await startTriton({})
    await gone.close()
    const url = `http://127.0.0.1:${gone.port}`
    const direct = { url, guard: 'direct', credentials: {}, headers: {} } as const
    expect((await verify({ target: { endpoint: direct } })).of('live')).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringContaining('still loads its models'),
    })
    const guarded = await verify({ target: { endpoint: { ...direct, guard: 'cloudflare', credentials: { a: 'b' } } } })
    expect(guarded.errors).toEqual(['live'])
    expect(guarded.skipped).toEqual(expect.arrayContaining(['latency', 'guarded', 'control']))
  })

  it('severities of the cluster file lower a check, not what it blocks', async () => {
    const severities = [{ check: 'triton.live.*', namespace: '', atMost: 'warn' as const }]
    const { failed, warned, of } = await verify({ faults: ['tunnel-down'], wish: { severities } })
    expect([failed, warned]).toEqual([[], ['live']])
    expect(of('ready')?.found).toBe('blocked by triton.live.d')
  })

  it('several targets are asked one by one, and the least verdict counts', async () => {
    const world = await startTriton({ faults: new Set(['triton-cpu-fallback']), inferenceMs: 1 })
    worlds.push(world)
    const endpoint = { url: `http://127.0.0.1:${world.port}`, guard: 'direct', credentials: {}, headers: {} } as const
    const base = { endpoint, model: toyModel, version: '', metricsUrl: '', tokenExpires: '', gpuUuids: [] }
    const { outcome } = await verify({
      wish: {
        mode: 'observe',
        triton: [
          { ...base, node: '', id: 'd', gpuProof: 'none' },
          { ...base, node: '', id: 'e', gpuProof: 'gpu-likely' },
        ],
      },
    })
    expect(outcome.gpuVerdict).toBe('cpu-fallback')
    expect(outcome.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual(['triton.gpu.e'])
  })
})
