/**
 * Remote text is data: it may not break a line, reorder it (bidi controls), hide in it (zero-width characters),
 * colour it (ANSI escapes) or make it endless.
 */

// CSI and OSC sequences, then any other two-character escape.
const ansiEscape = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g
const invisible = /[\p{Cf}\p{Co}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu

/** One printable line of at most `limit` characters; every run of white space and control characters becomes one blank. */
export function oneLine(text: string, limit = 1000): string {
  const line = text
    .replace(ansiEscape, '')
    .replace(invisible, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return cut(line, limit)
}

/** The lines of a text, each printable, white space inside kept; empty lines dropped. */
export function printableLines(text: string, limit = 1000): string[] {
  return text
    .split(/\r\n|[\n\r\u2028\u2029\u0085]/)
    .map((line) =>
      cut(
        line
          .replace(ansiEscape, '')
          .replace(invisible, '')
          .replace(/\t/g, '  ')
          .replace(/\p{Cc}/gu, '')
          .trimEnd(),
        limit,
      ),
    )
    .filter((line) => line !== '')
}

/** Cuts by code points, so that no character is halved. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  const points = Array.from(text)
  return points.length <= limit ? text : `${points.slice(0, Math.max(0, limit - 1)).join('')}…`
}

/** Columns that a text takes in a terminal; good enough for Latin texts and the marks that we print. */
export function width(text: string): number {
  return Array.from(text).length
}

export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}
