import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { HttpAnswer } from '../../src/http/index.ts'
import {
  type Datatype,
  decode,
  encode,
  type InferQuestion,
  inferBytes,
  readInferAnswer,
  type Tensor,
  type Value,
} from '../../src/triton/index.ts'

const fixtures = join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'triton')
const bytesOf = (name: string): Buffer => readFileSync(join(fixtures, name))
const bodyOf = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
const headersOf = (bytes: Buffer): Record<string, string> =>
  Object.fromEntries(
    bytes
      .subarray(0, bytes.indexOf('\r\n\r\n'))
      .toString('latin1')
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': ') as [string, string])
      .map(([name, value]) => [name.toLowerCase(), value]),
  )

/** A recorded answer as the HTTP client hands it on. */
function answerOf(name: string, change: Partial<HttpAnswer> = {}): HttpAnswer {
  const bytes = bytesOf(name)
  return { kind: 'endpoint', status: 200, headers: headersOf(bytes), body: bodyOf(bytes), durationMs: 1, ...change }
}

const int64 = (name: string, shape: readonly number[], values: readonly (number | bigint)[]): Tensor => ({
  name,
  datatype: 'INT64',
  shape,
  values: values.map(BigInt),
})
const sentence = [int64('input_ids', [1, 4], [101, 7592, 2088, 102]), int64('attention_mask', [1, 4], [1, 1, 1, 1])]
const extremes = [
  int64('input_ids', [2, 3], [1, -2, 9223372036854775807n, 4, 5, 6]),
  int64('attention_mask', [2, 3], [1, 1, 0, 1, 1, 1]),
]

describe('the bytes of a request', () => {
  it.each<[string, InferQuestion]>([
    [
      'binary-in-binary-out',
      { id: 'golden-1', inputs: sentence, outputs: ['logits'], sends: 'binary', wants: 'binary' },
    ],
    ['binary-in-json-out', { id: 'golden-1', inputs: sentence, outputs: ['logits'], sends: 'binary', wants: 'json' }],
    ['json-in-json-out', { id: 'golden-1', inputs: sentence, outputs: ['logits'], sends: 'json', wants: 'json' }],
    ['default-no-outputs-int64-extremes', { id: '', inputs: extremes, outputs: [], sends: 'binary', wants: 'binary' }],
  ])("are those of NVIDIA's own client: %s", (name, question) => {
    const recorded = bytesOf(`golden-tritonclient-${name}.c2s.bin`)
    const { headers, body } = inferBytes(question)
    expect(Buffer.from(body).toString('latin1')).toBe(bodyOf(recorded).toString('latin1'))
    expect(headers['inference-header-content-length']).toBe(headersOf(recorded)['inference-header-content-length'])
  })

  it('name a sequence of their own, where the model answers sequences', () => {
    const { body } = inferBytes({ id: '', inputs: [], outputs: [], sends: 'json', wants: 'binary', sequence: 7 })
    expect(Buffer.from(body).toString()).toBe(
      '{"inputs":[],"parameters":{"sequence_id":7,"sequence_start":true,"sequence_end":true,"binary_data_output":true}}',
    )
  })

  it('write whole floats as floats and texts as JSON', () => {
    const inputs: Tensor[] = [
      { name: 'f"', datatype: 'FP32', shape: [3], values: [1, 0.5, -2e30] },
      { name: 't', datatype: 'BYTES', shape: [1], values: ['a"\n'] },
      { name: 'b', datatype: 'BOOL', shape: [1], values: [true] },
    ]
    const { body } = inferBytes({ id: '', inputs, outputs: [], sends: 'json', wants: 'json' })
    expect(Buffer.from(body).toString()).toBe(
      '{"inputs":[{"name":"f\\"","shape":[3],"datatype":"FP32","data":[1.0,0.5,-2e+30]},{"name":"t","shape":[1],"datatype":"BYTES","data":["a\\"\\n"]},{"name":"b","shape":[1],"datatype":"BOOL","data":[true]}]}',
    )
  })
})

