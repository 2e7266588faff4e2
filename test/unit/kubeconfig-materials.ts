/** Certificates, keys and tokens for kubeconfigs, made anew in every run: none is in the repository. */
import 'reflect-metadata'
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509'

// Tests run from lib/test/unit.
const folder = join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'kubeconfigs')
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
export const dayMs = 24 * 3600_000
/** The tests' now; certificates are made around it. */
export const nowMs = Date.UTC(2026, 10, 21, 12)

export interface Holder {
  readonly name: string
  readonly keys: webcrypto.CryptoKeyPair
  readonly certificatePem: string
  readonly keyPem: string
}

/** A certificate, signed by its own key when there is no issuer. */
export async function issue(
  name: string,
  options: { issuer?: Holder; fromMs?: number; untilMs?: number; keys?: webcrypto.CryptoKeyPair } = {},
): Promise<Holder> {
  const keys = options.keys ?? (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']))
  const { issuer, fromMs = nowMs - dayMs, untilMs = nowMs + 365 * dayMs } = options
  const certificate = await X509CertificateGenerator.create(
    {
      subject: [{ CN: [name] }],
      issuer: [{ CN: [issuer?.name ?? name] }],
      notBefore: new Date(fromMs),
      notAfter: new Date(untilMs),
      publicKey: keys.publicKey,
      signingKey: issuer?.keys.privateKey ?? keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(issuer === undefined, undefined, true)],
    },
    webcrypto,
  )
  const keyPem = KeyObject.from(keys.privateKey).export({ type: 'sec1', format: 'pem' }).toString()
  return { name, keys, certificatePem: `${certificate.toString('pem')}\n`, keyPem }
}

export function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64')
}

export function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJlLW9mLW5vYm9keQ`
}

const yearMs = 365 * dayMs
/** As k3s names and dates them: two authorities made in one second, certificates of a year. */
export const serverCa = await issue('k3s-server-ca@1760000000', { untilMs: nowMs + 10 * yearMs })
export const clientCa = await issue('k3s-client-ca@1760000000', { untilMs: nowMs + 10 * yearMs })
export const admin = await issue('system:admin', { issuer: clientCa })
export const another = await issue('system:admin', { issuer: clientCa })
const expired = await issue('system:admin', { issuer: clientCa, fromMs: nowMs - yearMs, untilMs: nowMs - 3 * dayMs })
const future = await issue('system:admin', { issuer: clientCa, fromMs: nowMs + 3 * dayMs })
const expiredCa = await issue('k3s-server-ca@1400000000', { fromMs: nowMs - yearMs, untilMs: nowMs - dayMs })
export const strangerCa = await issue('k3s-server-ca@1750000000')
const damagedPem = serverCa.certificatePem.replace(/[A-Za-z0-9]{40}/, 'A'.repeat(40))
const encryptedKey = createPrivateKey(admin.keyPem)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'known to nobody here' })
  .toString()

export const token = 'tok3n-in-this-kubeconfig-QmFzZTY0'
export const otherToken = 'tok3n-of-another-user-U29tZW9uZQ'
const ca64 = base64(serverCa.certificatePem)

/** `{{name}}` in fixtures. `{{U+0085}}` is that character. `{{canary}}` is the path of a file that must never be opened. */
const materials: Readonly<Record<string, string>> = {
  ca: ca64,
  'ca-line': ca64.slice(0, 64),
  'ca-first-half': ca64.slice(0, 400),
  'ca-second-half': ca64.slice(400),
  'ca-and-key': base64(serverCa.certificatePem + serverCa.keyPem),
  damaged: base64(damagedPem),
  certificate: base64(admin.certificatePem),
  key: base64(admin.keyPem),
  'key-pem': admin.keyPem,
  'other-key': base64(another.keyPem),
  'encrypted-key': base64(encryptedKey),
  'expired-certificate': base64(expired.certificatePem),
  'expired-key': base64(expired.keyPem),
  'future-certificate': base64(future.certificatePem),
  'future-key': base64(future.keyPem),
  'expired-ca': base64(expiredCa.certificatePem),
  'two-authorities': base64(serverCa.certificatePem + strangerCa.certificatePem),
  token,
  'other-token': otherToken,
  'expired-token': jwt({ sub: 'x', exp: nowMs / 1000 - 60 }),
}

/** Everything of the fixtures that no error may show. */
export const secretsOfFixtures: readonly string[] = [
  token,
  otherToken,
  ...['key', 'other-key', 'encrypted-key', 'expired-key', 'future-key', 'ca-and-key'].map((name) =>
    (materials[name] ?? '').slice(200, 240),
  ),
  ...admin.keyPem.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----')),
]

export function fill(text: string, canary = '/nowhere/canary'): string {
  return text.replace(/\{\{([^{}]+)\}\}/g, (_, name: string) => {
    if (name === 'canary') return canary
    if (name.startsWith('U+')) return String.fromCharCode(Number.parseInt(name.slice(2), 16))
    const value = materials[name]
    if (value === undefined) throw new Error(`no material ${name}`)
    return value
  })
}

export function fixtureNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -5))
}

export function fixture(name: string, canary?: string): string {
  return fill(readFileSync(join(folder, `${name}.yaml`), 'utf8'), canary)
}

/** What `k3s` writes to /etc/rancher/k3s/k3s.yaml: everything is named default, and the client certificate brings its issuer. */
export function k3sKubeconfig(
  parts: { server?: string; certificatePem?: string; keyPem?: string; caPem?: string } = {},
): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(parts.caPem ?? serverCa.certificatePem)}
    server: ${parts.server ?? 'https://127.0.0.1:6443'}
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user:
    client-certificate-data: ${base64(parts.certificatePem ?? admin.certificatePem + clientCa.certificatePem)}
    client-key-data: ${base64(parts.keyPem ?? admin.keyPem)}
`
}
