import { isObject } from './answers.ts'
import type { EscValue, PropertyPath } from './model.ts'
import { formatPropertyPath } from './property-path.ts'

/** Deeper than any definition that a person wrote; what is nested further would exhaust the stack. */
const deepest = 64
/** More than this is for nobody to read. */
const mostNames = 2000

/** The answer does not have the form of ESC's values. The message never quotes one. */
export class MalformedValue extends Error {
  override readonly name = 'MalformedValue'
}

/** A Value of ESC as it is sent: `{ value?, secret?, unknown?, trace }` (pulumi/esc:value.go). */
type Raw = Readonly<Record<string, unknown>>

function rawOf(raw: unknown, depth: number): Raw {
  if (depth > deepest) throw new MalformedValue(`values are nested more than ${deepest} times`)
  if (!isObject(raw)) throw new MalformedValue('a value is no object with value, secret and trace')
  if (raw.unknown === true) throw new MalformedValue('a value is not known: its provider gave none')
  return raw
}

/**
 * The plain JSON behind a Value, with every level of `{ value, secret, trace }` taken off exactly once: a mapping may well have a key
 * named `value` (the environment of an exec plugin has). Secret is what is marked so, what stands in it, and what holds nothing else.
 */
export function toValue(raw: unknown): EscValue {
  return plain(raw, false, 0)
}

function plain(given: unknown, isInSecret: boolean, depth: number): EscValue {
  const raw = rawOf(given, depth)
  const isMarked = isInSecret || raw.secret === true
  const { value } = raw
  if (Array.isArray(value)) {
    const items = value.map((item) => plain(item, isMarked, depth + 1))
    return { value: items.map((item) => item.value), isSecret: isMarked || areSecret(items) }
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, item]) => [key, plain(item, isMarked, depth + 1)] as const)
    return {
      // Own properties whatever their names: `__proto__` is a key like others.
      value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
      isSecret: isMarked || areSecret(entries.map(([, item]) => item)),
    }
  }
  return { value: value ?? null, isSecret: isMarked }
}

function areSecret(items: readonly EscValue[]): boolean {
  return items.length > 0 && items.every((item) => item.isSecret)
}

/** Whether this is a whole environment, as a server sends that does not know the parameter `property`. */
export function isEnvironment(body: unknown): body is { readonly properties: Raw } {
  return isObject(body) && isObject(body.properties) && !('value' in body) && !('trace' in body)
}

/** One property of a whole environment; undefined: there is none. */
export function lookUp(properties: Raw, path: PropertyPath): EscValue | undefined {
  let raw: unknown = { value: properties }
  let isInSecret = false
  for (const [depth, key] of path.entries()) {
    const { value, secret } = rawOf(raw, depth)
    isInSecret ||= secret === true
    if (typeof key === 'number') raw = Array.isArray(value) ? value[key] : undefined
    else raw = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
    if (raw === undefined) return undefined
  }
  return orNothing(plain(raw, isInSecret, path.length))
}

/** ESC leaves out the value of a null (pulumi/esc:value.go, omitempty): nobody can tell it from a property that is not there. */
export function orNothing(value: EscValue): EscValue | undefined {
  return value.value === null ? undefined : value
}

export interface NamedProperty {
  readonly path: string
  readonly type: string
  readonly isSecret: boolean
}

/**
 * Names and types of what an environment holds, never a value. What looks like a kubeconfig is one entry: its insides are not what
 * anybody is to name.
 */
export function namesOf(properties: Raw): readonly NamedProperty[] {
  const found: NamedProperty[] = []
  const visit = (given: unknown, path: PropertyPath, isInSecret: boolean) => {
    if (found.length >= mostNames || path.length > deepest || !isObject(given)) return
    const isSecret = isInSecret || given.secret === true
    const { value } = given
    const children: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
      ? value.map((item, index) => [index, item] as const)
      : isObject(value)
        ? Object.entries(value)
        : []
    if (children.length > 0 && !isKubeconfig(value)) {
      for (const [key, child] of children) visit(child, [...path, key], isSecret)
      return
    }
    // What cannot be seen cannot be named either.
    if (path.length === 0 || path.some((key) => typeof key === 'string' && /\p{C}/u.test(key))) return
    found.push({ path: formatPropertyPath(path), type: given.unknown === true ? 'unknown' : typeOf(value), isSecret })
  }
  visit({ value: properties }, [], false)
  return found
}

function isKubeconfig(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, 'clusters') && Object.hasOwn(value, 'users')
}

/** `null`, `string`, `number`, `boolean`, `array` or `object`. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
