/** get, list, create, update, patch and delete over the store, with the API server's rules about versions and names. */
import { randomInt } from 'node:crypto'
import { admit } from './admission.ts'
import { apply, owned } from './apply.ts'
import { validateWorkload, withDefaults } from './defaults.ts'
import { type Call, header, readJson, sendJson } from './http.ts'
import { type ApiObject, apiVersionOf, keyOf, type Resource, storedAs } from './objects.ts'
import { pageOf } from './paging.ts'
import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts'
import type { RequestInfo } from './request-info.ts'
import { fieldSelector, labelSelector, type Selector } from './selectors.ts'
import { failures, modifiedCause, type StatusError } from './status.ts'
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
  return info.namespace === '' ? storedAs(resource) : `${storedAs(resource)}/${info.namespace}`
}

/** A custom object in the version that was asked for. */
export function served(resource: Resource, object: ApiObject): ApiObject {
  return resource.isCustom ? { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind } : object
}

export function get(target: Target): void {
  sendJson(target.call, 200, served(target.resource, existing(target)))
}

/** Whoever asks so gets nothing but metadata (k8s.io/apiserver, endpoints/handlers/response.go). */
function wantsMetadata(call: Call): boolean {
  return /(^|,)\s*application\/json\s*;[^,]*\bas=PartialObjectMetadataList\b/.test(header(call, 'Accept'))
}

export function list(target: Target): void {
  const { objects, resource, call } = target
  const isSelected = selectorOf(call)
  const { items, ...page } = pageOf(call, objects.view(prefixOf(target)).filter(isSelected), objects.version)
  const metadata = { resourceVersion: String(objects.version), ...page }
  if (wantsMetadata(call)) {
    const [kind, apiVersion] = ['PartialObjectMetadata', 'meta.k8s.io/v1']
    const partial = items.map((item) => ({ kind, apiVersion, metadata: item.metadata }))
    sendJson(call, 200, { kind: `${kind}List`, apiVersion, metadata, items: partial })
  } else {
    const shown = items.map((item) => asItem(resource, item))
    sendJson(call, 200, { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items: shown })
  }
}

/** Items of a list carry no kind of their own in the real API either, unless they are custom. */
function asItem(resource: Resource, object: ApiObject): object {
  if (resource.isCustom) return served(resource, object)
  const { apiVersion: _version, kind: _kind, ...item } = object
  return item
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
  admit(call, resource, objects, object)
  const complete = owned(target, undefined, withDefaults(resource, object))
  validateWorkload(resource, undefined, complete)
  sendJson(call, 201, isDryRun(call) ? complete : objects.put(key, complete))
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

export function isDryRun(call: Call): boolean {
  return call.query.getAll('dryRun').includes('All')
}

/** The API server's alphabet for generateName: no vowels, and no digits that look like letters. */
export const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

function generated(body: ApiObject): string {
  const prefix = body.metadata.generateName
  if (typeof prefix !== 'string' || prefix === '') return ''
  return prefix + Array.from({ length: 5 }, () => nameAlphabet[randomInt(nameAlphabet.length)]).join('')
}
