import {
  type Complaint,
  type Grammar,
  nearest,
  type Problem,
  printable,
  quote,
  readYaml,
  singleLine,
  withNearest,
} from '../src/cluster-file/index.ts'

/** What all inputs say of themselves. The same names, defaults and descriptions stand in action.yml; a test compares them. */
interface Described {
  readonly description: string
  /** As in action.yml: the runner applies it. Inputs with a twin have none there, or the cluster file would always be overruled. */
  readonly default?: string
  readonly required?: true
  /** Masked, forgotten, and never quoted in a message. */
  readonly secret?: true
  /** Where the cluster file says the same, e.g. `nodes.<node>.ssh.host`. */
  readonly twin?: string
  /** What the text must look like beyond its type; for each entry of a list. */
  readonly grammar?: Grammar
}

/**
 * string: one line · path: one line, a file on the runner · lines: text of several lines · list: entries, one a line or
 * separated by commas · yaml: a mapping · duration: milliseconds, written 90s, 5m, 1h30m or 30d.
 */
export type InputDefinition = Described &
  (
    | { readonly type: 'string' | 'path' | 'lines' | 'list' | 'yaml' | 'boolean' }
    | { readonly type: 'enum'; readonly choices: readonly string[] }
    | { readonly type: 'integer' | 'duration'; readonly minimum: number; readonly maximum: number }
  )

export type InputSpecification = Readonly<Record<string, InputDefinition>>

type ValueOf<D> = D extends { type: 'boolean' }
  ? boolean
  : D extends { type: 'enum'; choices: readonly (infer Choice)[] }
    ? Choice
    : D extends { type: 'integer' | 'duration' }
      ? number
      : D extends { type: 'list' }
        ? readonly string[]
        : D extends { type: 'yaml' }
          ? unknown
          : string

/** Every input by its name. Without a default, what was not given is undefined; so is what has a problem. */
export type InputValues<S extends InputSpecification> = {
  readonly [Name in keyof S]: S[Name] extends { type: 'boolean'; default: string } | { type: 'enum'; default: string }
    ? ValueOf<S[Name]>
    : ValueOf<S[Name]> | undefined
}

type Reading<Value = unknown> = { readonly value: Value } | { readonly problem: Omit<Problem, 'input'> }

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const

/** `1h30m` → milliseconds; undefined for any other form. */
export function parseDuration(text: string): number | undefined {
  const [whole, d, h, m, s, ms] =
    /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?(?:(\d{1,6})ms)?$/.exec(text) ?? []
  if (!whole) return undefined
  const counts = { d, h, m, s, ms }
  return Object.entries(counts).reduce(
    (sum, [unit, number]) => sum + Number(number ?? 0) * units[unit as keyof typeof units],
    0,
  )
}