describe('the datatypes', () => {
  it.each<[Datatype, readonly Value[], string]>([
    ['BOOL', [true, false], '0100'],
    ['UINT8', [0n, 255n], '00ff'],
    ['UINT16', [258n], '0201'],
    ['UINT32', [4294967295n], 'ffffffff'],
    ['UINT64', [18446744073709551615n], 'ffffffffffffffff'],
    ['INT8', [-1n, 127n], 'ff7f'],
    ['INT16', [-2n], 'feff'],
    ['INT32', [-2147483648n], '00000080'],
    ['INT64', [-9223372036854775808n, 9223372036854775807n], '0000000000000080ffffffffffffff7f'],
    ['FP16', [1, -2, 65504, 2 ** -24, 0.333251953125, Number.POSITIVE_INFINITY, -0], '003c00c0ff7b01005535007c0080'],
    ['BF16', [1, -2, Number.NEGATIVE_INFINITY], '803f00c080ff'],
    ['FP32', [1, -2, 0.5], '0000803f000000c00000003f'],
    ['FP64', [Math.PI], '182d4454fb210940'],
    ['BYTES', ['ab', '', 'é'], '02000000616200000000' + '02000000c3a9'],
  ])('%s goes little-endian and comes back', (datatype, values, hex) => {
    const bytes = encode(datatype, values)
    expect(Buffer.from(bytes).toString('hex')).toBe(hex)
    expect(decode(datatype, bytes, values.length)).toEqual(values)
  })

  it('FP16 rounds to even, and what is beyond it is infinite', () => {
    const back = decode('FP16', encode('FP16', [0.1, 65519, 65520, 2049, Number.NaN]), 5)
    expect(back).toEqual([0.0999755859375, 65504, Number.POSITIVE_INFINITY, 2048, Number.NaN])
  })

  it.each<[Datatype, Value]>([
    ['INT32', 2147483648n],
    ['UINT8', -1n],
    ['INT64', 0.5],
    ['INT64', 'x'],
    ['FP32', 'x'],
    ['BOOL', 2n],
  ])('%s refuses %s', (datatype, value) => {
    expect(() => encode(datatype, [value])).toThrow(RangeError)
  })

  it.each(['', '010000', '05000000ab', 'ffffffffab', '0000000000'])(
    'BYTES that are cut or too long are none: %s',
    (hex) => {
      expect(decode('BYTES', Buffer.from(hex, 'hex'), 1)).toBeUndefined()
    },
  )
})

