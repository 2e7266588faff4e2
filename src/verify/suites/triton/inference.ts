/** Layers 10 and 11 of one target: questions, and what they show. */
import { HttpFault } from '../../../http/index.ts'
import {
  type GpuEvidence,
  type GpuMetrics,
  type GpuVerdict,
  goldenInputs,
  gpuSignals,
  gpuVerdict,
  type InferAnswer,
  isBinaryOnly,
  isDatatype,
  isRestricted,
  joinRows,
  type MadeInputs,
  type ModelConfig,
  type ModelMetadata,
  type ModelStatistics,
  makeInputs,
  oneLine,
  readGpuMetrics,
  readStatistics,
  type TritonClient,
  type TritonTarget,
  takeRows,
} from '../../../triton/index.ts'
import type { VerifyPorts, VerifyWish } from '../../model.ts'
import { type Answered, orFault, skip } from './answered.ts'
import type { Chain } from './chain.ts'
import { judgeGpu, judgeLatency, judgeStatistics } from './judge-gpu.ts'
import { judgeAgreement, judgeBatch, judgeInference, noInputs, unusable } from './judge-infer.ts'
import { restricted } from './judge-server.ts'
import { type Samples, sampleInTurn, sampleUnderLoad, summarise } from './sampling.ts'
import type { TritonRules } from './target.ts'

export interface Conversation {
  readonly chain: Chain
  readonly triton: TritonClient
  readonly ports: VerifyPorts
  readonly wish: VerifyWish
  readonly target: TritonTarget
  readonly rules: TritonRules
  readonly model?: ModelMetadata
  readonly config?: ModelConfig
}

export interface AnswersOutcome {
  readonly verdict: GpuVerdict
  /** For the facts. */
  readonly words: string
  readonly metrics: Readonly<Record<string, number>>
}

/** Numbers of the server at one moment. */
interface Reading {
  readonly statistics?: ModelStatistics
  readonly isRestricted: boolean
  readonly metrics?: GpuMetrics
}

export async function askAnswers(conversation: Conversation): Promise<AnswersOutcome> {
  const { chain, target, model } = conversation
  const before = chain.isOpen('infer') ? await read(conversation) : { isRestricted: false }
  const answered = await askInference(conversation, model)
  const isMeasured = chain.isOpen('latency') && answered.made !== undefined
  const measured = isMeasured ? await measure(conversation, answered.made) : undefined
  const after = isMeasured ? await read(conversation) : { isRestricted: false }
  const sent = answered.sent + (measured?.sent ?? 0)

  await chain.ask('statistics', () => {
    if (before.isRestricted || after.isRestricted) return restricted
    if (!before.statistics || !after.statistics) return skip('this server shows no statistics')
    return judgeStatistics(before.statistics, after.statistics, sent)
  })
  const evidence = evidenceOf(conversation, before, after, measured !== undefined && measured.load !== undefined)
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
  const version = answered.version === '' ? '' : `model version ${oneLine(answered.version, 40)}, `
  return { verdict, words: isMeasured ? `${version}${verdict}` : '', metrics }
}

function evidenceOf({ config, target }: Conversation, before: Reading, after: Reading, hadLoad: boolean): GpuEvidence {
  return {
    ...(config && { config }),
    ...(after.statistics && { statistics: after.statistics }),
    ...(before.metrics && after.metrics && { metrics: { before: before.metrics, after: after.metrics } }),
    uuids: target.gpuUuids,
    ...(before.statistics &&
      after.statistics && { executions: after.statistics.executions - before.statistics.executions }),
    hadLoad,
  }
}

/** Statistics and metrics are evidence, not questions: where they do not answer there is less of it. */
async function read({ triton, ports, target, rules }: Conversation): Promise<Reading> {
  const orNothing = (error: unknown): undefined => {
    if (!(error instanceof HttpFault)) throw error
  }
  const answer = await triton.statistics(ports.signal).catch(orNothing)
  const isShown = answer?.kind === 'endpoint' && answer.status === 200
  const statistics = isShown ? readStatistics(answer.body, target.version) : undefined
  const metrics =
    target.metricsUrl === '' ? undefined : await readMetrics(ports, target.metricsUrl, rules.askMs).catch(orNothing)
  return {
    ...(statistics && { statistics }),
    isRestricted: answer !== undefined && isRestricted(answer),
    ...(metrics && { metrics }),
  }
}

async function readMetrics(ports: VerifyPorts, address: string, timeoutMs: number): Promise<GpuMetrics | undefined> {
  const url = new URL(address)
  const path = url.pathname === '/' ? '/metrics' : `${url.pathname}${url.search}`
  const http = ports.openHttp({ url: url.origin, guard: 'direct', credentials: {}, headers: {} })
  try {
    const answer = await http.ask({ method: 'GET', path, timeoutMs }, ports.signal)
    return answer.kind === 'endpoint' && answer.status === 200 ? readGpuMetrics(answer.body) : undefined
  } finally {
    await http.close()
  }
}

interface Inferred {
  readonly made?: MadeInputs
  readonly sent: number
  readonly version: string
}

/** Another word in the middle of the sentence; far from it, so that the answers differ by more than rounding. */
const otherSentence = 4003

