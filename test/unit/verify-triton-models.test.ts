import { describe, expect, it } from '@jest/globals'
import {
  type AnswerKind,
  type HttpAnswer,
  type HttpClient,
  HttpFault,
  type HttpFaultCode,
  type HttpQuestion,
} from '../../src/http/index.ts'
import type { TritonTarget } from '../../src/triton/index.ts'
import type { VerifyPorts, VerifyWish } from '../../src/verify/model.ts'
import { createTritonSuite, tritonRules } from '../../src/verify/suites/triton/index.ts'

type Reply = HttpAnswer | HttpFaultCode
type Replies = (path: string, question: HttpQuestion) => Reply | undefined

const answer = (status: number, body: unknown = '', kind: AnswerKind = 'endpoint', durationMs = 1): HttpAnswer => ({
  kind,
  status,
  headers: {},
  body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  durationMs,
})

interface Model {
  readonly datatype?: string
  readonly shape?: readonly number[]
  readonly config?: object
  /** Answers of a model; the first in turn, the last for the rest. Default: `values` for `[1]`. */
  readonly infer?: readonly ((question: HttpQuestion) => Reply)[]
  readonly stats?: (asked: number) => object
  /** What comes before everything else. */
  readonly before?: Replies
  readonly target?: Partial<TritonTarget>
  /** Asks the same suite twice, as when another target could not be asked. */
  readonly again?: boolean
  readonly rules?: Partial<typeof tritonRules>
}

const isBinary = (question: HttpQuestion): boolean =>
  question.headers?.['inference-header-content-length'] !== undefined

function inferred(question: HttpQuestion, datatype: string, shape: readonly number[], bytes: Buffer, json: unknown) {
  const head = { model_name: 'm', model_version: '2' }
  const output = { name: 'o', datatype, shape }
  if (!isBinary(question)) return answer(200, { ...head, outputs: [{ ...output, data: json }] })
  const text = Buffer.from(
    JSON.stringify({ ...head, outputs: [{ ...output, parameters: { binary_data_size: bytes.length } }] }),
  )
  return {
    ...answer(200, Buffer.concat([text, bytes])),
    headers: { 'inference-header-content-length': String(text.length) },
  }
}

const one = (question: HttpQuestion): HttpAnswer => inferred(question, 'UINT8', [1], Buffer.from([7]), [7])

/** A server without a network that holds the model `m`. */
async function verify(model: Model) {
  const { datatype = 'UINT8', shape = [1], infer = [one], target = {}, before, config, stats, rules } = model
  let inferences = 0
  const asked: { readonly path: string; readonly text: string }[] = []
  const reply: Replies = (path, question) => {
    const given = before?.(path, question)
    if (given !== undefined) return given
    const tensor = (name: string) => ({ name, datatype, shape })
    if (path === '/v2') return answer(200, { name: 'triton', version: '2.60.0' })
    if (path.endsWith('/index')) return answer(200, [{ name: 'm', version: '2', state: 'READY' }])
    if (path.endsWith('/config'))
      return answer(200, { name: 'm', backend: 'onnxruntime', max_batch_size: 0, instance_group: [], ...config })
    if (path.endsWith('/stats')) return stats ? answer(200, stats(inferences)) : answer(404)
    if (path.endsWith('/infer')) {
      inferences += 1
      return (infer[Math.min(inferences, infer.length) - 1] ?? one)(question)
    }
    return /\/m(\/versions\/\d)?$/.test(path)
      ? answer(200, { name: 'm', versions: ['2'], inputs: [tensor('i')], outputs: [tensor('o')] })
      : answer(200)
  }
  const http = (endpoint: TritonTarget['endpoint']): HttpClient => ({
    endpoint,
    requests: 0,
    ask: async (question) => {
      asked.push({ path: question.path, text: Buffer.from(question.body ?? []).toString('latin1') })
      const given = reply(question.path, question)
      if (typeof given !== 'string') return given as HttpAnswer
      throw new HttpFault({ code: given, title: `it is ${given}`, cause: 'c', remedy: 'r' }, given === 'timeout')
    },
    close: async () => {},
  })
  const suite = createTritonSuite({ ...tritonRules, warmUps: 1, samples: 3, repeatAfterMs: [1, 1], ...rules })
  const endpoint = { url: 'https://gpu.example.org', guard: 'direct', credentials: {}, headers: {} } as const
  const base = { id: 'x', endpoint, model: 'm', version: '', gpuProof: 'none', metricsUrl: '', tokenExpires: '' }
  const ports = {
    openHttp: http,
    now: () => 0,
    runId: 'ab12cd34ef56',
    history: [],
    say: () => {},
    signal: new AbortController().signal,
  } as Partial<VerifyPorts> as VerifyPorts
  const wish = {
    mode: 'observe',
    triton: [{ ...base, node: '', gpuUuids: [], ...target } as TritonTarget],
    severities: [],
    certificateWarnMs: 1,
    certificateFailMs: 1,
  } as Partial<VerifyWish> as VerifyWish
  if (model.again) await suite.verify(ports, wish)
  const { checks, gpuVerdict } = await suite.verify(ports, wish)
  const of = (what: string) => checks.find(({ id }) => id === `triton.${what}.x`)
  const verdicts = Object.fromEntries(checks.map(({ id, verdict }) => [id.split('.')[1], verdict]))
  const failed = checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id.split('.')[1])
  return { checks, of, verdicts, failed, gpuVerdict, asked, inferences: () => inferences }
}

