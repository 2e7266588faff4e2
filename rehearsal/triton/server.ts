/** Triton's HTTP API, answered from recordings and from the state of one model. */
import type { TritonFault, TritonOptions } from './contract.ts'
import { jsonReply, type Reply, recorded, recordedJson } from './recorded.ts'
import { infer, toyModel } from './toy-model.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

interface Counters {
  inferences: number
  executions: number
  successes: number
  failures: number
  cacheHits: number
  ns: number
}

/** Of a card that nobody has: hexadecimal digits that say so. */
const defaultUuid = 'GPU-00000000-0000-4000-8000-00000000cafe'
const gpuBytes = 612_368_384

export class Triton {
  readonly #options: TritonOptions
  readonly #counters: Counters = { inferences: 0, executions: 0, successes: 0, failures: 0, cacheHits: 0, ns: 0 }
  #energyJoules = 1_000
  faults: ReadonlySet<TritonFault>

  constructor(options: TritonOptions) {
    this.#options = options
    this.faults = options.faults ?? new Set()
  }

  /** Milliseconds that an inference takes. */
  get inferenceMs(): number {
    const usual = this.faults.has('triton-slow') ? 300 : this.faults.has('triton-cpu-fallback') ? 25 : 2
    return this.#options.inferenceMs ?? usual
  }

