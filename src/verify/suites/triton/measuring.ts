/** Layer 11 of one target: that it counted, that the GPU computed, and how long it took. */
import { type GpuVerdict, gpuSignals, gpuVerdict, type MadeInputs, oneLine } from '../../../triton/index.ts'
import { skip } from './answered.ts'
import { askInference, saltedInputs, sequenceOf } from './inference.ts'
import { judgeGpu, judgeLatency, judgeStatistics } from './judge-gpu.ts'
import { restricted } from './judge-server.ts'
import { type Conversation, evidenceOf, nothingRead, read, serverShare } from './reading.ts'
import { type Questions, type Samples, sampleInTurn, sampleUnderLoad, summarise } from './sampling.ts'

export interface AnswersOutcome {
  readonly verdict: GpuVerdict
  /** For the facts. */
  readonly words: string
  readonly metrics: Readonly<Record<string, number>>
}

export async function askAnswers(conversation: Conversation): Promise<AnswersOutcome> {
  const { chain, target, model } = conversation
  const before = chain.isOpen('infer') ? await read(conversation) : nothingRead
  const answered = await askInference(conversation, model)
  const version = target.version || answered.version
  const isMeasured = chain.isOpen('latency') && answered.made !== undefined
  const measured = isMeasured ? await measure(conversation, answered.made, version) : undefined
  const after = isMeasured ? await read(conversation) : nothingRead
  const sent = answered.sent + (measured?.sent ?? 0)

  await chain.ask('statistics', () => {
    if (before.isRestricted || after.isRestricted) return restricted
    const statistics = [before.statisticsOf(version), after.statisticsOf(version)] as const
    if (!statistics[0] || !statistics[1]) return skip('this server shows no statistics')
    return judgeStatistics(statistics[0], statistics[1], sent)
  })
  const evidence = evidenceOf(conversation, [before, after], {
    version,
    sent,
    hadLoad: measured !== undefined && measured.load !== undefined,
  })
  const signals = gpuSignals(evidence)
  const verdict = isMeasured ? gpuVerdict(signals, evidence.executions) : 'unknown'
  const p95 = `triton_p95_ms.${target.id}`
  const earlier = medianOf(conversation.ports.history.map((run) => run.metrics[p95]))
  const latency = measured?.latency
  await chain.ask('gpu', () =>
    judgeGpu(verdict, signals, target, {
      ...(evidence.executions !== undefined && { executions: evidence.executions }),
      ...(latency && { p95Ms: latency.p95Ms }),
      ...(earlier !== undefined && { earlierP95Ms: earlier }),
    }),
  )
  await chain.ask('latency', () => judgeLatency(latency, measured?.errors ?? 0, target, earlier))
  const metrics: Record<string, number> = {}
  const note = (name: string, value: number | undefined): void => {
    if (value !== undefined && Number.isFinite(value)) metrics[`triton_${name}.${target.id}`] = value
  }
  note('p50_ms', latency?.p50Ms)
  note('p95_ms', latency?.p95Ms)
  note('p99_ms', latency?.p99Ms)
  note('server_ms', latency?.serverMs)
  note('network_ms', latency?.networkMs)
  note('load_p95_ms', measured?.load?.p95Ms)
  note('load_per_s', measured?.load?.perSecond)
  const words = answered.version === '' ? '' : `model version ${oneLine(answered.version, 40)}, `
  return { verdict, words: isMeasured ? `${words}${verdict}` : '', metrics }
}

interface Measured {
  readonly latency?: NonNullable<ReturnType<typeof summarise>>
  readonly errors: number
  readonly sent: number
  readonly load?: { readonly p95Ms: number; readonly perSecond: number }
}

async function measure(
  conversation: Conversation,
  made: MadeInputs | undefined,
  version: string,
): Promise<Measured | undefined> {
  const { hasty, ports, wish, rules, model, config } = conversation
  if (!made || !model) return undefined
  // Other questions every night, as far as values can be made: a cache that knows them would be measured in place of the model.
  const seed = Number.parseInt(ports.runId.replace(/[^0-9a-z]/g, '').slice(-6), 36) || 0
  const questions: Questions = (index) => ({
    inputs: (made.origin === 'preset' && saltedInputs(model, config, (seed + index * 7) % 400)) || made.inputs,
    // Behind those of the comparison.
    ...sequenceOf(config, ports.runId, 16 + index),
  })
  const before = await read(conversation)
  const samples = await sampleInTurn(hasty, questions, rules, ports.signal)
  const after = await read(conversation)
  const latency = summarise(samples, serverShare(before.statisticsOf(version), after.statisticsOf(version)))
  const load: (Samples & { tookMs: number }) | undefined =
    wish.mode === 'load' && latency ? await sampleUnderLoad(hasty, questions, rules, ports.signal) : undefined
  const loaded = load && summarise(load)
  return {
    ...(latency && { latency }),
    errors: samples.errors + (load?.errors ?? 0),
    // Warm-ups are answered, or not counted by anybody.
    sent: samples.durationsMs.length + (load?.durationsMs.length ?? 0),
    ...(load &&
      loaded && {
        load: { p95Ms: loaded.p95Ms, perSecond: Math.round((load.durationsMs.length * 10_000) / load.tookMs) / 10 },
      }),
  }
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values
    .filter((value) => value !== undefined && Number.isFinite(value))
    .toSorted((a, b) => (a ?? 0) - (b ?? 0))
  return known[Math.floor((known.length - 1) / 2)]
}
