import { describe, expect, it } from '@jest/globals'
import { type InputSpecification, parseDuration, readInputValues } from '../../actions/input-specification.ts'

const specification = {
  mode: { type: 'enum', choices: ['plan', 'apply'], default: 'plan', description: 'x' },
  flag: { type: 'boolean', default: 'false', description: 'x' },
  wait: { type: 'duration', minimum: 10_000, maximum: 3_600_000, description: 'x' },
  port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'x' },
  name: { type: 'string', required: true, description: 'the name of it' },
  file: { type: 'path', description: 'x' },
  entries: { type: 'list', description: 'x' },
  text: { type: 'lines', description: 'x' },
  extra: { type: 'yaml', description: 'x' },
  password: { type: 'string', secret: true, description: 'x' },
  given: { type: 'string', default: '${{ github.token }}', description: 'x' },
} as const satisfies InputSpecification

const read = (inputs: Readonly<Record<string, string>>) => readInputValues(specification, (name) => inputs[name] ?? '')
const problemOf = (inputs: Readonly<Record<string, string>>) => read({ name: 'n', ...inputs }).problems[0]

describe('inputs of an action', () => {
  it('have the types of their specification', () => {
    const { values, problems } = read({
      mode: 'apply',
      flag: 'True',
      wait: '1h',
      port: '22',
      name: 'calypso',
      file: 'clusters/oceanid.yaml',
      entries: 'a=b, c\n# not this one\n\n d ',
      text: 'one\r\ntwo\rthree',
      extra: 'selinux: true\nlist: [1, on]',
      password: "-it's \\ one",
    })
    expect(problems).toEqual([])
    expect(values).toEqual({
      mode: 'apply',
      flag: true,
      wait: 3_600_000,
      port: 22,
      name: 'calypso',
      file: 'clusters/oceanid.yaml',
      entries: ['a=b', 'c', 'd'],
      text: 'one\ntwo\nthree',
      // `on` is text in YAML 1.2.
      extra: { selinux: true, list: [1, 'on'] },
      password: "-it's \\ one",
    })
  })

  it('have their defaults, and nothing where only the runner could fill one in', () => {
    expect(read({ name: 'n' })).toEqual({ values: { mode: 'plan', flag: false, name: 'n' }, problems: [] })
  })

  it('are all judged before the first problem is told', () => {
    const { problems } = read({
      mode: 'aply',
      flag: 'yes',
      wait: '180',
      port: 'ssh',
      file: '-x',
      entries: '- a\n-b',
      extra: 'a: 1\na: 2',
      password: 'hunter2\nhunter3',
    })
    expect(problems.map(({ input, problem, nearest }) => [input, problem, nearest])).toEqual([
      ['mode', 'is not one of the choices', 'apply'],
      ['flag', 'is neither true nor false', 'true'],
      ['wait', 'is no duration', '180s'],
      ['port', 'is no whole number', undefined],
      ['name', 'is missing', undefined],
      ['file', 'begins with a dash', undefined],
      ['entries', 'is written as an item of a YAML list', 'a'],
      ['entries', 'begins with a dash', undefined],
      ['extra:2:1', 'the same key appears twice in one mapping', undefined],
      ['password', 'contains the invisible character U+000A', undefined],
    ])
    expect(JSON.stringify(problems)).not.toContain('hunter')
  })

  it.each(['true', 'True', 'TRUE'])('%s is true', (flag) => expect(read({ name: 'n', flag }).values.flag).toBe(true))
  it.each(['false', 'False', 'FALSE'])('%s is false', (flag) =>
    expect(read({ name: 'n', flag }).values.flag).toBe(false),
  )
  it.each([
    ['on', 'true'],
    ['1', 'true'],
    ['tRUE', 'true'],
    ['no', 'false'],
    ['off', 'false'],
    ['fals', 'false'],
    ['maybe', undefined],
  ])('%s is no boolean; %s was meant', (flag, nearest) => expect(problemOf({ flag })?.nearest).toBe(nearest))

  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1h2m3s4ms', 3_723_004],
  ])('%s is a duration', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds))
  it.each(['', 's', '5', '5 m', '1m1h', '-5m', '1.5h', '5M', '9999999s', '5m\n'])('%j is no duration', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  )

  it.each([
    ['5s', 'is too short', '10s'],
    ['2h', 'is too long', '1h'],
    ['3 minutes', 'is no duration', '3m'],
    ['soon', 'is no duration', undefined],
  ])('a wait of %s %s; nearest %s', (wait, problem, nearest) => {
    expect(problemOf({ wait })).toMatchObject({ problem, allowed: 'a duration from 10s to 1h, e.g. 90s, 5m or 1h30m' })
    expect(problemOf({ wait })?.nearest).toBe(nearest)
  })

  it('does not quote what was put into a wrong place: several lines may be a key', () => {
    expect(problemOf({ file: 'apiVersion: v1\nclient-key-data: hunter2' })).toEqual({
      input: 'file',
      problem: 'contains the invisible character U+000A',
      allowed: 'one line of printable text',
    })
  })

  it('quotes other values so that none of it acts on a terminal or a log', () => {
    const problem = problemOf({ mode: `\x1b[2J\u202e::error::x${'y'.repeat(500)}` })
    expect(problem?.value).toMatch(/^"\\u001b\[2J\\u\{202e\}::error::xy+…"$/)
    expect(problem?.value?.length).toBeLessThan(110)
  })
})
