/**
 * Text of a server on one line, at most so long: for messages. What it holds stays remote text.
 * @param limit characters that are left of it
 */
export function oneLine(text: string, limit = 200): string {
  const line = text
    .slice(0, limit * 8)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}
