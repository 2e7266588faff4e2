/** What Triton says about itself and its models, read defensively. Shapes: triton-inference-server/server:docs/protocol, and recorded answers. */
import { countOf, isObject, type JsonObject, listOf, readJson, textOf } from './json.ts'
import { oneLine } from './text.ts'

export interface ServerMetadata {
  readonly name: string
  readonly version: string
  readonly extensions: readonly string[]
}

export interface IndexEntry {
  readonly name: string
  readonly version: string
  /** Empty: it was never loaded. */
  readonly state: string
  readonly reason: string
}

export interface TensorMetadata {
  readonly name: string
  readonly datatype: string
  /** -1: any length. With the batch dimension, where the model has one. */
  readonly shape: readonly number[]
}

export interface ModelMetadata {
  readonly name: string
  readonly versions: readonly string[]
  readonly platform: string
  readonly inputs: readonly TensorMetadata[]
  readonly outputs: readonly TensorMetadata[]
}

export interface ModelConfig {
  readonly backend: string
  readonly platform: string
  /** 0: the model has no batch dimension that Triton knows of. */
  readonly maxBatchSize: number
  /** Names of the inputs that may be left out. */
  readonly optionalInputs: readonly string[]
  readonly instances: readonly { readonly kind: string; readonly count: number; readonly gpus: readonly number[] }[]
  /** It leads its questions through other models and computes nothing itself. */
  readonly isEnsemble: boolean
  /** It answers in streams, which Triton gives over gRPC and `generate_stream` alone. */
  readonly isDecoupled: boolean
  /** Its questions belong to sequences, and each must say to which. */
  readonly isSequence: boolean
}

/** Counters of a model since its server started. */
export interface ModelStatistics {
  readonly inferences: number
  readonly executions: number
  readonly successes: number
  readonly failures: number
  readonly cacheHits: number
  /** Nanoseconds of all successful requests together. */
  readonly successNs: number
  readonly memory: readonly { readonly type: string; readonly id: number; readonly bytes: number }[]
}

/** All readers: undefined when the body is not what Triton answers there. */
export function readServer(body: Uint8Array): ServerMetadata | undefined {
  const json = readJson(body)
  if (!isObject(json) || textOf(json.name) === '' || textOf(json.version) === '') return undefined
  const extensions = listOf(json.extensions, 100).map((extension) => oneLine(textOf(extension), 60))
  return { name: oneLine(textOf(json.name), 60), version: oneLine(textOf(json.version), 40), extensions }
}

export function readIndex(body: Uint8Array): readonly IndexEntry[] | undefined {
  const json = readJson(body)
  if (!Array.isArray(json)) return undefined
  return listOf(json, 5000)
    .filter(isObject)
    .map((entry) => ({
      name: textOf(entry.name),
      version: oneLine(textOf(entry.version), 40),
      state: oneLine(textOf(entry.state), 40),
      reason: oneLine(textOf(entry.reason), 400),
    }))
}

export function readModel(body: Uint8Array): ModelMetadata | undefined {
  const json = readJson(body)
  if (!isObject(json) || textOf(json.name) === '') return undefined
  const tensors = (list: unknown): TensorMetadata[] =>
    listOf(list, 100)
      .filter(isObject)
      .map(({ name, datatype, shape }) => ({
        name: textOf(name),
        datatype: oneLine(textOf(datatype), 20),
        shape: listOf(shape, 32).map((dimension) => (Number.isSafeInteger(dimension) ? Number(dimension) : -1)),
      }))
  const model = {
    name: textOf(json.name),
    versions: listOf(json.versions, 100).map((version) => oneLine(textOf(version), 40)),
    platform: oneLine(textOf(json.platform), 60),
    inputs: tensors(json.inputs),
    outputs: tensors(json.outputs),
  }
  return model.inputs.length > 0 && model.outputs.length > 0 ? model : undefined
}

export function readConfig(body: Uint8Array): ModelConfig | undefined {
  const json = readJson(body)
  if (!isObject(json) || textOf(json.name) === '') return undefined
  const isEnsemble = isObject(json.ensemble_scheduling)
  if (!Array.isArray(json.instance_group) && !isEnsemble) return undefined
  const policy = json.model_transaction_policy
  return {
    backend: oneLine(textOf(json.backend), 60),
    platform: oneLine(textOf(json.platform), 60),
    maxBatchSize: countOf(json.max_batch_size),
    optionalInputs: listOf(json.input, 100)
      .filter(isObject)
      .filter(({ optional }) => optional === true)
      .map(({ name }) => textOf(name)),
    instances: listOf(json.instance_group, 100)
      .filter(isObject)
      .map(({ kind, count, gpus }) => ({
        kind: oneLine(textOf(kind), 20),
        count: countOf(count),
        gpus: listOf(gpus, 64).map(countOf),
      })),
    isEnsemble,
    isDecoupled: isObject(policy) && policy.decoupled === true,
    isSequence: isObject(json.sequence_batching),
  }
}

/** @param version empty: all versions together, because the server chooses which one answers */
export function readStatistics(body: Uint8Array, version: string): ModelStatistics | undefined {
  const json = readJson(body)
  if (!isObject(json)) return undefined
  const counted = listOf(json.model_stats, 100)
    .filter(isObject)
    .filter((entry) => version === '' || textOf(entry.version) === version)
    .filter(({ inference_stats }) => isObject(inference_stats))
  if (counted.length === 0) return undefined
  const sum = (of: (entry: JsonObject) => unknown): number =>
    counted.reduce((total, entry) => total + countOf(of(entry)), 0)
  const part = (name: string, what: 'count' | 'ns'): number =>
    sum(({ inference_stats }) => {
      const value = isObject(inference_stats) ? inference_stats[name] : undefined
      return isObject(value) ? value[what] : 0
    })
  return {
    inferences: sum(({ inference_count }) => inference_count),
    executions: sum(({ execution_count }) => execution_count),
    successes: part('success', 'count'),
    failures: part('fail', 'count'),
    cacheHits: part('cache_hit', 'count'),
    successNs: part('success', 'ns'),
    memory: counted
      .flatMap(({ memory_usage }) => listOf(memory_usage, 64))
      .filter(isObject)
      .map(({ type, id, byte_size }) => ({
        type: oneLine(textOf(type), 20),
        id: countOf(id),
        bytes: countOf(byte_size),
      })),
  }
}

/** The error of an answer; empty when it names none. Triton often sends it as text/plain. */
export function readError(body: Uint8Array): string {
  if (body.length === 0 || body.length > 65_536) return ''
  const json = readJson(body)
  return isObject(json) ? oneLine(textOf(json.error), 300) : ''
}
