/** TOML as far as configurations of containerd need it: tables, and values of one line, which are kept as they are written. */

/** A value's own text, or a table. */
export type Toml = { [key: string]: string | Toml }

/** @throws Error in the words of containerd 2.0 (test/fixtures/containerd), with row and column */
export function parseToml(text: string): Toml {
  const root: Toml = {}
  const named = new Set<string>()
  let table = root
  for (const [index, line] of text.split('\n').entries()) {
    const row = index + 1
    const bare = line.trim()
    if (bare === '' || bare.startsWith('#')) continue
    if (bare.startsWith('[')) {
      const header = /^\[([^[\]]+)\]\s*(?:#.*)?$/.exec(bare)?.[1]
      const column = line.trimEnd().length + 1
      if (header === undefined)
        throw new Error(`failed to unmarshal TOML at row ${row} column ${column}: toml: expected character ]`)
      const keys = keysOf(header)
      const name = keys.join('\u0000')
      if (named.has(name)) throw new Error(`(${row}, 2): toml: table ${keys.at(-1)} already exists`)
      named.add(name)
      table = keys.reduce((parent, key) => {
        const child = parent[key]
        if (typeof child === 'object') return child
        const made: Toml = {}
        parent[key] = made
        return made
      }, root)
      continue
    }
    const [, key, value] = /^("[^"]*"|[\w-]+)\s*=\s*(.*)$/.exec(bare) ?? []
    if (key === undefined || value === undefined)
      throw new Error(`failed to unmarshal TOML at row ${row} column 1: toml: expected character =`)
    table[key.replace(/^"|"$/g, '')] = value.replace(/\s+#[^"]*$/, '')
  }
  return root
}

function keysOf(header: string): readonly string[] {
  return (header.match(/"[^"]*"|'[^']*'|[^.\s]+/g) ?? []).map((word) => word.replace(/^["']|["']$/g, ''))
}

export const tableAt = (table: Toml | undefined, key: string): Toml | undefined => {
  const found = table?.[key]
  return typeof found === 'object' ? found : undefined
}

/** The text of a string's value; undefined for another value, and for none. */
export function stringAt(table: Toml | undefined, key: string): string | undefined {
  const found = table?.[key]
  return typeof found === 'string' ? /^["'](.*)["']$/.exec(found)?.[1] : undefined
}

/** As nvidia-ctk writes it (pelletier/go-toml, Marshal): values before tables, both by name, two blanks deeper a table. */
export function renderToml(table: Toml, path: readonly string[] = []): string {
  const indent = '  '.repeat(path.length)
  const entries = Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1))
  const values = entries.flatMap(([key, value]) => (typeof value === 'string' ? [`${indent}${key} = ${value}\n`] : []))
  const tables = entries.flatMap(([key, value]) => {
    if (typeof value === 'string') return []
    const own = [...path, key]
    const name = own.map((word) => (/^[\w-]+$/.test(word) ? word : JSON.stringify(word))).join('.')
    return [`\n${indent}[${name}]\n${renderToml(value, own)}`]
  })
  return [...values, ...tables].join('')
}
