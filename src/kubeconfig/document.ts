import { CST, type Document, isMap, isScalar, isSeq, Lexer, type Pair, parseDocument, visit } from 'yaml'
import { invalid, type KubeconfigError, refused } from './errors.ts'
import { checkText, lineOf } from './text.ts'

export type Mapping = Readonly<Record<string, unknown>>
export type Place = readonly (string | number)[]

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text that every YAML parser reads alike: no anchors, aliases, tags, merges, directives, doubled keys or second documents. */
export interface KubeconfigDocument {
  /** Without a byte order mark. */
  readonly text: string
  readonly hadByteOrderMark: boolean
  readonly yaml: Document
  readonly content: Mapping
  /** `line 12`, of the key (or item) at that place, or of what encloses it. */
  lineAt(place: Place): string
}

/** A thousand clusters with three lines each. Parsers take seconds for more, and nobody has that. */
const mostTokens = 100_000
const deepestNesting = 32

/** Tokens that a kubeconfig does without, and that let the same text mean more, or other things to other parsers. */
const refusedTokens: Readonly<Partial<Record<CST.TokenType, readonly [what: string, cause: string]>>> = {
  anchor: ['uses a YAML anchor', 'a few lines of anchors and aliases become gigabytes, and hide what an entry says'],
  alias: ['uses a YAML alias', 'a few lines of anchors and aliases become gigabytes, and hide what an entry says'],
  tag: ['uses a YAML tag', 'tags turn text into other things, and not every program knows the same ones'],
  'directive-line': [
    'has a YAML directive',
    'it changes how the rest is read, and not every program obeys the same ones',
  ],
  'explicit-key-ind': ['has an explicit YAML key (?)', 'keys of a kubeconfig are plain words'],
}

const plainYaml = `write it as plain YAML or JSON, as kubectl does: kubectl config view --raw --flatten --minify`

/** Looks at the words of the text before anything is built of them: in linear time, with a bound. */
function checkTokens(text: string): void {
  let tokens = 0
  let offset = 0
  let depth = 0
  let isScalarNext = false
  for (const source of new Lexer().lex(text)) {
    tokens++
    // The lexer's own marks are no part of the text; what follows the mark of a scalar is not looked at.
    if (source === CST.SCALAR) {
      isScalarNext = true
      continue
    }
    if (source === CST.DOCUMENT || source === CST.FLOW_END || source === CST.BOM) continue
    const type = isScalarNext ? null : CST.tokenType(source)
    isScalarNext = false
    const line = (): string => `line ${lineOf(text, offset)}`
    const rule = type === null ? undefined : refusedTokens[type]
    if (rule !== undefined) throw refused(`it ${rule[0]} in ${line()}`, rule[1], plainYaml)
    if (type === 'flow-map-start' || type === 'flow-seq-start') depth++
    if (type === 'flow-map-end' || type === 'flow-seq-end') depth--
    if (depth > deepestNesting) throw tooDeep(line())
    if (tokens > mostTokens) {
      throw invalid(
        'the kubeconfig has too many entries to be one',
        `more than ${mostTokens} words of YAML`,
        'store one context alone: kubectl config view --raw --flatten --minify',
      )
    }
    offset += source.length
  }
}

function tooDeep(line: string): KubeconfigError {
  return invalid(
    `the kubeconfig is nested too deeply (${line})`,
    `a kubeconfig has a handful of levels; this text has more than ${deepestNesting}`,
    plainYaml,
  )
}

const wording: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is used as indentation',
  MULTIPLE_DOCS: 'there is a second YAML document in it',
  BAD_INDENT: 'lines are not indented alike, as after pasting without the leading blanks; or a bracket is not closed',
  MISSING_CHAR: 'a bracket, quote or comma is missing; the text may be cut off',
  UNEXPECTED_TOKEN: 'something stands where YAML allows nothing',
  BLOCK_AS_IMPLICIT_KEY: 'a line holds two keys, as when line ends were lost',
  MULTILINE_IMPLICIT_KEY: 'a key has no colon',
}

function parse(text: string, version: '1.1' | '1.2'): Document {
  return parseDocument(text, {
    version,
    merge: false,
    // Doubled keys are looked for below: the parser compares each with each, which takes minutes for a text of keys.
    uniqueKeys: false,
    keepSourceTokens: true,
    prettyErrors: false,
    // Quieter, and a second document is no error any more.
    logLevel: 'error',
  })
}

