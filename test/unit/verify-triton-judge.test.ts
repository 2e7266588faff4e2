import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { answerKind, type Endpoint, type HttpAnswer, type HttpClient, type HttpQuestion } from '../../src/http/index.ts'
import { encode, type ModelStatistics, type TritonTarget } from '../../src/triton/index.ts'
import type { VerifyPorts, VerifyWish } from '../../src/verify/model.ts'
import { createTritonSuite, tritonRules } from '../../src/verify/suites/triton/index.ts'
import { judgeLatency, judgeStatistics } from '../../src/verify/suites/triton/judge-gpu.ts'
import { judgeConfig, judgeModel } from '../../src/verify/suites/triton/judge-model.ts'
import { judgeControl, judgeGuarded, judgeMetrics, judgeToken } from '../../src/verify/suites/triton/judge-negative.ts'
import { judgeIndex, judgeLive, judgeReady, judgeServer } from '../../src/verify/suites/triton/judge-server.ts'

const url = 'https://gpu.example.org'
const endpoint: Endpoint = { url, guard: 'cloudflare', credentials: { a: 'b' }, headers: {} }
const direct: Endpoint = { ...endpoint, guard: 'direct', credentials: {} }
const fixtures = join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'triton')

function answer(status: number, body: unknown = '', headers: Record<string, string> = {}): HttpAnswer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return { kind: answerKind({ status, headers, body: bytes }, url), status, headers, body: bytes, durationMs: 1 }
}
function recorded(name: string): HttpAnswer {
  const bytes = readFileSync(join(fixtures, `${name}.http`))
  return answer(Number(bytes.subarray(9, 12)), bytes.subarray(bytes.indexOf('\r\n\r\n') + 4))
}

