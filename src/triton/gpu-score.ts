/** How sure it is that a GPU computed: a score of independent signals, because each of them can lie. */
import type { ModelConfig, ModelStatistics } from './answers.ts'
import type { GpuMetrics } from './metrics.ts'
import type { GpuSignal, GpuVerdict } from './model.ts'

export interface GpuEvidence {
  /** undefined: not told. */
  readonly config?: ModelConfig
  readonly statistics?: ModelStatistics
  /** Before and after the inferences. */
  readonly metrics?: { readonly before: GpuMetrics; readonly after: GpuMetrics }
  /** UUIDs of the cards that may have done it; empty: not known. */
  readonly uuids: readonly string[]
  /** Executions while this run asked; undefined: not told. None or fewer: nothing was computed, or by another process, whatever else is true. */
  readonly executions?: number
  /** Whether enough was computed, for long enough, that energy must show it. */
  readonly hadLoad: boolean
  /** Whether an address of metrics was asked, though it may not have answered. */
  readonly hasMetricsAddress?: boolean
}

/**
 * What the model executed while this run asked. 0 as well where a cache can have answered all that was asked: executions may then be
 * those of others.
 * @param sent inferences of this run that were answered between the two
 */
export function executionsOf(before: ModelStatistics, after: ModelStatistics, sent: number): number {
  const hits = after.cacheHits - before.cacheHits
  return hits > 0 && hits >= sent ? 0 : after.executions - before.executions
}

/** These say what memory a model takes on a card; others say nothing, or nothing reliable. */
const countsMemory = /^(onnxruntime|tensorrt|pytorch)/i

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`

/** The signals, in the order in which they are believed. */
export function gpuSignals(evidence: GpuEvidence): readonly GpuSignal[] {
  const { config, statistics } = evidence
  return [kindSignal(config), memorySignal(config, statistics), ...metricsSignals(evidence)]
}

function kindSignal(config: ModelConfig | undefined): GpuSignal {
  const name = 'instance-kind'
  if (!config) return { name, speaksForGpu: undefined, seen: 'the configuration is not shown' }
  const kinds = [...new Set(config.instances.map(({ kind }) => kind))].join(', ')
  const gpus = [...new Set(config.instances.flatMap((instance) => instance.gpus))]
  if (config.isEnsemble)
    return { name, speaksForGpu: undefined, seen: 'an ensemble, which leaves it to the models of its steps' }
  // The python backend takes any kind and leaves it to the model (triton-inference-server/server#5889).
  if (config.backend === 'python' && kinds === 'KIND_GPU')
    return { name, speaksForGpu: undefined, seen: 'KIND_GPU, which the python backend leaves to the model' }
  if (config.instances.length > 0 && config.instances.every(({ kind }) => kind === 'KIND_GPU')) {
    // A loaded instance names its GPUs; one that names none is what somebody wrote, not what came of it.
    const isNamed = config.instances.every((instance) => instance.gpus.length > 0)
    return isNamed
      ? { name, speaksForGpu: true, seen: `KIND_GPU on GPU ${gpus.join(', ')}` }
      : { name, speaksForGpu: undefined, seen: 'KIND_GPU that names no GPU' }
  }
  // One instance on the CPU is enough for an answer that no GPU gave.
  if (config.instances.some(({ kind }) => kind === 'KIND_CPU')) return { name, speaksForGpu: false, seen: kinds }
  return { name, speaksForGpu: undefined, seen: kinds === '' ? 'no instance group' : kinds }
}

function memorySignal(config: ModelConfig | undefined, statistics: ModelStatistics | undefined): GpuSignal {
  const name = 'statistics-memory'
  if (!statistics) return { name, speaksForGpu: undefined, seen: 'statistics are not shown' }
  const bytes = statistics.memory.filter(({ type }) => type === 'GPU').reduce((sum, part) => sum + part.bytes, 0)
  if (bytes > 0) return { name, speaksForGpu: true, seen: `${mebibytes(bytes)} on the GPU` }
  const isCounted = countsMemory.test(config?.backend || config?.platform || '') && statistics.memory.length > 0
  return isCounted
    ? { name, speaksForGpu: false, seen: '0 bytes on the GPU' }
    : { name, speaksForGpu: undefined, seen: 'this backend does not count memory' }
}

function metricsSignals({ metrics, uuids, hadLoad, hasMetricsAddress }: GpuEvidence): readonly GpuSignal[] {
  const silent = (seen: string): GpuSignal[] => [
    { name: 'metrics-memory', speaksForGpu: undefined, seen },
    { name: 'metrics-energy', speaksForGpu: undefined, seen },
  ]
  if (!metrics)
    return silent(
      hasMetricsAddress ? 'the address of its metrics does not answer with metrics' : 'metrics were not asked',
    )
  const all = Object.entries(metrics.after.gpus)
  // Absent without a GPU, but also with MIG or another DCGM (triton-inference-server/server#5324, #7597): no proof of absence.
  if (all.length === 0) return silent('metrics name no GPU')
  const own = all.filter(([id]) => uuids.length === 0 || uuids.includes(id))
  if (own.length === 0)
    return silent(
      `metrics name other GPUs: ${all
        .map(([id]) => id)
        .slice(0, 3)
        .join(', ')}`,
    )
  const used = own.reduce((sum, [, gpu]) => sum + (gpu.memoryUsedBytes ?? 0), 0)
  const joules = own.reduce((sum, [id, gpu]) => sum + spent(metrics.before.gpus[id]?.energyJoules, gpu.energyJoules), 0)
  const busy = own.some(([, gpu]) => (gpu.utilisation ?? 0) > 0)
  return [
    {
      name: 'metrics-memory',
      speaksForGpu: used > 0 ? true : undefined,
      seen: `${mebibytes(used)} used on ${own
        .map(([id]) => id)
        .slice(0, 3)
        .join(', ')}`,
    },
    {
      // A card spends energy when it idles, too: only with load, and with work on it, does it say something.
      name: 'metrics-energy',
      speaksForGpu: hadLoad && joules > 0 && busy ? true : undefined,
      seen: hadLoad
        ? `${Math.round(joules)} J during the load${busy ? ', busy' : ', never busy'}`
        : 'there was no load',
    },
  ]
}

function spent(before: number | undefined, after: number | undefined): number {
  return before === undefined || after === undefined ? 0 : Math.max(0, after - before)
}

/** The verdict: see facts of each signal; `unknown` when what was asked for was not computed, or nothing tells. */
export function gpuVerdict(signals: readonly GpuSignal[], executions: number | undefined): GpuVerdict {
  const says = (name: GpuSignal['name']): boolean | undefined =>
    signals.find((signal) => signal.name === name)?.speaksForGpu
  if (says('instance-kind') === false || says('statistics-memory') === false) return 'cpu-fallback'
  if ((executions !== undefined && executions <= 0) || says('instance-kind') !== true) return 'unknown'
  if (says('statistics-memory') || says('process')) return 'gpu-proved'
  return says('metrics-memory') || says('metrics-energy') || says('latency') ? 'gpu-likely' : 'unknown'
}

const order: readonly GpuVerdict[] = ['gpu-proved', 'gpu-likely', 'unknown', 'cpu-fallback']

/** @returns the weaker of both */
export function leastVerdict(one: GpuVerdict, other: GpuVerdict): GpuVerdict {
  return order.indexOf(one) >= order.indexOf(other) ? one : other
}

export function isEnough(verdict: GpuVerdict, wanted: 'gpu-proved' | 'gpu-likely' | 'none'): boolean {
  return wanted === 'none' || order.indexOf(verdict) <= order.indexOf(wanted)
}