describe('the answer to an inference', () => {
  it.each([
    'golden-tritonclient-binary-in-binary-out.s2c.bin',
    'golden-tritonclient-binary-in-json-out.s2c.bin',
    'golden-tritonclient-json-in-json-out.s2c.bin',
    'ok-infer-json.http',
    'ok-infer-binary.http',
  ])('of a real server is read: %s', (name) => {
    expect(readInferAnswer(answerOf(name))).toMatchObject({
      model: 'distilbert-base-uncased',
      version: '1',
      outputs: [{ name: 'logits', datatype: 'FP32', shape: [1, 2], values: [9.883000373840332, 4] }],
    })
  })

  const head = '{"model_name":"m","outputs":[{"name":"o","datatype":"FP32","shape":[1,2],'
  const json = (body: string): HttpAnswer => answerOf('ok-infer-json.http', { body: Buffer.from(body) })
  const binary = (text: string, raw: string, length: string | undefined = String(text.length)): HttpAnswer =>
    answerOf('ok-infer-binary.http', {
      headers: {
        'content-type': 'application/octet-stream',
        ...(length !== undefined && { 'inference-header-content-length': length }),
      },
      body: Buffer.concat([Buffer.from(text), Buffer.from(raw, 'hex')]),
    })
  const sized = (size: unknown): string => `${head}"parameters":{"binary_data_size":${JSON.stringify(size)}}}]}`

  it('may hold what is no number, as Triton writes it', () => {
    const answer = readInferAnswer(json(`${head}"data":[NaN,-Infinity]}],"note":"NaN and \\"Infinity\\" stay"}`))
    expect(answer).toMatchObject({ outputs: [{ values: [Number.NaN, Number.NEGATIVE_INFINITY] }] })
  })

  it('keeps whole numbers of 64 bits', () => {
    const text =
      '{"outputs":[{"name":"o","datatype":"INT64","shape":[2],"data":[9223372036854775807,-9007199254740993]}]}'
    expect(readInferAnswer(json(text))).toMatchObject({
      outputs: [{ values: [9223372036854775807n, -9007199254740993n] }],
    })
  })

  it('may come from a proxy without its length', () => {
    const { 'inference-header-content-length': _, ...headers } = answerOf('ok-infer-binary.http').headers
    expect(readInferAnswer(answerOf('ok-infer-binary.http', { headers }))).toEqual({
      problem: 'a binary answer without inference-header-content-length: a proxy on the way drops it',
    })
  })

  it.each<[string, HttpAnswer, RegExp]>([
    ['no JSON', json('<html>'), /no JSON/],
    ['bytes that are no text', json('{"a":"\xff"}'), /no JSON|no outputs/],
    ['a list', json('[]'), /no JSON/],
    ['nothing', json(''), /no JSON/],
    ['nesting without end', json('['.repeat(200_000)), /no JSON/],
    ['no outputs', json('{}'), /no outputs/],
    ['outputs that are none', json('{"outputs":[1]}'), /an output of it is none/],
    ['a nameless output', json('{"outputs":[{"datatype":"FP32","shape":[1],"data":[1]}]}'), /datatype/],
    [
      'an unknown datatype',
      json('{"outputs":[{"name":"o","datatype":"__proto__","shape":[1],"data":[1]}]}'),
      /datatype/,
    ],
    [
      'a shape beyond memory',
      json('{"outputs":[{"name":"o","datatype":"FP32","shape":[999999,999999],"data":[1]}]}'),
      /no shape/,
    ],
    ['a negative shape', json('{"outputs":[{"name":"o","datatype":"FP32","shape":[-1],"data":[]}]}'), /no shape/],
    ['too few values', json(`${head}"data":[1]}]}`), /1 values/],
    ['too many values', json(`${head}"data":[1,2,3]}]}`), /too many/],
    ['values of another kind', json(`${head}"data":["a",1]}]}`), /is no FP32/],
    ['a tensor that was cut', binary(sized(8), '00000000'), /has 8 bytes, and only 4 came/],
    ['a tensor of another size', binary(sized(4), '00000000'), /4 bytes are not that/],
    ['bytes after the last tensor', binary(sized(8), '00'.repeat(9)), /1 bytes follow/],
    ['a size that is none', binary(sized(-8), '00'.repeat(8)), /binary_data_size that is none/],
    ['a size as text', binary(sized('8'), '00'.repeat(8)), /binary_data_size that is none/],
    ['a length beyond the end', binary(sized(8), '00'.repeat(8), '99999'), /99999/],
    ['a length that is none', binary(sized(8), '00'.repeat(8), '12; DROP'), /12; DROP/],
    ['a length that is negative', binary(sized(8), '00'.repeat(8), '-1'), /-1/],
    ['a length that is too short', binary(sized(8), '00'.repeat(8), '10'), /first 10 bytes/],
  ])('that is %s is said to be none', (_, answer, problem) => {
    expect(readInferAnswer(answer)).toEqual({ problem: expect.stringMatching(problem) })
  })

  it.each<[string, (count: number) => string]>([
    ['quotes', (count) => `{"a":NaN,"b":"${'\\"'.repeat(count)}`],
    ['signs', (count) => `{"a":NaN${'-'.repeat(count * 2)}`],
    ['lists', (count) => `${head}"data":[${'[],'.repeat(count)}[]]}]}`],
  ])('costs no more time than its length is worth, however hostile: %s', (_, text) => {
    // A thread's own time, not the wall's; ten times as much may take thirty times as long, and not a hundred.
    const spent = (count: number): number => {
      const answer = json(text(count))
      const before = process.cpuUsage()
      readInferAnswer(answer)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    spent(20_000)
    const few = Math.min(...Array.from({ length: 3 }, () => spent(20_000)))
    const many = Math.min(...Array.from({ length: 2 }, () => spent(200_000)))
    expect(many).toBeLessThan(30 * Math.max(few, 3000))
  })
})