describe('the server', () => {
  it.each([
    [answer(200), 'pass', 'it lives'],
    [answer(400), 'fail', 'it answers 400'],
    [answer(503, { error: 'x\ny' }), 'fail', 'it answers 503: x y'],
    [
      answer(302, '', { location: 'https://t.cloudflareaccess.com/cdn-cgi/access/login?meta=secret' }),
      'fail',
      'Cloudflare Access sends to its login (302)',
    ],
    [
      answer(403, '<html>error code: 1010', { server: 'cloudflare' }),
      'fail',
      'Cloudflare refuses the request (403, error code 1010)',
    ],
    [
      answer(301, '', { location: '/login?token=secret' }),
      'fail',
      'redirects (301) to gpu.example.org/login; not followed',
    ],
  ])('lives or does not', (given, verdict, found) => {
    expect(judgeLive(given, endpoint)).toMatchObject({ verdict, found })
  })

  it.each([
    ['another model is broken', 'kind-cpu', 'warn', /because of other models: bad-import, bad-init/],
    ['the wanted one wants a GPU', 'kind-gpu', 'fail', /kind-gpu is UNAVAILABLE: .*no GPUs are available/],
    ['it was never loaded', 'bad-config', 'fail', /bad-config is not loaded/],
    ['it is not there', 'nope', 'fail', /nope is not in the repository/],
  ])('is not ready when %s', (_, model, verdict, found) => {
    expect(judgeReady(answer(400), recorded('notready-repo-index'), direct, model, '')).toMatchObject({
      verdict,
      found: expect.stringMatching(found),
    })
  })

  it('is as good as ready when others were unloaded on purpose', () => {
    const index = answer(200, [
      { name: 'm', version: '1', state: 'READY' },
      { name: 'old', version: '1', state: 'UNAVAILABLE', reason: 'unloaded' },
    ])
    expect(judgeReady(answer(400), index, direct, 'm', '')).toMatchObject({
      verdict: 'pass',
      evidence: ['old 1: UNAVAILABLE: unloaded'],
    })
  })

  it('is not ready because of another version of the same model', () => {
    const index = answer(200, [
      { name: 'm', version: '1', state: 'READY' },
      { name: 'm', version: '2', state: 'UNAVAILABLE', reason: 'Internal: broken weights' },
    ])
    expect(judgeReady(answer(400), index, direct, 'm', '')).toMatchObject({
      verdict: 'warn',
      found: 'not ready, because of other models: m version 2',
      evidence: ['m 2: UNAVAILABLE: Internal: broken weights'],
    })
  })

  it('is not called broken where even its health is restricted', () => {
    const closed = recorded('pytriton-default-index')
    expect(judgeLive(closed, direct)).toMatchObject({
      verdict: 'skip',
      remedy: expect.stringMatching(/triton-headers/),
    })
    expect(judgeReady(closed, closed, direct, 'm', '').verdict).toBe('skip')
    expect(judgeServer(closed, direct).verdict).toBe('skip')
    expect(judgeModel(closed, undefined, direct, 'm').answered.verdict).toBe('skip')
  })

  it('is told from what stands before it', () => {
    expect(judgeLive(answer(502), direct)).toMatchObject({ found: 'what stands before Triton answers 502' })
    expect(judgeLive(answer(502), endpoint)).toMatchObject({ found: expect.stringMatching(/^the tunnel stands/) })
    expect(judgeLive(answer(401, 'no'), direct)).toMatchObject({ found: 'it wants credentials (401)' })
    expect(judgeLive(answer(429, 'error code: 1015'), endpoint)).toMatchObject({ found: 'too many requests (429)' })
  })

  it('that does not show its index does not tell why', () => {
    for (const index of [undefined, recorded('pytriton-default-index'), answer(200, '<html>')]) {
      expect(judgeReady(answer(400), index, direct, 'm', '').verdict).toBe('fail')
      expect(judgeReady(answer(400), index, direct, 'm', '', answer(400)).verdict).toBe('fail')
      // The model itself does.
      expect(judgeReady(answer(400), index, direct, 'm', '', answer(200)).verdict).toBe('warn')
    }
  })

  it.each([
    [recorded('ok-v2'), 'pass'],
    [answer(200, { name: 'triton' }), 'fail'],
    [answer(200, '{"status":"ok"}'), 'fail'],
    [answer(404, { error: 'Not Found' }), 'fail'],
    [answer(200, '<html>', { 'content-type': 'text/html' }), 'fail'],
  ])('is Triton or is not', (given, verdict) => {
    expect(judgeServer(given, direct).verdict).toBe(verdict)
  })

  it.each([
    [recorded('ok-repo-index'), 'pass', /version 1 is READY/],
    [recorded('pytriton-open-index'), 'skip', /is empty/],
    [recorded('pytriton-default-index'), 'skip', /restricted/],
    [recorded('loading-repo-index'), 'fail', /not in the repository/],
    [answer(200, [{ name: 'distilbert-base-uncased', reason: 'x' }]), 'fail', /is not loaded: x/],
    [answer(200, [{ name: 'distilbert-base-uncased', version: '1', state: 'UNLOADING' }]), 'fail', /is UNLOADING/],
    [answer(200, '{}'), 'fail', /is none/],
    [answer(500), 'fail', /answers 500/],
  ])('lists its models', (given, verdict, found) => {
    expect(judgeIndex(given, direct, 'distilbert-base-uncased', '')).toMatchObject({
      verdict,
      found: expect.stringMatching(found),
    })
  })
})

