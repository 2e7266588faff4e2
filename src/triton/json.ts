/** JSON as Triton writes and reads it: whole numbers of 64 bits, and numbers that are none. */

/** Marks a word of RapidJSON's inside a string; no name or value that means anything begins with it. */
const mark = '\u0000'
const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

/**
 * Reads an answer. Whole numbers beyond 2^53 become bigint, because a double would round them; `NaN` and `Infinity`, which Triton
 * writes as bare words (triton-inference-server/server#3870), become what they say.
 * @returns undefined when it is no JSON
 */
export function readJson(body: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
  try {
    return JSON.parse(/NaN|Infinity/.test(text) ? withMarkedWords(text) : text, revive)
  } catch {
    // Also what is nested too deeply to be walked.
    return undefined
  }
}

function revive(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    const source = context?.source ?? ''
    return /^-?\d{1,40}$/.test(source) ? BigInt(source) : value
  }
  if (typeof value === 'string' && value.startsWith(mark)) return words[value.slice(1)] ?? value
  return value
}

/** By hand, not by a pattern: each character is looked at once, whatever a hostile answer holds. */
function withMarkedWords(text: string): string {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') {
      at += 1
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
      continue
    }
    if (character !== 'N' && character !== 'I' && character !== '-') continue
    const word = Object.keys(words).find((candidate) => text.startsWith(candidate, at))
    if (word === undefined) continue
    parts.push(text.slice(from, at), JSON.stringify(mark + word))
    at += word.length - 1
    from = at + 1
  }
  return parts.join('') + text.slice(from)
}

export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text of an answer; empty when it is missing or something else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** At most so many entries of a list of an answer; none when it is something else. */
export function listOf(value: unknown, limit = 1000): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, limit) : []
}

/** A counter of an answer; 0 when it is missing or something else. */
export function countOf(value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : 0
}