const onGpu = { instance_group: [{ kind: 'KIND_GPU', count: 1, gpus: [0] }] }
/** Statistics of one version: so many answered, executed and from the cache, and bytes on the GPU. */
const counted = (version: string, successes: number, executions: number, cacheHits: number, bytes: number) => ({
  version,
  inference_count: executions,
  execution_count: executions,
  inference_stats: { success: { count: successes, ns: successes * 1e6 }, cache_hit: { count: cacheHits, ns: 1 } },
  memory_usage: [
    { type: 'CPU', id: 0, byte_size: 1 },
    { type: 'GPU', id: 0, byte_size: bytes },
  ],
})

describe('the GPU is proved', () => {
  it('by the memory of the version that answers', async () => {
    const stats = (asked: number) => ({ model_stats: [counted('2', asked, asked, 0, 5e8)] })
    expect((await verify({ config: onGpu, stats })).gpuVerdict).toBe('gpu-proved')
  })

  it.each<[string, (asked: number) => readonly object[], string]>([
    [
      'the memory of another version',
      (asked) => [counted('1', 900, 900, 0, 5e8), counted('2', asked, asked, 0, 0)],
      'cpu-fallback',
    ],
    [
      'executions of another version',
      (asked) => [counted('1', 900 + asked, 900 + asked, 0, 5e8), counted('2', asked, 0, asked, 5e8)],
      'unknown',
    ],
    [
      'executions for others, while a cache answers',
      (asked) => [counted('2', 9 * asked, 5 * asked, asked, 5e8)],
      'unknown',
    ],
    ['executions before it was started anew', (asked) => [counted('2', 999 - asked, 999 - asked, 0, 5e8)], 'unknown'],
  ])('not by %s', async (_, versions, expected) => {
    const { gpuVerdict, of } = await verify({
      config: onGpu,
      stats: (asked) => ({ model_stats: versions(asked) }),
      target: { gpuProof: 'gpu-likely' },
    })
    expect(gpuVerdict).toBe(expected)
    // Where the statistics already show that nothing was computed, the GPU is not asked any more or fails as well.
    expect(of('gpu')?.verdict).not.toBe('pass')
  })
})