describe('the model', () => {
  const name = 'distilbert-base-uncased'
  it.each([
    [recorded('ok-model-ready'), recorded('onnxpy-metadata'), 'pass'],
    [recorded('err-unknown-model-ready'), undefined, 'fail'],
    [answer(200), recorded('err-unknown-model-metadata'), 'fail'],
    [answer(200), answer(200, { name: 'another', inputs: [{ name: 'x' }], outputs: [{ name: 'y' }] }), 'fail'],
    [answer(200), answer(502), 'fail'],
  ])('is ready, and shows what it takes', (ready, metadata, verdict) => {
    const judged = judgeModel(ready, metadata, direct, name)
    expect([judged.answered.verdict, judged.model !== undefined]).toEqual([verdict, verdict === 'pass'])
  })

  it.each([
    [recorded('onnxpy-config'), 'pass', 'onnxruntime: 1 × KIND_CPU; batches up to 8'],
    [recorded('pytriton-default-stats'), 'skip', expect.stringMatching(/restricted/)],
    [recorded('err-unknown-model-config'), 'fail', expect.stringMatching(/404/)],
    [answer(200, '[]'), 'fail', 'its configuration is none'],
    [answer(530), 'fail', expect.stringMatching(/no connector/)],
  ])('shows how it was configured', (given, verdict, found) => {
    expect(judgeConfig(given, direct).answered).toMatchObject({ verdict, found })
  })
})

describe('what was counted', () => {
  const at = (successes: number, executions: number, cacheHits = 0): ModelStatistics => ({
    inferences: successes,
    executions,
    successes,
    failures: 0,
    cacheHits,
    successNs: 0,
    memory: [],
  })
  it.each([
    ['all of it', at(15, 15), 'pass'],
    ['more, because others ask as well', at(99, 40), 'pass'],
    ['less, because another server answers in turn', at(12, 12), 'warn'],
    ['nothing, because another server answered', at(5, 5), 'fail'],
    ['less than before, because it was started anew', at(1, 1), 'fail'],
    ['answers of a cache', at(15, 5, 10), 'fail'],
    ['answers of a cache, while others are computed', at(99, 60, 10), 'fail'],
    ['some answers of a cache', at(99, 60, 9), 'pass'],
  ])('is %s', (_, after, verdict) => {
    expect(judgeStatistics(at(5, 5), after, 10).verdict).toBe(verdict)
  })

  it('latency is within its budget, or names the side that is slow', () => {
    const latency = { samples: 50, p50Ms: 100, p95Ms: 212, p99Ms: 300 }
    expect(judgeLatency(latency, 0, { p95Ms: 250 }, undefined)).toMatchObject({
      verdict: 'pass',
      found: 'p95 below 250 ms',
    })
    expect(judgeLatency(latency, 0, {}, 9)).toMatchObject({ verdict: 'pass', found: 'measured' })
    expect(judgeLatency({ ...latency, serverMs: 10, networkMs: 100 }, 0, { p95Ms: 50 }, undefined)).toMatchObject({
      verdict: 'fail',
      found: 'p95 210 ms; 50 ms are allowed',
      cause: 'most of it is spent on the way to Triton and back',
    })
    expect(judgeLatency(latency, 2, {}, undefined)).toMatchObject({ verdict: 'fail', evidence: ['2 of 52 failed'] })
    // One of many is a lost packet; one of few is not.
    expect(judgeLatency(latency, 1, {}, undefined)).toMatchObject({ verdict: 'warn', evidence: ['1 of 51 failed'] })
    expect(judgeLatency({ ...latency, samples: 6 }, 1, {}, undefined).verdict).toBe('fail')
    expect(judgeLatency(undefined, 5, {}, undefined).verdict).toBe('fail')
    expect(judgeLatency(undefined, 1, {}, undefined).verdict).toBe('fail')
  })
})

