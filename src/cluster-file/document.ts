import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import type { Place } from './file.ts'
import type { Problem } from './problem.ts'

/** Files of this size are written by nobody; a parser should not be asked to try. */
const largestBytes = 256 * 1024
const deepestNesting = 40
// An alias that is used in an alias multiplies: nine levels of nine make gigabytes out of a page ("billion laughs").
const mostAliases = 50
const mostSyntaxProblems = 20

/** YAML as data, and where each part of it stands. */
export interface YamlText {
  readonly content: unknown
  /** `path:line:column (a.b.c)` of a value, or of its key; of what encloses it when it is not there. */
  at(place: Place, part?: 'key' | 'value'): string
}

const wording: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  DUPLICATE_KEY: 'the same key appears twice in one mapping',
  TAB_AS_INDENT: 'a tab is used as indentation',
  MULTIPLE_DOCS: 'there is a second document',
  NON_STRING_KEY: 'a key is not text; put it in quotes',
  TAG_RESOLVE_FAILED: 'there is a tag that plain YAML does not know',
}

function dotted(place: Place): string {
  return place
    .map((part) =>
      typeof part === 'number' ? `[${part}]` : /^[\w/-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`,
    )
    .join('')
    .replace(/^\./, '')
}

function depthOf(value: unknown, depth = 0): number {
  if (value === null || typeof value !== 'object' || depth > deepestNesting) return depth
  return Math.max(depth, ...Object.values(value).map((inner) => depthOf(inner, depth + 1)))
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | undefined)?.range?.[0]
}

/** Offset of the last part of the place that is there. */
function offsetAt(document: Document, place: Place, part: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = offsetOf(node) ?? 0
  for (const [index, step] of place.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const isLast = index === place.length - 1
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(step),
      )
      if (!pair) return offset
      offset = (isLast && part === 'value' ? offsetOf(pair.value) : undefined) ?? offsetOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = offsetOf(node) ?? offset
    } else return offset
  }
  return offset
}

/** At most one problem for each line, in order: the second error of a line usually follows from the first. */
function syntaxProblems(errors: readonly YAMLError[], position: (offset: number) => string): readonly Problem[] {
  const byLine = new Map<string, Problem>()
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const input = position(error.pos[0])
    const line = input.replace(/:\d+$/, '')
    if (byLine.has(line)) continue
    const message = (error.message.split('\n')[0] ?? '').slice(0, 120)
    byLine.set(line, {
      input,
      problem: wording[error.code] ?? `is no YAML (${message})`,
      allowed: 'YAML 1.2, one document, each key once',
    })
  }
  return [...byLine.values()].slice(0, mostSyntaxProblems)
}

/** Reads YAML 1.2 (core schema: only true and false are booleans). All syntax errors at once; never throws on any text. */
export function readYaml(
  text: string,
  path: string,
): { readonly yaml: YamlText } | { readonly problems: readonly Problem[] } {
  if (Buffer.byteLength(text) > largestBytes) {
    return {
      problems: [{ input: path, problem: 'is larger than 256 KiB', allowed: 'a cluster is described in a few pages' }],
    }
  }
  const lines = new LineCounter()
  const position = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const refuse = (offset: number, problem: string, allowed: string) => ({
    problems: [{ input: position(offset), problem, allowed }],
  })
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      version: '1.2',
      uniqueKeys: true,
    })
    const errors = [...document.errors, ...document.warnings]
    // The parser reports an exhausted stack as one syntax error for each bracket.
    if (errors.some((error) => error.message.includes('call stack'))) throw new RangeError(errors[0]?.message)
    if (errors.length > 0) return { problems: syntaxProblems(errors, position) }
    let firstAlias: number | undefined
    let firstTag: number | undefined
    visit(document, {
      Node(_, node) {
        if (isAlias(node)) firstAlias ??= offsetOf(node)
        else if (node.tag !== undefined) firstTag ??= offsetOf(node)
      },
    })
    // A tag could turn text into bytes, dates or sets, which nothing after this expects.
    if (firstTag !== undefined)
      return refuse(firstTag, 'has a tag', 'plain text, numbers, true, false, lists and mappings')
    let content: unknown
    try {
      content = document.toJS({ maxAliasCount: mostAliases })
      // Also true of an alias inside what it stands for: such a value has no end.
      if (depthOf(content) > deepestNesting)
        return refuse(firstAlias ?? 0, 'is nested without end', `at most ${deepestNesting} levels`)
    } catch (error) {
      if (firstAlias === undefined) throw error
      return refuse(
        firstAlias,
        'has an alias that cannot be resolved, or too many of them',
        `at most ${mostAliases} uses of aliases`,
      )
    }
    const at = (place: Place, part: 'key' | 'value' = 'value'): string => {
      const where = position(offsetAt(document, place, part))
      return place.length > 0 ? `${where} (${dotted(place)})` : where
    }
    return { yaml: { content, at } }
  } catch (error) {
    // The parser is recursive: thousands of opening brackets exhaust its stack.
    const problem =
      error instanceof RangeError
        ? 'is nested too deeply to be read'
        : `cannot be read (${error instanceof Error ? error.message : String(error)})`
    return { problems: [{ input: path, problem, allowed: `YAML of at most ${deepestNesting} levels` }] }
  }
}
