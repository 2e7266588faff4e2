/** From a definition to what the REST API gives of it, and to one property of that. Pure. */
import type { Definition, DefinitionValue, Range, Value } from './model.ts'

const isMapping = (value: DefinitionValue): value is Definition =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every value's trace names the environment; the place in it is that of a short file, because nobody reads it. */
function rangeOf(environment: string): Range {
  return { environment, begin: { line: 2, column: 3, byte: 10 }, end: { line: 2, column: 4, byte: 11 } }
}

/**
 * Evaluates a definition. Secretness goes down to every child, as `NewSecret` of pulumi/esc does it.
 * @throws Error in the words of ESC where a secret is not a text (ast/expr.go, parseSecret)
 */
export function evaluate(definition: DefinitionValue, environment: string, isSecret = false): Value {
  const base = { ...(isSecret && { secret: true as const }), trace: { def: rangeOf(environment) } }
  if (Array.isArray(definition))
    return { value: definition.map((item: DefinitionValue) => evaluate(item, environment, isSecret)), ...base }
  if (isMapping(definition)) {
    const secret = definition['fn::secret']
    if (secret !== undefined) {
      if (typeof secret !== 'string') throw new Error('secret values must be string literals')
      return evaluate(secret, environment, true)
    }
    const entries = Object.entries(definition).map(
      ([key, item]) => [key, evaluate(item, environment, isSecret)] as const,
    )
    return { value: Object.fromEntries(entries), ...base }
  }
  return { value: definition as string | number | boolean | null, ...base }
}

/** Every text that a definition marks as secret. */
export function secretsOf(definition: DefinitionValue): readonly string[] {
  if (Array.isArray(definition)) return definition.flatMap(secretsOf)
  if (!isMapping(definition)) return []
  const secret = definition['fn::secret']
  if (typeof secret === 'string') return [secret]
  return Object.values(definition).flatMap(secretsOf)
}

/** The definition as the REST API gives it back: secrets are ciphertext. */
export function encrypted(definition: DefinitionValue): DefinitionValue {
  if (Array.isArray(definition)) return definition.map(encrypted)
  if (!isMapping(definition)) return definition
  if ('fn::secret' in definition) return { 'fn::secret': { ciphertext: 'ZXNjeAAAAAHyZWhlYXJzYWw=' } }
  return Object.fromEntries(Object.entries(definition).map(([key, item]) => [key, encrypted(item)]))
}

/**
 * Reads a property path as pulumi's `resource.ParsePropertyPath`: bare elements run to the next `.` or `[`; `["…"]` quotes, with
 * `\"` for a quote; `[0]` is an index.
 * @throws Error for what is none
 */
export function readPath(text: string): readonly (string | number)[] {
  const path: (string | number)[] = []
  let rest = text
  while (rest !== '') {
    const quoted = /^\["((?:[^"\\]|\\")*)"\]/.exec(rest)
    const index = /^\[(\d+)\]/.exec(rest)
    const bare = /^[^.[]+/.exec(rest)
    const found = quoted ?? index ?? bare
    if (found === null) throw new Error(`invalid property path: ${text}`)
    if (quoted) path.push((quoted[1] ?? '').replaceAll('\\"', '"'))
    else if (index) path.push(Number(index[1]))
    else path.push(found[0])
    rest = rest.slice(found[0].length)
    if (rest.startsWith('.')) {
      rest = rest.slice(1)
      if (rest === '') throw new Error(`missing property path element: ${text}`)
    }
  }
  return path
}

/** One value below another; undefined when there is none. */
export function valueAt(root: Value, path: readonly (string | number)[]): Value | undefined {
  let found: Value | undefined = root
  for (const key of path) {
    const value: Value['value'] = found.value
    if (Array.isArray(value)) found = typeof key === 'number' ? (value as readonly Value[])[key] : undefined
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, String(key)))
      found = (value as Readonly<Record<string, Value>>)[String(key)]
    else found = undefined
    if (found === undefined) return undefined
  }
  return found
}
