import { createHash } from 'node:crypto'

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

/** Longer names are cut: an id goes into outputs, labels of metrics and an issue. */
const longestPart = 120

/** A part of a check's id from any text: lower case letters, digits, `-`, `.` and `_`; everything else becomes `-`. */
export function idPart(text: string): string {
  // Cut alone, two long names could be one id, and the word about one would stand for both.
  const short = text.length <= longestPart ? text : `${text.slice(0, longestPart - 9)}-${digestOf(text)}`
  const part = short
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
  return part === '' ? 'unnamed' : part
}
