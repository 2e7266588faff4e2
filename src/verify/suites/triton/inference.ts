/** Layer 10 of one target: questions, and whether the answers agree. */
import {
  goldenInputs,
  type InferAnswer,
  isBinaryOnly,
  isDatatype,
  joinRows,
  type MadeInputs,
  type ModelConfig,
  type ModelMetadata,
  makeInputs,
  type TritonTarget,
  takeRows,
} from '../../../triton/index.ts'
import { type Answered, orFault, skip } from './answered.ts'
import { judgeAgreement, judgeBatch, judgeInference, noInputs, unusable } from './judge-infer.ts'
import type { Conversation } from './reading.ts'

export interface Inferred {
  readonly made?: MadeInputs
  readonly sent: number
  readonly version: string
}

/** Another word in the middle of the sentence; far from it, so that the answers differ by more than rounding. */
const otherSentence = 4003

export async function askInference(conversation: Conversation, model: ModelMetadata | undefined): Promise<Inferred> {
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

export function saltedInputs(model: ModelMetadata, config: ModelConfig | undefined, salt: number) {
  const made = makeInputs(model, config?.optionalInputs, salt)
  return 'problem' in made ? undefined : made.inputs
}
