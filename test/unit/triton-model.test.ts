import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import {
  difference,
  executionsOf,
  type GpuEvidence,
  goldenInputs,
  goldenOutputs,
  gpuSignals,
  gpuVerdict,
  isEnough,
  joinRows,
  latencyOf,
  leastVerdict,
  type ModelConfig,
  type ModelMetadata,
  type ModelStatistics,
  makeInputs,
  oneLine,
  problemOf,
  readConfig,
  readError,
  readGpuMetrics,
  readIndex,
  readModel,
  readServer,
  readStatistics,
  takeRows,
} from '../../src/triton/index.ts'

const fixtures = join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'triton')
function bodyOf(name: string): Buffer {
  const bytes = readFileSync(join(fixtures, `${name}.http`))
  return bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
}
const distilbert = readModel(bodyOf('onnxpy-metadata')) as ModelMetadata

describe('what a real server says', () => {
  it('about itself', () => {
    expect(readServer(bodyOf('ok-v2'))).toMatchObject({ name: 'triton', version: '2.51.0' })
  })

  it('about its repository, also of models that were never loaded', () => {
    const index = readIndex(bodyOf('notready-repo-index')) ?? []
    expect(index.find(({ name }) => name === 'bad-config')).toEqual({
      name: 'bad-config',
      version: '',
      state: '',
      reason: '',
    })
    expect(index.find(({ name }) => name === 'kind-gpu')?.reason).toContain('KIND_GPU but no GPUs are available')
    expect(index.every(({ reason }) => !/[\n\r]/.test(reason))).toBe(true)
    expect(readIndex(bodyOf('pytriton-open-index'))).toEqual([])
  })

  it('about a model', () => {
    expect(distilbert).toMatchObject({ platform: 'onnxruntime_onnx', outputs: [{ name: 'logits', shape: [-1, 2] }] })
    expect(readConfig(bodyOf('onnxpy-config'))).toEqual({
      backend: 'onnxruntime',
      platform: 'onnxruntime_onnx',
      maxBatchSize: 8,
      optionalInputs: [],
      instances: [{ kind: 'KIND_CPU', count: 1, gpus: [] }],
      isEnsemble: false,
      isDecoupled: false,
      isSequence: false,
    })
    const other = { name: 'm', ensemble_scheduling: { step: [] }, model_transaction_policy: { decoupled: true } }
    expect(readConfig(Buffer.from(JSON.stringify(other)))).toMatchObject({ isEnsemble: true, isDecoupled: true })
    const sequence = { name: 'm', instance_group: [], sequence_batching: { max_sequence_idle_microseconds: 5 } }
    expect(readConfig(Buffer.from(JSON.stringify(sequence)))).toMatchObject({ isSequence: true, isEnsemble: false })
  })

  it('about what it counted', () => {
    expect(readStatistics(bodyOf('ok-model-stats-after'), '')).toMatchObject({
      successes: 9,
      executions: 9,
      inferences: 10,
      successNs: 30_241_510,
      memory: [],
    })
    expect(readStatistics(bodyOf('ok-model-stats-after'), '7')).toBeUndefined()
  })

  it('about what went wrong, whatever type it claims', () => {
    expect(readError(bodyOf('err-exec-dies'))).toBe("Stub process 'exec-dies_0_0' is not healthy.")
  })
})

describe('what a hostile server says', () => {
  it.each([
    '',
    'null',
    '[]',
    '{}',
    '7',
    '"x"',
    '{"name":[]}',
    '\u0000',
    '{"name":"x","version":1}',
    '{"model_stats":[null]}',
  ])('is nothing: %j', (text) => {
    const body = Buffer.from(text)
    expect([readServer(body), readModel(body), readConfig(body), readStatistics(body, '')]).toEqual(
      Array(4).fill(undefined),
    )
  })

  it('stays on one line, and short', () => {
    const reason = `::error::x\n\r\u2028\u001b[31m\u202e${'a'.repeat(5000)}`
    const [entry] = readIndex(Buffer.from(JSON.stringify([{ name: 'm', reason }]))) ?? []
    expect(entry?.reason.length).toBeLessThanOrEqual(400)
    expect(entry?.reason).toMatch(/^::error::x \[31m a+…$/)
    expect(oneLine('\t a\u0085b ', 10)).toBe('a b')
  })

  it('counts no more than there may be', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({ name: `m${index}` }))
    expect(readIndex(Buffer.from(JSON.stringify(many)))?.length).toBe(5000)
    const counts = {
      model_stats: [
        {
          version: '1',
          inference_stats: { success: { count: -5, ns: '9' } },
          memory_usage: [{ type: 'GPU', byte_size: '9' }],
        },
      ],
    }
    expect(readStatistics(Buffer.from(JSON.stringify(counts)), '')).toMatchObject({
      successes: 0,
      successNs: 0,
      memory: [{ bytes: 0 }],
    })
  })
})

