/** Asks the same kind of question many times and keeps how long each answer took. */
import { HttpFault } from '../../../http/index.ts'
import {
  type InferQuestion,
  type Latency,
  latencyOf,
  readInferAnswer,
  type TritonClient,
} from '../../../triton/index.ts'

export interface SamplingRules {
  readonly warmUps: number
  readonly samples: number
  /** Milliseconds after which no further sample is begun. */
  readonly budgetMs: number
  /** Of `mode: load`. */
  readonly load: { readonly clients: number; readonly forMs: number }
}

export interface Samples {
  readonly durationsMs: readonly number[]
  readonly errors: number
}

/** @param inputs of the n-th question; each its own, so that no cache knows its answer */
export type Questions = (index: number) => Pick<InferQuestion, 'inputs' | 'sequence'>

/** One client in turn. The first questions warm up and are not counted: the first one to CUDA is slow. */
export async function sampleInTurn(
  triton: TritonClient,
  questions: Questions,
  rules: SamplingRules,
  signal: AbortSignal,
): Promise<Samples> {
  const startedMs = performance.now()
  const isBefore = (share: number): boolean => performance.now() - startedMs < rules.budgetMs * share
  // A model that takes seconds for an answer is not warmed up until no time is left to measure it.
  for (let index = 0; index < rules.warmUps && isBefore(1 / 3); index += 1) await once(triton, questions(index), signal)
  const durationsMs: number[] = []
  let errors = 0
  for (let index = 0; index < rules.samples && (index === 0 || isBefore(1)) && errors < 5; index += 1) {
    const durationMs = await once(triton, questions(rules.warmUps + index), signal)
    if (durationMs === undefined) errors += 1
    else durationsMs.push(durationMs)
  }
  return { durationsMs, errors }
}

/** Several clients at once for a while. */
export async function sampleUnderLoad(
  triton: TritonClient,
  questions: Questions,
  { load }: SamplingRules,
  signal: AbortSignal,
): Promise<Samples & { readonly tookMs: number }> {
  const startedMs = performance.now()
  const durationsMs: number[] = []
  let errors = 0
  let asked = 0
  const client = async (): Promise<void> => {
    // Errors come back at once where a server refuses: they may not become a flood.
    while (performance.now() - startedMs < load.forMs && errors < 20) {
      asked += 1
      const durationMs = await once(triton, questions(asked), signal)
      if (durationMs === undefined) errors += 1
      else durationsMs.push(durationMs)
    }
  }
  await Promise.all(Array.from({ length: load.clients }, client))
  return { durationsMs, errors, tookMs: performance.now() - startedMs }
}

/** undefined: there was no answer, or none that is one. */
async function once(
  triton: TritonClient,
  question: ReturnType<Questions>,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const answer = await triton.infer({ id: '', ...question, outputs: [], sends: 'binary', wants: 'binary' }, signal)
    if (answer.kind !== 'endpoint' || answer.status !== 200) return undefined
    return 'problem' in readInferAnswer(answer) ? undefined : answer.durationMs
  } catch (error) {
    if (error instanceof HttpFault) return undefined
    throw error
  }
}

/** undefined: nothing was answered. */
export function summarise({ durationsMs }: Samples, serverMs?: number): Latency | undefined {
  return durationsMs.length === 0 ? undefined : latencyOf(durationsMs, serverMs)
}
