/** The grammar of Go's text/template, as far as people use it in containerd templates. Linear in the length of the text. */

export const deepest = 100

interface Piece {
  readonly kind: 'text' | 'action'
  readonly text: string
}

export interface Branch {
  readonly kind: 'if' | 'with' | 'range'
  readonly condition: string
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[]
}

export type Node =
  | { readonly kind: 'text' | 'output'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly data: string }
  | { readonly kind: 'define'; readonly name: string; readonly body: readonly Node[] }
  | Branch

/** A fault in the template's own grammar. */
export class Fault extends Error {}

/** Text and actions in turn; what `{{-` and `-}}` trim is gone, and so are comments. */
export function split(source: string): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trims = false
  while (at < source.length) {
    const open = source.indexOf('{{', at)
    let text = source.slice(at, open < 0 ? undefined : open)
    if (trims) text = text.replace(/^[ \t\r\n]+/, '')
    if (open < 0) {
      pieces.push({ kind: 'text', text })
      break
    }
    let start = open + 2
    if (/^-[ \t\r\n]/.test(source.slice(start, start + 2))) {
      text = text.trimEnd()
      start += 1
    }
    pieces.push({ kind: 'text', text })
    const close = closing(source, start)
    let inner = source.slice(start, close)
    trims = /[ \t\r\n]-$/.test(inner)
    if (trims) inner = inner.slice(0, -1)
    if (!/^[ \t\r\n]*\/\*/.test(inner)) pieces.push({ kind: 'action', text: inner.trim() })
    at = close + 2
  }
  return pieces
}

/** Where the `}}` of an action begins: braces in strings and comments do not count. */
function closing(source: string, start: number): number {
  const comment = /^[ \t\r\n]*\/\*/.exec(source.slice(start, start + 200))
  if (comment) {
    const end = source.indexOf('*/', start + comment[0].length)
    const close = end < 0 ? -1 : source.indexOf('}}', end)
    if (close < 0) throw new Fault('unclosed comment')
    return close
  }
  let quote = ''
  for (let at = start; at < source.length; at += 1) {
    const char = source[at] ?? ''
    if (quote !== '') {
      if (char === '\\' && quote !== '`') at += 1
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'" || char === '`') quote = char
    else if (char === '}' && source[at + 1] === '}') return at
  }
  throw new Fault('unclosed action')
}

export function parse(
  pieces: readonly Piece[],
  cursor: { at: number },
  ends: readonly string[],
  depth: number,
): { nodes: readonly Node[]; end: string } {
  if (depth > deepest) throw new Fault('nested too deeply')
  const nodes: Node[] = []
  while (cursor.at < pieces.length) {
    const piece = pieces[cursor.at] as Piece
    cursor.at += 1
    if (piece.kind === 'text') {
      nodes.push({ kind: 'text', text: piece.text })
      continue
    }
    const [, word = '', rest = ''] = /^([a-z]*)\b([\s\S]*)$/.exec(piece.text) ?? []
    if (word === 'end' || word === 'else') {
      if (!ends.includes(word)) throw new Fault(`unexpected {{${word}}}`)
      return { nodes, end: piece.text }
    }
    if (piece.text === '') throw new Fault('an action without a command')
    if (word === 'if' || word === 'with' || word === 'range') nodes.push(branch(word, rest, pieces, cursor, depth))
    else if (word === 'define' || word === 'block') {
      if (word === 'define' && depth > 0) throw new Fault('{{define}} inside of a block')
      const [, name = '', data = ''] = /^\s*"([^"]*)"([\s\S]*)$/.exec(rest) ?? []
      const { nodes: body } = parse(pieces, cursor, ['end'], depth + 1)
      nodes.push({ kind: 'define', name, body })
      if (word === 'block') nodes.push({ kind: 'call', name, data: data.trim() })
    } else if (word === 'template') {
      const [, , name = '', data = ''] = /^\s*(["`])([^"`]*)\1([\s\S]*)$/.exec(rest) ?? []
      nodes.push({ kind: 'call', name, data: data.trim() })
    } else if (!/^(?:break|continue)?$/.test(piece.text) && !/^\$\w*\s*:?=/.test(piece.text))
      nodes.push({ kind: 'output', text: piece.text })
  }
  if (ends.length > 0) throw new Fault('a block is not closed by {{end}}')
  return { nodes, end: '' }
}

function branch(
  kind: Branch['kind'],
  condition: string,
  pieces: readonly Piece[],
  cursor: { at: number },
  depth: number,
): Branch {
  if (/^\s*(?:nil\s*)?$/.test(condition)) throw new Fault(`{{${kind}}} without a condition`)
  const first = parse(pieces, cursor, ['end', 'else'], depth + 1)
  if (first.end === 'end') return { kind, condition: condition.trim(), body: first.nodes, otherwise: [] }
  const [, word, rest = ''] = /^else\s+(if|with)\b([\s\S]*)$/.exec(first.end) ?? []
  const otherwise = word
    ? [branch(word as 'if' | 'with', rest, pieces, cursor, depth + 1)]
    : parse(pieces, cursor, ['end'], depth + 1).nodes
  return { kind, condition: condition.trim(), body: first.nodes, otherwise }
}