const model = (inputs: ModelMetadata['inputs'], outputs = distilbert.outputs): ModelMetadata => ({
  ...distilbert,
  inputs,
  outputs,
})

describe('inputs from metadata', () => {
  it('know the family of BERT', () => {
    const made = makeInputs(distilbert)
    expect(made).toMatchObject({
      origin: 'preset',
      hasBatch: true,
      inputs: [
        { name: 'input_ids', datatype: 'INT64', shape: [1, 4], values: [101n, 7592n, 2088n, 102n] },
        { name: 'attention_mask', shape: [1, 4], values: [1n, 1n, 1n, 1n] },
      ],
    })
  })

  it('take INT32 and a fixed length as the export has them', () => {
    const fixed = (name: string) => ({ name, datatype: 'INT32', shape: [-1, 6] })
    const made = makeInputs(model([fixed('input_ids'), fixed('attention_mask'), fixed('token_type_ids')]))
    expect(made).toMatchObject({
      origin: 'preset',
      inputs: [
        { datatype: 'INT32', values: [101n, 7592n, 2088n, 102n, 0n, 0n] },
        {},
        { values: [0n, 0n, 0n, 0n, 0n, 0n] },
      ],
    })
  })

  it('are other ones with salt, and the same with the same', () => {
    expect(makeInputs(distilbert, [], 7)).toEqual(makeInputs(distilbert, [], 7))
    expect(makeInputs(distilbert, [], 7)).not.toEqual(makeInputs(distilbert))
  })

  it('have at least the right shapes for any other model', () => {
    const made = makeInputs(
      model([
        { name: 'image', datatype: 'FP32', shape: [3, -1, 2] },
        { name: 'flag', datatype: 'BOOL', shape: [1] },
        { name: 'text', datatype: 'BYTES', shape: [2] },
        { name: 'maybe', datatype: 'FP32', shape: [1] },
      ]),
      ['maybe'],
    )
    expect(made).toMatchObject({
      origin: 'made',
      hasBatch: false,
      inputs: [{ shape: [3, 4, 2] }, { values: [true] }, { values: ['hello 0', 'hello 1'] }],
    })
  })

  it.each([
    [{ name: 'x', datatype: 'FP99', shape: [1] }, /FP99/],
    [{ name: 'x', datatype: 'FP32', shape: [100_000, 100_000] }, /100000,100000/],
    [{ name: 'x', datatype: 'FP32', shape: [-7] }, /-7/],
  ])('cannot be made for %j', (input, problem) => {
    expect(makeInputs(model([input]))).toEqual({ problem: expect.stringMatching(problem) })
  })

  it('come from a person', () => {
    const golden = { inputs: { input_ids: [[1, 2]], attention_mask: [['1', 1]] }, outputs: { logits: [[0.003, 2]] } }
    expect(goldenInputs(golden, distilbert)).toMatchObject({
      origin: 'golden',
      inputs: [{ shape: [1, 2], values: [1n, 2n] }, { values: [1n, 1n] }],
    })
    expect(goldenOutputs(golden, distilbert)).toMatchObject([{ name: 'logits', shape: [1, 2], values: [0.003, 2] }])
  })

  it.each([
    [{ nope: [1] }, /no input nope/],
    [{ input_ids: 5 }, /not a list/],
    [{ input_ids: [[1, 2], [3]] }, /one length/],
    [{ input_ids: [['x']] }, /is no INT64/],
    [{ input_ids: [[1.5]] }, /is no INT64/],
  ])("of a person that do not fit are the file's fault: %j", (inputs, problem) => {
    expect(goldenInputs({ inputs, outputs: {} }, distilbert)).toEqual({ problem: expect.stringMatching(problem) })
  })

  it('join to a batch and part again', () => {
    const made = makeInputs(distilbert)
    const other = makeInputs(distilbert, [], 9)
    if ('problem' in made || 'problem' in other) throw new Error('no inputs')
    const both = joinRows(made.inputs, other.inputs)
    expect(both[0]?.shape).toEqual([2, 4])
    expect([takeRows(both, 0), takeRows(both, 1)]).toEqual([made.inputs, other.inputs])
  })
})

