/** The model of the recordings: `logits[row] = [sum(ids * mask) / 1000, sum(mask)]`, asked in JSON or in binary. */
import type { TritonFault } from './contract.ts'
import { type Reply, recorded } from './recorded.ts'

export const toyModel = 'distilbert-base-uncased'

interface Input {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

interface Asked {
  readonly id: string
  readonly inputs: ReadonlyMap<string, Input>
  readonly isBinary: boolean
}

interface Entry {
  readonly name: string
  readonly shape: readonly number[]
  readonly data?: readonly unknown[]
  readonly parameters?: { readonly binary_data_size?: number }
}

/** @returns the answer of a real server to what is no request */
function readRequest(body: Buffer, length: string | undefined): Asked | Reply {
  const headBytes = length === undefined ? body.length : Number(length)
  let json: {
    readonly id?: string
    readonly inputs?: readonly Entry[]
    readonly outputs?: readonly { readonly parameters?: { readonly binary_data?: boolean } }[]
    readonly parameters?: { readonly binary_data_output?: boolean }
  }
  try {
    json = JSON.parse(body.subarray(0, headBytes).toString('utf8'))
  } catch {
    return recorded('err-malformed-json')
  }
  const inputs = new Map<string, Input>()
  let at = headBytes
  for (const { name, shape, data, parameters } of json.inputs ?? []) {
    const size = parameters?.binary_data_size
    if (size === undefined) inputs.set(name, { shape, values: (data ?? []).flat(Number.POSITIVE_INFINITY).map(Number) })
    else {
      const values = Array.from({ length: size / 8 }, (_, index) => Number(body.readBigInt64LE(at + index * 8)))
      inputs.set(name, { shape, values })
      at += size
    }
  }
  const isBinary = json.outputs?.[0]?.parameters?.binary_data ?? json.parameters?.binary_data_output ?? false
  return { id: json.id ?? '', inputs, isBinary }
}

/** @param count how many inferences there were before, so that an unsteady model differs from one to the next */
export function infer(
  body: Buffer,
  length: string | undefined,
  model: string,
  faults: ReadonlySet<TritonFault>,
  count: number,
): Reply {
  const asked = readRequest(body, length)
  if ('status' in asked) return asked
  const ids = asked.inputs.get('input_ids')
  const mask = asked.inputs.get('attention_mask')
  if (!ids || !mask) return recorded('err-missing-input', { [toyModel]: model })
  const rows = ids.shape[0] ?? 1
  const width = ids.values.length / Math.max(1, rows)
  const logits: number[][] = Array.from({ length: rows }, (_, row) => {
    const of = (values: readonly number[]): readonly number[] => values.slice(row * width, (row + 1) * width)
    const masks = of(mask.values)
    const sum = of(ids.values).reduce((total, id, index) => total + id * (masks[index] ?? 0), 0)
    return [Math.fround(sum / 1000), masks.reduce((total, one) => total + one, 0)]
  })
  if (faults.has('triton-batch-mixed')) logits.reverse()
  const first = logits[0]
  if (first && faults.has('triton-nan')) first[0] = Number.NaN
  if (first && faults.has('triton-unsteady')) first[0] = (first[0] ?? 0) + count
  if (first && faults.has('triton-binary-differs') && asked.isBinary) first[0] = (first[0] ?? 0) + 1
  return answer(asked, model, logits, faults)
}

function answer(
  { id, isBinary }: Asked,
  model: string,
  logits: readonly (readonly number[])[],
  faults: ReadonlySet<TritonFault>,
): Reply {
  const values = logits.flat()
  const head = `{${id === '' ? '' : `"id":${JSON.stringify(id)},`}"model_name":"${model}","model_version":"1","outputs":[{"name":"logits","datatype":"FP32","shape":[${logits.length},2],`
  if (!isBinary) {
    const data = values.map((value) => (Number.isInteger(value) ? `${value}.0` : String(value))).join(',')
    return {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from(`${head}"data":[${data}]}]}`),
    }
  }
  const json = Buffer.from(`${head}"parameters":{"binary_data_size":${values.length * 4}}}]}`)
  const raw = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => {
    raw.writeFloatLE(value, index * 4)
  })
  const length = json.length + (faults.has('triton-binary-header') ? 7 : 0)
  return {
    status: 200,
    headers: { 'Content-Type': 'application/octet-stream', 'Inference-Header-Content-Length': String(length) },
    body: Buffer.concat([json, faults.has('triton-binary-truncated') ? raw.subarray(0, raw.length - 4) : raw]),
  }
}
