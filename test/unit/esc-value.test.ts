import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { type EscValue, kubeconfigText, propertyMissing } from '../../src/esc/index.ts'
import { lookUp, MalformedValue, namesOf, toValue } from '../../src/esc/value.ts'

const trace = { def: { environment: 'oceanid-cluster', begin: { line: 3, column: 5, byte: 10 } } }
const leaf = (value: unknown, secret = false) => ({ value, trace, ...(secret ? { secret } : {}) })
const stored = (value: unknown): EscValue => ({ value, isSecret: true })
const kubeconfig = 'apiVersion: v1\nkind: Config\nclusters: []\nusers: []\n'

describe('a value of ESC', () => {
  it('is unwrapped once at every level: a mapping may have a key named value', () => {
    // What @pulumi/esc-sdk returns as ["Y"].
    const env = leaf([leaf({ name: leaf('X'), value: leaf('Y') })])
    expect(toValue(leaf({ exec: leaf({ env }) }))).toEqual({
      value: { exec: { env: [{ name: 'X', value: 'Y' }] } },
      isSecret: false,
    })
  })

  it('is secret by its own mark, by that of what it stands in, or when everything in it is', () => {
    expect(toValue(leaf('x', true)).isSecret).toBe(true)
    expect(toValue(leaf({ a: leaf('x', true), b: leaf('y') })).isSecret).toBe(false)
    expect(toValue(leaf({ a: leaf('x', true), b: leaf([leaf('y', true)]) })).isSecret).toBe(true)
    expect(toValue(leaf({ a: leaf('x') }, true)).isSecret).toBe(true)
    expect(toValue(leaf({})).isSecret).toBe(false)
    const properties = { outer: leaf({ inner: leaf('x') }, true) }
    expect(lookUp(properties, ['outer', 'inner'])).toEqual({ value: 'x', isSecret: true })
  })

  it('keeps keys that mean something to JavaScript as keys', () => {
    const raw: unknown = JSON.parse(
      '{"value":{"__proto__":{"value":{"polluted":{"value":true}}},"constructor":{"value":"c"}}}',
    )
    const { value } = toValue(raw)
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    for (const path of [['toString'], ['__proto__'], ['a', 'length'], ['a', 'constructor']])
      expect(lookUp({ a: leaf('text') }, path)).toBeUndefined()
  })

  it('cannot be told from nothing when it is null', () => {
    expect(lookUp({ a: { trace } }, ['a'])).toBeUndefined()
    expect(lookUp({ a: leaf('') }, ['a'])).toEqual({ value: '', isSecret: false })
    expect(lookUp({ a: leaf(false) }, ['a'])).toEqual({ value: false, isSecret: false })
    expect(lookUp({ a: leaf([leaf('x')]) }, ['a', 0])).toEqual({ value: 'x', isSecret: false })
    expect(lookUp({ a: leaf([leaf('x')]) }, ['a', 1])).toBeUndefined()
    expect(lookUp({ a: leaf([leaf('x')]) }, ['a', '0'])).toBeUndefined()
  })

  it.each([
    ['a bare text', 'x'],
    ['a list of bare texts', leaf(['x'])],
    ['a mapping of bare texts', leaf({ a: 'x' })],
    ['a value that is not known', { unknown: true, trace }],
    ['an unknown one within', leaf({ a: { unknown: true } })],
  ])('is refused as %s, without being quoted', (_what, raw) => {
    expect(() => toValue(raw)).toThrow(MalformedValue)
    expect(() => toValue(raw)).not.toThrow(/\bx\b/)
  })

  it('does not exhaust the stack', () => {
    let raw: unknown = leaf('deep')
    for (let depth = 0; depth < 5000; depth += 1) raw = leaf([raw])
    expect(() => toValue(raw)).toThrow('nested more than')
    expect(namesOf({ a: raw as object })).toEqual([])
  })
})

