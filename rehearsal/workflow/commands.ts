/** The two forms of workflow commands, as the runner reads them from a line (its ActionCommand). */

export interface Command {
  /** Lower case. */
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

function decode(text: string, codes: Readonly<Record<string, string>>): string {
  let result = text
  for (const [code, character] of Object.entries(codes)) result = result.replaceAll(code, character)
  return result
}

// %25 comes last, as in the runner: `%250A` is the text `%0A`.
const dataCodes = { '%0D': '\r', '%0A': '\n', '%25': '%' }
const propertyCodes = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' }
const legacyCodes = { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']', '%25': '%' }

function propertiesOf(
  text: string,
  separator: string,
  codes: Readonly<Record<string, string>>,
): Record<string, string> {
  const properties: Record<string, string> = {}
  for (const part of text.split(separator)) {
    const equals = part.indexOf('=')
    if (equals > 0 && equals < part.length - 1) {
      properties[part.slice(0, equals).trim().toLowerCase()] = decode(part.slice(equals + 1), codes)
    }
  }
  return properties
}

function command(
  info: string,
  data: string,
  separator: string,
  codes: { properties: Record<string, string>; data: Record<string, string> },
): Command {
  const space = info.indexOf(' ')
  return {
    name: (space < 0 ? info : info.slice(0, space)).toLowerCase(),
    properties: space > 0 ? propertiesOf(info.slice(space + 1), separator, codes.properties) : {},
    data: decode(data, codes.data),
  }
}

/**
 * The command in a line, if it holds one of the known names.
 * `::name key=value,…::data` counts at the start of a line after spaces; the older `##[name key=value;…]data` anywhere in it.
 */
export function parseCommand(line: string, isKnown: (name: string) => boolean): Command | undefined {
  const trimmed = line.trimStart()
  if (trimmed.startsWith('::')) {
    const end = trimmed.indexOf('::', 2)
    if (end >= 0) {
      const found = command(trimmed.slice(2, end), trimmed.slice(end + 2), ',', {
        properties: propertyCodes,
        data: dataCodes,
      })
      if (isKnown(found.name)) return found
    }
  }
  const start = line.indexOf('##[')
  const bracket = start < 0 ? -1 : line.indexOf(']', start)
  if (bracket >= 0) {
    const found = command(line.slice(start + 3, bracket), line.slice(bracket + 1), ';', {
      properties: legacyCodes,
      data: legacyCodes,
    })
    if (isKnown(found.name)) return found
  }
  return undefined
}
