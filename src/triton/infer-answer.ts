/** The answer to an inference, checked for being one: every number of it comes from somebody else. */
import type { HttpAnswer } from '../http/index.ts'
import { convert, decode, elementsOf, isDatatype, type Value } from './datatypes.ts'
import type { Tensor } from './infer-request.ts'
import { isObject, type JsonObject, listOf, readJson, textOf } from './json.ts'
import { oneLine } from './text.ts'

export interface InferAnswer {
  readonly model: string
  readonly version: string
  readonly outputs: readonly Tensor[]
  readonly durationMs: number
}

/** Why an answer with 200 is none. */
export interface Malformed {
  readonly problem: string
}

const lengthHeader = 'inference-header-content-length'

/** @param answer of the endpoint itself, with status 200 */
export function readInferAnswer(answer: HttpAnswer): InferAnswer | Malformed {
  const length = answer.headers[lengthHeader]
  const isBinary = length !== undefined || /octet-stream/i.test(answer.headers['content-type'] ?? '')
  let head = answer.body
  let raw: Uint8Array = new Uint8Array()
  if (isBinary) {
    if (length === undefined) return { problem: `a binary answer without ${lengthHeader}: a proxy on the way drops it` }
    const bytes = /^\d{1,9}$/.test(length) ? Number(length) : Number.NaN
    if (!(bytes > 0 && bytes <= answer.body.length))
      return { problem: `${lengthHeader} is ${oneLine(length, 20)}, and the answer has ${answer.body.length} bytes` }
    head = answer.body.subarray(0, bytes)
    raw = answer.body.subarray(bytes)
  }
  const json = readJson(head)
  if (!isObject(json)) {
    return {
      problem: isBinary ? `its first ${head.length} bytes, which ${lengthHeader} names, are no JSON` : 'it is no JSON',
    }
  }
  const outputs: Tensor[] = []
  for (const entry of listOf(json.outputs, 100)) {
    const read = isObject(entry) ? readOutput(entry, raw) : { problem: 'an output of it is none' }
    if ('problem' in read) return read
    raw = raw.subarray(read.used)
    outputs.push(read.tensor)
  }
  if (outputs.length === 0) return { problem: 'it has no outputs' }
  if (raw.length > 0) return { problem: `${raw.length} bytes follow the last tensor` }
  const { durationMs } = answer
  return { model: textOf(json.model_name), version: textOf(json.model_version), outputs, durationMs }
}

function readOutput(entry: JsonObject, raw: Uint8Array): { tensor: Tensor; used: number } | Malformed {
  const name = textOf(entry.name)
  const datatype = textOf(entry.datatype)
  const shape = listOf(entry.shape, 32).map((dimension) => (typeof dimension === 'number' ? dimension : -1))
  const elements = elementsOf(shape)
  const shown = oneLine(name, 60)
  if (name === '' || !isDatatype(datatype))
    return { problem: `output ${shown} has the datatype ${oneLine(datatype, 20)}` }
  if (elements === undefined) return { problem: `output ${shown} has no shape that can be` }
  const size = isObject(entry.parameters) ? entry.parameters.binary_data_size : undefined
  if (size === undefined) {
    const given = flatten(entry.data, elements)
    if (given?.length !== elements)
      return { problem: `output ${shown} has shape [${shape}], and ${given?.length ?? 'too many'} values` }
    try {
      return { tensor: { name, datatype, shape, values: given.map((value) => convert(datatype, value)) }, used: 0 }
    } catch (error) {
      return { problem: `output ${shown}: ${oneLine((error as Error).message, 80)}` }
    }
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    return { problem: `output ${shown} has a binary_data_size that is none` }
  if (size > raw.length) return { problem: `output ${shown} has ${size} bytes, and only ${raw.length} came` }
  const values = decode(datatype, raw.subarray(0, size), elements)
  if (!values) return { problem: `output ${shown} is ${datatype} [${shape}], and ${size} bytes are not that` }
  return { tensor: { name, datatype, shape, values }, used: size }
}

/** KServe allows nested and flat lists. undefined: there is more than there may be. */
export function flatten(data: unknown, limit: number): unknown[] | undefined {
  const flat: unknown[] = []
  const open: { readonly list: readonly unknown[]; at: number }[] = [{ list: Array.isArray(data) ? data : [], at: 0 }]
  for (let top = open.at(-1); top; top = open.at(-1)) {
    if (top.at >= top.list.length) {
      open.pop()
      continue
    }
    const value = top.list[top.at]
    top.at += 1
    if (Array.isArray(value)) {
      if (open.length > 32) return undefined
      open.push({ list: value, at: 0 })
    } else if (flat.length >= limit) return undefined
    else flat.push(value)
  }
  return flat
}

/** Every value as a number, where that makes sense. */
export function isFiniteValue(value: Value): boolean {
  return typeof value !== 'number' || Number.isFinite(value)
}
