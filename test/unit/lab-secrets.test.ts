import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { exhibitsOf, expectNoLeaks, filesBelow, leaksIn } from '../../lab/secrets.ts'
import type { Press } from '../../rehearsal/press.ts'

const token = { name: 'token', value: 'q1w2e3r4t5z6u7i8' }
const key = {
  name: 'key',
  value: [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
    'sHj4/+k2mJ0d8vYxQmVwN1rTz6a5b9c3e7f0uAiOpLqRnWgXyKtBhSdDfZ2CvMjEo1lPQw',
    '-----END OPENSSH PRIVATE KEY-----',
  ].join('\n'),
}
const formOf = (text: string, secret = token): string | undefined =>
  leaksIn([{ where: 'here', text: `before ${text} after` }], [secret])[0]?.form

describe('the scan for secrets', () => {
  it('finds a secret as it is, and in every encoding that programs put texts into', () => {
    expect(formOf(`id.${token.value}`)).toBe('raw')
    for (const before of ['', 'x', 'xy', 'xyz'])
      expect(formOf(Buffer.from(`${before}${token.value}yz`).toString('base64'))).toBe('base64')
    expect(formOf(Buffer.from(token.value).toString('hex'))).toBe('hex')
  })

  it('finds a key of several lines whole, escaped, and by any of its lines', () => {
    expect(formOf(key.value, key)).toBe('raw')
    expect(formOf(key.value.split('\n')[2] ?? '', key)).toBe('raw')
    const short = { name: 'password', value: 'a"b\\c/d e+f%g=hi' }
    expect(formOf(JSON.stringify({ password: short.value }), short)).toBe('JSON')
    expect(formOf(JSON.stringify(JSON.stringify({ password: short.value })), short)).toBe('JSON')
    expect(formOf(encodeURIComponent(short.value), short)).toBe('URL')
    expect(formOf(encodeURIComponent(encodeURIComponent(short.value)), short)).toBe('URL')
  })

  it('says nothing of a text without any, nor of what masks them', () => {
    expect(formOf('q1w2e3r4t5z6u7i9 *** K10')).toBeUndefined()
    const press = { stdout: `::add-mask::${token.value}\nfine\n`, stderr: '', summary: '', outputs: {}, state: {} }
    expect(leaksIn(exhibitsOf(press as unknown as Press), [token])).toEqual([])
  })

  it('looks at everything that a press shows and keeps', () => {
    const press = {
      exitCode: 0,
      stdout: `a ${token.value}`,
      stderr: `b ${token.value}`,
      summary: `c ${token.value}`,
      outputs: { plan: `d ${token.value}` },
      state: { 'token-id': `e ${token.value}` },
      report: { headline: `f ${token.value}` },
    }
    expect(leaksIn(exhibitsOf(press as unknown as Press), [token]).map(({ where }) => where)).toEqual([
      'the log',
      'standard error',
      'the summary',
      'the report',
      'the output plan',
      'the state token-id',
    ])
  })

  it('looks into every file that is left, and its complaint holds no secret', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-secrets-'))
    try {
      mkdirSync(join(folder, 'temp/deep'), { recursive: true })
      mkdirSync(join(folder, 'tools'))
      writeFileSync(join(folder, 'temp/deep/file'), `x${token.value}`)
      writeFileSync(join(folder, 'tools/file'), token.value)
      const exhibits = filesBelow(folder, [join(folder, 'tools')])
      expect(exhibits).toHaveLength(1)
      const complaint = (() => {
        try {
          expectNoLeaks(exhibits, [token])
          return ''
        } catch (error) {
          return (error as Error).message
        }
      })()
      expect(complaint).toContain(`token, raw, in the file ${folder}/temp/deep/file`)
      expect(complaint).not.toContain(token.value)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
