import { createHash, X509Certificate } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import {
  contextsCheck,
  credentialChecks,
  type KubeconfigReading,
  readKubeconfig,
  validityOf,
} from '../../src/kubeconfig/index.ts'
import type { Check } from '../../src/report/index.ts'
import {
  admin,
  clientCa,
  dayMs,
  fill,
  issue,
  jwt,
  k3sKubeconfig,
  nowMs,
  serverCa,
  strangerCa,
} from './kubeconfig-materials.ts'

const read = (text: string): KubeconfigReading => readKubeconfig(text, { context: '', allowExec: ['aws'] })
const sha256 = (pem: string): string => createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')

function checks(
  text: string,
  options: { at?: number; minValidityMs?: number; expectCaSha256?: string } = {},
): Readonly<Record<string, Check>> {
  const { selected } = read(text)
  const { at = nowMs, minValidityMs = 6 * 3600_000, expectCaSha256 = '' } = options
  const all = credentialChecks(selected, validityOf(selected), {
    nowMs: at,
    minValidityMs,
    expectCaSha256,
    storeCommand: 'esc env set acme/infra/prod files.KUBECONFIG --secret --string --file FILE',
  })
  return Object.fromEntries(all.map((check) => [check.id, check]))
}

function withUser(lines: string): string {
  return `${k3sKubeconfig().split('  user:\n    client')[0]}  user:\n${lines}`
}

describe('how long a kubeconfig is good', () => {
  it('is what its certificates say', () => {
    expect(validityOf(read(k3sKubeconfig()).selected)).toEqual({
      caSha256: sha256(serverCa.certificatePem),
      caExpiresAtMs: nowMs + 3650 * dayMs,
      notBeforeMs: nowMs - dayMs,
      expiresAtMs: nowMs + 365 * dayMs,
    })
  })

  it.each([
    [364, 'pass', 'ends in 364 days'],
    [61, 'pass', 'ends in 61 days'],
    [59, 'warn', 'ends in 59 days'],
    [0.2, 'fail', 'ends in 4 h 48 min'],
    [0, 'fail', 'expired 0.0 s ago'],
    [-2, 'fail', 'expired 2 days ago'],
  ])('with %s days left: %s', (days, verdict, found) => {
    const check = checks(k3sKubeconfig(), { at: nowMs + (365 - days) * dayMs })['kubeconfig.credentials']
    expect(check).toMatchObject({ verdict, found: expect.stringContaining(found) })
    if (verdict !== 'pass') {
      expect(check?.remedy).toMatch(/restart k3s.*120 days.*k3s\.yaml.*esc env set .*--secret --string --file/)
      expect(check?.cause).toBeTruthy()
    }
  })

  it('is never more than a job needs without words', () => {
    const at = nowMs + 364 * dayMs
    expect(checks(k3sKubeconfig(), { at, minValidityMs: 0 })['kubeconfig.credentials']?.verdict).toBe('warn')
    const check = checks(k3sKubeconfig(), { minValidityMs: 400 * dayMs })['kubeconfig.credentials']
    expect(check).toMatchObject({ verdict: 'fail', cause: expect.stringContaining('400 days') })
  })

  it('is what a token says of itself; nobody knows of one that says nothing', () => {
    const seconds = nowMs / 1000
    const of = (token: string): Check | undefined => checks(withUser(`    token: ${token}\n`))['kubeconfig.credentials']
    expect(of(jwt({ exp: seconds + 86_400 }))).toMatchObject({ verdict: 'pass', found: 'the token ends in 24 h' })
    expect(of(jwt({ exp: seconds + 60 }))).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringContaining('new token'),
    })
    expect(of(jwt({ nbf: seconds + 600, exp: seconds + 86_400 }))).toMatchObject({ verdict: 'fail' })
    expect(of(jwt({ sub: 'system:serviceaccount:kube-system:join' }))).toMatchObject({
      verdict: 'pass',
      found: 'they have no end',
    })
    expect(of('opaque-token-0123456789')).toMatchObject({ verdict: 'skip' })
    for (const exp of ['soon', -1, 1e300, null, [], Number.NaN]) expect(of(jwt({ exp }))?.verdict).toBe('pass')
    for (const odd of ['a.b.c', 'a.bnVsbA.c', `${'a'.repeat(9)}.${Buffer.from('[1').toString('base64url')}.x`])
      expect(of(odd)?.verdict).toBe('skip')
  })

  it('goes by what ends first of a certificate and a token', () => {
    const text = `${k3sKubeconfig()}    token: ${jwt({ exp: nowMs / 1000 + 86_400 })}\n`
    expect(checks(text)['kubeconfig.credentials']).toMatchObject({ verdict: 'pass', found: 'the token ends in 24 h' })
    expect(read(text).remarks).toEqual([expect.stringContaining('both are sent')])
  })

  it('is unknown for passwords and programs', () => {
    const password = '    username: admin\n    password: correct-horse\n'
    const exec = '    exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}\n'
    for (const lines of [password, exec])
      expect(checks(withUser(lines))['kubeconfig.credentials']).toMatchObject({
        verdict: 'skip',
        found: expect.stringContaining('only the server knows'),
      })
  })
})

