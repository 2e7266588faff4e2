/** Layer 11: this server computed it, on the GPU, in time. Pure. */
import {
  executionsOf,
  type GpuSignal,
  type GpuVerdict,
  isEnough,
  type Latency,
  type ModelStatistics,
  type TritonTarget,
} from '../../../triton/index.ts'
import { type Answered, bad, pass } from './answered.ts'

/** @param sent inferences of this run that were answered between the two */
export function judgeStatistics(before: ModelStatistics, after: ModelStatistics, sent: number): Answered {
  const counted = after.successes - before.successes
  const executed = executionsOf(before, after, sent)
  const fromCache = after.cacheHits - before.cacheHits
  if (counted <= 0) {
    return bad('fail', {
      found: 'it counted none of the inferences that were answered',
      cause: 'another server answered, or Triton was started anew meanwhile',
      remedy: 'one Triton behind one address; with several, a target for each',
    })
  }
  if (executed <= 0) {
    return bad('fail', {
      found:
        fromCache > 0 && after.executions > before.executions
          ? 'all that was asked can have been answered by the response cache; what was computed may be for others'
          : `it answered, and nothing was computed${fromCache > 0 ? ': they came from the response cache' : ''}`,
      cause: 'a cache answers in place of the model, so that a dead GPU would not be seen',
      remedy: 'response_cache { enable: false } in config.pbtxt, or leave it and set gpu-proof: none',
    })
  }
  if (counted < sent) {
    return bad('warn', {
      found: 'it counted fewer inferences than were answered',
      cause: 'several servers answer at this address in turn',
      remedy: 'a target for each of them, with an address of its own',
    })
  }
  return pass('it counted and computed what was asked', [
    `${counted} answered for ${sent} asked, ${executed} executions, ${after.failures - before.failures} failed, ${fromCache} from the cache`,
  ])
}

/** What is measured differs from night to night: the numbers are in the evidence. */
const stable: Partial<Record<GpuSignal['name'], string>> = {
  'metrics-memory': 'memory of its card in use',
  'metrics-energy': 'its card spends energy under load',
}

/** @param seenElsewhere executions while this run asked, its p95, and the median of those of earlier runs; undefined: not known */
export function judgeGpu(
  verdict: GpuVerdict,
  signals: readonly GpuSignal[],
  target: Pick<TritonTarget, 'gpuProof' | 'model' | 'metricsUrl'>,
  seenElsewhere: { readonly executions?: number; readonly p95Ms?: number; readonly earlierP95Ms?: number },
): Answered {
  const { executions, p95Ms, earlierP95Ms } = seenElsewhere
  const seen = signals
    .filter(({ speaksForGpu }) => speaksForGpu !== undefined)
    .map(({ name, seen: words }) => stable[name] ?? words)
    .join(', ')
  const evidence = signals.map(
    ({ name, speaksForGpu, seen: words }) =>
      `${name}: ${speaksForGpu === undefined ? 'says nothing' : speaksForGpu ? 'GPU' : 'CPU'} (${words})`,
  )
  if (isEnough(verdict, target.gpuProof)) {
    const words = target.gpuProof === 'none' ? `${verdict}; nothing is asked for` : verdict
    return pass(seen === '' ? words : `${words}: ${seen}`, evidence)
  }
  if (verdict === 'cpu-fallback') {
    const slower =
      p95Ms !== undefined && earlierP95Ms !== undefined && p95Ms >= 3 * earlierP95Ms
        ? `, p95 ${roundly(p95Ms)} ms; before ${roundly(earlierP95Ms)} ms`
        : ''
    return bad(
      'fail',
      {
        found: `${target.model} answers, but on the CPU (${seen}${slower})`,
        cause: 'Triton saw no usable GPU when it loaded the model, and took the CPU without a word',
        remedy:
          'nvidia-smi on its node; after an update of the driver restart Triton; KIND_GPU in config.pbtxt makes it fail instead',
      },
      evidence,
    )
  }
  return bad(
    'fail',
    {
      found: `${verdict}, and ${target.gpuProof} is asked for${seen === '' ? '' : ` (${seen})`}`,
      ...(executions !== undefined && executions <= 0
        ? {
            cause: 'nothing was computed for it: a cache or another server answered',
            remedy: 'response_cache { enable: false } in config.pbtxt; one Triton behind one address',
          }
        : unproved(signals, target.metricsUrl)),
    },
    evidence,
  )
}

/** Why a server that computes does not prove where, and what makes it. */
function unproved(signals: readonly GpuSignal[], metricsUrl: string): { cause: string; remedy: string } {
  const kind = signals.find(({ name }) => name === 'instance-kind')
  if (/^an ensemble/.test(kind?.seen ?? ''))
    return {
      cause: 'an ensemble computes nothing itself, and does not tell where its steps compute',
      remedy: 'make the model of its heaviest step a target of its own, and set gpu-proof: none for the ensemble',
    }
  const metrics =
    metricsUrl === '' ? 'set metrics to an address of its port 8002' : 'look why the address in metrics shows no GPU'
  return {
    cause: 'nothing that this server shows proves where it computed',
    remedy: `start Triton with --backend-config=triton-backend-memory-tracker=true, ${metrics}, or ask for less with gpu-proof`,
  }
}

/** @param errors answers among the samples that were none */
export function judgeLatency(
  latency: Latency | undefined,
  errors: number,
  target: Pick<TritonTarget, 'p95Ms'>,
  beforeMs: number | undefined,
): Answered {
  if (!latency || errors > 0) {
    // One of many is what a network does at night.
    return bad(
      latency && errors === 1 && latency.samples >= 20 ? 'warn' : 'fail',
      {
        found: latency ? 'some of the same questions were not answered' : 'no question was answered in time',
        cause: 'the server answers now and then: it is overloaded, or goes up and down',
        remedy: 'the log of Triton at this time, and what stands before it',
      },
      [`${errors} of ${errors + (latency?.samples ?? 0)} failed`],
    )
  }
  const evidence = [
    `${latency.samples} samples: p50 ${latency.p50Ms} ms, p95 ${latency.p95Ms} ms, p99 ${latency.p99Ms} ms`,
    ...(latency.serverMs === undefined
      ? []
      : [`mean: server ${latency.serverMs} ms, on the way ${latency.networkMs} ms`]),
    ...(beforeMs === undefined ? [] : [`median of the p95 of earlier runs: ${roundly(beforeMs)} ms`]),
  ]
  if (target.p95Ms === undefined || latency.p95Ms <= target.p95Ms)
    return pass(target.p95Ms === undefined ? 'measured' : `p95 below ${target.p95Ms} ms`, evidence)
  const isServer = latency.serverMs !== undefined && latency.serverMs >= (latency.networkMs ?? 0)
  return bad(
    'fail',
    {
      found: `p95 ${roundly(latency.p95Ms)} ms; ${target.p95Ms} ms are allowed`,
      cause:
        latency.serverMs === undefined
          ? 'the server does not tell how much of it is its own'
          : isServer
            ? 'most of it is spent in Triton'
            : 'most of it is spent on the way to Triton and back',
      remedy: isServer
        ? 'triton.gpu tells whether it computes on the GPU; nvidia-smi shows who else uses it'
        : 'the way to it: tunnel, its region, the uplink of the node',
    },
    evidence,
  )
}

/** Two figures: what is said may not change from night to night for nothing. */
function roundly(milliseconds: number): number {
  return Number(milliseconds.toPrecision(2))
}
