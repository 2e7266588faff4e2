/** A unit file as far as the simulated systemd looks at it. */
export interface UnitFile {
  readonly description: string
  readonly type: string
  readonly restart: string
  readonly restartSec: number
  /** Command line of ExecStart, words without quotes. */
  readonly command: readonly string[]
  /** Paths of EnvironmentFile, and whether a missing one is no error (leading `-`). */
  readonly environmentFiles: readonly { readonly path: string; readonly isOptional: boolean }[]
  readonly environment: Readonly<Record<string, string>>
  /** Assignments that systemd would complain about, e.g. a service without ExecStart. */
  readonly problem: string | undefined
}

/** Words of a command line with systemd's quotes: single, double, backslash. */
export function splitWords(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '\\' && quote !== "'" && at + 1 < text.length) {
      at += 1
      word = (word ?? '') + text.charAt(at)
    } else if (quote !== '') {
      if (char === quote) quote = ''
      else word = (word ?? '') + char
    } else if (char === "'" || char === '"') {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  if (word !== undefined) words.push(word)
  return words
}

/** `5s`, `100ms`, `1min`, `2` → seconds. Unknown units count as seconds, as systemd would refuse and use its default. */
function seconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|min)?$/.exec(text.trim())
  if (match?.[1] === undefined) return 0.1
  const scale = match[2] === 'ms' ? 0.001 : match[2] === 'min' ? 60 : 1
  return Number(match[1]) * scale
}

/**
 * Reads unit files: the fragment and then its drop-ins, in that order. Continuation lines are joined as systemd joins them,
 * an empty assignment resets a list, `%N` is the unit's name without its suffix.
 */
export function parseUnit(name: string, texts: readonly string[]): UnitFile {
  const values = new Map<string, string[]>()
  for (const text of texts) {
    let section = ''
    for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
      const trimmed = line.trim()
      if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
      const header = /^\[(.+)\]$/.exec(trimmed)
      if (header?.[1] !== undefined) {
        section = header[1]
        continue
      }
      const equals = trimmed.indexOf('=')
      if (equals < 1) continue
      const key = `${section}.${trimmed.slice(0, equals).trim()}`
      const value = trimmed.slice(equals + 1).trim()
      if (value === '') values.set(key, [])
      else
        values.set(key, [
          ...(values.get(key) ?? []),
          value.replaceAll('%N', name.replace(/\.[a-z]+$/, '')).replaceAll('%%', '%'),
        ])
    }
  }
  const last = (key: string, fallback: string): string => values.get(`Service.${key}`)?.at(-1) ?? fallback
  const command = splitWords(last('ExecStart', '').replace(/^[-@:+!]+/, ''))
  const environment: Record<string, string> = {}
  for (const assignment of (values.get('Service.Environment') ?? []).flatMap(splitWords)) {
    const equals = assignment.indexOf('=')
    if (equals > 0) environment[assignment.slice(0, equals)] = assignment.slice(equals + 1)
  }
  return {
    description: values.get('Unit.Description')?.at(-1) ?? name,
    type: last('Type', 'simple'),
    restart: last('Restart', 'no'),
    restartSec: seconds(last('RestartSec', '100ms')),
    command,
    environmentFiles: (values.get('Service.EnvironmentFile') ?? []).map((value) => ({
      path: value.replace(/^-/, ''),
      isOptional: value.startsWith('-'),
    })),
    environment,
    problem: command.length === 0 ? 'Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.' : undefined,
  }
}

/** Reads an EnvironmentFile: `KEY=value` lines, comments, quotes around values. */
export function parseEnvironment(text: string): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const line of text.replace(/\\\n/g, '').split('\n')) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) continue
    variables[match[1]] = splitWords(match[2].trim()).join(' ')
  }
  return variables
}
