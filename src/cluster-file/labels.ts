import type { Taint } from './model.ts'
import { type Complaint, nearest, withNearest } from './problem.ts'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const
const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const prefixPart = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

// The kubelet sets these itself and puts them back (pkg/kubelet: updateDefaultLabels).
const ownedByKubelet = [
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]
const serverRoles = ['control-plane', 'master', 'etcd'].map((role) => `node-role.kubernetes.io/${role}`)

/** A label or taint key as the API server validates it: a name, or a DNS subdomain, a slash and a name. */
function isQualifiedName(key: string): boolean {
  const [name = '', prefix, ...more] = key.split('/').reverse()
  const isPrefixValid = prefix === undefined || (prefix.length <= 253 && prefixPart.test(prefix))
  return more.length === 0 && namePart.test(name) && isPrefixValid
}

/** Label keys as the API server validates them, and none that a worker may not have. */
export function labelKey(key: string): Complaint | undefined {
  if (!isQualifiedName(key)) {
    return {
      problem: 'is no label key',
      allowed: "an optional DNS name and '/', then at most 63 letters, digits, '-', '_' or '.', e.g. oceanid.node/gpu",
    }
  }
  if (ownedByKubelet.includes(key)) return { problem: 'is set by the kubelet itself', allowed: 'any other key' }
  if (serverRoles.includes(key))
    return { problem: 'marks servers, and this node is an agent', allowed: 'any other key' }
  return undefined
}

export function labelValue(value: string): Complaint | undefined {
  if (value === '' || namePart.test(value)) return undefined
  const guess = value.trim().replace(/[\s/:]+/g, '-')
  return {
    problem: 'is no label value',
    allowed: "at most 63 letters, digits, '-', '_' or '.', letter or digit at both ends",
    ...withNearest(namePart.test(guess) ? guess : undefined),
  }
}

/** Judges one `key=value` label. */
export function label(text: string): Complaint | undefined {
  const equals = text.indexOf('=')
  if (equals >= 0) return labelKey(text.slice(0, equals)) ?? labelValue(text.slice(equals + 1))
  const colon = /^([^:]+):\s*(\S.*)$/.exec(text)
  return {
    problem: 'is no label',
    allowed: 'key=value (key= for an empty value), one a line or separated by commas',
    ...withNearest(colon ? `${colon[1]}=${colon[2]}` : undefined),
  }
}

/** A taint as kubectl writes it, `key=value:Effect` or `key:Effect`; undefined for any other form. */
function parseTaint(text: string): Taint | undefined {
  const [, key = '', value = '', ending] = /^([^=:]+)(?:=([^=:]*))?:([A-Za-z]+)$/.exec(text) ?? []
  const effect = effects.find((one) => one === ending)
  if (effect === undefined || !isQualifiedName(key) || (value !== '' && !namePart.test(value))) return undefined
  return value === '' ? { key, effect } : { key, value, effect }
}

/** The taint, or what is wrong with it. */
export function readTaint(text: string): Taint | Complaint {
  const taint = parseTaint(text)
  if (taint) return taint
  const colon = text.lastIndexOf(':')
  const effect = nearest(text.slice(colon + 1), effects)
  const guess = colon > 0 && effect !== undefined ? `${text.slice(0, colon)}:${effect}` : ''
  return {
    problem: 'is no taint',
    allowed: `key=value:Effect or key:Effect, Effect one of ${effects.join(', ')}`,
    ...withNearest(parseTaint(guess) ? guess : undefined),
  }
}

export function isComplaint(value: Taint | Complaint): value is Complaint {
  return 'problem' in value
}
