/** Layer 10 of one target: questions, and whether the answers agree. */
import { isUtf8 } from 'node:buffer'
import { HttpFault } from '../../../http/index.ts'
import {
  type Encoding,
  goldenInputs,
  type InferAnswer,
  isBinaryOnly,
  isDatatype,
  isKnownModel,
  joinRows,
  type MadeInputs,
  type ModelConfig,
  type ModelMetadata,
  makeInputs,
  mostInferred,
  type TritonTarget,
  takeRows,
} from '../../../triton/index.ts'
import { type Answered, orFault, skip } from './answered.ts'
import {
  type Judged,
  judgeAgreement,
  judgeBatch,
  judgeInference,
  noInputs,
  streaming,
  tooLong,
  unusable,
} from './judge-infer.ts'
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
  let asked = 0
  let sent = 0
  let first: InferAnswer | undefined
  const ask = async (
    inputs: MadeInputs['inputs'],
    encoding: Encoding,
    { origin }: MadeInputs,
    isGolden = true,
  ): Promise<Judged> => {
    const question = {
      id: '',
      inputs,
      outputs: [],
      sends: encoding,
      wants: encoding,
      ...sequenceOf(config, ports.runId, asked),
    }
    asked += 1
    const reply = await triton.infer(question, ports.signal).catch(orTooLong)
    if (reply === undefined) return { answered: tooLong(mostInferred[encoding] / 1024 / 1024), isBinaryMatter: true }
    const isTaken = reply.kind === 'endpoint' && reply.status === 200
    if (isTaken) sent += 1
    // Texts of any bytes are no JSON, though Triton writes them there.
    if (isTaken && encoding === 'json' && model?.outputs.some(isText) && !isUtf8(reply.body))
      return { answered: skip('its texts are no UTF-8'), isBinaryMatter: true }
    const golden = isGolden ? target.golden : undefined
    return judgeInference(reply, endpoint, model as ModelMetadata, target.version, origin, golden)
  }
  /** Asks for what the first answer is compared with, and compares. */
  const compare = (what: string, questionOf: (given: MadeInputs, one: InferAnswer | undefined) => Promise<Answered>) =>
    chain.ask(what, () =>
      orFault(async () => {
        if (config?.isDecoupled) return streaming
        if (!made || 'problem' in made) return noInputs(made?.problem ?? 'it shows no metadata')
        return questionOf(made, first)
      }, isDirect),
    )
  let isBinary =
    model !== undefined &&
    [...model.inputs, ...model.outputs].some(({ datatype }) => isDatatype(datatype) && isBinaryOnly(datatype))

  await compare('infer', async (given) => {
    if (target.golden && given.origin !== 'golden') return unusable('the golden values hold no inputs')
    if (isBinary) return skip('Triton takes FP16 and BF16 as binary tensors alone')
    const judged = await ask(given.inputs, 'json', given)
    first = judged.answer
    if (!judged.isBinaryMatter) return judged.answered
    isBinary = true
    return skip(`${judged.answered.found}: asked in binary tensors alone`)
  })
  const encoding: Encoding = isBinary ? 'binary' : 'json'
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
    // A free dimension that Triton does not call the batch may be a length, and two of them joined another question.
    const isBatch =
      given.hasBatch && ((config !== undefined && config.maxBatchSize > 0) || isKnownModel(model as ModelMetadata))
    if (!isBatch || rows === 0) return skip('this model has no batches')
    if (config?.isSequence) return skip('its questions belong to sequences, and are not joined')
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
  return golden ? goldenInputs(golden, model, config?.optionalInputs) : makeInputs(model, config?.optionalInputs)
}

/**
 * A sequence of its own for each question, with a number that nobody else has: theirs would be begun anew.
 * @param index of the question in this run
 */
export function sequenceOf(
  config: ModelConfig | undefined,
  runId: string,
  index: number,
): { readonly sequence?: number } {
  const own = Number.parseInt(runId.replace(/[^0-9a-z]/g, '').slice(-8), 36) || 0
  return config?.isSequence ? { sequence: 2 ** 40 + own * 2 ** 11 + index } : {}
}

function isText({ datatype }: ModelMetadata['outputs'][number]): boolean {
  return datatype === 'BYTES'
}

/** An answer that is longer than is read; everything else is thrown again. */
function orTooLong(error: unknown): undefined {
  if (!(error instanceof HttpFault) || error.code !== 'too-large') throw error
}

export function saltedInputs(model: ModelMetadata, config: ModelConfig | undefined, salt: number) {
  const made = makeInputs(model, config?.optionalInputs, salt)
  return 'problem' in made ? undefined : made.inputs
}
