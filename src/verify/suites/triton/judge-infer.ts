/** Layer 10: the answers are answers, agree with each other, and with what a person knows. Pure. */
import type { Endpoint, HttpAnswer } from '../../../http/index.ts'
import {
  batchTolerance,
  difference,
  type Golden,
  goldenOutputs,
  type InferAnswer,
  isRestricted,
  type MadeInputs,
  type ModelMetadata,
  oneLine,
  problemOf,
  readError,
  readInferAnswer,
  showOutputs,
  statusWords,
  strangerOf,
  type Tensor,
  usualTolerance,
} from '../../../triton/index.ts'
import { type Answered, bad, pass } from './answered.ts'
import { restricted } from './judge-server.ts'

const usual = { most: usualTolerance, isRelative: true } as const

export interface Judged {
  readonly answered: Answered
  /** An answer that is one, whatever it says. */
  readonly answer?: InferAnswer
  /** JSON cannot hold it; binary tensors may. */
  readonly isBinaryMatter?: boolean
}

/** What the process behind a model says after it died; `/ready` stays 200 (recorded: err-exec-dies, exec-dies-ready-after). */
const dead = /stub process|is not healthy/i

/** One inference: it answers, in the shapes that the model promises, with numbers that are some. */
export function judgeInference(
  reply: HttpAnswer,
  endpoint: Endpoint,
  model: ModelMetadata,
  version: string,
  origin: MadeInputs['origin'],
  golden: Golden | undefined,
): Judged {
  const stranger = strangerOf(reply, endpoint)
  if (stranger) return { answered: bad('fail', stranger) }
  if (isRestricted(reply)) return { answered: restricted }
  if (reply.status !== 200) return { answered: refused(reply, origin) }
  const answer = readInferAnswer(reply)
  if ('problem' in answer) {
    return {
      answered: bad('fail', {
        found: `the answer cannot be read: ${answer.problem}`,
        cause: 'the answer was cut or changed on the way, or the server is broken',
        remedy:
          'ask on the node itself (curl http://127.0.0.1:8000/v2/models/…/infer): right there, then a proxy changes it',
      }),
    }
  }
  const another = anotherModel(answer, model, version)
  if (another !== undefined)
    return {
      answered: bad('fail', {
        found: `it is the answer of ${another}`,
        cause: 'something before Triton leads questions to another model or version than they name',
        remedy: 'ask Triton itself, at its own port; correct what stands before it',
      }),
    }
  const problem = problemOf(answer.outputs, model)
  if (problem !== undefined) {
    return {
      answer,
      answered: bad('fail', {
        found: problem,
        cause: /no numbers/.test(problem)
          ? 'the model computes nonsense: weights or precision are wrong, or the GPU is broken'
          : 'the model gives something else than its metadata says',
        remedy: 'load the model again; when that stays, put the last good version of it back',
      }),
    }
  }
  const wrong = golden && compareGolden(answer.outputs, golden, model)
  if (wrong) return { answer, answered: wrong }
  const words = golden
    ? 'the golden answer'
    : `an answer to ${origin === 'preset' ? 'a known sentence' : 'inputs made from its metadata'}`
  return { answer, answered: pass(words, [showOutputs(answer.outputs), `version ${answer.version}`]) }
}

/** Servers that are none of NVIDIA's may leave the names out. */
function anotherModel(answer: InferAnswer, { name }: ModelMetadata, version: string): string | undefined {
  if (answer.model !== '' && answer.model !== name) return `the model ${oneLine(answer.model, 60)}`
  if (version !== '' && answer.version !== '' && answer.version !== version)
    return `version ${oneLine(answer.version, 40)}, and ${version} was asked`
  return undefined
}

function compareGolden(outputs: readonly Tensor[], golden: Golden, model: ModelMetadata): Answered | undefined {
  const wanted = goldenOutputs(golden, model)
  if ('problem' in wanted) return unusable(wanted.problem)
  const found = difference(wanted, outputs, { most: golden.tolerance ?? usualTolerance, isRelative: false })
  if (found === undefined) return undefined
  return bad('fail', {
    found: `another answer than the golden one: ${found}`,
    cause: 'another model or version is loaded than the one that the values are from, or it computes wrongly',
    remedy:
      'when the model was changed on purpose, write its new answer into the cluster file; otherwise put the right one back',
  })
}