function parseStrictly(text: string): Document {
  const yaml = parse(text, '1.2')
  const fault = [...yaml.errors, ...yaml.warnings][0]
  if (fault === undefined) return yaml
  // The parser reports an exhausted stack as a syntax error. Its other messages may quote the file, so only code and line are passed on.
  const line = `line ${lineOf(text, fault.pos[0])}`
  if (fault.message.includes('call stack')) throw tooDeep(line)
  throw invalid(
    'the kubeconfig is not valid YAML',
    `${wording[fault.code] ?? fault.code} (${line})`,
    'store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify',
  )
}

function checkKeys(yaml: Document, text: string): void {
  visit(yaml, {
    Map(_, map) {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        const offset = isScalar(key) ? key.range?.[0] : map.range?.[0]
        const line = (): string => `line ${lineOf(text, offset ?? 0)}`
        if (!isScalar(key) || typeof key.value !== 'string') {
          throw invalid(
            `the kubeconfig has a key that is no text (${line()})`,
            'keys of a kubeconfig are words',
            plainYaml,
          )
        }
        if (key.value === '<<') {
          throw refused(`it uses a YAML merge key in ${line()}`, 'not every program merges alike', plainYaml)
        }
        if (seen.has(key.value)) {
          throw refused(
            `it has the same key twice in one entry (${line()})`,
            'which of the two counts depends on the program that reads it',
            'remove the one that is not meant',
          )
        }
        seen.add(key.value)
      }
    },
  })
}

function offsetAt(yaml: Document, place: Place): number {
  let node: unknown = yaml.contents
  let offset = 0
  for (const [index, step] of place.entries()) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => isScalar(item.key) && item.key.value === step)
      if (pair === undefined) return offset
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      const first = isMap(node) && index === place.length - 1 ? node.items[0]?.key : undefined
      offset = (isScalar(first) ? first.range?.[0] : undefined) ?? offset
    } else return offset
  }
  return offset
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/^\s*$/, 'it is empty'],
  [/^[~./][^\s]*\s*$/, 'it is the path of a file, not the content; no file is read'],
  [/^\s*-----BEGIN /, 'it is a PEM block: a key or certificate, not a kubeconfig'],
  [/^[A-Za-z0-9+/=\s]{64,}$/, 'it looks like base64'],
]

/**
 * A kubeconfig as data, and where each part of it stands. Nothing but the text is looked at. Bounded in time and memory for any text.
 * Throws KubeconfigError `kubeconfig-invalid` or `kubeconfig-refused`.
 */
export function readDocument(given: string): KubeconfigDocument {
  const hadByteOrderMark = given.startsWith('\uFEFF')
  const text = hadByteOrderMark ? given.slice(1) : given
  checkText(text)
  checkTokens(text)
  try {
    const yaml = parseStrictly(text)
    checkKeys(yaml, text)
    const content: unknown = yaml.toJS({ maxAliasCount: 0 })
    if (!isMapping(content)) {
      throw invalid(
        'the kubeconfig is not a mapping',
        hints.find(([pattern]) => pattern.test(text))?.[1] ?? 'the text is truncated, or not a kubeconfig',
        'store the text of a kubeconfig: kubectl config view --raw --flatten --minify',
      )
    }
    return {
      text,
      hadByteOrderMark,
      yaml,
      content,
      lineAt: (place) => `line ${lineOf(text, offsetAt(yaml, place))}`,
    }
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep('it exhausts the parser')
    throw error
  }
}

/** Where YAML 1.1 (Go programs) and YAML 1.2 read a text differently: `yes` is true to one and a word to the other. Undefined: nowhere. */
export function readDifferently(text: string): Place | undefined {
  const [older, newer]: unknown[] = [parse(text, '1.1').toJS({ maxAliasCount: 0 }), parse(text, '1.2').toJS()]
  return difference(older, newer, [])
}

function difference(one: unknown, other: unknown, place: Place): Place | undefined {
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    for (const [index, item] of one.entries()) {
      const found = difference(item, other[index], [...place, index])
      if (found !== undefined) return found
    }
    return undefined
  }
  if (isMapping(one) && isMapping(other) && !(one instanceof Date)) {
    const keys = Object.keys(other)
    if (Object.keys(one).join('\n') !== keys.join('\n')) return place
    for (const key of keys) {
      const found = difference(one[key], other[key], [...place, key])
      if (found !== undefined) return found
    }
    return undefined
  }
  return Object.is(one, other) ? undefined : place
}