  /** undefined: it does not answer. */
  answer({ method, path, headers, body }: Asked): Reply | undefined {
    const { faults } = this
    if (faults.has('triton-half-open')) return undefined
    if (faults.has('triton-metrics-public') && path === '/metrics') return this.metrics()
    if (this.#isRestricted(path) && !this.#isLetThrough(headers)) return recorded('pytriton-default-index')
    if (path === '/v2/health/live') return recorded('ok-live')
    // A model that is not loaded, or was unloaded, makes the whole server not ready (seen on 2.51.0).
    if (path === '/v2/health/ready') return this.#state === 'ready' ? recorded('ok-ready') : recorded('notready-ready')
    if (path === '/v2') return recorded('ok-v2')
    if (path === '/') return recorded('err-root')
    if (path === '/v2/repository/index' && method === 'POST') return this.#index()
    const control = /^\/v2\/repository\/models\/([^/]+)\/(load|unload)$/.exec(path)
    if (control && method === 'POST') {
      // Nothing here is ever loaded or unloaded by a request: models that exist are not asked for by name.
      return faults.has('triton-control')
        ? recorded('explicit-load-unknown', { nope: decodeURIComponent(control[1] ?? '') })
        : recorded('err-load-none-mode')
    }
    const model = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|config|stats|infer))?$/.exec(path)
    if (!model) return recorded('err-notfound-path')
    return this.#model(decodeURIComponent(model[1] ?? ''), model[2], model[3] ?? 'metadata', method, headers, body)
  }

  get #state(): 'ready' | 'loading' | 'unloaded' | 'never' {
    if (this.faults.has('triton-loading')) return 'loading'
    if (this.faults.has('triton-unloaded')) return 'unloaded'
    return this.faults.has('triton-never-loaded') ? 'never' : 'ready'
  }

  #isRestricted(path: string): boolean {
    return this.faults.has('triton-restricted') && (path.startsWith('/v2/repository/') || path.endsWith('/stats'))
  }

  #isLetThrough(headers: Asked['headers']): boolean {
    const { restriction } = this.#options
    return restriction !== undefined && headers[restriction.name.toLowerCase()] === restriction.value
  }

  #index(): Reply {
    const entry = { name: toyModel, version: '1' }
    switch (this.#state) {
      case 'loading':
        return jsonReply([entryOf('loading-repo-index', 'slow-load')])
      case 'unloaded':
        return jsonReply([entryOf('unloaded-repo-index', 'kind-cpu')])
      case 'never':
        return jsonReply([entryOf('notready-repo-index', 'kind-gpu')])
      default:
        return this.faults.has('triton-lying-ready')
          ? jsonReply([{ ...entry, state: 'UNAVAILABLE', reason: 'unloaded' }])
          : recorded('ok-repo-index')
    }
  }

  #model(
    name: string,
    version: string | undefined,
    what: string,
    method: string,
    headers: Asked['headers'],
    body: Buffer,
  ): Reply {
    const missing = { ready: 'ready', config: 'config', stats: 'stats', infer: 'infer', metadata: 'metadata' }[what]
    if (name !== toyModel || (version !== undefined && version !== '1'))
      return recorded(`err-unknown-model-${missing}`, { nope: name })
    if (what === 'infer' && method !== 'POST') return recorded('err-get-infer')
    const isGone = this.#state !== 'ready'
    if (isGone) return recorded(`unavailable-kind-gpu-${missing}`, { 'kind-gpu': name })
    switch (what) {
      case 'ready':
        return recorded('ok-model-ready')
      case 'config':
        return this.#config()
      case 'stats':
        return this.#statistics()
      case 'infer':
        return this.#infer(headers, body)
      default:
        return recorded('onnxpy-metadata')
    }
  }

  #config(): Reply {
    const config = recordedJson('onnxpy-config') as { instance_group: readonly Record<string, unknown>[] }
    // A GPU was never recorded: the kind and its list as the documentation of model configurations has them.
    return this.faults.has('triton-cpu-fallback')
      ? jsonReply(config)
      : jsonReply({
          ...config,
          instance_group: config.instance_group.map((group) => ({ ...group, kind: 'KIND_GPU', gpus: [0] })),
        })
  }

  #infer(headers: Asked['headers'], body: Buffer): Reply {
    const counters = this.#counters
    if (this.faults.has('triton-lying-ready')) return recorded('unloaded-infer', { 'kind-cpu': toyModel })
    if (this.faults.has('triton-stub-dead')) {
      counters.failures += 1
      return recorded('err-exec-dies', { 'exec-dies': toyModel })
    }
    const length = headers['inference-header-content-length']
    const reply = infer(
      body,
      typeof length === 'string' ? length : undefined,
      toyModel,
      this.faults,
      counters.successes,
    )
    if (reply.status !== 200) {
      counters.failures += 1
      return reply
    }
    counters.successes += 1
    counters.ns += this.inferenceMs * 1e6
    if (this.faults.has('triton-cache-hit')) counters.cacheHits += 1
    else {
      counters.inferences += 1
      counters.executions += 1
      if (!this.faults.has('triton-cpu-fallback')) this.#energyJoules += 1
    }
    return reply
  }

  #statistics(): Reply {
    const { inferences, executions, successes, failures, cacheHits, ns } = this.#counters
    const recording = recordedJson('ok-model-stats-after') as { model_stats: readonly Record<string, unknown>[] }
    const isOnGpu = !this.faults.has('triton-cpu-fallback')
    const part = (count: number, share: number) => ({ count, ns: Math.round(ns * share) })
    return jsonReply({
      model_stats: [
        {
          ...recording.model_stats[0],
          inference_count: inferences,
          execution_count: executions,
          inference_stats: {
            success: part(successes, 1),
            fail: { count: failures, ns: 0 },
            queue: part(executions, 0.05),
            compute_input: part(executions, 0.02),
            compute_infer: part(executions, 0.9),
            compute_output: part(executions, 0.03),
            cache_hit: part(cacheHits, 0),
            cache_miss: { count: 0, ns: 0 },
          },
          batch_stats: [],
          // With the tracker of memory on (triton-inference-server/server:docs/protocol/extension_statistics.md); never recorded with a GPU.
          memory_usage: [
            { type: 'CPU', id: 0, byte_size: 4_194_304 },
            { type: 'GPU', id: 0, byte_size: isOnGpu ? gpuBytes : 0 },
          ],
        },
      ],
    })
  }

  /** The recording, and with a GPU the lines that the documentation of metrics names. */
  metrics(): Reply {
    const reply = recorded('ok-metrics')
    if (this.faults.has('triton-cpu-fallback')) return reply
    const label = `{gpu_uuid="${this.#options.gpuUuid ?? defaultUuid}"}`
    const lines = [
      `nv_gpu_utilization${label} ${this.#counters.executions > 0 ? 0.35 : 0}`,
      `nv_gpu_memory_total_bytes${label} 25757220864`,
      `nv_gpu_memory_used_bytes${label} ${gpuBytes}`,
      `nv_energy_consumption${label} ${this.#energyJoules}`,
    ]
    return { ...reply, body: Buffer.concat([reply.body, Buffer.from(`${lines.join('\n')}\n`)]) }
  }
}

function entryOf(recording: string, model: string): unknown {
  const all = recordedJson(recording) as readonly { readonly name: string }[]
  const entry = JSON.stringify(all.find(({ name }) => name === model))
  return JSON.parse(entry.replaceAll(model, toyModel))
}
