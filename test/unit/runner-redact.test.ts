import { describe, expect, it } from '@jest/globals'
import { redactReport } from '../../actions/redact-report.ts'
import { type Report, renderJson } from '../../src/report/index.ts'
import { maskForms } from '../../src/runner/masks.ts'
import { redactText } from '../../src/runner/redact.ts'

const hash = 'ab'.repeat(32)

describe('a redacted text', () => {
  it('holds no form of a masked value', () => {
    const secret = 'pä"ss w\\ord\'s/secret+1'
    const forms = maskForms(secret)
    for (const shown of [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(`xy${secret}`).toString('base64url'),
    ]) {
      const text = redactText(`before ${shown} after`, forms)
      expect(text).toMatch(/^before .*\*\*\*.* after$/)
      expect(text.replaceAll(/before|after|[^A-Za-z0-9]/g, '').length).toBeLessThan(8)
    }
  })

  it.each([
    ['abcdef-ghijkl', ['abcdef', 'def-ghijkl'], '***'],
    ['xabcdefx', ['abcd', 'abcdef', 'cdef'], 'x***x'],
    ['abcdabcdab', ['abcd'], '***ab'],
    ['abababx', ['abab'], '***x'],
    ['nothing', ['secret'], 'nothing'],
    ['', ['secret'], ''],
  ])('%j without %j is %j, also where occurrences overlap', (text, forms, result) =>
    expect(redactText(text, forms)).toBe(result),
  )

  it.each([
    [`token K10${hash}::server:pa/ss%w0rd, next`, 'token K10*** next'],
    [`"K10${hash}::node:short"}`, '"K10***"}'],
    [`K10${hash}::`, 'K10***'],
    [`https://x/?token=K10${hash}%3A%3Aabcdef.0123456789abcdef`, 'https://x/?token=K10***'],
    [`K10${hash}`, `K10${hash}`],
    ['invalid bootstrap token "abcdef.0123456789abcdef".', 'invalid bootstrap token "abcdef.***".'],
    ['Authorization: Bearer abcdef.0123456789abcdef', 'Authorization: Bearer abcdef.***'],
    ['tokens abcdef.0123456789abcdef and ghijkl.0123456789abcdef', 'tokens abcdef.*** and ghijkl.***'],
    ['the token abcdef.0123456…', 'the token abcdef.***…'],
    ['no such word\ntoken abcdef.0123456789abcdef', 'no such word\ntoken abcdef.***'],
    ['token\nloaded docker.containerdservice', 'token\nloaded docker.containerdservice'],
    ['loaded docker.containerdservice with a token', 'loaded docker.containerdservice with a token'],
    ['token of myhost.abcdefghijklmnopq', 'token of myhost.abcdefghijklmnopq'],
    ["K3S_TOKEN='my own words'\nK3S_URL=https://x", 'K3S_TOKEN=***\nK3S_URL=https://x'],
    [
      '"K3S_TOKEN=short" agent --token=other --token-file=/etc/x',
      '"K3S_TOKEN=***" agent --token=*** --token-file=/etc/x',
    ],
    ['K3S_TOKEN= --token is required', 'K3S_TOKEN= --token is required'],
  ])('%j becomes %j, although nobody masked it', (text, result) => {
    expect(redactText(text, [])).toBe(result)
    expect(redactText(result, [])).toBe(result)
  })

  it('holds no token although a part of its hash is a masked word', () => {
    expect(redactText(`K10${hash}::server:password`, ['abab'])).toBe('K10***')
  })
})

describe('a redacted report', () => {
  const report = {
    schema: 'k3s-gpu-actions/report/v1',
    action: 'k3s-join',
    cluster: 'oceanid',
    node: 'calypso',
    result: 'joined',
    headline: 'calypso joined with pa"ss\\word',
    facts: { os: 'pa"ss\\word Linux' },
    plan: {
      changes: [{ id: 'start', kind: 'start', target: 'k3s-agent', reason: 'pa"ss\\word', undo: 'stop' }],
      blockers: [],
    },
    checks: [{ id: 'host.os', verdict: 'pass', question: '?', found: 'joined', evidence: ['pa"ss\\word'] }],
    applied: ['start'],
    outputs: { result: 'joined', plan: '[{"id":"start","reason":"pa\\"ss\\\\word"}]', version: 'pa"ss\\word' },
  } as unknown as Report
  const forms = ['pa"ss\\word', 'joined', 'start']
  const safe = redactReport(report, (text) => redactText(text, forms))

  it('holds a secret in no text, and its JSON and its plan stay what they were', () => {
    const text = renderJson(safe)
    expect(text).not.toMatch(/ss\\*word/)
    expect(JSON.parse(text)).toMatchObject({ facts: { os: '*** Linux' }, outputs: { version: '***' } })
    expect(JSON.parse(safe.outputs.plan ?? '')).toEqual(safe.plan.changes)
    expect(safe.plan.changes[0]?.reason).toBe('***')
  })

  it('keeps the words of this program, which readers of reports compare', () => {
    expect(safe).toMatchObject({ result: 'joined', applied: ['start'], outputs: { result: 'joined' } })
    expect(safe.plan.changes[0]).toMatchObject({ id: 'start', kind: 'start' })
    expect(safe.checks[0]?.found).toBe('***')
  })
})
