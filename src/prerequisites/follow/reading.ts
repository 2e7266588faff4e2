import type { ApiObject } from '../../kubernetes/index.ts'

const longest = 300

/** The value behind these keys; undefined where the way ends. */
export function valueAt(from: unknown, ...path: readonly string[]): unknown {
  let value = from
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as ApiObject)[key]
  }
  return value
}

/** One bounded line; empty: not there, or no text. */
export function textAt(from: unknown, ...path: readonly string[]): string {
  const value = valueAt(from, ...path)
  if (typeof value !== 'string') return ''
  return value
    .slice(0, 20 * longest)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .slice(0, longest)
}

/** A condition of a status, as nearly all kinds have them. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly words: string
}

/** At most 32 of a list of conditions. */
export function conditionsOf(status: unknown): readonly Condition[] {
  const list = valueAt(status, 'conditions')
  if (!Array.isArray(list)) return []
  return list.slice(0, 32).map((one) => ({
    type: textAt(one, 'type'),
    status: textAt(one, 'status'),
    words: [textAt(one, 'reason'), textAt(one, 'message')].filter((word) => word !== '').join(': '),
  }))
}
