/**
 * Who owns which field of an object, and server-side apply (kubernetes-sigs/structured-merge-diff; conflict texts as in
 * k8s.io/apimachinery, util/managedfields/internal/conflict.go). Pure.
 */
import { isSame } from './equality.ts'
import type { ApiObject } from './objects.ts'
import { StatusError } from './status.ts'

type Json = unknown
type JsonObject = Record<string, Json>
/** One step a word, as FieldsV1 writes it: `f:image`, `k:{"name":"x"}`. */
type Path = readonly string[]
/** Path as JSON → the value there; `present` stands for an item of a list of its own. */
type Fields = ReadonlyMap<string, Json>

export interface ManagedFields {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly time: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: JsonObject
}
export interface Writer {
  readonly manager: string
  /** RFC 3339. */
  readonly time: string
}

const present = '\u0000 an item of a list'
const unowned = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'generation', 'managedFields']

/** Lists that are merged item by item, by what tells their items apart (listMapKeys of the API's types). Others are atomic. */
const listKeys: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.spec\.(initContainers|containers|ephemeralContainers)$/, ['name']],
  [/ontainers\.ports$/, ['containerPort', 'protocol']],
  [/ontainers\.env$/, ['name']],
  [/ontainers\.volumeMounts$/, ['mountPath']],
  [/\.spec\.(volumes|imagePullSecrets)$/, ['name']],
  [/^metadata\.ownerReferences$/, ['uid']],
]
/** Objects that are replaced as a whole (structType or mapType atomic). */
const atomic =
  /^spec\.selector$|\.nodeSelector$|\.(fieldRef|resourceFieldRef|configMapKeyRef|secretKeyRef)$|\.nodeSelectorTerms$/
/** A port without protocol is TCP, in its key, too. */
const keyDefaults: Readonly<Record<string, Json>> = { protocol: 'TCP' }

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function keysOf(place: string): readonly string[] | undefined {
  return listKeys.find(([pattern]) => pattern.test(place))?.[1]
}
function itemStep(item: Json, keys: readonly string[]): string {
  const entries = keys.map((key) => [key, (isObject(item) ? item[key] : undefined) ?? keyDefaults[key] ?? ''])
  return `k:${JSON.stringify(Object.fromEntries(entries))}`
}
const inner = (place: string, key: string): string => (place === '' ? key : `${place}.${key}`)

function walk(value: Json, path: Path, place: string, found: Map<string, Json>): void {
  const keys = Array.isArray(value) ? keysOf(place) : undefined
  if (keys !== undefined && Array.isArray(value)) {
    for (const item of value) {
      const step = [...path, itemStep(item, keys)]
      found.set(JSON.stringify(step), present)
      walk(item, step, place, found)
    }
  } else if (isObject(value) && Object.keys(value).length > 0 && !atomic.test(place)) {
    for (const [key, child] of Object.entries(value)) walk(child, [...path, `f:${key}`], inner(place, key), found)
  } else found.set(JSON.stringify(path), value)
}

/** What an object says that somebody can own: neither its identity nor its status. */
function fieldsOf(object: ApiObject): Fields {
  const { apiVersion: _version, kind: _kind, status: _status, metadata, ...rest } = object
  const owned = Object.fromEntries(Object.entries(metadata).filter(([key]) => !unowned.includes(key)))
  const found = new Map<string, Json>()
  walk({ ...(Object.keys(owned).length > 0 && { metadata: owned }), ...rest }, [], '', found)
  found.delete('[]')
  return found
}

function encoded(paths: Iterable<string>): JsonObject {
  const tree: JsonObject = {}
  for (const text of [...paths].sort()) {
    let at = tree
    const path = JSON.parse(text) as string[]
    for (const step of path) {
      at[step] ??= {}
      at = at[step] as JsonObject
    }
    if (path.at(-1)?.startsWith('k:')) at['.'] = {}
  }
  return tree
}

function decoded(tree: JsonObject, path: Path = []): string[] {
  const entries = Object.entries(tree)
  if (entries.length === 0) return [JSON.stringify(path)]
  return entries.flatMap(([step, below]) =>
    step === '.' ? [JSON.stringify(path)] : decoded(below as JsonObject, [...path, step]),
  )
}

export function managersOf(object: ApiObject): readonly ManagedFields[] {
  return (object.metadata.managedFields as readonly ManagedFields[] | undefined) ?? []
}

function entryOf(operation: ManagedFields['operation'], apiVersion: string, writer: Writer, paths: Iterable<string>) {
  return {
    manager: writer.manager,
    operation,
    apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    fieldsV1: encoded(paths),
  } as const
}

/** The owners after somebody created or changed an object by anything but apply: what changed is the writer's alone. */
export function ownersAfter(before: ApiObject | undefined, after: ApiObject, writer: Writer): readonly ManagedFields[] {
  const was = before === undefined ? new Map<string, Json>() : fieldsOf(before)
  const is = fieldsOf(after)
  const changed = new Set(
    [...is].filter(([path, value]) => !was.has(path) || !isSame(was.get(path), value)).map(([path]) => path),
  )
  const own = new Set<string>()
  const others: ManagedFields[] = []
  for (const entry of before === undefined ? [] : managersOf(before)) {
    const isOwn = entry.manager === writer.manager && entry.operation === 'Update'
    const kept = decoded(entry.fieldsV1).filter((path) => is.has(path) && (isOwn || !changed.has(path)))
    if (isOwn) for (const path of kept) own.add(path)
    else if (kept.length > 0)
      others.push(kept.length === decoded(entry.fieldsV1).length ? entry : { ...entry, fieldsV1: encoded(kept) })
  }
  if (changed.size === 0 && own.size === 0) return others
  const previous =
    before && managersOf(before).find((entry) => entry.manager === writer.manager && entry.operation === 'Update')
  if (changed.size === 0 && previous !== undefined) return [...others, previous]
  return [...others, entryOf('Update', String(after.apiVersion), writer, new Set([...own, ...changed]))]
}

