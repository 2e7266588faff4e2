/** An inference as bytes: JSON, or JSON followed by raw tensors. The same bytes as NVIDIA's own client sends (test/fixtures/triton). */
import { type Datatype, encode, familyOf, type Value } from './datatypes.ts'

export interface Tensor {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  /** Row by row: whole numbers as bigint, floats as number, BYTES as text. */
  readonly values: readonly Value[]
}

export type Encoding = 'json' | 'binary'

export interface InferQuestion {
  /** Empty: none is sent. */
  readonly id: string
  readonly inputs: readonly Tensor[]
  /** Names of the outputs that are asked for; empty: all. */
  readonly outputs: readonly string[]
  readonly sends: Encoding
  readonly wants: Encoding
  /** Of a sequence of this one question alone, 1 to 2^53 (triton-inference-server/server:docs/protocol/extension_sequence.md); undefined: none. */
  readonly sequence?: number
}

export interface InferBytes {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** @throws RangeError for a value that its datatype cannot hold */
export function inferBytes({ id, inputs, outputs, sends, wants, sequence }: InferQuestion): InferBytes {
  const raw = sends === 'binary' ? inputs.map(({ datatype, values }) => encode(datatype, values)) : []
  const parameters = [
    ...(sequence === undefined ? [] : [`"sequence_id":${sequence},"sequence_start":true,"sequence_end":true`]),
    ...(outputs.length === 0 && wants === 'binary' ? ['"binary_data_output":true'] : []),
  ]
  const parts = [
    ...(id === '' ? [] : [`"id":${JSON.stringify(id)}`]),
    `"inputs":[${inputs.map((input, index) => inputText(input, raw[index])).join(',')}]`,
    ...(outputs.length === 0 ? [] : [`"outputs":[${outputs.map((name) => outputText(name, wants)).join(',')}]`]),
    ...(parameters.length === 0 ? [] : [`"parameters":{${parameters.join(',')}}`]),
  ]
  const head = Buffer.from(`{${parts.join(',')}}`)
  return sends === 'binary'
    ? {
        headers: {
          'content-type': 'application/octet-stream',
          'inference-header-content-length': String(head.length),
        },
        body: Buffer.concat([head, ...raw]),
      }
    : { headers: { 'content-type': 'application/json' }, body: head }
}

function inputText({ name, shape, datatype, values }: Tensor, raw: Uint8Array | undefined): string {
  const head = `{"name":${JSON.stringify(name)},"shape":[${shape.join(',')}],"datatype":"${datatype}"`
  if (raw) return `${head},"parameters":{"binary_data_size":${raw.length}}}`
  return `${head},"data":[${values.map((value) => valueText(datatype, value)).join(',')}]}`
}

function outputText(name: string, wants: Encoding): string {
  return `{"name":${JSON.stringify(name)},"parameters":{"binary_data":${wants === 'binary'}}}`
}

/** JSON.stringify knows no bigint and writes 1.0 as 1, which reads as a whole number. */
function valueText(datatype: Datatype, value: Value): string {
  if (familyOf(datatype) === 'float') {
    const number = Number(value)
    return Number.isInteger(number) && Math.abs(number) < 1e21 ? `${number}.0` : String(number)
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
