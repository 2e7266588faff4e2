/** Failure answers in the API server's own shape and words (k8s.io/apimachinery, api/errors). */
import type { Resource } from './objects.ts'

export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: Readonly<Record<string, never>>
  readonly status: 'Failure' | 'Success'
  readonly message?: string
  readonly reason?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly code?: number
}

/** Thrown where a request fails; the server answers with its Status. */
export class StatusError extends Error {
  readonly status: Status & { readonly code: number }

  constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message)
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    }
  }
}

/** `nodes`, or `leases.coordination.k8s.io`. */
export function qualified(resource: Pick<Resource, 'plural' | 'group'>): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
}

function detailsOf(resource: Pick<Resource, 'plural' | 'group'>, name: string): Record<string, unknown> {
  return {
    ...(name !== '' && { name }),
    ...(resource.group !== '' && { group: resource.group }),
    ...(resource.plural !== '' && { kind: resource.plural }),
  }
}

/** `Node`, or `Lease.coordination.k8s.io`: validation and preconditions name the kind, not the resource. */
function qualifiedKind(resource: Pick<Resource, 'kind' | 'group'>): string {
  return qualified({ plural: resource.kind, group: resource.group })
}

/** Types of field errors (k8s.io/apimachinery, util/validation/field) as causes name them. */
const fieldReasons: Readonly<Record<string, string>> = {
  'Required value': 'FieldValueRequired',
  'Duplicate value': 'FieldValueDuplicate',
  'Unsupported value': 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
}

function fieldReason(problem: string): string {
  return fieldReasons[problem.split(':')[0] ?? ''] ?? 'FieldValueInvalid'
}

export const failures = {
  badRequest: (message: string) => new StatusError(400, 'BadRequest', message),
  unauthorized: (message = 'Unauthorized') => new StatusError(401, 'Unauthorized', message),
  notFound: (resource: Resource, name: string) =>
    new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name)),
  noSuchResource: () => new StatusError(404, 'NotFound', 'the server could not find the requested resource', {}),
  methodNotAllowed: () =>
    new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {}),
  alreadyExists: (resource: Resource, name: string) =>
    new StatusError(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name)),
  conflict: (resource: Resource, name: string, cause: string) =>
    new StatusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${cause}`,
      detailsOf(resource, name),
    ),
  /** An object that is not the one a deletion meant. */
  precondition: (resource: Resource, name: string, cause: string) =>
    new StatusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualifiedKind(resource)} "${name}": ${cause}`,
      detailsOf({ ...resource, plural: resource.kind }, name),
    ),
  expired: (asked: number, oldest: number) =>
    new StatusError(410, 'Expired', `too old resource version: ${asked} (${oldest})`),
  tooLarge: () => new StatusError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728'),
  unsupportedMediaType: (message: string) => new StatusError(415, 'UnsupportedMediaType', message),
  unsupportedPatch: () => new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {}),
  /** `problem` is the field error's text after the field: `Invalid value: "x": why`. */
  invalid: (resource: Pick<Resource, 'kind' | 'group'>, name: string, field: string, problem: string) =>
    new StatusError(422, 'Invalid', `${qualifiedKind(resource)} "${name}" is invalid: ${field}: ${problem}`, {
      ...detailsOf({ ...resource, plural: resource.kind }, name),
      causes: [{ reason: fieldReason(problem), message: problem, field }],
    }),
}

/** Cause of a 409 when the object moved on since it was read. */
export const modifiedCause =
  'the object has been modified; please apply your changes to the latest version and try again'

/** The 403 of a resource request; `reason` is what the authoriser adds, e.g. about a missing Role. */
export function forbidden(request: {
  readonly user: string
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly reason: string
}): StatusError {
  const what = request.group === '' ? request.resource : `${request.resource}.${request.group}`
  const whole = request.subresource === '' ? request.resource : `${request.resource}/${request.subresource}`
  const where = request.namespace === '' ? 'at the cluster scope' : `in the namespace "${request.namespace}"`
  const subject = request.name === '' ? what : `${what} "${request.name}"`
  const message = `${subject} is forbidden: User "${request.user}" cannot ${request.verb} resource "${whole}" in API group "${request.group}" ${where}`
  return new StatusError(
    403,
    'Forbidden',
    request.reason === '' ? message : `${message}: ${request.reason}`,
    detailsOf({ plural: request.resource, group: request.group }, request.name),
  )
}

/** The 403 of a path that is no resource, e.g. `/metrics`. */
export function forbiddenPath(user: string, verb: string, path: string): StatusError {
  return new StatusError(403, 'Forbidden', `forbidden: User "${user}" cannot ${verb} path "${path}"`, {})
}
