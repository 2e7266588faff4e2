import { createHash, X509Certificate } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { createAuthority, caHash as referenceHash } from '../../rehearsal/cluster/index.ts'
import { newTokenId, newTokenSecret } from '../../src/join/index.ts'
import { authorizationFor, caHash, formatBootstrapToken, isSameAuthority, parseToken } from '../../src/k3s/token.ts'

const hash = 'a'.repeat(64)

describe('a token', () => {
  it.each([
    ['', 'none', undefined, ''],
    ['  \n', 'none', undefined, ''],
    [`K10${hash}::server:secret`, 'server', hash, 'secret'],
    [`K10${hash}::server:with:colons::inside`, 'server', hash, 'with:colons::inside'],
    [`K10${hash}::node:secret\n`, 'agent', hash, 'secret'],
    [`K10${hash}::abc123.0123456789abcdef`, 'bootstrap', hash, 'abc123.0123456789abcdef'],
    ['K10::abc123.0123456789abcdef', 'bootstrap', undefined, 'abc123.0123456789abcdef'],
    ['abc123.0123456789abcdef', 'bootstrap', undefined, 'abc123.0123456789abcdef'],
    ['ABC123.0123456789abcdef', 'short', undefined, 'ABC123.0123456789abcdef'],
    ['just a password', 'short', undefined, 'just a password'],
    ['K10short::server:x', 'short', undefined, 'K10short::server:x'],
    [`K10${hash}::server:`, 'short', undefined, `K10${hash}::server:`],
    [`K10${hash}::someone:pw`, 'short', hash, 'pw'],
  ] as const)('%j is of kind %s', (text, kind, pinned, credential) => {
    expect(parseToken(text)).toEqual({ kind, credential, ...(pinned === undefined ? {} : { caHash: pinned }) })
  })

  it('is shown as an agent shows it: a bootstrap token as Bearer, a password as Basic of the user node', () => {
    expect(authorizationFor(parseToken('abc123.0123456789abcdef'))).toBe('Bearer abc123.0123456789abcdef')
    const basic = authorizationFor(parseToken(`K10${hash}::server:pässword`))
    expect(Buffer.from(basic.replace('Basic ', ''), 'base64').toString()).toBe('node:pässword')
  })

  it('is put together only from well-formed parts, so that nothing else gets into a file on the host', () => {
    expect(formatBootstrapToken(hash, 'abc123', '0123456789abcdef')).toBe(`K10${hash}::abc123.0123456789abcdef`)
    expect(() => formatBootstrapToken('', 'abc123', '0123456789abcdef')).toThrow(RangeError)
    expect(() => formatBootstrapToken(hash, 'abc123\n', '0123456789abcdef')).toThrow(RangeError)
    expect(() => formatBootstrapToken(hash, 'abc123', '0123456789abcde$')).toThrow(RangeError)
  })

  it('is made of letters and digits that are equally likely', () => {
    expect(newTokenId()).toMatch(/^[a-z0-9]{6}$/)
    expect(newTokenSecret()).toMatch(/^[a-z0-9]{16}$/)
    expect(newTokenSecret()).not.toBe(newTokenSecret())
    // Bytes above the last multiple of 36 would favour the first letters, so they are thrown away.
    const rounds = [
      [252, 253, 254, 255, 0, 35],
      [36, 71, 72, 251, 0, 0],
    ]
    expect(newTokenId(() => Uint8Array.from(rounds.shift() ?? []))).toBe('a9a9a9')
  })
})

const root = await createAuthority('root')
const intermediate = await root.issueAuthority('k3s-server-ca')

describe('the CA hash of a K10 token', () => {
  const single = root.certPem
  const chain = intermediate.bundlePem
  const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

  it('is over the literal bytes of a single certificate, newline or not', () => {
    expect(caHash(single)).toBe(sha256(single))
    expect(caHash(single.trimEnd())).toBe(sha256(single.trimEnd()))
    expect(caHash(single.trimEnd())).not.toBe(caHash(`${single.trimEnd()}\n`))
  })

  it('is over the root of the first one’s chain when there are several, however the text is laid out', () => {
    expect(caHash(chain)).toBe(sha256(new X509Certificate(single).raw))
    expect(caHash(`# a comment\n${chain}\n\n`)).toBe(caHash(chain))
  })

  it('stays the same when the intermediate is renewed', async () => {
    const renewed = await root.issueAuthority('k3s-server-ca')
    expect(renewed.bundlePem).not.toBe(chain)
    expect(caHash(renewed.bundlePem)).toBe(caHash(chain))
  })

  it('finds the root through several intermediates in any order, past strangers', async () => {
    const first = await root.issueAuthority('one')
    const second = await first.issueAuthority('two')
    const stranger = await createAuthority('stranger')
    const bundle = second.certPem + stranger.certPem + root.certPem + first.certPem
    expect(caHash(bundle)).toBe(sha256(new X509Certificate(single).raw))
  })

  it('falls back to the literal bytes when no chain leads to a root, as k3s does', async () => {
    const two = single + (await createAuthority('another')).certPem
    expect(caHash(two)).toBe(sha256(two))
  })

  it('agrees with the embedded cluster’s own implementation', () => {
    expect(caHash(single)).toBe(referenceHash(single))
    expect(caHash(chain)).toBe(referenceHash(chain))
  })

  it.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'of %j does not exist',
    (text) => {
      expect(() => caHash(text)).toThrow(RangeError)
    },
  )

  it('does not have to be the same for the same authority: white space of a copied kubeconfig is forgiven', async () => {
    expect(isSameAuthority(single, `${single.trimEnd()}\n\n`)).toBe(true)
    expect(isSameAuthority(single, chain)).toBe(true)
    const namesake = await createAuthority('root')
    expect(isSameAuthority(single, namesake.certPem)).toBe(false)
    expect(isSameAuthority(chain, (await namesake.issueAuthority('k3s-server-ca')).bundlePem)).toBe(false)
  })
})