async function askInference(conversation: Conversation, model: ModelMetadata | undefined): Promise<Inferred> {
  const { chain, triton, ports, target, config } = conversation
  const { endpoint } = target
  const isDirect = endpoint.guard === 'direct'
  const made = model && inputsOf(target, model, config)
  let sent = 0
  let first: InferAnswer | undefined
  const ask = async (inputs: MadeInputs['inputs'], encoding: 'json' | 'binary', given: MadeInputs, isGolden = true) => {
    const reply = await triton.infer({ id: '', inputs, outputs: [], sends: encoding, wants: encoding }, ports.signal)
    if (reply.kind === 'endpoint' && reply.status === 200) sent += 1
    return judgeInference(reply, endpoint, model as ModelMetadata, given.origin, isGolden ? target.golden : undefined)
  }
  /** Asks for what the first answer is compared with, and compares. */
  const compare = (what: string, questionOf: (given: MadeInputs, one: InferAnswer | undefined) => Promise<Answered>) =>
    chain.ask(what, () =>
      orFault(async () => {
        if (!made || 'problem' in made) return noInputs(made?.problem ?? 'it shows no metadata')
        return questionOf(made, first)
      }, isDirect),
    )
  const isBinary =
    model !== undefined &&
    [...model.inputs, ...model.outputs].some(({ datatype }) => isDatatype(datatype) && isBinaryOnly(datatype))

  await compare('infer', async (given) => {
    if (target.golden && given.origin !== 'golden') return unusable('the golden values hold no inputs')
    if (isBinary) return skip('Triton takes FP16 and BF16 as binary tensors alone')
    const judged = await ask(given.inputs, 'json', given)
    first = judged.answer
    return judged.answered
  })
  const encoding = isBinary ? 'binary' : 'json'
  await compare('repeat', async (given, one) => {
    const before = one ? undefined : await ask(given.inputs, encoding, given)
    first = one ?? before?.answer
    if (before && before.answered.verdict !== 'pass') return before.answered
    const again = await ask(given.inputs, encoding, given)
    if (again.answered.verdict !== 'pass' || !again.answer || !first) return again.answered
    return judgeAgreement(first, again.answer, 'repeat')
  })
  await compare('binary', async (given, one) => {
    const judged = await ask(given.inputs, 'binary', given)
    if (judged.answered.verdict !== 'pass' || !judged.answer || !one || isBinary) return judged.answered
    return judgeAgreement(one, judged.answer, 'binary')
  })
  await compare('batch', async (given, one) => {
    const rows = given.inputs[0]?.shape[0] ?? 0
    if (!given.hasBatch || rows === 0) return skip('this model has no batches')
    if (config && config.maxBatchSize > 0 && config.maxBatchSize < rows * 2)
      return skip(`this model takes batches of ${config.maxBatchSize} at most`)
    // Another row beside it, where one can be made: two equal ones would not show that they were mixed up.
    const other = given.origin === 'golden' ? undefined : saltedInputs(model as ModelMetadata, config, otherSentence)
    const second = other ? await ask(other, encoding, given) : undefined
    if (second && !second.answer) return second.answered
    const both = await ask(joinRows(given.inputs, other ?? given.inputs), encoding, given, false)
    if (both.answered.verdict !== 'pass' || !both.answer || !one) return both.answered
    return judgeBatch(
      [takeRows(both.answer.outputs, 0), takeRows(both.answer.outputs, 1)],
      [one.outputs, second?.answer?.outputs ?? one.outputs],
    )
  })
  return { ...(made && !('problem' in made) && { made }), sent, version: first?.version ?? '' }
}

function inputsOf(
  { golden }: TritonTarget,
  model: ModelMetadata,
  config: ModelConfig | undefined,
): MadeInputs | { readonly problem: string } {
  return golden ? goldenInputs(golden, model) : makeInputs(model, config?.optionalInputs)
}

function saltedInputs(model: ModelMetadata, config: ModelConfig | undefined, salt: number) {
  const made = makeInputs(model, config?.optionalInputs, salt)
  return 'problem' in made ? undefined : made.inputs
}

interface Measured {
  readonly latency?: NonNullable<ReturnType<typeof summarise>>
  readonly errors: number
  readonly sent: number
  readonly load?: { readonly p95Ms: number; readonly perSecond: number }
}

async function measure(conversation: Conversation, made: MadeInputs | undefined): Promise<Measured | undefined> {
  const { triton, ports, wish, rules, model, config } = conversation
  if (!made || !model) return undefined
  // Other questions every night, as far as values can be made: a cache that knows them would be measured in place of the model.
  const seed = Number.parseInt(ports.runId.replace(/[^0-9a-z]/g, '').slice(-6), 36) || 0
  const questions = (index: number): MadeInputs['inputs'] =>
    (made.origin === 'preset' && saltedInputs(model, config, (seed + index * 7) % 400)) || made.inputs
  const before = await read(conversation)
  const samples = await sampleInTurn(triton, questions, rules, ports.signal)
  const after = await read(conversation)
  const latency = summarise(samples, serverShare(before.statistics, after.statistics))
  const load: (Samples & { tookMs: number }) | undefined =
    wish.mode === 'load' && latency ? await sampleUnderLoad(triton, questions, rules, ports.signal) : undefined
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

/** Mean that the server spent on a request between the two, other clients' included. */
function serverShare(before: ModelStatistics | undefined, after: ModelStatistics | undefined): number | undefined {
  if (!before || !after) return undefined
  const requests = after.successes - before.successes
  return requests > 0 ? (after.successNs - before.successNs) / requests / 1e6 : undefined
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values
    .filter((value) => value !== undefined && Number.isFinite(value))
    .toSorted((a, b) => (a ?? 0) - (b ?? 0))
  return known[Math.floor((known.length - 1) / 2)]
}
