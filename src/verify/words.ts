import type { VerifyEntry } from './model.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * ` for 12 days`; nothing below one: what is said about something that has not changed must be the same tomorrow morning and an hour
 * later, or an issue would be edited for nothing.
 */
export function forDays(sinceMs: number, nowMs: number): string {
  const days = Math.floor((nowMs - sinceMs) / dayMs)
  if (sinceMs <= 0 || days < 1) return ''
  return days === 1 ? ' for 1 day' : ` for ${days} days`
}

/** A name in a command that a person will type: itself where it cannot do anything else there, or what stands for it. */
export function typed(name: string, otherwise: string): string {
  return /^[a-z0-9][a-z0-9._-]{0,252}$/i.test(name) ? name : `<${otherwise}>`
}

/** What an entry asks. A wrong id is a mistake in the code of a suite. */
export function questionOf(entries: readonly VerifyEntry[], id: string): string {
  const entry = entries.find((one) => one.id === id)
  if (entry === undefined) throw new RangeError(`no check has the id ${id}`)
  return entry.asks
}