/** The shortest text that parseDuration reads as this many milliseconds. */
function writeDuration(milliseconds: number): string {
  const parts: string[] = []
  let rest = milliseconds
  for (const [unit, size] of Object.entries(units)) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)}${unit}`)
    rest %= size
  }
  return parts.join('') || '0s'
}

const isTrue = new Set(['true', 'True', 'TRUE'])
const isFalse = new Set(['false', 'False', 'FALSE'])
const meansTrue = new Set(['yes', 'y', 'on', '1', 't'])
const meansFalse = new Set(['no', 'n', 'off', '0', 'f'])

/** The words of YAML 1.2's core schema, as @actions/core reads them. */
function readBoolean(text: string): Reading<boolean> {
  if (isTrue.has(text)) return { value: true }
  if (isFalse.has(text)) return { value: false }
  const word = text.toLowerCase()
  const guess = meansTrue.has(word) ? 'true' : meansFalse.has(word) ? 'false' : nearest(word, ['true', 'false'])
  return {
    problem: {
      value: quote(text),
      problem: 'is neither true nor false',
      allowed: 'true or false',
      ...withNearest(guess),
    },
  }
}

/** A duration within bounds, in milliseconds. */
export function readDuration(text: string, minimum: number, maximum: number): Reading<number> {
  const allowed = `a duration from ${writeDuration(minimum)} to ${writeDuration(maximum)}, e.g. 90s, 5m or 1h30m`
  const value = parseDuration(text)
  if (value === undefined) {
    const [, number = '', unit = 's'] = /^(\d{1,6})\s*(s|m|h|d|ms)?[a-z]*\.?$/i.exec(text) ?? []
    const guess = number === '' ? undefined : `${number}${unit.toLowerCase()}`
    return { problem: { value: quote(text), problem: 'is no duration', allowed, ...withNearest(guess) } }
  }
  if (value >= minimum && value <= maximum) return { value }
  const limit = writeDuration(value < minimum ? minimum : maximum)
  return {
    problem: { value: quote(text), problem: value < minimum ? 'is too short' : 'is too long', allowed, nearest: limit },
  }
}

function readInteger(text: string, minimum: number, maximum: number): Reading {
  const allowed = `a whole number from ${minimum} to ${maximum}`
  if (!/^\d{1,15}$/.test(text)) return { problem: { value: quote(text), problem: 'is no whole number', allowed } }
  const value = Number(text)
  return value >= minimum && value <= maximum
    ? { value }
    : { problem: { value: quote(text), problem: 'is out of range', allowed } }
}

/** Lines that begin with # are comments. */
function entriesOf(text: string): readonly string[] {
  return text
    .split(/\r\n|[\n\r]/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** An entry that was written as an item of a YAML list. */
function listItem(entry: string): Complaint | undefined {
  const [, item] = /^-\s+(\S.*)$/.exec(entry) ?? []
  return item === undefined
    ? undefined
    : { problem: 'is written as an item of a YAML list', allowed: 'one entry a line', nearest: item }
}

/** Longer than paths that people write, and shorter than any kubeconfig. */
const longestPath = 1024

/** A key or a kubeconfig, as text, JSON or base64, that somebody has put where its path belongs. */
export function isContent(text: string): boolean {
  return /[\n\r]/.test(text) || text.startsWith('{') || text.length > longestPath
}

function readText(text: string, definition: InputDefinition): Reading {
  // A value of several lines in a place for one is likely a key or a kubeconfig: it is not quoted.
  const hasLines = /[\n\r]/.test(text)
  if (definition.type === 'path' && isContent(text) && !hasLines)
    return { problem: { problem: 'is the content of a file', allowed: 'the path of a file that the runner can read' } }
  // An address with a user in it may hold a password.
  const isQuotable = !definition.secret && !hasLines && !/:\/\/[^/]*@/.test(text)
  // A password or token may begin with a dash: neither is ever an argument of a program.
  const found = (definition.secret ? printable : singleLine)(text) ?? definition.grammar?.(text)
  return found ? { problem: { ...(isQuotable ? { value: quote(text) } : {}), ...found } } : { value: text }
}

function readMapping(name: string, text: string): Reading | readonly Problem[] {
  const read = readYaml(text, name)
  return 'problems' in read ? read.problems : { value: read.yaml.content }
}

function readOne(name: string, text: string, definition: InputDefinition): Reading | readonly Problem[] {
  switch (definition.type) {
    case 'boolean':
      return readBoolean(text)
    case 'enum': {
      const { choices } = definition
      if (choices.includes(text)) return { value: text }
      return {
        problem: {
          value: quote(text),
          problem: 'is not one of the choices',
          allowed: choices.join(', '),
          ...withNearest(nearest(text, choices)),
        },
      }
    }
    case 'duration':
      return readDuration(text, definition.minimum, definition.maximum)
    case 'integer':
      return readInteger(text, definition.minimum, definition.maximum)
    case 'lines':
      return { value: text.replaceAll(/\r\n?/g, '\n') }
    case 'list': {
      const entries = entriesOf(text)
      const problems = entries.flatMap((entry) => {
        const complaint = listItem(entry) ?? singleLine(entry) ?? definition.grammar?.(entry)
        return complaint ? [{ input: name, value: quote(entry), ...complaint }] : []
      })
      return problems.length > 0 ? problems : { value: entries }
    }
    case 'yaml':
      return readMapping(name, text)
    default:
      return readText(text, definition)
  }
}

/**
 * Reads every input of a specification. Never throws: what is wrong is in `problems`, all of it at once, and the value is undefined
 * (for a boolean or an enum with a default: the default). `read` gives the text of an input, trimmed, empty when it was not given.
 */
export function readInputValues<S extends InputSpecification>(
  specification: S,
  read: (name: string) => string,
): { readonly values: InputValues<S>; readonly problems: readonly Problem[] } {
  const values: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [name, definition] of Object.entries(specification)) {
    // The runner applies defaults; this one is for those who start the action without a runner. `${{ … }}` only it can fill in.
    const fallback = definition.default?.startsWith('${{') ? '' : (definition.default ?? '')
    const given = read(name)
    const text = given === '' ? fallback : given
    if (text === '') {
      if (definition.required) problems.push({ input: name, problem: 'is missing', allowed: definition.description })
      continue
    }
    const reading = readOne(name, text, definition)
    if ('value' in reading) {
      values[name] = reading.value
      continue
    }
    problems.push(...('problem' in reading ? [{ input: name, ...reading.problem }] : reading))
    const typical = fallback === '' ? undefined : readOne(name, fallback, definition)
    if (typical && 'value' in typical) values[name] = typical.value
  }
  return { values: values as InputValues<S>, problems }
}