describe('two answers', () => {
  const logits = (...values: number[]) => [
    { name: 'logits', datatype: 'FP32' as const, shape: [1, values.length], values },
  ]
  const relative = { most: 0.001, isRelative: true }

  it.each([
    [logits(1, 2), logits(1, 2.0005), undefined],
    [logits(5000), logits(5001), undefined],
    [logits(1, 2), logits(1, 2.5), 'logits[0,1] is 2.5, not 2'],
    [logits(1), logits(Number.NaN), 'logits[0,0] is NaN, not 1'],
    [logits(Number.NaN), logits(Number.NaN), 'logits[0,0] is NaN, not NaN'],
    [logits(1, 2), logits(1), 'logits has shape [1,1], not [1,2]'],
    [logits(1), [], 'there is no output logits'],
  ])('are compared by value', (one, other, expected) => {
    expect(difference(one, other, relative)).toBe(expected)
  })

  it('of half precision with the precision that they have', () => {
    const half = (datatype: 'FP16' | 'BF16', value: number) => [{ name: 'o', datatype, shape: [1], values: [value] }]
    expect(difference(half('FP16', 1), half('FP16', 1.005), relative)).toBeUndefined()
    expect(difference(half('FP16', 1), half('FP16', 1.02), relative)).toBeDefined()
    expect(difference(half('BF16', 1), half('BF16', 1.03), relative)).toBeUndefined()
  })

  it('with golden values by their absolute distance', () => {
    expect(difference(logits(5000), logits(5001), { most: 0.001, isRelative: false })).toBe(
      'logits[0,0] is 5001, not 5000',
    )
  })

  it.each([
    [[], /logits is missing/],
    [[{ name: 'logits', datatype: 'FP64' as const, shape: [1, 2], values: [1, 2] }], /is FP64; the model says FP32/],
    [logits(1, 2, 3), /shape \[1,3\]; the model says \[-1,2\]/],
    [logits(1, Number.POSITIVE_INFINITY), /1 of 2 values that are no numbers \(Infinity\)/],
  ])('and each is what the model promises', (outputs, problem) => {
    expect(problemOf(outputs, distilbert)).toMatch(problem)
    expect(problemOf(logits(1, 2), distilbert)).toBeUndefined()
  })
})

