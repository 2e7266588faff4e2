/** The datatypes of KServe v2 (kserve/open-inference-protocol:specification/protocol/inference_rest.md) and their bytes: little-endian, row by row. */

export type Value = number | bigint | boolean | string

interface Kind {
  /** 0: every element brings its length. */
  readonly bytes: number
  readonly family: 'integer' | 'float' | 'boolean' | 'text'
  read(view: DataView, at: number): Value
  write(view: DataView, at: number, value: never): void
}

const integer = (
  bytes: number,
  read: Kind['read'],
  write: (view: DataView, at: number, value: bigint) => void,
): Kind => ({
  bytes,
  family: 'integer',
  read,
  write: write as Kind['write'],
})
const float = (
  bytes: number,
  read: Kind['read'],
  write: (view: DataView, at: number, value: number) => void,
): Kind => ({
  bytes,
  family: 'float',
  read,
  write: write as Kind['write'],
})

/** Whole numbers are bigint in every width, so that one rule fits all. */
const kinds = {
  BOOL: {
    bytes: 1,
    family: 'boolean',
    read: (view, at) => view.getUint8(at) !== 0,
    write: (view: DataView, at: number, value: boolean) => view.setUint8(at, value ? 1 : 0),
  } as Kind,
  UINT8: integer(
    1,
    (v, at) => BigInt(v.getUint8(at)),
    (v, at, x) => v.setUint8(at, Number(x)),
  ),
  UINT16: integer(
    2,
    (v, at) => BigInt(v.getUint16(at, true)),
    (v, at, x) => v.setUint16(at, Number(x), true),
  ),
  UINT32: integer(
    4,
    (v, at) => BigInt(v.getUint32(at, true)),
    (v, at, x) => v.setUint32(at, Number(x), true),
  ),
  UINT64: integer(
    8,
    (v, at) => v.getBigUint64(at, true),
    (v, at, x) => v.setBigUint64(at, x, true),
  ),
  INT8: integer(
    1,
    (v, at) => BigInt(v.getInt8(at)),
    (v, at, x) => v.setInt8(at, Number(x)),
  ),
  INT16: integer(
    2,
    (v, at) => BigInt(v.getInt16(at, true)),
    (v, at, x) => v.setInt16(at, Number(x), true),
  ),
  INT32: integer(
    4,
    (v, at) => BigInt(v.getInt32(at, true)),
    (v, at, x) => v.setInt32(at, Number(x), true),
  ),
  INT64: integer(
    8,
    (v, at) => v.getBigInt64(at, true),
    (v, at, x) => v.setBigInt64(at, x, true),
  ),
  FP16: float(
    2,
    (v, at) => fromHalf(v.getUint16(at, true)),
    (v, at, x) => v.setUint16(at, toHalf(x), true),
  ),
  BF16: float(
    2,
    (v, at) => fromBits(v.getUint16(at, true) * 0x1_0000),
    (v, at, x) => v.setUint16(at, bitsOf(x) >>> 16, true),
  ),
  FP32: float(
    4,
    (v, at) => v.getFloat32(at, true),
    (v, at, x) => v.setFloat32(at, x, true),
  ),
  FP64: float(
    8,
    (v, at) => v.getFloat64(at, true),
    (v, at, x) => v.setFloat64(at, x, true),
  ),
  BYTES: { bytes: 0, family: 'text', read: () => '', write: () => {} } as Kind,
} as const satisfies Record<string, Kind>

export type Datatype = keyof typeof kinds

export function isDatatype(name: string): name is Datatype {
  return Object.hasOwn(kinds, name)
}

export function familyOf(datatype: Datatype): Kind['family'] {
  return kinds[datatype].family
}

/** Bytes of an element; 0: it brings its length. */
export function widthOf(datatype: Datatype): number {
  return kinds[datatype].bytes
}

/** Triton takes and gives these as raw bytes only (triton-inference-server/server:docs/protocol/extension_binary_data.md). */
export function isBinaryOnly(datatype: Datatype): boolean {
  return datatype === 'FP16' || datatype === 'BF16'
}

/** How many elements a shape has; undefined: it is no shape, or has more than anybody would send here. */
export function elementsOf(shape: readonly number[], limit = 16 * 1024 * 1024): number | undefined {
  let elements = 1
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0) return undefined
    elements *= dimension
    if (elements > limit) return undefined
  }
  return elements
}

/** @throws RangeError for a value that the datatype cannot hold */
export function encode(datatype: Datatype, values: readonly Value[]): Uint8Array {
  const kind = kinds[datatype]
  if (kind.family === 'text') return encodeTexts(values)
  const bytes = new Uint8Array(values.length * kind.bytes)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => {
    kind.write(view, index * kind.bytes, convert(datatype, value) as never)
  })
  return bytes
}

/** @returns undefined when the bytes are not those of so many elements */
export function decode(datatype: Datatype, bytes: Uint8Array, elements: number): readonly Value[] | undefined {
  const kind = kinds[datatype]
  if (kind.family === 'text') return decodeTexts(bytes, elements)
  if (bytes.length !== elements * kind.bytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: elements }, (_, index) => kind.read(view, index * kind.bytes))
}

/**
 * A value of a JSON answer or of a person, as this house keeps values of a datatype.
 * @throws RangeError when it is none of it
 */
export function convert(datatype: Datatype, value: unknown): Value {
  const wrong = () => new RangeError(`${String(value).slice(0, 40)} is no ${datatype}`)
  switch (familyOf(datatype)) {
    case 'boolean':
      if (typeof value === 'boolean') return value
      if (value === 0 || value === 1) return value === 1
      throw wrong()
    case 'text':
      if (typeof value === 'string') return value
      throw wrong()
    case 'float':
      if (typeof value === 'number') return value
      if (typeof value === 'bigint') return Number(value)
      throw wrong()
    default: {
      const isWhole =
        typeof value === 'bigint' ||
        (typeof value === 'number' && Number.isInteger(value)) ||
        (typeof value === 'string' && /^-?\d{1,20}$/.test(value))
      if (!isWhole) throw wrong()
      const whole = BigInt(value as bigint | number | string)
      const bits = widthOf(datatype) * 8
      const isUnsigned = datatype.startsWith('U')
      const held = isUnsigned ? BigInt.asUintN(bits, whole) : BigInt.asIntN(bits, whole)
      if (held !== whole) throw wrong()
      return whole
    }
  }
}

function encodeTexts(values: readonly Value[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const value of values) {
    const text = Buffer.from(String(value), 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32LE(text.length)
    parts.push(length, text)
  }
  return Buffer.concat(parts)
}

function decodeTexts(bytes: Uint8Array, elements: number): readonly string[] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const texts: string[] = []
  let at = 0
  for (let index = 0; index < elements; index += 1) {
    if (at + 4 > buffer.length) return undefined
    const end = at + 4 + buffer.readUInt32LE(at)
    if (end > buffer.length) return undefined
    texts.push(buffer.toString('utf8', at + 4, end))
    at = end
  }
  return at === buffer.length ? texts : undefined
}

/** IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (size >= 65_520) return sign | 0x7c00
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24)
  const exponent = Math.floor(Math.log2(size))
  // A fraction that rounds up to 1024 carries into the exponent by itself.
  return sign | (((exponent + 15) << 10) + roundToEven((size / 2 ** exponent - 1) * 1024))
}

function roundToEven(value: number): number {
  const down = Math.floor(value)
  const rest = value - down
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down
}

function bitsOf(value: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return view.getUint32(0)
}

function fromBits(bits: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, bits)
  return view.getFloat32(0)
}
