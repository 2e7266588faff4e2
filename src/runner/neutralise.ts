/**
 * What a host, an API or a server prints is data. The runner reads every line of a step's output for commands:
 * `::command::` at the start of a line (after white space), and the older `##[command]` anywhere in it
 * (actions/runner, ActionCommand.cs). Its line reader also breaks at a lone carriage return, and its comparisons skip
 * characters that have no width, so both are dealt with before looking for commands.
 */

/** Longer lines are cut: a log line is for reading. */
export const maximumLineLength = 2000

// CSI and OSC sequences, then any other two-character escape.
const ansiEscape = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g
const ignorable = /[\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu
const lineBreak = /\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]/

/** The lines of a text, each safe to print: no control characters, no escape sequences, no workflow command, no endless line. */
export function neutraliseLines(text: string): string[] {
  return text.replace(ansiEscape, '').split(lineBreak).map(neutraliseLine)
}

/** One safe line; line breaks become blanks. For titles and messages of commands. */
export function neutraliseTitle(text: string): string {
  return neutraliseLine(text.replace(ansiEscape, '').split(lineBreak).join(' '))
}

function neutraliseLine(text: string): string {
  const plain = text
    .replace(ignorable, '')
    .replaceAll('\t', '  ')
    .replace(/\p{Cc}/gu, '')
  const points = plain.length > maximumLineLength ? Array.from(plain) : []
  const line =
    points.length > maximumLineLength
      ? `${points.slice(0, maximumLineLength).join('')} … (${points.length - maximumLineLength} more characters)`
      : plain
  return (
    line
      // Variation selectors (emoji) have no width either; they are kept, but do not hide a command.
      .replace(/^(\s*)(?=[\uFE00-\uFE0F]*:[\uFE00-\uFE0F]*:)/u, '$1· ')
      .replace(/#([\uFE00-\uFE0F]*)#(?=[\uFE00-\uFE0F]*\[)/gu, '#$1 #')
  )
}
