import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { type KubeconfigDocument, type Mapping, type Place, readDifferently, readDocument } from './document.ts'
import { flatten, invalid, refused } from './errors.ts'
import type { Edits } from './model.ts'
import { checkNamespace, checkServer, checkTlsServerName } from './names.ts'
import type { Parts } from './policy.ts'

interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

const lists = ['clusters', 'contexts', 'users'] as const
type Indexes = Readonly<Record<(typeof lists)[number], number>>

function indexesOf(parts: Parts): Indexes {
  return {
    clusters: Number(parts.clusterPlace[1]),
    contexts: Number(parts.contextPlace[1]),
    users: Number(parts.userPlace[1]),
  }
}

function cannotEdit(): Error {
  return invalid(
    'the kubeconfig is laid out in a way that cannot be edited byte by byte',
    'taking out what is not needed would have changed something else',
    flatten,
  )
}

/** Offset behind the line in which what ends at `offset` stands. The parser's ends may lie behind the indentation of the next line. */
function afterLine(text: string, offset: number): number {
  let start = offset
  while (text[start - 1] === ' ') start--
  if (text[start - 1] === '\n') return start
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end + 1
}

function startOfLine(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

function offsetOfKey(pair: Pair | undefined): number {
  const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined
  if (offset === undefined) throw cannotEdit()
  return offset
}

function rangeOf(node: unknown): readonly [start: number, end: number] {
  const range = (node as { range?: readonly number[] } | undefined | null)?.range
  if (range?.[0] === undefined || range[1] === undefined) throw cannotEdit()
  return [range[0], range[1]]
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
}

function mapAt(document: KubeconfigDocument, place: Place): YAMLMap {
  const found: unknown = place.length === 0 ? document.yaml.contents : document.yaml.getIn(place, true)
  if (!isMap(found)) throw cannotEdit()
  return found
}

/** Takes every item but one out of a list; with an item goes what stands before the next one, because a comment there may hold its secrets. */
function keepItem(document: KubeconfigDocument, list: string, kept: number): Splice[] {
  const top = mapAt(document, [])
  const at = top.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === list)
  const seq: unknown = top.items[at]?.value
  if (!isSeq(seq)) throw cannotEdit()
  if (seq.items.length === 1) return []
  if (seq.flow) return keepFlowItem(seq, kept)
  const { text } = document
  const [, end] = rangeOf(seq.items[kept])
  const next = top.items[at + 1]
  const token = seq.srcToken
  const dash =
    token?.type === 'block-seq' ? token.items[kept]?.start.find((one) => one.type === 'seq-item-ind') : undefined
  if (dash === undefined) throw cannotEdit()
  const before = {
    start: afterLine(text, offsetOfKey(top.items[at]) + 1),
    end: startOfLine(text, dash.offset),
    text: '',
  }
  const after = {
    start: afterLine(text, end),
    end: next === undefined ? text.length : startOfLine(text, offsetOfKey(next)),
    text: '',
  }
  return [...(kept > 0 ? [before] : []), ...(kept < seq.items.length - 1 ? [after] : [])]
}

function keepFlowItem(seq: YAMLSeq, kept: number): Splice[] {
  const [start, end] = rangeOf(seq.items[kept])
  const [first] = rangeOf(seq.items[0])
  const [, last] = rangeOf(seq.items.at(-1))
  return [
    { start: first, end: start, text: '' },
    { start: end, end: last, text: '' },
  ]
}

const plainForm = /^(https:\/\/[A-Za-z0-9.-]+(:\d+)?(\/[A-Za-z0-9./_-]*)?|[A-Za-z][A-Za-z0-9._/-]*)$/
const ambiguous = /^(true|false|null|yes|no|on|off|y|n)$/i

function scalarText(value: string, like?: Scalar.Type): string {
  if (like === Scalar.PLAIN && plainForm.test(value) && !ambiguous.test(value)) return value
  if (like === Scalar.QUOTE_SINGLE && !value.includes("'")) return `'${value}'`
  // A JSON string is a double-quoted YAML one.
  return JSON.stringify(value)
}

