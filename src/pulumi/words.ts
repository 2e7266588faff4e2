import { cut, oneLine, printableLines } from '../report/index.ts'

export type Redact = (text: string) => string

/** Pulumi's own marks for colours, which it leaves in events (pulumi/pulumi: sdk/go/common/diag/colors). */
const colourMarks = /<\{%[^%]{0,40}%\}>/g

/** More of one text is not looked at. */
const longestText = 65_536
/** What is dropped behind a text that was longer: a secret that the end cut in two would not be found. */
const unsafeEnd = 8192

function bounded(text: string, redact: Redact): string {
  if (text.length <= longestText) return redact(text).replace(colourMarks, '')
  return redact(text.slice(0, longestText)).slice(0, -unsafeEnd).replace(colourMarks, '')
}

/**
 * Somebody else's text as one printable line. Secrets go first, and once more when what is invisible is gone, which may have hidden
 * one; only then is it cut.
 */
export function lineOf(text: string, redact: Redact, limit = 300): string {
  return cut(redact(oneLine(bounded(text, redact), longestText)), limit)
}

/** The same with its lines: at most 30 of them, and 4,000 characters. */
export function paragraphOf(text: string, redact: Redact): string {
  const lines = printableLines(bounded(text, redact), longestText)
  const shown = redact(lines.slice(0, 30).join('\n'))
  return cut(lines.length > 30 ? `${shown}\n… ${lines.length - 30} more lines` : shown, 4000)
}

/** One line of a log: white space inside stays as it is. */
export function logLineOf(text: string, redact: Redact): string {
  return cut(redact(printableLines(bounded(text, redact), longestText).join(' ')), 2000)
}
