/** get, list, create, update, patch and delete over the store, with the API server's rules about versions and names. */
import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { parse as parseYaml } from 'yaml'
import { undeclared, validateWorkload, withDefaults } from './defaults.ts'
import { applied as appliedBy, ownersAfter, type Writer } from './field-managers.ts'
import { type Call, header, readJson, readText, sendJson } from './http.ts'
import { type ApiObject, apiVersionOf, keyOf, type Resource } from './objects.ts'
import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts'
import type { RequestInfo } from './request-info.ts'
import { fieldSelector, labelSelector, type Selector } from './selectors.ts'
import { failures, modifiedCause, StatusError } from './status.ts'
import type { MemoryStore } from './store.ts'
import { validate, validateChange, withData } from './validation.ts'

export interface Target {
  readonly call: Call
  readonly info: RequestInfo
  readonly resource: Resource
  readonly objects: MemoryStore
}

/** Both selectors of the query as one test. */
export function selectorOf(call: Call): Selector {
  const byLabel = labelSelector(call.query.get('labelSelector') ?? '')
  const byField = fieldSelector(call.query.get('fieldSelector') ?? '')
  return (object) => byLabel(object) && byField(object)
}

/** Prefix of the store's keys that a collection request means. */
export function prefixOf({ info, resource }: Target): string {
  return info.namespace === '' ? resource.plural : `${resource.plural}/${info.namespace}`
}

export function get(target: Target): void {
  sendJson(target.call, 200, existing(target))
}

export function list(target: Target): void {
  const { objects, resource, call } = target
  const isSelected = selectorOf(call)
  const all = objects
    .list(prefixOf(target))
    .filter(isSelected)
    // Items of a list carry no kind of their own in the real API either.
    .map(({ apiVersion: _version, kind: _kind, ...item }) => item)
  const { items, ...page } = pageOf(call, all, objects.version)
  sendJson(call, 200, {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: String(objects.version), ...page },
    items,
  })
}

