import { fill } from './kubeconfig-materials.ts'

/** Numbers that are the same in every run; the seed is in the name of the test that fails. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >> 8) % sides
  }
}

type Value = string | null | readonly Entry[]
type Entry = readonly [key: string, value: Value]

/** Writes one kubeconfig in one of the countless ways in which YAML lets people write it. */
function scribe(roll: (sides: number) => number) {
  const one = <T>(choices: readonly T[]): T => choices[roll(choices.length)] as T
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => [roll(1_000_000), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item)
  const remark = (): string => one(['', '', '', ' # c', ' # c: {x: [1'])
  const between = (indent: number): string =>
    one(['', '', '', `${' '.repeat(indent)}# - name: x\n`, '\n', '# at the margin\n'])
  const scalar = (text: string): string => one([text, JSON.stringify(text), `'${text}'`])
  const flow = (value: Value): string => {
    if (value === null) return 'null'
    return typeof value === 'string' ? scalar(value) : `{${value.map(([k, v]) => `"${k}": ${flow(v)}`).join(', ')}}`
  }
  const line = (key: string, value: Value, indent: number): string => {
    if (value === null) return `${key}:${remark()}\n`
    if (typeof value !== 'string') {
      const deeper = indent + 1 + roll(4)
      if (roll(4) === 0) return `${key}: ${flow(value)}${remark()}\n`
      return `${key}:${remark()}\n${between(deeper)}${block(value, deeper)}`
    }
    const inLines = `${' '.repeat(indent + 2)}${value}\n`
    return one([
      `${key}: ${scalar(value)}${remark()}\n`,
      `${key}: ${scalar(value)}\n`,
      `${key}: >-${remark()}\n${inLines}`,
      `${key}: |-\n${inLines}${one(['', '\n'])}`,
      `${key}:\n${' '.repeat(indent + 3)}${scalar(value)}\n`,
    ])
  }
  const block = (entries: readonly Entry[], indent: number, isInline = false): string =>
    entries
      .map(([key, value], at) => {
        const lead = at === 0 && isInline ? '' : ' '.repeat(indent)
        return lead + line(one([key, key, JSON.stringify(key)]), value, indent) + between(indent)
      })
      .join('')
  const list = (name: string, items: readonly (readonly Entry[])[]): string => {
    const indent = roll(4)
    if (roll(6) === 0) {
      const comma = one([', ', ',\n  ', ' , # c\n   '])
      return `${name}: [${items.map(flow).join(comma)}${one(['', ' ', '\n  ', ' ,'])}]\n`
    }
    const written = items.map((item) => {
      const gap = 1 + roll(3)
      const dash = `${' '.repeat(indent)}-`
      if (roll(5) === 0) return `${dash}${remark()}\n${between(indent + 2)}${block(item, indent + 2)}`
      return `${dash}${' '.repeat(gap)}${block(item, indent + 1 + gap, true)}`
    })
    return `${name}:${remark()}\n${between(indent)}${written.join('')}`
  }
  return { one, shuffled, remark, between, list, roll }
}

/** Up to three contexts `a`, `b`, `c`, with the token `{{token}}-a` and so on; `name` is the one that is meant. */
export function kubeconfigOf(seed: number): { text: string; name: string } {
  const { one, shuffled, remark, between, list, roll } = scribe(dice(seed))
  const names = ['a', 'b', 'c'].slice(0, 1 + roll(3))
  const entry = (name: string, item: string, of: Entry[]): Entry[] =>
    shuffled([
      ['name', name],
      [item, shuffled(of)],
    ])
  const cluster: Entry[] = [
    ['server', 'https://h.example:6443'],
    ['certificate-authority-data', fill('{{ca}}')],
  ]
  const contextOf = (name: string): Entry[] => [
    ['cluster', `c${name}`],
    ['user', `u${name}`],
    ...one<Entry[]>([[], [['namespace', 'ns']], [['extensions', null]]]),
  ]
  const parts = shuffled([
    list('contexts', shuffled(names.map((name) => entry(name, 'context', contextOf(name))))),
    list('clusters', shuffled(names.map((name) => entry(`c${name}`, 'cluster', cluster)))),
    list('users', shuffled(names.map((name) => entry(`u${name}`, 'user', [['token', fill(`{{token}}-${name}`)]])))),
    'apiVersion: v1\n',
    `kind: Config${remark()}\n`,
    one([
      'current-context: a\n',
      'current-context:\n',
      '',
      "current-context: 'zz' # c\n",
      'current-context: >-\n   a\n',
    ]),
  ])
  const whole = one(['', '---\n', '# top\n', '\n']) + parts.join(between(0)) + one(['', '...\n', '# end\n', '\n\n'])
  const ended = one([whole, whole, whole.replace(/\n+$/, '')])
  return { text: one([ended, ended, ended.replaceAll('\n', '\r\n')]), name: one(names) }
}
