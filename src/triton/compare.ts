/** Whether two answers are the same, and whether an answer is what a model says it gives. */
import type { ModelMetadata } from './answers.ts'
import { isFiniteValue } from './infer-answer.ts'
import type { Tensor } from './infer-request.ts'
import { oneLine } from './text.ts'

/** Default for two answers of one model: floats of a GPU differ a little with the batch and the order of sums. */
export const usualTolerance = 0.001
/** Of a row in a batch and the same row alone: another size of batch may take other kernels, with other sums. */
export const batchTolerance = 0.01
/** So many times coarser than FP32 are these: 10 and 7 bits of fraction. */
const coarseness: Readonly<Record<string, number>> = { FP16: 10, BF16: 50 }

/**
 * The first difference in words; undefined: there is none.
 * @param tolerance largest difference of two numbers; `relative`: for numbers above one, of that share of them
 */
export function difference(
  one: readonly Tensor[],
  other: readonly Tensor[],
  tolerance: { readonly most: number; readonly isRelative: boolean },
): string | undefined {
  for (const tensor of one) {
    const second = other.find(({ name }) => name === tensor.name)
    const shown = oneLine(tensor.name, 60)
    if (!second) return `there is no output ${shown}`
    if (tensor.datatype !== second.datatype) return `${shown} is ${second.datatype}, not ${tensor.datatype}`
    if (tensor.shape.join() !== second.shape.join())
      return `${shown} has shape [${second.shape}], not [${tensor.shape}]`
    const most = tolerance.most * (tolerance.isRelative ? (coarseness[tensor.datatype] ?? 1) : 1)
    for (const [index, value] of tensor.values.entries()) {
      const against = second.values[index]
      if (isSame(value, against, { ...tolerance, most })) continue
      return `${shown}${place(index, tensor.shape)} is ${show(against)}, not ${show(value)}`
    }
  }
  return undefined
}

function isSame(one: unknown, other: unknown, { most, isRelative }: { most: number; isRelative: boolean }): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other
  if (Number.isNaN(one) || Number.isNaN(other)) return false
  if (one === other) return true
  return Math.abs(one - other) <= most * (isRelative ? Math.max(1, Math.abs(one)) : 1)
}

function place(index: number, shape: readonly number[]): string {
  const parts: number[] = []
  let rest = index
  for (const dimension of shape.toReversed()) {
    parts.unshift(dimension === 0 ? 0 : rest % dimension)
    rest = dimension === 0 ? 0 : Math.floor(rest / dimension)
  }
  return `[${parts.join(',')}]`
}

function show(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)))
  return oneLine(String(value), 40)
}

/** What is wrong with an answer of a model, in words; undefined: nothing. */
export function problemOf(outputs: readonly Tensor[], model: ModelMetadata): string | undefined {
  for (const { name, datatype, shape } of model.outputs) {
    const given = outputs.find((output) => output.name === name)
    const shown = oneLine(name, 60)
    if (!given) return `output ${shown} is missing`
    if (given.datatype !== datatype) return `output ${shown} is ${given.datatype}; the model says ${datatype}`
    const fits =
      shape.length === given.shape.length &&
      shape.every((dimension, index) => dimension === -1 || dimension === given.shape[index])
    if (!fits) return `output ${shown} has shape [${given.shape}]; the model says [${shape}]`
    const wrong = given.values.findIndex((value) => !isFiniteValue(value))
    if (wrong >= 0) {
      const count = given.values.filter((value) => !isFiniteValue(value)).length
      return `output ${shown} has ${count} of ${given.values.length} values that are no numbers (${String(given.values[wrong])})`
    }
  }
  return undefined
}

/** A few values for people: `logits [1,2]: 9.883, 4`. */
export function showOutputs(outputs: readonly Tensor[]): string {
  return outputs
    .slice(0, 3)
    .map(({ name, shape, values }) => {
      const more = values.length > 4 ? ', …' : ''
      return `${oneLine(name, 40)} [${shape}]: ${values.slice(0, 4).map(show).join(', ')}${more}`
    })
    .join('; ')
}
