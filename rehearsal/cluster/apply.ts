/** What changes besides the object itself: who owns its fields, its generation; and server-side apply. */

import { parse as parseYaml } from 'yaml'
import { undeclared, validateWorkload, withDefaults } from './defaults.ts'
import { isSame } from './equality.ts'
import { applied as appliedBy, ownersAfter, type Writer } from './field-managers.ts'
import { type Call, header, readText, sendJson } from './http.ts'
import { type ApiObject, apiVersionOf, keyOf, type Resource } from './objects.ts'
import { failures, StatusError } from './status.ts'
import { validate } from './validation.ts'
import { isDryRun, type Target } from './verbs.ts'

/** Kinds whose owners of fields this world keeps. */
const tracked = new Set(['daemonsets', 'configmaps', 'runtimeclasses'])

/** Who writes: what the query says, else the first word of the program's name. */
function writerOf(call: Call): Writer {
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  return { manager: call.query.get('fieldManager') ?? (header(call, 'User-Agent').split('/')[0] || 'unknown'), time }
}

/** The object with its generation, and who owns what of it now. */
export function owned({ call, resource, info }: Target, before: ApiObject | undefined, after: ApiObject): ApiObject {
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
  const number = before !== undefined && isSame(before.spec, after.spec) ? was : was + 1
  const templates = 'deprecated.daemonset.template.generation'
  const counted = Number(before?.metadata.annotations?.[templates] ?? 0)
  const template = (object: ApiObject | undefined) => (object?.spec as { template?: unknown } | undefined)?.template
  const isSameTemplate = before !== undefined && isSame(template(before), template(after))
  const annotations = { [templates]: String(isSameTemplate ? counted : counted + 1), ...after.metadata.annotations }
  annotations[templates] = String(isSameTemplate ? counted : counted + 1)
  return { ...after, metadata: { ...after.metadata, generation: number, annotations } }
}

/** Server-side apply: creates, or merges what is applied into what is there. */
export async function apply(target: Target): Promise<void> {
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
