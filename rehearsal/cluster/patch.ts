/** The three patches of the Kubernetes API. Pure: every function returns a new value. */
import { isDeepStrictEqual } from 'node:util'
import { failures, StatusError } from './status.ts'

type Json = unknown
type JsonObject = Record<string, Json>

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 7396: null removes, objects merge, everything else (lists too) replaces. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return structuredClone(patch)
  const result: JsonObject = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

/**
 * Lists that a strategic merge patch merges, by path → merge key; '' for lists of plain values.
 * `spec.taints` is deliberately absent: the API reference calls it "Atomic: will be replaced during a merge".
 */
const mergeKeys: Readonly<Record<string, string>> = {
  'status.conditions': 'type',
  'status.addresses': 'type',
  'metadata.ownerReferences': 'uid',
  'metadata.finalizers': '',
  'spec.podCIDRs': '',
}

/** Kubernetes' strategic merge patch for the object kinds of this world. */
export function strategicMergePatch(target: Json, patch: Json, path = ''): Json {
  if (!isObject(patch)) return structuredClone(patch)
  if (patch.$patch === 'replace') return withoutDirectives(patch)
  const result: JsonObject = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    const inner = path === '' ? key : `${path}.${key}`
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const name = key.slice('$deleteFromPrimitiveList/'.length)
      const removed = Array.isArray(value) ? value : []
      if (Array.isArray(result[name])) result[name] = result[name].filter((entry) => !removed.includes(entry))
    } else if (key.startsWith('$')) {
      // $setElementOrder, $retainKeys: only matter for order and unions, which no object here has.
    } else if (value === null || (isObject(value) && value.$patch === 'delete')) {
      delete result[key]
    } else if (Array.isArray(value)) {
      const mergeKey = mergeKeys[inner]
      const current = result[key]
      result[key] =
        mergeKey === undefined || !Array.isArray(current)
          ? elements(value)
          : mergeLists(current, value, mergeKey, inner)
    } else {
      result[key] = strategicMergePatch(result[key], value, inner)
    }
  }
  return result
}

function elements(list: readonly Json[]): Json[] {
  return list
    .filter((entry) => !(isObject(entry) && entry.$patch === 'delete'))
    .map((entry) => (isObject(entry) ? withoutDirectives(entry) : entry))
}

function mergeLists(current: readonly Json[], patch: readonly Json[], mergeKey: string, path: string): Json[] {
  if (mergeKey === '') return [...current, ...patch.filter((entry) => !current.includes(entry))]
  const result = [...current]
  for (const entry of patch) {
    if (!isObject(entry)) throw failures.badRequest(`map: expected in ${path}`)
    const at = result.findIndex((existing) => isObject(existing) && existing[mergeKey] === entry[mergeKey])
    if (entry.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1)
    } else if (at >= 0) result[at] = strategicMergePatch(result[at], entry, path)
    else result.push(withoutDirectives(entry))
  }
  return result
}

function withoutDirectives(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('$')))
}

/** RFC 6902. @throws StatusError 422 when an operation does not apply, 400 when it is none. */
export function jsonPatch(target: Json, operations: Json): Json {
  if (!Array.isArray(operations))
    throw failures.badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  return operations.reduce<Json>((document, operation) => {
    if (!isObject(operation)) throw failures.badRequest('a JSON patch is a list of operations')
    const path = pointer(operation.path)
    switch (operation.op) {
      case 'add':
        return change(document, path, (holder, key) => insert(holder, key, operation.value))
      case 'replace':
        read(document, path)
        return change(document, path, (holder, key) => set(holder, key, operation.value))
      case 'remove':
        return change(document, path, remove)
      case 'test':
        if (!isDeepStrictEqual(read(document, path), operation.value)) throw unprocessable()
        return document
      case 'copy':
      case 'move': {
        const from = pointer(operation.from)
        const value = read(document, from)
        const rest = operation.op === 'move' ? change(document, from, remove) : document
        return change(rest, path, (holder, key) => insert(holder, key, value))
      }
      default:
        throw failures.badRequest(`Unexpected kind: ${String(operation.op)}`)
    }
  }, structuredClone(target))
}

/** Why, the API server keeps to itself. */
function unprocessable(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

function pointer(text: Json): readonly string[] {
  if (typeof text !== 'string' || !text.startsWith('/')) throw failures.badRequest('a JSON pointer starts with /')
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

type Holder = JsonObject | Json[]

function child(holder: Json, key: string): Json {
  if (Array.isArray(holder)) return holder[Number(key)]
  // Own properties only: a pointer such as /__proto__/x must lead nowhere.
  return isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined
}

function read(document: Json, path: readonly string[]): Json {
  const value = path.reduce<Json>(child, document)
  if (value === undefined) throw unprocessable()
  return value
}

function change(document: Json, path: readonly string[], edit: (holder: Holder, key: string) => void): Json {
  const result = structuredClone(document)
  const holder = path.slice(0, -1).reduce<Json>(child, result)
  if (!isObject(holder) && !Array.isArray(holder)) throw unprocessable()
  edit(holder, path.at(-1) ?? '')
  return result
}

function insert(holder: Holder, key: string, value: Json): void {
  if (Array.isArray(holder)) holder.splice(key === '-' ? holder.length : Number(key), 0, value)
  else set(holder, key, value)
}

function set(holder: Holder, key: string, value: Json): void {
  if (Array.isArray(holder)) holder[Number(key)] = value
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

function remove(holder: Holder, key: string): void {
  if (child(holder, key) === undefined) throw unprocessable()
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}
