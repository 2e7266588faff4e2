/** Readers of the two formats that other programs read: as strict as those programs, and no more than is written. */

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly text: string
}

/** https://www.w3.org/TR/xml/#charsets */
const noXmlCharacter = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));|&/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex ?? decimal) return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal))
      const character = entities[name ?? '']
      if (character === undefined) throw new Error(`no entity: ${whole}`)
      return character
    },
  )
}

/** A well-formed document without doctype, comments and processing instructions but its declaration. @throws Error */
export function readXml(document: string): Element {
  const found = noXmlCharacter.exec(document)
  if (found) throw new Error(`no character of XML at ${found.index}: ${JSON.stringify(found[0])}`)
  const body = document.replace(/^<\?xml [^?<>]*\?>\s*/, '')
  type Open = { name: string; attributes: Record<string, string>; children: Element[]; text: string }
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [root]
  const token = /<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w-]+)\s*>|<([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
  while (token.lastIndex < body.length) {
    const at = token.lastIndex
    const match = token.exec(body)
    if (match === null) throw new Error(`not well-formed at ${at}: ${JSON.stringify(body.slice(at, at + 80))}`)
    const [, section, closed, name, attributes = '', slash, text] = match
    const current = open.at(-1) ?? root
    if (section !== undefined) current.text += section
    else if (text !== undefined) {
      if (text.includes(']]>')) throw new Error(`the end of a section in text at ${at}`)
      current.text += decoded(text)
    } else if (closed !== undefined) {
      if (open.length < 2 || current.name !== closed) throw new Error(`</${closed}> closes <${current.name}>`)
      open.pop()
    } else {
      const own: Open = { name: name ?? '', attributes: {}, children: [], text: '' }
      for (const [, key = '', value = ''] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) {
        if (Object.hasOwn(own.attributes, key)) throw new Error(`the attribute ${key} twice`)
        own.attributes[key] = decoded(value)
      }
      current.children.push(own)
      if (slash === '') open.push(own)
    }
  }
  const [element, ...others] = root.children
  if (open.length !== 1 || element === undefined || others.length > 0 || root.text.trim() !== '')
    throw new Error('no document of one element')
  return element
}

/** Cases of a JUnit document: name → what is inside, `pass` for nothing. @throws Error */
export function readJunit(document: string): ReadonlyMap<string, Element> {
  const root = readXml(document)
  if (root.name !== 'testsuites') throw new Error(`a document of ${root.name}`)
  const cases = root.children.flatMap((suite) => suite.children.filter(({ name }) => name === 'testcase'))
  return new Map(cases.map((one) => [one.attributes.name ?? '', one]))
}

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"/

/**
 * The text format of Prometheus 0.0.4: lines of samples with labels, a HELP and a TYPE before the first of each name, no sample twice.
 * (prometheus/docs: content/docs/instrumenting/exposition_formats.md) @throws Error
 */
export function readMetrics(text: string): readonly Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const typed = new Set<string>()
  const seen = new Set<string>()
  const samples: Sample[] = []
  for (const line of text.split('\n')) {
    if (line === '' || /^# HELP [a-zA-Z_:][\w:]* \S[^\n]*$/.test(line)) continue
    const [, type] = /^# TYPE ([a-zA-Z_:][\w:]*) (?:gauge|counter|histogram|summary|untyped)$/.exec(line) ?? []
    if (type !== undefined) {
      if (typed.has(type)) throw new Error(`the type of ${type} twice`)
      typed.add(type)
      continue
    }
    const pattern = new RegExp(`^([a-zA-Z_:][\\w:]*)(?:\\{((?:${label.source},?)*)\\})? ([-+\\w.]+)$`)
    const match = pattern.exec(line)
    if (match === null) throw new Error(`no line of metrics: ${JSON.stringify(line)}`)
    const [, name = '', labels = ''] = match
    const value = Number(match.at(-1))
    if (!typed.has(name) || seen.has(line.replace(/ \S+$/, ''))) throw new Error(`untyped, or twice: ${line}`)
    if (!Number.isFinite(value)) throw new Error(`no number: ${line}`)
    seen.add(line.replace(/ \S+$/, ''))
    const pairs = [...labels.matchAll(new RegExp(label, 'g'))].map(([, key = '', quoted = '']) => [
      key,
      quoted.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign)),
    ])
    samples.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value })
  }
  return samples
}
