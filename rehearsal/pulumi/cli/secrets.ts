/** Secrets of a state: encrypted at rest, plain in the CLI, and `[secret]` for people. */
import { type Properties, plainSecret, secretMark } from '../model.ts'
import type { Crypter } from './crypter.ts'

function walked(value: unknown, change: (object: Readonly<Record<string, unknown>>) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => walked(item, change))
  if (typeof value !== 'object' || value === null) return value
  const changed = change(value as Readonly<Record<string, unknown>>)
  if (changed !== undefined) return changed
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walked(item, change)]))
}

/** For a state or a plan. */
export function sealed<Value>(value: Value, crypter: Crypter): Value {
  return walked(value, (object) =>
    plainSecret in object
      ? { [secretMark.key]: secretMark.value, ciphertext: crypter.encrypt(JSON.stringify(object[plainSecret])) }
      : undefined,
  ) as Value
}

export function opened<Value>(value: Value, crypter: Crypter): Value {
  return walked(value, (object) =>
    object[secretMark.key] === secretMark.value
      ? { [plainSecret]: JSON.parse(crypter.decrypt(String(object.ciphertext))) as unknown }
      : undefined,
  ) as Value
}

/** As `pulumi stack output` and the end of an update show them. */
export function shown(properties: Properties): Properties {
  return walked(properties, (object) =>
    plainSecret in object || secretMark.key in object ? '[secret]' : undefined,
  ) as Properties
}
