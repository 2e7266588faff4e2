/** Inputs for a model of which only its metadata is known, and inputs that a person gave. */
import type { ModelMetadata, TensorMetadata } from './answers.ts'
import { convert, type Datatype, elementsOf, familyOf, isDatatype, type Value } from './datatypes.ts'
import { flatten } from './infer-answer.ts'
import type { Tensor } from './infer-request.ts'
import type { Golden } from './model.ts'
import { oneLine } from './text.ts'

export interface MadeInputs {
  readonly inputs: readonly Tensor[]
  /** golden: somebody gave them; preset: a kind of model that is known; made: only the shapes are right. */
  readonly origin: 'golden' | 'preset' | 'made'
  /** The first dimension counts rows that do not depend on each other. */
  readonly hasBatch: boolean
}

/** `hello world` of BERT's English vocabulary, with its marks for beginning and end: the ids of distilbert-base-uncased. */
const sentence = [101, 7592, 2088, 102]
/** Length of a dimension that may have any. */
const freeLength = sentence.length
const mostElements = 4 * 1024 * 1024

/** What the inputs of models from the BERT family mean. DistilBERT has the first two alone. */
const presets: Readonly<Record<string, (index: number, salt: number) => number>> = {
  input_ids: (index, salt) => (index === 2 ? 2088 + salt : (sentence[index] ?? 0)),
  attention_mask: () => 1,
  token_type_ids: () => 0,
  position_ids: (index) => index,
}

/**
 * Inputs made from metadata: the batch dimension 1, other free dimensions short.
 * @param optional names of inputs that are left out
 * @param salt 0 to 20,000: another one gives other inputs, so that no cache knows the answer
 * @returns a problem in words when none can be made
 */
export function makeInputs(
  model: ModelMetadata,
  optional: readonly string[] = [],
  salt = 0,
): MadeInputs | { readonly problem: string } {
  const wanted = model.inputs.filter(({ name }) => !optional.includes(name))
  const isPreset = isKnownModel({ inputs: wanted })
  const inputs: Tensor[] = []
  for (const input of wanted) {
    const { name, datatype } = input
    if (!isDatatype(datatype)) return { problem: `input ${oneLine(name, 60)} has the datatype ${datatype}` }
    const shape = input.shape.map((dimension, index) => (dimension !== -1 ? dimension : index === 0 ? 1 : freeLength))
    const elements = elementsOf(shape, mostElements)
    if (elements === undefined) return { problem: `input ${oneLine(name, 60)} has shape [${input.shape}]` }
    const preset = isPreset ? presets[name] : undefined
    const width = shape.at(-1) ?? 1
    const values = Array.from({ length: elements }, (_, index) =>
      convert(datatype, preset ? preset(width === 0 ? 0 : index % width, salt) : madeValue(datatype, index, salt)),
    )
    inputs.push({ name, datatype, shape, values })
  }
  const hasBatch = wanted.every(({ shape }) => shape[0] === -1) && model.outputs.every(({ shape }) => shape[0] === -1)
  return { inputs, origin: isPreset ? 'preset' : 'made', hasBatch }
}

/** Whether its first dimension is known to count rows, although Triton may not say so. */
export function isKnownModel({ inputs }: Pick<ModelMetadata, 'inputs'>): boolean {
  return inputs.some(({ name }) => name === 'input_ids') && inputs.every(isPresetInput)
}

function isPresetInput({ name, datatype, shape }: TensorMetadata): boolean {
  return Object.hasOwn(presets, name) && /^INT(32|64)$/.test(datatype) && shape.length === 2
}

/** Small, different from each other, and the same every night. */
function madeValue(datatype: Datatype, index: number, salt: number): Value {
  const step = (index + salt) % 7
  switch (familyOf(datatype)) {
    case 'boolean':
      return step % 2 === 0
    case 'text':
      return `hello ${step}`
    case 'float':
      return step / 8
    default:
      return BigInt(step)
  }
}

/**
 * @param optional names of inputs that may be missing; undefined: nobody knows which
 * @returns a problem in words when the values do not fit the model: the file is wrong, not the model
 */
export function goldenInputs(
  golden: Golden,
  model: ModelMetadata,
  optional?: readonly string[],
): MadeInputs | { readonly problem: string } {
  const inputs: Tensor[] = []
  for (const [name, given] of Object.entries(golden.inputs)) {
    const metadata = model.inputs.find((input) => input.name === name)
    if (!metadata) return { problem: `the model has no input ${oneLine(name, 60)}; it has ${names(model.inputs)}` }
    const tensor = tensorOf(name, metadata, given)
    if ('problem' in tensor) return tensor
    inputs.push(tensor)
  }
  const missing = model.inputs.find(({ name }) => !Object.hasOwn(golden.inputs, name) && !optional?.includes(name))
  if (optional && missing) return { problem: `the golden values hold no input ${oneLine(missing.name, 60)}` }
  return {
    inputs,
    origin: 'golden',
    hasBatch: [...model.inputs, ...model.outputs].every(({ shape }) => shape[0] === -1),
  }
}

/** What the model must answer, as tensors without their batch's worth of doubt. */
export function goldenOutputs(golden: Golden, model: ModelMetadata): readonly Tensor[] | { readonly problem: string } {
  const outputs: Tensor[] = []
  for (const [name, given] of Object.entries(golden.outputs)) {
    const metadata = model.outputs.find((output) => output.name === name)
    if (!metadata) return { problem: `the model has no output ${oneLine(name, 60)}; it has ${names(model.outputs)}` }
    const tensor = tensorOf(name, metadata, given)
    if ('problem' in tensor) return tensor
    outputs.push(tensor)
  }
  return outputs
}

function names(tensors: readonly TensorMetadata[]): string {
  return oneLine(tensors.map(({ name }) => name.slice(0, 60)).join(', '))
}

function tensorOf(name: string, { datatype }: TensorMetadata, given: unknown): Tensor | { readonly problem: string } {
  if (!isDatatype(datatype)) return { problem: `${name} has the datatype ${datatype}` }
  const shape: number[] = []
  for (let level = given; Array.isArray(level); level = level[0]) shape.push(level.length)
  const flat = flatten(given, mostElements)
  const elements = elementsOf(shape, mostElements)
  if (shape.length === 0 || !flat || elements !== flat.length)
    return { problem: `the golden values of ${name} are not a list of rows of one length` }
  try {
    return { name, datatype, shape, values: flat.map((value) => convert(datatype, value)) }
  } catch (error) {
    return { problem: `golden values of ${name}: ${(error as Error).message}` }
  }
}

/** One input after the other in one batch; all have the same shapes. */
export function joinRows(first: readonly Tensor[], second: readonly Tensor[]): readonly Tensor[] {
  return first.map((tensor, index) => ({
    ...tensor,
    shape: [(tensor.shape[0] ?? 0) + (second[index]?.shape[0] ?? 0), ...tensor.shape.slice(1)],
    values: [...tensor.values, ...(second[index]?.values ?? [])],
  }))
}

/** Half of a batch of two. */
export function takeRows(tensors: readonly Tensor[], half: 0 | 1): readonly Tensor[] {
  return tensors.map((tensor) => {
    const rows = (tensor.shape[0] ?? 0) / 2
    const length = tensor.values.length / 2
    return {
      ...tensor,
      shape: [rows, ...tensor.shape.slice(1)],
      values: tensor.values.slice(half * length, (half + 1) * length),
    }
  })
}
