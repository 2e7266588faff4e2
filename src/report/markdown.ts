import { oneLine, printableLines } from './text.ts'

/**
 * Text for a paragraph, a heading or a table cell. Nothing in it can open or close Markdown, HTML, a table cell, a link,
 * an image, a formula or a mention. Backslash escapes keep the source readable where a person reads it raw.
 */
export function escapeMarkdown(text: string, limit = 1000): string {
  return (
    oneLine(text, limit)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // As an entity: whether `\\|` ends a cell depends on who reads it.
      .replace(/\\/g, '&#92;')
      .replace(/\$/g, '&#36;')
      .replace(/[`*~|[\]]/g, '\\$&')
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      // Bare addresses become links by themselves; remote text gets none.
      .replace(/:\/\//g, '&#58;//')
      .replace(/\bwww\./gi, (match) => `${match.slice(0, 3)}&#46;`)
      // A mention starts at `@` after a non-word character, and is found after entities are resolved: only a joiner stops it.
      .replace(/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}])/gu, '$1@\u2060')
      // At the start of a text `#`, `-`, `+`, `=` or `1.` would begin a heading or a list.
      .replace(/^([#+=-])/, '\\$1')
      .replace(/^(\d+)([.)])/, '$1\\$2')
  )
}

/** A cell; an empty one is shown as a blank cell. */
export function cell(text: string | undefined, limit = 600): string {
  return escapeMarkdown(text ?? '', limit)
}

/** A table with a header row. Cells must be escaped already. Without rows: nothing. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A fenced block whose fence is longer than any run of backticks inside. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

/** Remote lines as they came, printable, at most `limit` of them. */
export function quotedLines(texts: readonly string[], limit: number): string {
  const lines = texts.flatMap((text) => printableLines(text, 2000))
  const shown = lines.slice(0, limit)
  const rest = lines.length - shown.length
  return fenced('text', [...shown, ...(rest > 0 ? [`(${rest} more in the JSON report)`] : [])].join('\n'))
}

/** A folded section. The title must be escaped already; the blank lines make GitHub read Markdown inside. */
export function details(title: string, body: string): string {
  return body === '' ? '' : `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
}

/** A link to one of our own pages or a known tracker; anything that is not plain https stays text. */
export function link(url: string): string {
  return /^https:\/\/[\w.~/#%?=&+-]+$/.test(url) ? `<${url}>` : escapeMarkdown(url)
}

/** GitHub drops a summary above 1 MiB; nobody reads even a quarter of that. */
export const summaryLimitBytes = 256 * 1024

/** Cuts at the end of a line, closes an open fence and open folds, and says that something is missing. */
export function cutMarkdown(markdown: string, limitBytes = summaryLimitBytes): string {
  if (Buffer.byteLength(markdown) <= limitBytes) return markdown
  const lines = markdown.split('\n')
  const kept: string[] = []
  let bytes = 512 // for what is appended below
  let fence = ''
  let folds = 0
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1
    if (bytes > limitBytes) break
    kept.push(line)
    const ticks = /^`{3,}/.exec(line)?.[0]
    if (fence !== '') {
      if (line === fence) fence = ''
    } else if (ticks) fence = ticks
    else if (line.startsWith('<details>')) folds += 1
    else if (line === '</details>') folds -= 1
  }
  if (fence !== '') kept.push(fence)
  for (; folds > 0; folds -= 1) kept.push('', '</details>')
  const missing = lines.length - kept.length
  kept.push('', `_Cut here to fit: about ${Math.max(1, missing)} more lines. The JSON report has everything._`, '')
  return kept.join('\n')
}
