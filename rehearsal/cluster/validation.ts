/** What the API server refuses in an object, as far as this project sends it. */
import type { ApiObject, Resource } from './objects.ts'
import { failures } from './status.ts'

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

// The API server's own words (k8s.io/apimachinery, util/validation), two spaces included.
const subdomainWords =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const valueWords =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
const nameWords =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const prefixWords = `prefix part ${subdomainWords}`

/** What is wrong with a label's or taint's key; undefined: nothing. */
function keyProblem(key: string): string | undefined {
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  if (slash >= 0 && !subdomain.test(key.slice(0, slash))) return prefixWords
  if (name.length > 63) return 'name part must be no more than 63 characters'
  return labelName.test(name) ? undefined : nameWords
}

function valueProblem(value: string): string | undefined {
  if (value.length > 63) return 'must be no more than 63 characters'
  return labelValue.test(value) ? undefined : valueWords
}

type Reject = (field: string, problem: string) => void

/** The first problem only; the API server lists all of them. @throws StatusError 422 */
export function validate(resource: Resource, object: ApiObject): void {
  const { name } = object.metadata
  const reject: Reject = (field, problem) => {
    throw failures.invalid(resource, name, field, problem)
  }
  if (!subdomain.test(name) || name.length > 253)
    reject('metadata.name', `Invalid value: ${JSON.stringify(name)}: ${subdomainWords}`)
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    const problems = [
      [key, keyProblem(key)],
      [value, typeof value === 'string' ? valueProblem(value) : valueWords],
    ] as const
    for (const [text, problem] of problems)
      if (problem !== undefined) reject('metadata.labels', `Invalid value: ${JSON.stringify(text)}: ${problem}`)
  }
  if (resource.plural === 'nodes') validateTaints(object, reject)
}

/** Messages call the field `metadata.taints`, as the API server's do, although it is in spec. */
function validateTaints(object: ApiObject, reject: Reject): void {
  const taints = (object.spec as { taints?: readonly Record<string, string>[] } | undefined)?.taints ?? []
  const seen = new Set<string>()
  taints.forEach((taint, index) => {
    const { key = '', effect = '', value = '' } = taint
    const field = `metadata.taints[${index}]`
    const ofKey = keyProblem(key)
    const ofValue = valueProblem(value)
    if (ofKey !== undefined) reject(`${field}.key`, `Invalid value: ${JSON.stringify(key)}: ${ofKey}`)
    if (ofValue !== undefined) reject(`${field}.value`, `Invalid value: ${JSON.stringify(value)}: ${ofValue}`)
    if (effect === '') reject(`${field}.effect`, 'Required value')
    if (!effects.includes(effect)) {
      const supported = effects.map((one) => JSON.stringify(one)).join(', ')
      reject(`${field}.effect`, `Unsupported value: ${JSON.stringify(effect)}: supported values: ${supported}`)
    }
    if (seen.has(`${key}:${effect}`)) {
      const words = `core.Taint{Key:"${key}", Value:"${value}", Effect:"${effect}", TimeAdded:<nil>}`
      reject(field, `Duplicate value: ${words}: taints must be unique by key and effect pair`)
    }
    seen.add(`${key}:${effect}`)
  })
}

/** A Node's pod network is given once. @throws StatusError 422 */
export function validateChange(resource: Resource, before: ApiObject, after: ApiObject): void {
  if (resource.plural !== 'nodes') return
  const network = (node: ApiObject) => (node.spec as { podCIDR?: string } | undefined)?.podCIDR ?? ''
  if (network(before) !== '' && network(before) !== network(after)) {
    const problem = 'Forbidden: node updates may not change podCIDR except from "" to valid'
    throw failures.invalid(resource, after.metadata.name, 'spec.podCIDRs', problem)
  }
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
