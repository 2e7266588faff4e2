import { EventEmitter } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { cancelSignal, publicEnvironment, runLabelOf } from '../../src/runner/github-runner.ts'
import { maskForms } from '../../src/runner/masks.ts'
import { neutraliseLines, neutraliseTitle } from '../../src/runner/neutralise.ts'

/** How the runner finds commands in a line: trimmed start and `::`, or `##[` anywhere; width-less characters do not count. */
function isCommand(line: string): boolean {
  const seen = line.replace(/\p{Default_Ignorable_Code_Point}|\p{Cc}/gu, '')
  return /^\s*::/.test(seen) || seen.includes('##[')
}

describe('printed text', () => {
  it.each([
    '::set-output name=result::joined',
    '   ::error::forged',
    '\u00A0\u3000::error::forged',
    '\t::stop-commands::x',
    'progress\r::set-env name=PATH::/evil',
    'one\n::add-path::/evil',
    'one\u2028::debug::x',
    'one\u0085::debug::x',
    'one\u000B::debug::x',
    '\u200B::error::x',
    ':\u00AD:error::x',
    '\uFE0F:\uFE0F:error::x',
    '\u001B[31m::error::x',
    '\u001B]0;title\u0007::error::x',
    ':\u0000:error::x',
    '\uD800::error::x',
    'text ##[error]forged',
    '##[group]forged',
    '#\u200D#[error]x',
    '#\uFE0F#[error]x',
    '#\u034F#[error]x',
    '###[error]x',
    '##\u001B[0m[error]x',
  ])('holds no workflow command: %j', (text) => {
    const lines = neutraliseLines(text)
    expect(
      isCommand(
        text
          .split(/[\r\n\u2028\u0085\u000B]/)
          .at(-1)!
          .replace(/\u001B(\[[0-9]*m|\].*\u0007)|\uD800/g, ''),
      ),
    ).toBe(true)
    expect(lines.filter(isCommand)).toEqual([])
    expect(isCommand(neutraliseTitle(text))).toBe(false)
  })

  it('has no escape sequences and no control or bidirectional characters', () => {
    expect(
      neutraliseLines(
        '\u001B[2J\u001B[1;31mred\u001B[0m \u001B]8;;https://x\u001B\\link\u0007 \u202Egnorw \u0008\u007F\u009Bx',
      ),
    ).toEqual(['red link gnorw x'])
  })

  it('is otherwise as it was: blanks, colons, emoji, other scripts', () => {
    const text = '  cluster   oceanid, https://157.173.210.123:6443 ✓ ⚠️ 日本 a::b 100%0A'
    expect(neutraliseLines(text)).toEqual([text])
    expect(neutraliseLines('')).toEqual([''])
    expect(neutraliseLines('a\n\nb\r\nc\rd')).toEqual(['a', '', 'b', 'c', 'd'])
  })

  it('is cut where nobody would read on, between characters', () => {
    const [line = ''] = neutraliseLines('😀'.repeat(3000))
    expect(line).toMatch(/^(😀){2000} … \(1000 more characters\)$/u)
  })
})

describe('masks', () => {
  const secret = 'pä"ss w\\ord\'s/secret+1'
  it('cover base64 at each of the three alignments, in both alphabets', () => {
    const forms = maskForms(secret)
    for (let before = 0; before < 6; before += 1) {
      for (const alphabet of ['base64', 'base64url'] as const) {
        const encoded = Buffer.from(`${'x'.repeat(before)}${secret}-and-more`).toString(alphabet)
        expect(forms.filter((form) => encoded.includes(form) && form.length >= 24)).not.toEqual([])
      }
    }
  })

  it('cover JSON once and twice, URLs in both spellings, form data and shell quotes', () => {
    const forms = maskForms(secret)
    for (const wanted of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      JSON.stringify(JSON.stringify(secret)).slice(3, -3),
      encodeURIComponent(secret),
      encodeURIComponent(secret).replace(/%../g, (hex) => hex.toLowerCase()),
      encodeURIComponent(secret).replaceAll('%20', '+'),
      secret.replaceAll("'", "'\\''"),
    ])
      expect(forms).toContain(wanted)
  })

  it('cover every line of a key, but neither its armour nor short lines', () => {
    const key =
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n}\nAAAAC3NzaC1lZDI1NTE5\n-----END OPENSSH PRIVATE KEY-----\n'
    const forms = maskForms(key)
    expect(forms).toEqual(
      expect.arrayContaining(['b3BlbnNzaC1rZXktdjE', 'AAAAC3NzaC1lZDI1NTE5', JSON.stringify(key).slice(1, -1)]),
    )
    expect(forms.filter((form) => form.startsWith('-----BEGIN') && !form.includes('b3Blbn'))).toEqual([])
    expect(forms).not.toContain('}')
    expect(forms.filter((form) => /[\r\n]/.test(form))).toEqual([])
    expect(forms.some((form) => Buffer.from(key).toString('base64').includes(form) && form.length > 100)).toBe(true)
  })

  it.each(['', 'abc', '   a ', 'true', 'SERVER', 'localhost', '\n\n'])('leave %j alone', (text) =>
    expect(maskForms(text)).toEqual([]),
  )

  it('are never short', () => {
    for (const text of ['abcd', 'a\nbcdefg', '日本語で', '\uD800abc'])
      for (const form of maskForms(text)) expect(form.length).toBeGreaterThanOrEqual(4)
  })
})

describe('the run’s label', () => {
  it.each([
    [{ GITHUB_RUN_NUMBER: '41', GITHUB_EVENT_NAME: 'workflow_dispatch' }, 'run 41 · started by the button'],
    [
      { GITHUB_RUN_NUMBER: '41', GITHUB_EVENT_NAME: 'schedule', GITHUB_RUN_ATTEMPT: '2' },
      'run 41, attempt 2 · started by the clock',
    ],
    [{ GITHUB_RUN_NUMBER: '41', GITHUB_EVENT_NAME: 'merge_group' }, 'run 41 · started by merge_group'],
    [{ GITHUB_RUN_NUMBER: '41' }, 'run 41'],
    [{}, ''],
  ])('of %j is %j', (environment, label) => expect(runLabelOf(environment)).toBe(label))
})

it('shows rooms an environment without inputs, state and the job’s credentials', () => {
  const environment = {
    PATH: '/usr/bin',
    KUBECONFIG: '/home/runner/kubeconfig',
    HTTPS_PROXY: 'http://proxy:3128',
    GITHUB_REPOSITORY: 'a/b',
    'INPUT_SUDO-PASSWORD': 's',
    STATE_x: 's',
    ACTIONS_RUNTIME_TOKEN: 's',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's',
    ACTIONS_ID_TOKEN_REQUEST_URL: 's',
    GITHUB_TOKEN: 's',
    GH_TOKEN: 's',
    UNSET: undefined,
  }
  expect(Object.keys(publicEnvironment(environment))).toEqual([
    'PATH',
    'KUBECONFIG',
    'HTTPS_PROXY',
    'GITHUB_REPOSITORY',
  ])
})

it('is cancelled by the first signal, says which, and survives the second', () => {
  const source = new EventEmitter()
  const signal = cancelSignal(source as unknown as NodeJS.Process)
  expect(signal.aborted).toBe(false)
  source.emit('SIGINT')
  source.emit('SIGTERM')
  expect(signal.reason).toMatchObject({ code: 'cancelled', message: 'cancelled by SIGINT' })
  expect(source.listenerCount('SIGTERM')).toBe(1)
})