describe('the score of the GPU', () => {
  const config = (kind: string, backend = 'onnxruntime'): ModelConfig => ({
    backend,
    platform: '',
    maxBatchSize: 8,
    optionalInputs: [],
    instances: [{ kind, count: 1, gpus: kind === 'KIND_GPU' ? [0] : [] }],
    isEnsemble: false,
    isDecoupled: false,
    isSequence: false,
  })
  const statistics = (...memory: [string, number][]): ModelStatistics => ({
    ...(readStatistics(bodyOf('ok-model-stats-after'), '') as ModelStatistics),
    memory: memory.map(([type, bytes]) => ({ type, id: 0, bytes })),
  })
  const metrics = (uuid: string, joules: number, used = 5e8, busy = 0.5) =>
    readGpuMetrics(
      Buffer.from(
        `nv_gpu_utilization{gpu_uuid="${uuid}"} ${busy}\nnv_gpu_memory_used_bytes{gpu_uuid="${uuid}"} ${used}\nnv_energy_consumption{gpu_uuid="${uuid}"} ${joules}\n`,
      ),
    )
  const onGpu = statistics(['CPU', 1], ['GPU', 5e8])
  const notOnGpu = statistics(['CPU', 1], ['GPU', 0])
  const load = { before: metrics('GPU-a', 100), after: metrics('GPU-a', 300) }
  const idle = { before: metrics('GPU-a', 100, 0, 0), after: metrics('GPU-a', 120, 0, 0) }
  const gpu = config('KIND_GPU')

  it.each([
    ['kind and memory', { config: gpu, statistics: onGpu }, 'gpu-proved'],
    ['kind and metrics of its card', { config: gpu, metrics: load }, 'gpu-likely'],
    ['kind and metrics of another card', { config: gpu, metrics: load, uuids: ['GPU-b'] }, 'unknown'],
    ['kind alone, because backends fall back in silence', { config: gpu }, 'unknown'],
    ['kind, with a backend that counts no memory', { config: gpu, statistics: statistics() }, 'unknown'],
    ['a card that idles', { config: gpu, metrics: idle }, 'unknown'],
    ['memory alone', { statistics: onGpu }, 'unknown'],
    ['nothing', {}, 'unknown'],
    ['a python model, which may do as it likes', { config: config('KIND_GPU', 'python'), metrics: load }, 'unknown'],
    ['KIND_MODEL', { config: config('KIND_MODEL') }, 'unknown'],
    ['KIND_CPU', { config: config('KIND_CPU') }, 'cpu-fallback'],
    [
      'KIND_CPU, whatever the card does',
      { config: config('KIND_CPU'), statistics: onGpu, metrics: load },
      'cpu-fallback',
    ],
    ['KIND_GPU that keeps nothing on the card', { config: gpu, statistics: notOnGpu, metrics: load }, 'cpu-fallback'],
    [
      'KIND_GPU that names no GPU, as somebody wrote it',
      { config: { ...gpu, instances: [{ kind: 'KIND_GPU', count: 1, gpus: [] }] }, statistics: onGpu, metrics: load },
      'unknown',
    ],
    ['an ensemble, whose steps compute', { config: { ...gpu, isEnsemble: true }, statistics: onGpu }, 'unknown'],
    [
      'a server that was started anew meanwhile',
      { config: gpu, statistics: onGpu, metrics: load, executions: -7 },
      'unknown',
    ],
    ['a cache that answers', { config: gpu, statistics: onGpu, metrics: load, executions: 0 }, 'unknown'],
  ])('%s', (_, evidence, expected) => {
    const whole: GpuEvidence = { uuids: [], hadLoad: true, ...evidence }
    expect(gpuVerdict(gpuSignals(whole), whole.executions)).toBe(expected)
  })

  it('counts no executions where a cache can have answered all that was asked', () => {
    const before = statistics()
    const after = { ...before, successes: before.successes + 90, executions: before.executions + 30 }
    expect(executionsOf(before, after, 60)).toBe(30)
    expect(executionsOf(before, { ...after, cacheHits: before.cacheHits + 59 }, 60)).toBe(30)
    expect(executionsOf(before, { ...after, cacheHits: before.cacheHits + 60 }, 60)).toBe(0)
  })

  it('says of metrics that do not answer that they were asked', () => {
    const seen = (hasMetricsAddress: boolean) =>
      gpuSignals({ uuids: [], hadLoad: false, hasMetricsAddress }).find(({ name }) => name === 'metrics-memory')?.seen
    expect([seen(true), seen(false)]).toEqual([
      'the address of its metrics does not answer with metrics',
      'metrics were not asked',
    ])
  })

  it('is never better than the worst, and enough or not', () => {
    expect(leastVerdict('gpu-proved', 'unknown')).toBe('unknown')
    expect(leastVerdict('cpu-fallback', 'unknown')).toBe('cpu-fallback')
    expect([
      isEnough('gpu-likely', 'gpu-proved'),
      isEnough('gpu-proved', 'gpu-likely'),
      isEnough('cpu-fallback', 'none'),
    ]).toEqual([false, true, true])
  })

  it("takes pinned memory of the host for no card, and strangers' metrics for none", () => {
    expect(readGpuMetrics(bodyOf('ok-metrics'))).toEqual({ isTriton: true, gpus: {} })
    const hostile =
      'nv_gpu_memory_used_bytes{gpu_uuid="__proto__"} 1\nnv_gpu_memory_used_bytes{gpu_uuid="a\\"b"} 5\nnv_energy_consumption{gpu_uuid="x"} NaN\n'
    expect(Object.keys(readGpuMetrics(Buffer.from(hostile)).gpus)).toEqual(['__proto__'])
    expect(readGpuMetrics(Buffer.from('<html>nv_inference_count')).isTriton).toBe(false)
  })
})

describe('latency', () => {
  it('by nearest rank, split where the server tells', () => {
    const durations = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(latencyOf(durations, 30)).toEqual({
      samples: 100,
      p50Ms: 50,
      p95Ms: 95,
      p99Ms: 99,
      serverMs: 30,
      networkMs: 20.5,
    })
    expect(latencyOf([7])).toEqual({ samples: 1, p50Ms: 7, p95Ms: 7, p99Ms: 7 })
    expect(latencyOf([7], 90)).toEqual({ samples: 1, p50Ms: 7, p95Ms: 7, p99Ms: 7 })
  })
})
