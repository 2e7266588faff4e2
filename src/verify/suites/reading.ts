/** Reads what somebody else wrote: whatever is not what it should be counts as absent, and every text is one bounded line. */

const longest = 300

/** The value behind these keys; undefined where the way ends. */
export function valueAt(from: unknown, ...path: readonly string[]): unknown {
  let value = from
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) {
      return undefined
    }
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

/** One line, without control characters, cut in its middle: the cause of an error stands at its end. */
export function line(text: string, most = longest): string {
  // Cut before it is cleaned, so that a text of megabytes costs nothing.
  const short = text.length > 20 * most ? `${text.slice(0, 10 * most)} … ${text.slice(-10 * most)}` : text
  const clean = short.replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ').trim()
  return clean.length > most
    ? `${clean.slice(0, Math.floor(most / 2) - 2)} … ${clean.slice(-Math.floor(most / 2) + 1)}`
    : clean
}

/** Empty: not there, or no text. */
export function textAt(from: unknown, ...path: readonly string[]): string {
  const value = valueAt(from, ...path)
  return typeof value === 'string' ? line(value) : ''
}

/** Finite, also where it is written as text. */
export function numberAt(from: unknown, ...path: readonly string[]): number | undefined {
  const value = valueAt(from, ...path)
  const number = typeof value === 'string' && value.trim() !== '' && value.length < 40 ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** Epoch milliseconds of an RFC 3339 date. */
export function timeAt(from: unknown, ...path: readonly string[]): number | undefined {
  const time = Date.parse(textAt(from, ...path))
  return Number.isNaN(time) ? undefined : time
}

export function listAt(from: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = valueAt(from, ...path)
  return Array.isArray(value) ? value : []
}

/** Keys and values of an object, at most a thousand. */
export function entriesAt(from: unknown, ...path: readonly string[]): readonly (readonly [string, unknown])[] {
  const value = valueAt(from, ...path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).slice(0, 1000)
}

/** A condition of a status, as nearly all kinds have them. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
  /** Since when it has its status, epoch milliseconds; undefined: it does not say. */
  readonly sinceMs?: number
}

export function conditionsOf(status: unknown): readonly Condition[] {
  return listAt(status, 'conditions')
    .slice(0, 100)
    .map((one) => {
      const sinceMs = timeAt(one, 'lastTransitionTime')
      return {
        type: textAt(one, 'type'),
        status: textAt(one, 'status'),
        reason: textAt(one, 'reason'),
        message: textAt(one, 'message'),
        ...(sinceMs === undefined ? {} : { sinceMs }),
      }
    })
}

/** Reason and message of a condition, as far as it has them. */
export function wordsOf({ reason, message }: Pick<Condition, 'reason' | 'message'>): string {
  if (reason === '' || message.includes(reason)) return message
  return message === '' ? reason : `${reason}: ${message}`
}

/** `2026-11-22`: a day does not change from night to night, as an age does. */
export function day(timeMs: number): string {
  const date = new Date(timeMs)
  return Number.isNaN(date.getTime()) ? 'an unknown day' : date.toISOString().slice(0, 10)
}

/** ` since 2026-11-22`; empty when nobody said. */
export function since(timeMs: number | undefined): string {
  return timeMs === undefined ? '' : ` since ${day(timeMs)}`
}

/** A name for a command that somebody will type; a placeholder where it is none that Kubernetes allows. */
export function typeable(name: string, placeholder = 'NAME'): string {
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name) ? name : placeholder
}

export function namespaceOf(object: unknown): string {
  return textAt(object, 'metadata', 'namespace')
}

export function nameOf(object: unknown): string {
  return textAt(object, 'metadata', 'name')
}