/** Sets one text of a mapping: in place of its value, or as a new first key. */
function setText(document: KubeconfigDocument, place: Place, key: string, value: string): Splice[] {
  const map = mapAt(document, place)
  const pair = pairOf(map, key)
  const { text } = document
  if (pair !== undefined) {
    const scalar: unknown = pair.value
    if (!isScalar(scalar)) throw cannotEdit()
    if (scalar.value === value) return []
    const [start, end] = rangeOf(scalar)
    const source = text.slice(start, end)
    const type = source === '' ? Scalar.PLAIN : (scalar.type as Scalar.Type | undefined)
    const lead = source === '' && /\S/.test(text[start - 1] ?? '') ? ' ' : ''
    return [{ start, end, text: `${lead}${scalarText(value, type)}${/\r?\n$/.exec(source)?.[0] ?? ''}` }]
  }
  const offset = offsetOfKey(map.items[0])
  if (map.flow) return [{ start: offset, end: offset, text: `${JSON.stringify(key)}: ${JSON.stringify(value)}, ` }]
  const indent = ' '.repeat(offset - startOfLine(text, offset))
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  return [{ start: offset, end: offset, text: `${key}: ${scalarText(value, Scalar.PLAIN)}${lineEnd}${indent}` }]
}

function splice(text: string, splices: readonly Splice[]): string {
  const ordered = splices.toSorted((a, b) => b.start - a.start || b.end - a.end)
  return ordered.reduce((result, one) => result.slice(0, one.start) + one.text + result.slice(one.end), text)
}

/** What the rendered text has to say, as data. */
export function contentOf(document: KubeconfigDocument, parts: Parts, edits: Edits): Mapping {
  const cluster = {
    ...parts.cluster,
    ...(edits.server && { server: edits.server }),
    ...(edits.tlsServerName && { 'tls-server-name': edits.tlsServerName }),
  }
  const context = { ...parts.context, ...(edits.namespace && { namespace: edits.namespace }) }
  return {
    ...document.content,
    'current-context': parts.contextName,
    clusters: [{ name: parts.clusterName, cluster }],
    contexts: [{ name: parts.contextName, context }],
    users: [{ name: parts.userName, user: parts.user }],
  }
}

function placeWords(place: Place): string {
  return place.map((step) => (/^[A-Za-z0-9-]{1,40}$/.test(String(step)) ? step : '?')).join('.')
}

/**
 * The text with one context's entries and with these values replaced or added; every other byte is as it was. The result is read again,
 * and has to say exactly what is meant, to parsers of YAML 1.1 and 1.2 alike. Throws KubeconfigError.
 */
export function renderKubeconfig(document: KubeconfigDocument, parts: Parts, edits: Edits): string {
  if (edits.server) checkServer(edits.server, 'the input `server`')
  if (edits.tlsServerName) checkTlsServerName(edits.tlsServerName, 'the input')
  if (edits.namespace) checkNamespace(edits.namespace, 'the input')
  const indexes = indexesOf(parts)
  const splices = [
    ...lists.flatMap((list) => keepItem(document, list, indexes[list])),
    ...setText(document, [], 'current-context', parts.contextName),
    ...(edits.server ? setText(document, parts.clusterPlace, 'server', edits.server) : []),
    ...(edits.tlsServerName ? setText(document, parts.clusterPlace, 'tls-server-name', edits.tlsServerName) : []),
    ...(edits.namespace ? setText(document, parts.contextPlace, 'namespace', edits.namespace) : []),
  ]
  const rendered = splice(document.text, splices)
  if (!isDeepStrictEqual(readBack(rendered), contentOf(document, parts, edits))) throw cannotEdit()
  const place = readDifferently(rendered)
  if (place !== undefined) {
    throw refused(
      `programs read ${placeWords(place)} differently`,
      'what is a word to YAML 1.2 is a switch, number or date to YAML 1.1, which kubectl reads',
      'put the value in quotes',
    )
  }
  return rendered
}

function readBack(rendered: string): unknown {
  try {
    return readDocument(rendered).content
  } catch {
    return undefined
  }
}