/** `.spec.template.spec.containers[name="x"].image`, as fieldpath prints it. */
export function pathText(path: string): string {
  return (JSON.parse(path) as string[])
    .map((step) => {
      if (!step.startsWith('k:')) return `.${step.slice(2)}`
      const keys = Object.entries(JSON.parse(step.slice(2)) as JsonObject)
      return `[${keys
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`
    })
    .join('')
}

function printed(entry: ManagedFields): string {
  const when = entry.operation === 'Update' ? ` using ${entry.apiVersion}` : ''
  return `${JSON.stringify(entry.manager)}${when}`
}

function conflictsOf(conflicts: readonly { readonly entry: ManagedFields; readonly path: string }[]): StatusError {
  const [first] = conflicts
  const causes = conflicts.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${printed(entry)}`,
    field: pathText(path),
  }))
  const managers = [...new Set(conflicts.map(({ entry }) => printed(entry)))].sort()
  const lists = managers.map((manager) =>
    [
      `conflicts with ${manager}:`,
      ...conflicts.filter(({ entry }) => printed(entry) === manager).map(({ path }) => `- ${pathText(path)}`),
    ].join('\n'),
  )
  const message =
    conflicts.length === 1 && first !== undefined
      ? `Apply failed with 1 conflict: conflict with ${printed(first.entry)}: ${pathText(first.path)}`
      : `Apply failed with ${conflicts.length} conflicts: ${lists.join('\n')}`
  return new StatusError(409, 'Conflict', message, { causes })
}

function merged(live: Json, config: Json, place: string): Json {
  const keys = Array.isArray(config) ? keysOf(place) : undefined
  if (keys !== undefined && Array.isArray(config)) {
    const items = Array.isArray(live) ? [...live] : []
    for (const item of config) {
      const at = items.findIndex((one) => itemStep(one, keys) === itemStep(item, keys))
      if (at < 0) items.push(structuredClone(item))
      else items[at] = merged(items[at], item, place)
    }
    return items
  }
  if (!isObject(config) || !isObject(live) || atomic.test(place)) return structuredClone(config)
  const result: JsonObject = { ...live }
  for (const [key, value] of Object.entries(config)) result[key] = merged(live[key], value, inner(place, key))
  return result
}

/** Takes a field out, and what it leaves empty: a list of its own items, or a map that had only it. */
function without(value: Json, path: Path, place: string): Json {
  const [step, ...rest] = path
  if (step === undefined) return undefined
  if (step.startsWith('k:')) {
    const keys = keysOf(place) ?? []
    if (!Array.isArray(value)) return value
    const items = value.flatMap((item) => {
      if (itemStep(item, keys) !== step) return [item]
      const left = without(item, rest, place)
      return left === undefined ? [] : [left]
    })
    return items.length === 0 ? undefined : items
  }
  if (!isObject(value)) return value
  const name = step.slice(2)
  if (!Object.hasOwn(value, name)) return value
  const { [name]: child, ...others } = value
  const left = without(child, rest, inner(place, name))
  if (left !== undefined) return { ...value, [name]: left }
  return Object.keys(others).length === 0 ? undefined : others
}

/**
 * Server-side apply of a configuration onto what is there.
 * @throws StatusError 409 naming managers and fields, unless it is forced
 */
export function applied(live: ApiObject | undefined, config: ApiObject, writer: Writer, isForced: boolean): ApiObject {
  const wanted = fieldsOf(config)
  const actual = live === undefined ? new Map<string, Json>() : fieldsOf(live)
  const entries = live === undefined ? [] : managersOf(live)
  const isOwn = (entry: ManagedFields): boolean => entry.manager === writer.manager && entry.operation === 'Apply'
  const conflicts = entries
    .filter((entry) => !isOwn(entry))
    .flatMap((entry) => {
      const owned = new Set(decoded(entry.fieldsV1))
      return [...wanted]
        .filter(([path, value]) => owned.has(path) && actual.has(path) && !isSame(actual.get(path), value))
        .map(([path]) => ({ entry, path }))
    })
  if (conflicts.length > 0 && !isForced) throw conflictsOf(conflicts)
  const lost = new Set(conflicts.map(({ path }) => path))
  const others = entries
    .filter((entry) => !isOwn(entry))
    .map((entry) =>
      lost.size === 0
        ? entry
        : { ...entry, fieldsV1: encoded(decoded(entry.fieldsV1).filter((path) => !lost.has(path))) },
    )
    .filter((entry) => Object.keys(entry.fieldsV1).length > 0)
  let next = merged(live ?? {}, config, '') as ApiObject
  const mine = entries.find(isOwn)
  const kept = new Set(others.flatMap((entry) => decoded(entry.fieldsV1)))
  // What was applied before and is not any more goes, unless somebody else wants it. An item goes with all that is in it.
  const dropped = (mine === undefined ? [] : decoded(mine.fieldsV1)).filter(
    (path) => !wanted.has(path) && !kept.has(path),
  )
  for (const path of dropped.sort((a, b) => b.length - a.length)) {
    const steps = JSON.parse(path) as string[]
    next = without(next, steps, '') as ApiObject
  }
  const isUnchanged = mine !== undefined && isSame(new Set(decoded(mine.fieldsV1)), new Set(wanted.keys()))
  const own = entryOf(
    'Apply',
    String(config.apiVersion),
    isUnchanged && mine !== undefined ? { ...writer, time: mine.time } : writer,
    wanted.keys(),
  )
  return { ...next, metadata: { ...next.metadata, managedFields: [own, ...others] } }
}