describe('a model', () => {
  it('whose answers are too long for JSON is asked in binary', async () => {
    const { verdicts, of } = await verify({ infer: [() => 'too-large', one] })
    expect(of('infer')?.found).toBe(
      'its answer is longer than 4 MiB, which is more than is compared here: asked in binary tensors alone',
    )
    expect(verdicts).toMatchObject({ infer: 'skip', repeat: 'pass', binary: 'pass', latency: 'pass' })
  })

  it('whose answers are too long at all is no broken server', async () => {
    const { failed, of, inferences } = await verify({ infer: [() => 'too-large'] })
    expect(failed).toEqual([])
    expect(of('repeat')).toMatchObject({ verdict: 'warn', found: expect.stringMatching(/longer than 32 MiB/) })
    expect(of('latency')?.found).toBe('blocked by triton.repeat.x')
    expect(inferences()).toBe(2)
  })

  it('whose texts are bytes is asked in binary', async () => {
    const bytes = Buffer.from('02000000ff01', 'hex')
    const text = (question: HttpQuestion): HttpAnswer => {
      if (isBinary(question)) return inferred(question, 'BYTES', [1], bytes, [])
      const head = '{"model_name":"m","outputs":[{"name":"o","datatype":"BYTES","shape":[1],"data":["'
      return answer(200, Buffer.concat([Buffer.from(head), Buffer.from([0xff]), Buffer.from('"]}]}')]))
    }
    const { verdicts, of } = await verify({ datatype: 'BYTES', infer: [text] })
    expect(of('infer')?.found).toBe('its texts are no UTF-8: asked in binary tensors alone')
    expect(verdicts).toMatchObject({ infer: 'skip', repeat: 'pass', binary: 'pass', latency: 'pass' })
  })

  it('that gives nothing at all gives the same in both', async () => {
    const empty = (question: HttpQuestion) => inferred(question, 'UINT8', [0, 6], Buffer.alloc(0), [])
    const { verdicts } = await verify({ shape: [-1, 6], infer: [empty], config: { max_batch_size: 0 } })
    expect(verdicts).toMatchObject({ infer: 'pass', repeat: 'pass', binary: 'pass', batch: 'skip' })
  })

  it('that answers in streams is not asked, and not called broken', async () => {
    const { failed, of, inferences } = await verify({ config: { model_transaction_policy: { decoupled: true } } })
    expect([failed, inferences()]).toEqual([[], 0])
    expect(of('infer')).toMatchObject({ verdict: 'warn', found: expect.stringMatching(/streams \(decoupled\)/) })
  })

  it('of sequences gets a sequence of its own for each question', async () => {
    const { verdicts, asked } = await verify({ config: { sequence_batching: {} } })
    expect(verdicts).toMatchObject({ infer: 'pass', repeat: 'pass', binary: 'pass', batch: 'skip', latency: 'pass' })
    const ids = asked
      .filter(({ path }) => path.endsWith('/infer'))
      .map(({ text }) => /"sequence_id":(\d+),"sequence_start":true,"sequence_end":true/.exec(text)?.[1])
    expect(ids.every((id) => id !== undefined && Number.isSafeInteger(Number(id)))).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('with a free length that is no batch is not asked for one', async () => {
    // The sum of what it is given, for every place: two questions joined are another question.
    const sum = (question: HttpQuestion): HttpAnswer => {
      const text = Buffer.from(question.body ?? []).toString('latin1')
      const length = Number(/"shape":\[(\d+)/.exec(text)?.[1] ?? 0)
      return inferred(question, 'UINT8', [length], Buffer.alloc(length, length), Array(length).fill(length))
    }
    const { failed, of } = await verify({ shape: [-1], infer: [sum] })
    expect([failed, of('batch')?.verdict]).toEqual([[], 'skip'])
    expect((await verify({ shape: [-1], infer: [sum], config: { max_batch_size: 4 } })).failed).toContain('batch')
  })

  it('that is an ensemble proves nothing itself, and says what would', async () => {
    const { of } = await verify({
      config: { instance_group: undefined, platform: 'ensemble', ensemble_scheduling: { step: [{}] } },
      target: { gpuProof: 'gpu-likely' },
    })
    expect(of('config')).toMatchObject({ verdict: 'pass', found: expect.stringMatching(/an ensemble of other models/) })
    expect(of('gpu')).toMatchObject({ verdict: 'fail', remedy: expect.stringMatching(/a target of its own/) })
  })

  it('whose golden values lack an input has a wrong file, not a broken server', async () => {
    const golden = { inputs: {}, outputs: { o: [7] } }
    const { of } = await verify({ target: { golden } })
    expect(of('infer')).toMatchObject({
      verdict: 'warn',
      found: 'nothing can be asked of it: the golden values hold no input i',
    })
    // One that may be left out may be.
    const optional = await verify({
      target: { golden },
      config: { input: [{ name: 'i', optional: true }] },
    })
    expect(optional.verdicts).toMatchObject({ infer: 'pass' })
  })

  it('is told when another one answers in its place', async () => {
    const another = (question: HttpQuestion): HttpAnswer => {
      const given = one(question)
      const body = Buffer.from(Buffer.from(given.body).toString('latin1').replace('"m"', '"n"'), 'latin1')
      return { ...given, body }
    }
    expect((await verify({ infer: [another] })).of('infer')?.found).toBe('it is the answer of the model n')
    const { of, asked } = await verify({
      target: { version: '1' },
      before: (path) =>
        path.endsWith('/index') ? answer(200, [{ name: 'm', version: '1', state: 'READY' }]) : undefined,
    })
    expect(of('infer')?.found).toBe('it is the answer of version 2, and 1 was asked')
    expect(asked.map(({ path }) => path)).toContain('/v2/models/m/versions/1/infer')
  })
})

describe('one bad moment', () => {
  it.each<[string, Reply]>([
    ['a connection that was cut', 'closed'],
    ['an answer that does not come, because it warms up', 'timeout'],
    ['a name server that was asleep', 'name-unknown'],
    ['a tunnel that reconnects', answer(530, '', 'tunnel-down')],
    ['an origin that was not there', answer(502, '', 'origin-down')],
    ['a limit of requests', answer(429)],
  ])('is no news: %s', async (_, bad) => {
    const seen = new Set<string>()
    const { checks, asked } = await verify({
      // Each question fails once.
      before: (path, question) => {
        const key = `${question.method} ${path} ${Buffer.from(question.body ?? []).toString('latin1')}`
        if (seen.has(key) || path.endsWith('/stats')) return undefined
        seen.add(key)
        return bad
      },
      rules: { samples: 1, warmUps: 1 },
    })
    expect(checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')).toEqual([])
    expect(asked.filter(({ path }) => path === '/v2')).toHaveLength(2)
  })

  it('that stays is told', async () => {
    const { failed, asked } = await verify({
      before: (path) => (path === '/v2/health/live' ? answer(530, '', 'tunnel-down') : undefined),
    })
    expect(failed).toEqual(['live'])
    expect(asked.filter(({ path }) => path === '/v2/health/live')).toHaveLength(3)
  })

  it('of one target does not put the others under load again', async () => {
    const [once, twice] = [await verify({}), await verify({ again: true })]
    expect([twice.failed, twice.inferences()]).toEqual([[], once.inferences()])
    const unsure = await verify({ again: true, before: () => 'name-unknown' })
    expect(unsure.asked.filter(({ path }) => path === '/v2/health/live')).toHaveLength(2 * 3)
  })

  it('of a proxy of the runner is nobody’s news about Triton', async () => {
    const { of } = await verify({ before: () => 'proxy' })
    expect(of('live')).toMatchObject({ verdict: 'error' })
    expect((await verify({ before: () => 'unsendable' })).of('live')).toMatchObject({ verdict: 'error' })
  })
})

describe('a server behind Access, without a service token', () => {
  const endpoint = { url: 'https://gpu.example.org', guard: 'cloudflare', credentials: {}, headers: {} } as const
  it('is not asked for anything but whether it is closed, and nothing is called broken or well', async () => {
    const login = answer(302, '', 'access-login')
    const { verdicts, of, asked, gpuVerdict } = await verify({
      target: { endpoint, gpuProof: 'gpu-likely' },
      before: () => login,
    })
    expect(of('live')).toMatchObject({ verdict: 'warn', found: 'not asked: no service token was given' })
    const { live: _, guarded, ...others } = verdicts
    expect([guarded, new Set(Object.values(others))]).toEqual(['pass', new Set(['skip'])])
    expect(gpuVerdict).toBe('unknown')
    expect(asked.map(({ path }) => path)).toEqual(['/v2/health/live', '/v2/models/m'])
  })
})

describe('a slow model', () => {
  it('is measured at least once, and is not warmed up until no time is left', async () => {
    const { of } = await verify({ rules: { budgetMs: 0 } })
    expect(of('latency')).toMatchObject({ verdict: 'pass', evidence: [expect.stringMatching(/^1 samples/)] })
  })
})