/** `limit` and `continue`: pages of one list, the rest of which is found again by the name after which it goes on. */
function pageOf<Item>(call: Call, items: readonly Item[], version: number) {
  const limit = Number(call.query.get('limit') ?? '0')
  const token = call.query.get('continue') ?? ''
  let start = 0
  if (token !== '') {
    const read = /^(\d+)@(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'))
    if (!read) throw failures.badRequest('continue key is not valid: illegal base64 data')
    // The real server keeps a list for five minutes; this one for as long as nothing changes too much.
    if (Number(read[2]) + 1000 < version)
      throw new StatusError(
        410,
        'Expired',
        'The provided continue parameter is too old to display a consistent list result.',
      )
    start = Number(read[1])
  }
  if (!(limit > 0) || start + limit >= items.length) return { items: items.slice(start) }
  const isWhole = !call.query.has('labelSelector') && !call.query.has('fieldSelector')
  return {
    items: items.slice(start, start + limit),
    continue: Buffer.from(`${start + limit}@${version}`).toString('base64url'),
    // Unknown to a server that would have to look at every object to know it.
    ...(isWhole && { remainingItemCount: items.length - start - limit }),
  }
}

export async function create(target: Target): Promise<void> {
  const { info, resource, objects, call } = target
  if (info.name !== '') throw failures.methodNotAllowed()
  const body = await readObject(target)
  const name = body.metadata.name ?? generated(body)
  if (name === '')
    throw failures.invalid(resource, '', 'metadata.name', 'Required value: name or generateName is required')
  if (body.metadata.resourceVersion)
    throw failures.badRequest('resourceVersion should not be set on objects to be created')
  const { uid: _uid, creationTimestamp: _created, resourceVersion: _version, ...metadata } = body.metadata
  const object = {
    ...body,
    metadata: { ...metadata, name, ...(resource.isNamespaced && { namespace: info.namespace }) },
  }
  validate(resource, object)
  const key = keyOf(resource, info.namespace, name)
  if (objects.get(key)) throw failures.alreadyExists(resource, name)
  const complete = owned(target, undefined, withDefaults(resource, object))
  validateWorkload(resource, undefined, complete)
  sendJson(call, 201, isDryRun(call) ? complete : objects.put(key, complete))
}

/** Kinds whose owners of fields this world keeps. */
const tracked = new Set(['daemonsets', 'configmaps', 'runtimeclasses'])

/** Who writes: what the query says, else the first word of the program's name. */
function writerOf(call: Call): Writer {
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  return { manager: call.query.get('fieldManager') ?? (header(call, 'User-Agent').split('/')[0] || 'unknown'), time }
}

/** The object with its generation, and who owns what of it now. */
function owned({ call, resource, info }: Target, before: ApiObject | undefined, after: ApiObject): ApiObject {
  if (!tracked.has(resource.plural) || info.subresource !== '') return after
  return generation(resource, before, {
    ...after,
    metadata: {
      ...after.metadata,
      managedFields: ownersAfter(before, { apiVersion: apiVersionOf(resource), ...after }, writerOf(call)),
    },
  })
}

/** metadata.generation counts changes of the spec; a DaemonSet also says it in an annotation of an older time. */
function generation(resource: Resource, before: ApiObject | undefined, after: ApiObject): ApiObject {
  if (resource.plural !== 'daemonsets') return after
  const was = Number(before?.metadata.generation ?? 0)
  const number = before !== undefined && isDeepStrictEqual(before.spec, after.spec) ? was : was + 1
  const templates = 'deprecated.daemonset.template.generation'
  const counted = Number(before?.metadata.annotations?.[templates] ?? 0)
  const template = (object: ApiObject | undefined) => (object?.spec as { template?: unknown } | undefined)?.template
  const isSame = before !== undefined && isDeepStrictEqual(template(before), template(after))
  const annotations = { [templates]: String(isSame ? counted : counted + 1), ...after.metadata.annotations }
  annotations[templates] = String(isSame ? counted : counted + 1)
  return { ...after, metadata: { ...after.metadata, generation: number, annotations } }
}

/** Server-side apply: creates, or merges what is applied into what is there. */
async function apply(target: Target): Promise<void> {
  const { call, info, resource, objects } = target
  const manager = call.query.get('fieldManager') ?? ''
  if (manager === '') {
    const problem = 'Required value: is required for apply patch'
    throw failures.invalid({ kind: 'PatchOptions', group: 'meta.k8s.io' }, '', 'fieldManager', problem)
  }
  const config = (await readYaml(call)) as ApiObject
  if (config?.kind !== resource.kind || config.apiVersion !== apiVersionOf(resource))
    throw failures.badRequest(
      `invalid object type: ${String(config?.apiVersion)}, Kind=${String(config?.kind)} (expected ${apiVersionOf(resource)}, Kind=${resource.kind})`,
    )
  if (config.metadata?.name !== info.name)
    throw failures.badRequest(
      `the name of the object (${config.metadata?.name ?? ''}) does not match the name on the URL (${info.name})`,
    )
  if (config.metadata.managedFields !== undefined) throw failures.badRequest('metadata.managedFields must be nil')
  const [unknown] = undeclared(resource, config)
  if (unknown !== undefined)
    throw new StatusError(
      500,
      'InternalError',
      `failed to create typed patch object (${info.namespace}/${info.name}; ${apiVersionOf(resource)}, Kind=${resource.kind}): ${unknown}: field not declared in schema`,
    )
  const key = keyOf(resource, info.namespace, info.name)
  const live = objects.get(key)
  const { uid = '' } = config.metadata
  if (uid !== '' && uid !== live?.metadata.uid) {
    const cause = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live?.metadata.uid ?? ''}`
    throw failures.conflict(resource, info.name, cause)
  }
  const isForced = call.query.get('force') === 'true'
  const next = withDefaults(resource, appliedBy(live, config, { ...writerOf(call), manager }, isForced))
  if (live?.status !== undefined) next.status = live.status
  const complete = generation(resource, live, next)
  if (resource.isNamespaced) complete.metadata.namespace = info.namespace
  validate(resource, complete)
  validateWorkload(resource, live, complete)
  sendJson(call, live === undefined ? 201 : 200, isDryRun(call) ? complete : objects.put(key, complete))
}

async function readYaml(call: Call): Promise<unknown> {
  try {
    return parseYaml(await readText(call)) as unknown
  } catch (error) {
    if (error instanceof StatusError) throw error
    throw failures.badRequest(`error decoding YAML: ${(error as Error).message}`)
  }
}

export async function update(target: Target): Promise<void> {
  const current = existing(target)
  const body = await readObject(target)
  if (body.metadata.name !== current.metadata.name) {
    throw otherName(body, current)
  }
  store(target, current, body)
}

export async function patch(target: Target): Promise<void> {
  const { call } = target
  const type = header(call, 'Content-Type').split(';')[0]?.trim()
  if (type === 'application/apply-patch+yaml') return await apply(target)
  const applied = type === undefined ? undefined : patches[type]
  if (!applied) throw failures.unsupportedPatch()
  const body = await readJson(call)
  if (body === undefined) throw failures.badRequest('error decoding patch: unexpected end of JSON input')
  if (Array.isArray(body) && applied !== jsonPatch)
    throw failures.badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    )
  const current = existing(target)
  const next = applied(current, body) as ApiObject
  if (next.metadata?.name !== current.metadata.name) throw otherName(next, current)
  const { uid = '' } = next.metadata
  // Of an update this is a precondition, of a patch a change that no field allows.
  if (uid !== '' && uid !== current.metadata.uid) {
    const problem = `Invalid value: ${JSON.stringify(uid)}: field is immutable`
    throw failures.invalid(target.resource, current.metadata.name, 'metadata.uid', problem)
  }
  store(target, current, target.resource.plural === 'secrets' ? withData(next) : next)
}

function otherName(object: ApiObject, current: ApiObject): StatusError {
  return failures.badRequest(
    `the name of the object (${object.metadata?.name ?? ''}) does not match the name on the URL (${current.metadata.name})`,
  )
}

const patches: Readonly<Record<string, (target: unknown, patch: unknown) => unknown>> = {
  'application/json-patch+json': jsonPatch,
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': strategicMergePatch,
}

export async function remove(target: Target): Promise<void> {
  const { info, resource, objects, call } = target
  const body = ((await readJson(call)) ?? {}) as {
    preconditions?: { uid?: string; resourceVersion?: string }
    propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  }
  const { metadata } = existing(target)
  const wanted = body.preconditions ?? {}
  if (wanted.uid !== undefined && wanted.uid !== metadata.uid) {
    const cause = `the UID in the precondition (${wanted.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`
    throw failures.precondition(resource, info.name, cause)
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== metadata.resourceVersion) {
    const cause = `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`
    throw failures.precondition(resource, info.name, cause)
  }
  if (!isDryRun(call)) objects.delete(keyOf(resource, info.namespace, info.name), body.propagationPolicy)
  const details = {
    name: info.name,
    ...(resource.group && { group: resource.group }),
    kind: resource.plural,
    uid: metadata.uid,
  }
  sendJson(call, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details })
}

function existing({ info, resource, objects }: Target): ApiObject {
  const object = objects.get(keyOf(resource, info.namespace, info.name))
  if (!object) throw failures.notFound(resource, info.name)
  return object
}

/** Writes what an update or a patch made of the current object, unless somebody else was faster. */
function store({ info, resource, objects, call }: Target, current: ApiObject, next: ApiObject): void {
  const { uid, resourceVersion } = next.metadata
  if (uid !== undefined && uid !== '' && uid !== current.metadata.uid) {
    const cause = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`
    throw failures.conflict(resource, info.name, cause)
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== current.metadata.resourceVersion) {
    throw failures.conflict(resource, info.name, modifiedCause)
  }
  if (current.immutable === true && JSON.stringify(next.data) !== JSON.stringify(current.data)) {
    throw failures.invalid(resource, info.name, 'data', 'Forbidden: field is immutable when `immutable` is set')
  }
  const { creationTimestamp, namespace } = current.metadata
  const metadata = {
    ...next.metadata,
    uid: current.metadata.uid,
    creationTimestamp,
    ...(namespace !== undefined && { namespace }),
  } as ApiObject['metadata']
  const object: ApiObject = { ...next, metadata }
  // Each of the two resources of an object ignores the other's part.
  if (resource.hasStatus && info.subresource === 'status') object.spec = current.spec
  else if (resource.hasStatus) object.status = current.status
  for (const part of ['spec', 'status'] as const) if (object[part] === undefined) delete object[part]
  validate(resource, object)
  validateChange(resource, current, object)
  const complete =
    info.subresource === '' ? owned({ call, info, resource, objects }, current, withDefaults(resource, object)) : object
  if (info.subresource === '') validateWorkload(resource, current, complete)
  const key = keyOf(resource, info.namespace, info.name)
  sendJson(call, 200, isDryRun(call) ? complete : objects.put(key, complete))
}

async function readObject({ call, resource, info }: Target): Promise<ApiObject> {
  const type = header(call, 'Content-Type').split(';')[0]?.trim()
  if (type !== '' && type !== 'application/json') {
    throw failures.unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json',
    )
  }
  const body = (await readJson(call)) as Partial<ApiObject> | undefined
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw failures.badRequest('the object provided is unrecognized')
  if (body.kind !== undefined && body.kind !== resource.kind) {
    throw failures.badRequest(
      `${String(body.kind)} in version "${String(body.apiVersion)}" cannot be handled as a ${resource.kind}: converting (${String(body.apiVersion)}.${String(body.kind)}) to (core.${resource.kind}): unknown conversion`,
    )
  }
  const metadata = (body.metadata ?? {}) as ApiObject['metadata']
  if (resource.isNamespaced && metadata.namespace && metadata.namespace !== info.namespace) {
    throw failures.badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  const object = { ...body, metadata } as ApiObject
  return resource.plural === 'secrets' ? withData(object) : object
}

function isDryRun(call: Call): boolean {
  return call.query.getAll('dryRun').includes('All')
}

/** The API server's alphabet for generateName: no vowels, and no digits that look like letters. */
export const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

function generated(body: ApiObject): string {
  const prefix = body.metadata.generateName
  if (typeof prefix !== 'string' || prefix === '') return ''
  return prefix + Array.from({ length: 5 }, () => nameAlphabet[randomInt(nameAlphabet.length)]).join('')
}
