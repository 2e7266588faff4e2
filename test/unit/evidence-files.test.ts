import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { excerptsOf, safeText, withoutSecrets, writeBundle } from '../../actions/evidence-files.ts'
import { evidenceFiles } from '../../src/join/evidence.ts'
import { redactText } from '../../src/runner/redact.ts'

const hash = '0123456789abcdef'.repeat(4)
const masked = ['this-was-masked']
const redact = (text: string): string => redactText(text, masked)
const body = Array.from(
  { length: 12 },
  (_, index) => `MIIEv${index}abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRST`,
)
const pem = (kind: string): string => `-----BEGIN ${kind}-----\n${body.join('\n')}\n-----END ${kind}-----`

describe('evidence without secrets', () => {
  it.each([
    ['a masked value', 'before this-was-masked after', 'before *** after'],
    ['a server token', `K3S_URL=x K10${hash}::server:deadbeef end`, 'K3S_URL=x K10*** end'],
    ['a pinned bootstrap token', `K10${hash}::abc123.abcdefghij012345`, 'K10***'],
    ['a bootstrap token, whatever stands before it', 'with abc123.abcdefghij012345 in it', 'with abc123.*** in it'],
    ['an environment', 'K3S_TOKEN=plain-word-token next', 'K3S_TOKEN=*** next'],
    ['a quoted one', `K3S_AGENT_TOKEN="two words" next`, 'K3S_AGENT_TOKEN=*** next'],
    [
      'an argument',
      '/usr/local/bin/k3s agent --token short --node-name calypso',
      '/usr/local/bin/k3s agent --token *** --node-name calypso',
    ],
    ['a configuration', 'token: short-one', 'token: ***'],
    ['JSON', '{"password":"hunter2","user":"x"}', '{"password":***,"user":"x"}'],
    [
      'JSON inside a string',
      String.raw`msg="{\"token\":\"hunter2\",\"a\":1}"`,
      String.raw`msg="{\"token\":***,\"a\":1}"`,
    ],
    ['a header', 'Authorization: Basic bm9kZTpwYXNzd29yZA==', 'Authorization: Basic ***'],
    ['an address with a password', 'https://user:hunter2@proxy:3128/', 'https://user:***@proxy:3128/'],
    ['a key of a kubeconfig', `client-key-data: LS0tLS1CRUdJTi${'A'.repeat(200)}`, 'client-key-data: ***'],
  ])('hides %s', (_name, text, wanted) => {
    expect(withoutSecrets(text, redact)).toBe(wanted)
  })

  it.each(['PRIVATE KEY', 'RSA PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'EC PRIVATE KEY'])(
    'hides a %s, whole or cut',
    (kind) => {
      for (const text of [
        pem(kind),
        pem(kind).slice(0, -40),
        pem(kind).replaceAll('\n', '\nNov 21 08:05:28 calypso k3s[1]: '),
      ]) {
        const safe = safeText(`before\n${text}`, redact)
        expect(safe).toContain('before\n***')
        expect(safe).not.toMatch(/MIIEv|abcdefgh/)
      }
    },
  )

  it('keeps what explains a failure', () => {
    for (const text of [
      "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry",
      'token CA hash does not match the Cluster CA certificate hash: A != B',
      `sha256 ${hash}`,
      'listening on 127.0.0.1:6444, version 2.0.5-k3s2, 157.173.210.123:6443',
      pem('CERTIFICATE'),
    ])
      expect(withoutSecrets(text, redact)).toBe(text)
  })

  it('hides a secret that was cut by what cannot be seen', () => {
    expect(safeText('this-was-\u001b[31mmas\u200bked, K3S_TO\u0000KEN=short', redact)).toBe('***, K3S_TOKEN=***\n')
  })

  it('is lines of printable text, at most 256 KiB, of which the end is kept', () => {
    const text = `first\n\u001b[31mred\u001b[0m\u0000\u0007 ::error::x\n${'line of a log\n'.repeat(40_000)}last`
    const safe = safeText(text, redact)
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(256 * 1024)
    expect(safe).toMatch(/^\(cut: only the end of it\)\nline of a log\n[\s\S]*\nlast\n$/)
    expect(safeText('first\n\u001b[31mred\u001b[0m\u0000\u0007 ::error::x\n', redact)).toBe('first\nred ::error::x\n')
    for (const hostile of [
      'x'.repeat(1_000_000),
      '-----BEGIN PRIVATE KEY-----'.repeat(20_000),
      'K3S_TOKEN='.repeat(50_000),
      'a:'.repeat(200_000),
    ])
      expect(Buffer.byteLength(safeText(hostile, redact))).toBeLessThanOrEqual(256 * 1024)
  }, 20_000)
})

describe('the bundle', () => {
  it('is written anew for its owner only, and is gone when there is none', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'bundle-')), 'evidence')
    try {
      writeBundle(folder, [{ name: 'old.txt', text: 'of an earlier run' }])
      writeBundle(folder, [
        { name: 'journal.txt', text: 'a\n' },
        { name: 'node.txt', text: 'b\n' },
      ])
      expect(readdirSync(folder).sort()).toEqual(['journal.txt', 'node.txt'])
      expect(statSync(folder).mode & 0o777).toBe(0o700)
      expect(statSync(join(folder, 'journal.txt')).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(folder, 'node.txt'), 'utf8')).toBe('b\n')
      writeBundle(folder, [])
      expect(() => statSync(folder)).toThrow('ENOENT')
    } finally {
      rmSync(join(folder, '..'), { recursive: true, force: true })
    }
  })

  it('shows the end of logs and the beginning of the rest', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n')
    const [journal, node] = excerptsOf([
      { name: 'journal.txt', text: lines },
      { name: 'sockets.txt', text: lines },
      { name: 'node.txt', text: `${'x'.repeat(5000)}\n${lines}` },
    ])
    expect(journal).toMatchObject({ name: 'journal.txt' })
    expect(journal?.lines.at(-1)).toBe('line 49')
    expect(node?.lines[0]).toHaveLength(300)
    expect(node?.lines.length).toBeLessThan(20)
  })

  it('takes from a host only plain names, and not too many', () => {
    const names = ['../x.txt', '/etc/passwd', 'a/b.txt', '.txt', 'X.TXT', 'report.json', 'journal.txt']
    const files = evidenceFiles([
      ...names.map((file) => ({ file, part: 'before', text: 'x' })),
      { file: 'journal.txt', part: 'recent', text: 'y' },
      { file: 7, text: 'x' },
      { event: 'unit' },
      ...Array.from({ length: 100 }, (_, index) => ({ file: `a${index}.txt`, part: 'before', text: 'x' })),
    ])
    expect(files[0]).toEqual({ name: 'journal.txt', text: 'x\n== since the start of this run\ny', recent: 'y' })
    expect(files).toHaveLength(16)
  })
})
