import type { Taint } from '../cluster-file/index.ts'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const
const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const prefixPart = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function isQualifiedName(key: string): boolean {
  const parts = key.split('/')
  if (parts.length > 2) return false
  const name = parts.at(-1) as string
  const prefix = parts.length === 2 ? (parts[0] as string) : undefined
  return namePart.test(name) && (prefix === undefined || (prefix.length <= 253 && prefixPart.test(prefix)))
}

/**
 * Reads a taint as kubectl writes it: `key=value:Effect` or `key:Effect`.
 * Throws RangeError with the allowed form; syntax as the API server validates it (qualified names, RFC 1123 prefix).
 */
export function parseTaint(text: string): Taint {
  const form = 'write it as key=value:Effect or key:Effect, Effect one of NoSchedule, PreferNoSchedule, NoExecute'
  const colon = text.lastIndexOf(':')
  const effect = effects.find((one) => one === text.slice(colon + 1))
  if (colon < 0 || effect === undefined)
    throw new RangeError(`taint ${JSON.stringify(text)} has no known effect: ${form}`)
  const [key = '', ...rest] = text.slice(0, colon).split('=')
  if (!isQualifiedName(key)) throw new RangeError(`taint ${JSON.stringify(text)} has no valid key: ${form}`)
  if (rest.length === 0) return { key, effect }
  const value = rest.join('=')
  if (value !== '' && !namePart.test(value)) {
    throw new RangeError(`taint ${JSON.stringify(text)} has an invalid value: at most 63 of [A-Za-z0-9._-], ${form}`)
  }
  return value === '' ? { key, effect } : { key, value, effect }
}

/** As kubectl prints it; the inverse of parseTaint. */
export function formatTaint(taint: Taint): string {
  return `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`
}