/** The cluster file is wrong, not the model. */
export function unusable(problem: string): Answered {
  return bad('warn', {
    found: problem,
    cause: 'the golden values of the cluster file do not fit this model',
    remedy: 'correct verify.triton[].golden',
  })
}

/** @param megabytes that are read of it */
export function tooLong(megabytes: number): Answered {
  return bad('warn', {
    found: `its answer is longer than ${megabytes} MiB, which is more than is compared here`,
    cause: 'the outputs of this model are large, or without end',
    remedy: 'give smaller inputs as verify.triton[].golden, or ask a model of another size',
  })
}

/** Triton gives such answers over gRPC and `generate_stream` (triton-inference-server/server:docs/user_guide/decoupled_models.md). */
export const streaming: Answered = bad('warn', {
  found: 'this model answers in streams (decoupled), and is not asked here',
  cause: 'one question over HTTP has one answer; Triton refuses it for such models (501)',
  remedy: 'name a model of the same server and GPU that is not decoupled; or lower triton.infer in verify.severity',
})

/** @param problem why no inputs can be made */
export function noInputs(problem: string): Answered {
  return bad('warn', {
    found: `nothing can be asked of it: ${problem}`,
    cause: 'inputs are made from the metadata of a model, and this is beyond it',
    remedy: 'give inputs and outputs as verify.triton[].golden in the cluster file',
  })
}

function refused(reply: HttpAnswer, origin: MadeInputs['origin']): Answered {
  const words = statusWords(reply)
  if (dead.test(readError(reply.body))) {
    return bad('fail', {
      found: `inference answers ${words}`,
      cause: 'the process behind the model died; Triton still calls the model ready',
      remedy: 'restart Triton, or unload and load the model; its log shows why the process died',
    })
  }
  if (origin === 'made' && /^(400|500)$/.test(String(reply.status))) {
    return bad('warn', {
      found: `it takes no inputs made from its metadata: ${words}`,
      cause: 'only the shapes of these inputs are known to be right, not their values',
      remedy: 'give inputs and outputs as verify.triton[].golden in the cluster file',
    })
  }
  return bad('fail', {
    found: `inference answers ${words}`,
    cause:
      reply.status === 404
        ? 'the model was ready a moment ago and has no version that is'
        : 'the model is loaded and fails when it computes',
    remedy: 'the log of Triton at this time; nvidia-smi on its node; load the model again',
  })
}

/** The same question twice, however it was sent. */
export function judgeAgreement(one: InferAnswer, other: InferAnswer, what: 'binary' | 'repeat'): Answered {
  const found = difference(one.outputs, other.outputs, usual)
  if (found === undefined) return pass(what === 'binary' ? 'the same answer as in JSON' : 'the same answer again')
  return bad(
    'fail',
    what === 'binary'
      ? {
          found: `JSON and binary tensors disagree: ${found}`,
          cause: 'a proxy changes bodies on the way, or the server reads one of the two wrongly',
          remedy: 'ask both on the node itself; right there, then look at what stands before Triton',
        }
      : {
          found: `the same question has two answers: ${found}`,
          cause:
            'the model is not deterministic, several versions or servers answer in turn, or the GPU computes wrongly',
          remedy: 'one version in the version policy; the memory test of the GPU (nvidia-smi -q -d ECC) when it is one',
        },
  )
}

/** @param batch the two halves of a batch; @param alone the same rows, each asked alone */
export function judgeBatch(batch: readonly (readonly Tensor[])[], alone: readonly (readonly Tensor[])[]): Answered {
  for (const [row, outputs] of alone.entries()) {
    const found = difference(outputs, batch[row] ?? [], { ...usual, most: batchTolerance })
    if (found === undefined) continue
    return bad('fail', {
      found: `row ${row + 1} of a batch of two differs from the same row alone: ${found}`,
      cause: "rows of a batch are mixed up or padded wrongly: users get each other's answers",
      remedy: 'max_batch_size: 0 in config.pbtxt until the model or its export is repaired',
    })
  }
  return pass('two rows in one batch have the answers that they have alone')
}
