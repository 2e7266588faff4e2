/** What the API server refuses in an object, as far as this project sends it. */
import type { ApiObject, Resource } from './objects.ts'
import { failures } from './status.ts'

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
const labelName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** @throws StatusError 422 */
export function validate(resource: Resource, object: ApiObject): void {
  const { name } = object.metadata
  const reject = (cause: string) => {
    throw failures.invalid(resource, name, cause)
  }
  if (!subdomain.test(name) || name.length > 253) {
    reject(
      `metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    )
  }
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    if (!labelName.test(key))
      reject(`metadata.labels: Invalid value: "${key}": name part must consist of alphanumeric characters`)
    if (typeof value !== 'string' || !labelValue.test(value) || value.length > 63) {
      reject(
        `metadata.labels: Invalid value: "${String(value)}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
      )
    }
  }
  if (resource.plural === 'nodes') validateTaints(object, reject)
}

function validateTaints(object: ApiObject, reject: (cause: string) => void): void {
  const taints = (object.spec as { taints?: readonly Record<string, string>[] } | undefined)?.taints ?? []
  const seen = new Set<string>()
  taints.forEach((taint, index) => {
    const { key = '', effect = '', value = '' } = taint
    if (!labelName.test(key)) reject(`metadata.taints[${index}].key: Invalid value: "${key}"`)
    if (!labelValue.test(value)) reject(`metadata.taints[${index}].value: Invalid value: "${value}"`)
    if (!effects.includes(effect)) {
      reject(
        `metadata.taints[${index}].effect: Unsupported value: "${effect}": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
      )
    }
    if (seen.has(`${key}:${effect}`)) {
      reject(`metadata.taints[${index}]: Duplicate value: {"key":"${key}","effect":"${effect}"}`)
    }
    seen.add(`${key}:${effect}`)
  })
}

/** stringData becomes data, as the API server does on write. @throws StatusError 400 for data that is no base64. */
export function withData(object: ApiObject): ApiObject {
  const { stringData, ...rest } = object as ApiObject & { stringData?: Readonly<Record<string, string>> }
  const data = { ...(object.data as Readonly<Record<string, string>> | undefined) }
  for (const value of Object.values(data)) {
    if (typeof value !== 'string' || Buffer.from(value, 'base64').toString('base64') !== value) {
      throw failures.badRequest(
        'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0',
      )
    }
  }
  for (const [key, value] of Object.entries(stringData ?? {})) data[key] = Buffer.from(value, 'utf8').toString('base64')
  return { ...rest, type: rest.type ?? 'Opaque', data } as ApiObject
}