describe('whose certificates these are', () => {
  it('is no question for the two authorities of one k3s', () => {
    expect(checks(k3sKubeconfig())['kubeconfig.chain']).toMatchObject({
      verdict: 'pass',
      found: expect.stringContaining('made together'),
    })
  })

  it('is settled when the authority signed the certificate, directly or through another', async () => {
    const direct = await issue('kubernetes-admin', { issuer: serverCa })
    const text = k3sKubeconfig({ certificatePem: direct.certificatePem, keyPem: direct.keyPem })
    expect(checks(text)['kubeconfig.chain']).toMatchObject({ verdict: 'pass', found: 'the one signed the other' })
    const between = await issue('between', { issuer: serverCa })
    const leaf = await issue('leaf', { issuer: between })
    const chain = k3sKubeconfig({ certificatePem: leaf.certificatePem + between.certificatePem, keyPem: leaf.keyPem })
    expect(checks(chain)['kubeconfig.chain']?.verdict).toBe('pass')
  })

  it('is a warning when they come from two clusters, and never a failure', async () => {
    const check = checks(k3sKubeconfig({ caPem: strangerCa.certificatePem }))['kubeconfig.chain']
    expect(check).toMatchObject({ verdict: 'warn', cause: expect.stringContaining('two clusters') })
    // The name alone signs nothing.
    const forged = await issue('x', { issuer: { ...serverCa, keys: strangerCa.keys } })
    const text = k3sKubeconfig({ certificatePem: forged.certificatePem, keyPem: forged.keyPem })
    expect(checks(text)['kubeconfig.chain']?.verdict).toBe('warn')
  })

  it('shows when the key is of another certificate', async () => {
    expect(checks(k3sKubeconfig())['kubeconfig.key']?.verdict).toBe('pass')
    const other = await issue('other', { issuer: clientCa })
    expect(checks(k3sKubeconfig({ keyPem: other.keyPem }))['kubeconfig.key']).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringContaining('--flatten'),
    })
  })
})