describe('the names of what is there', () => {
  const properties = {
    pulumiConfig: leaf({
      'oceanid-cluster:kubeconfig': leaf({ clusters: leaf([]), users: leaf([]) }),
      'oceanid-cluster:calypso_ssh_key': leaf('-----BEGIN', true),
    }),
    files: leaf({ KUBECONFIG: leaf('text', true) }, true),
    list: leaf([leaf(1), leaf(true)]),
    empty: leaf({}),
    nothing: { trace },
    'bad\u202ename': leaf('x'),
    dynamic: { unknown: true },
  }

  it('are paths, types and secretness, with a kubeconfig in one piece', () => {
    expect(namesOf(properties).map((one) => `${one.path} ${one.type}${one.isSecret ? ' secret' : ''}`)).toEqual([
      'pulumiConfig["oceanid-cluster:kubeconfig"] object',
      'pulumiConfig["oceanid-cluster:calypso_ssh_key"] string secret',
      'files.KUBECONFIG string secret',
      'list[0] number',
      'list[1] boolean',
      'empty object',
      'nothing null',
      'dynamic unknown',
    ])
  })

  it('are bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, leaf('x')]))
    expect(namesOf(many)).toHaveLength(2000)
  })

  it('help whoever wrote another one, together with the command that stores it', () => {
    const reference = { organization: 'ryan-taylor', project: 'default', environment: 'oceanid-cluster' }
    const tried = [
      ['pulumiConfig', 'oceanid-cluster:kubeconfg'],
      ['files', 'X'],
    ]
    const error = propertyMissing(reference, tried, namesOf(properties), 'kubeconfig.yaml')
    expect(error).toMatchObject({
      code: 'esc-property-missing',
      title:
        'the environment ryan-taylor/default/oceanid-cluster has no property pulumiConfig["oceanid-cluster:kubeconfg"], nor files.X',
      cause: 'it has pulumiConfig["oceanid-cluster:kubeconfig"]: the name differs',
    })
    expect(error.remedy).toContain(
      `esc env set ryan-taylor/default/oceanid-cluster 'pulumiConfig["oceanid-cluster:kubeconfg"]' --secret --string --file kubeconfig.yaml; or name`,
    )
    expect(error.evidence).toContain('has files.KUBECONFIG (string, secret)')
    expect(JSON.stringify(error)).not.toContain('BEGIN')
  })
})

describe('the text of a kubeconfig', () => {
  it('is taken byte for byte', () => {
    for (const text of [
      kubeconfig,
      `\ufeff${kubeconfig.replaceAll('\n', '\r\n')}`,
      `# é ✓\n${kubeconfig}`,
      '{"clusters": []}',
    ])
      expect(kubeconfigText(stored(text))).toEqual({ text, shape: 'text' })
  })

  it('is decoded from base64, in lines or not, in either alphabet', () => {
    const text = `# ÿ?>\n${kubeconfig}`
    const packed = Buffer.from(text).toString('base64')
    const lines = packed.replace(/.{10}/g, '$&\n')
    for (const shape of [packed, `${packed}\n`, lines, Buffer.from(text).toString('base64url')])
      expect(kubeconfigText(stored(shape))).toEqual({ text, shape: 'base64' })
  })

  it('comes back from a mapping as YAML of the same meaning', () => {
    const value = {
      apiVersion: 'v1',
      clusters: [{ name: 'a: b # c', cluster: { server: 'https://127.0.0.1:6443' } }],
      users: [{ name: '\u0085\u2028\ufeff\u007f" \\', user: { exec: { env: [{ name: 'X', value: 'Y' }] } } }],
      on: 'yes',
      number: '1e3',
    }
    const result = kubeconfigText(stored(value))
    expect(result).toMatchObject({ shape: 'object' })
    const text = 'text' in result ? result.text : ''
    expect(parse(text)).toEqual(value)
    expect(text).not.toMatch(/[\u007f-\u009f\u2028\u2029\ufeff]/)
  })

  it.each([
    ['', 'is empty'],
    ['  \n', 'is empty'],
    ['[secret]', 'is the word [secret]'],
    ['$(cat kubeconfig.yaml)', 'shell’s expression'],
    ['~/.kube/config', 'path of a file'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc: x', 'is a key or certificate'],
    ['hunter2', 'is no kubeconfig'],
    ['aHVudGVyMmh1bnRlcjI=', 'is no kubeconfig'],
    [Buffer.from([0xff, 0xfe, ...Buffer.from('a: b, and more of it')]).toString('base64'), 'is no kubeconfig'],
    [null, 'is of type null'],
    [42, 'is of type number'],
    [true, 'is of type boolean'],
    [['hunter2'], 'is of type array'],
    [{}, 'is an empty object'],
    [{ password: 'hunter2' }, 'neither apiVersion nor clusters'],
  ])('is refused for %j: %s', (value, problem) => {
    const result = kubeconfigText(stored(value))
    expect(result).toMatchObject({ problem: expect.stringContaining(problem) })
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })
})