describe('what must be closed', () => {
  const login = answer(302, '', { location: 'https://t.cloudflareaccess.com/cdn-cgi/access/login' })
  it.each([
    [login, 'pass'],
    [answer(200, '<html>Sign in cloudflareaccess.com', { 'content-type': 'text/html' }), 'pass'],
    [answer(403, 'no', { server: 'cloudflare' }), 'pass'],
    [answer(302, '', { location: 'https://elsewhere.example/' }), 'pass'],
    [answer(200), 'fail'],
    [answer(400), 'fail'],
    [answer(502), 'fail'],
    [answer(401, '{}'), 'pass'],
    [answer(403, '{}'), 'pass'],
    [answer(429, 'error code: 1015'), 'skip'],
  ])('to strangers', (stranger, verdict) => {
    expect(judgeGuarded([stranger], endpoint).verdict).toBe(verdict)
    // Open at one path is open.
    expect(judgeGuarded([login, stranger], endpoint).verdict).toBe(verdict)
  })

  it.each([
    [recorded('err-load-none-mode'), undefined, endpoint, 'pass'],
    [recorded('pytriton-default-load'), undefined, endpoint, 'pass'],
    [recorded('err-notfound-path'), login, endpoint, 'pass'],
    [recorded('explicit-load-unknown'), login, endpoint, 'warn'],
    [recorded('explicit-load-unknown'), recorded('explicit-load-unknown'), endpoint, 'fail'],
    [recorded('explicit-load-unknown'), undefined, direct, 'warn'],
    [recorded('explicit-load-unknown'), recorded('pytriton-default-load'), direct, 'pass'],
    [answer(200), login, endpoint, 'warn'],
  ])('the control of models', (ours, stranger, at, verdict) => {
    expect(judgeControl(ours, stranger, at).verdict).toBe(verdict)
  })

  it('the metrics', () => {
    expect(judgeMetrics([{ at: 'x', answer: recorded('ok-metrics') }], true).verdict).toBe('fail')
    expect(
      judgeMetrics(
        [
          { at: 'x', answer: recorded('ok-metrics-onhttp') },
          { at: 'y', answer: login },
        ],
        true,
      ).verdict,
    ).toBe('pass')
    // Nothing was seen by whoever reached nothing.
    expect(judgeMetrics([], false)).toMatchObject({
      verdict: 'skip',
      found: expect.stringMatching(/could not be asked/),
    })
  })

  it('a token that has no date says so', () => {
    expect(judgeToken('soon', 0, 1, 1)).toMatchObject({ verdict: 'warn', found: 'token-expires is no date' })
  })
})

/** A server that answers by path, without a network. */
async function verify(
  replies: (path: string, question: HttpQuestion) => HttpAnswer,
  change: Partial<TritonTarget> = {},
) {
  const suite = createTritonSuite({ ...tritonRules, warmUps: 0, samples: 2, repeatAfterMs: [] })
  const http = (given: Endpoint): HttpClient => ({
    endpoint: given,
    requests: 0,
    ask: async (question) => replies(question.path, question),
    close: async () => {},
  })
  const target: TritonTarget = {
    id: 'x',
    endpoint: direct,
    model: 'm',
    version: '',
    gpuProof: 'none',
    metricsUrl: '',
    tokenExpires: '',
    node: '',
    gpuUuids: [],
    ...change,
  }
  const ports = {
    openHttp: http,
    now: () => 0,
    runId: 'r',
    history: [],
    say: () => {},
    signal: new AbortController().signal,
  }
  const wish = { mode: 'probe', triton: [target], severities: [], certificateWarnMs: 1, certificateFailMs: 1 }
  return suite.verify(ports as Partial<VerifyPorts> as VerifyPorts, wish as Partial<VerifyWish> as VerifyWish)
}

/** Of a model with one input and one output. */
function modelAnswers(
  path: string,
  datatype: string,
  shape: readonly number[],
  inference: () => HttpAnswer,
): HttpAnswer {
  if (path === '/v2') return recorded('ok-v2')
  if (path.endsWith('/index')) return answer(200, [{ name: 'm', version: '1', state: 'READY' }])
  if (path.endsWith('/infer')) return inference()
  if (path.endsWith('/config'))
    return answer(200, { name: 'm', backend: 'onnxruntime', max_batch_size: 0, instance_group: [] })
  if (path.endsWith('/stats')) return answer(404)
  const tensor = (name: string) => ({ name, datatype, shape })
  if (path.endsWith('/m'))
    return answer(200, { name: 'm', versions: ['1'], inputs: [tensor('i')], outputs: [tensor('o')] })
  return answer(200)
}

