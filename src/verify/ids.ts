/** Longer names are cut: an id goes into outputs, labels of metrics and an issue. */
const longestPart = 120

/** A part of a check's id from any text: lower case letters, digits, `-`, `.` and `_`; everything else becomes `-`. */
export function idPart(text: string): string {
  const part = text
    .slice(0, longestPart)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
  return part === '' ? 'unnamed' : part
}