describe('which cluster this is', () => {
  const pin = sha256(serverCa.certificatePem)
  const of = (caPem: string, expectCaSha256: string, at = nowMs): Check | undefined =>
    checks(k3sKubeconfig({ caPem }), { expectCaSha256, at })['kubeconfig.ca']

  it('is known by the hash of its CA, however it is written', () => {
    for (const written of [pin, pin.toUpperCase(), `sha256:${pin}`, `SHA256:${pin.match(/../g)?.join(':') ?? ''}`])
      expect(of(serverCa.certificatePem, written)).toMatchObject({
        verdict: 'pass',
        found: expect.stringContaining('as expected'),
      })
  })

  it('is another one with another CA', () => {
    expect(of(strangerCa.certificatePem, pin)).toMatchObject({
      verdict: 'fail',
      found: `sha256 ${sha256(strangerCa.certificatePem)}`,
      cause: expect.stringContaining(pin),
    })
    expect(of(serverCa.certificatePem, 'abc')).toMatchObject({
      verdict: 'fail',
      cause: expect.stringContaining('no SHA-256'),
    })
  })

  it('is another one, too, when a second CA hides beside the expected one', () => {
    const { certificatePem } = strangerCa
    for (const bundle of [serverCa.certificatePem + certificatePem, certificatePem + serverCa.certificatePem])
      expect(of(bundle, pin)).toMatchObject({ verdict: 'fail', found: `also trusts sha256 ${sha256(certificatePem)}` })
  })

  it('is not read where one program sees a second CA and another does not', () => {
    const hidden = strangerCa.certificatePem.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE')
    expect(() => read(k3sKubeconfig({ caPem: serverCa.certificatePem + hidden }))).toThrow(/no usable certificate/)
    const trusted = strangerCa.certificatePem.replaceAll(' CERTIFICATE', ' TRUSTED CERTIFICATE')
    expect(() => read(k3sKubeconfig({ caPem: serverCa.certificatePem + trusted }))).toThrow(/no usable certificate/)
    const headed = strangerCa.certificatePem.replace('-----\n', '-----\nProc-Type: x\n\n')
    expect(() => read(k3sKubeconfig({ caPem: serverCa.certificatePem + headed }))).toThrow(/no usable certificate/)
  })

  it('is the expected one with an intermediate of its own', async () => {
    const intermediate = await issue('intermediate', { issuer: serverCa })
    expect(of(intermediate.certificatePem + serverCa.certificatePem, pin)?.verdict).toBe('pass')
    expect(
      of(intermediate.certificatePem + serverCa.certificatePem, sha256(intermediate.certificatePem))?.verdict,
    ).toBe('pass')
  })

  it('is not the expected one because somebody has signed its name and public key, too', async () => {
    const crossed = await issue(serverCa.name, { issuer: strangerCa, keys: serverCa.keys })
    const [ours, cross, theirs] = [serverCa, crossed, strangerCa].map((one) => one.certificatePem)
    for (const bundle of [`${ours}${cross}${theirs}`, `${theirs}${cross}${ours}`])
      expect(of(bundle, pin)).toMatchObject({
        verdict: 'fail',
        found: `also trusts sha256 ${sha256(strangerCa.certificatePem)}`,
      })
  })

  it('says when its CA ends', async () => {
    const old = await issue('old', { untilMs: nowMs - dayMs })
    const soon = await issue('soon', { untilMs: nowMs + 30 * dayMs })
    const unborn = await issue('unborn', { fromMs: nowMs + dayMs })
    expect(of(old.certificatePem, '')?.verdict).toBe('fail')
    expect(of(soon.certificatePem, '')).toMatchObject({ verdict: 'warn', found: 'ends in 30 days' })
    expect(of(unborn.certificatePem, '')).toMatchObject({ verdict: 'fail', found: 'not yet valid' })
    expect(of(old.certificatePem + serverCa.certificatePem, '')).toMatchObject({
      verdict: 'warn',
      found: expect.stringContaining('1 certificate of its bundle expired'),
    })
  })
})

describe('what else was in it', () => {
  it('is no matter when there was nothing else', () => {
    expect(contextsCheck(read(k3sKubeconfig()))).toMatchObject({ id: 'kubeconfig.contexts', verdict: 'pass' })
  })

  it('is named, with nothing of it but names', () => {
    const text = fill(`${k3sKubeconfig()}- name: other\n  user: {token: "{{other-token}}"}\n`)
    const check = contextsCheck(read(text))
    expect(check).toMatchObject({ verdict: 'warn', found: 'no: 1 more user', evidence: ['users: "other"'] })
  })

  it('is not endless', () => {
    const more = Array.from({ length: 500 }, (_, at) => `- name: u${at}\n`).join('')
    const check = contextsCheck(read(`${k3sKubeconfig()}${more}`))
    expect(check.found).toBe('no: 500 more users')
    expect(check.evidence?.join().length).toBeLessThan(200)
  })
})

it('the certificates of these tests are what they are said to be', () => {
  expect(new X509Certificate(admin.certificatePem).verify(new X509Certificate(clientCa.certificatePem).publicKey)).toBe(
    true,
  )
})