describe('other models', () => {
  it('of half precision are asked in binary alone', async () => {
    const raw = Buffer.from(encode('FP16', [1.5, -2]))
    const head = Buffer.from(
      '{"model_version":"1","outputs":[{"name":"o","datatype":"FP16","shape":[2],"parameters":{"binary_data_size":4}}]}',
    )
    const sent: string[] = []
    const { checks } = await verify((path, { headers = {} }) =>
      modelAnswers(path, 'FP16', [2], () => {
        sent.push(headers['content-type'] ?? '')
        return answer(200, Buffer.concat([head, raw]), { 'inference-header-content-length': String(head.length) })
      }),
    )
    const verdicts = Object.fromEntries(checks.map(({ id, verdict }) => [id.split('.')[1], verdict]))
    expect(verdicts).toMatchObject({
      infer: 'skip',
      repeat: 'pass',
      binary: 'pass',
      batch: 'skip',
      statistics: 'skip',
      gpu: 'pass',
      latency: 'pass',
    })
    expect(new Set(sent)).toEqual(new Set(['application/octet-stream']))
  })

  it('that take no made inputs are a warning that asks for golden ones, and nothing is compared', async () => {
    const { checks } = await verify((path) =>
      modelAnswers(path, 'FP32', [3, -1], () => answer(500, { error: 'bad\nimage' })),
    )
    expect(checks.find(({ id }) => id === 'triton.infer.x')).toMatchObject({
      verdict: 'warn',
      found: 'it takes no inputs made from its metadata: 500: bad image',
    })
    expect(checks.filter(({ found }) => found === 'blocked by triton.infer.x')).toHaveLength(6)
  })

  it.each(['FP99', 'FP32'])('whose inputs nobody can make are a warning: %s', async (datatype) => {
    const { checks } = await verify((path) => modelAnswers(path, datatype, [1e9], () => answer(200)))
    expect(checks.find(({ id }) => id === 'triton.infer.x')).toMatchObject({ verdict: 'warn' })
  })
})

describe('a hostile server', () => {
  const nasty = '\n::error::forged\r\n\u001b[2J| `</details>` \u202e'.repeat(40)
  const text = {
    error: nasty,
    name: nasty,
    version: nasty,
    reason: nasty,
    state: nasty,
    datatype: nasty,
    platform: nasty,
    extensions: [nasty],
    kind: nasty,
  }
  it.each([
    [
      'names',
      answer(200, {
        ...text,
        name: 'm',
        versions: [nasty],
        inputs: [{ ...text }],
        outputs: [{ ...text }],
        instance_group: [text],
      }),
    ],
    ['errors', answer(500, text)],
    ['an index', answer(200, [text, { ...text, name: 'm' }])],
    ['a redirect', answer(302, '', { location: `https://x.example/${encodeURIComponent(nasty)}` })],
    ['a page', answer(200, '<html>', { 'content-type': nasty })],
    ['JSON of the wrong kind', answer(200, { outputs: { length: 1e9 }, inputs: 7, name: {}, version: [] })],
  ])('cannot write lines with %s', async (_, reply) => {
    for (const from of ['/', '/v2', '/v2/repository', '/v2/models/m', '/v2/models/m/']) {
      const { checks } = await verify((path) =>
        path.startsWith(from) ? reply : modelAnswers(path, 'FP32', [2], () => reply),
      )
      for (const check of checks) {
        const lines = [check.found, check.cause ?? '', check.remedy ?? '', ...(check.evidence ?? [])]
        for (const line of lines) expect([line.length < 700, /[\p{Cc}\u202e\u2028]/u.test(line)]).toEqual([true, false])
        expect(check.evidence?.length ?? 0).toBeLessThanOrEqual(20)
      }
    }
  })
})
