import type { ApiObject } from './objects.ts'
import { failures } from './status.ts'

export type Selector = (object: ApiObject) => boolean

/**
 * A label selector: `a=b`, `a==b`, `a!=b`, `a in (x,y)`, `a notin (x)`, `a`, `!a`, joined by commas.
 * @throws StatusError 400 when it cannot be read.
 */
export function labelSelector(text: string): Selector {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim())
  const tests = parts.filter((part) => part !== '').map(labelTest)
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}))
}

function labelTest(part: string): (labels: Readonly<Record<string, string>>) => boolean {
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part)
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim())
    const key = set[1] ?? ''
    return set[2] === 'in'
      ? (labels) => labels[key] !== undefined && values.includes(labels[key])
      : (labels) => labels[key] === undefined || !values.includes(labels[key])
  }
  const comparison = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(part)
  if (comparison) {
    const [, key = '', operator, value = ''] = comparison
    return (labels) => (operator === '!=' ? labels[key] !== value : labels[key] === value)
  }
  const existence = /^(!?)([\w./-]+)$/.exec(part)
  if (existence) {
    const [, not, key = ''] = existence
    return (labels) => (labels[key] === undefined) === (not === '!')
  }
  throw failures.badRequest(`unable to parse requirement: found '${part}', expected: ',' or 'end of string'`)
}

/** Fields that the API server selects by, as far as this world knows them. */
const fields: Readonly<Record<string, (object: ApiObject) => string>> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => object.metadata.namespace ?? '',
  type: (object) => String(object.type ?? ''),
  reason: (object) => String(object.reason ?? ''),
  // Of events; the newer field fills the older one in (kubernetes/kubernetes: pkg/registry/core/event/strategy.go).
  source: (object) =>
    String((object.source as { component?: string } | undefined)?.component || (object.reportingComponent ?? '')),
  'involvedObject.name': (object) => involved(object, 'name'),
  'involvedObject.kind': (object) => involved(object, 'kind'),
  'spec.nodeName': (object) => specText(object, 'nodeName'),
  'spec.schedulerName': (object) => specText(object, 'schedulerName'),
  'spec.restartPolicy': (object) => specText(object, 'restartPolicy'),
  'spec.serviceAccountName': (object) => specText(object, 'serviceAccountName'),
  'status.phase': (object) => String((object.status as { phase?: string } | undefined)?.phase ?? ''),
  'involvedObject.namespace': (object) => involved(object, 'namespace'),
  'involvedObject.uid': (object) => involved(object, 'uid'),
  'spec.unschedulable': (object) =>
    String((object.spec as { unschedulable?: boolean } | undefined)?.unschedulable ?? false),
}

function specText(object: ApiObject, field: string): string {
  return String((object.spec as Record<string, unknown> | undefined)?.[field] ?? '')
}

function involved(object: ApiObject, field: string): string {
  return String((object.involvedObject as Record<string, unknown> | undefined)?.[field] ?? '')
}

/** A field selector: `metadata.name=x`, joined by commas. @throws StatusError 400 for a field that cannot be selected by. */
export function fieldSelector(text: string): Selector {
  const tests = text
    .split(',')
    .filter((part) => part !== '')
    .map((part): Selector => {
      const match = /^([\w.]+)\s*(==|=|!=)\s*(.*)$/.exec(part.trim())
      const read = match && fields[match[1] ?? '']
      if (!read) throw failures.badRequest(`field label not supported: ${part.split(/[=!]/)[0]}`)
      return (object) => (read(object) === match[3]) !== (match[2] === '!=')
    })
  return (object) => tests.every((test) => test(object))
}
