/**
 * X.509 certificates, written in DER by hand so that a world can issue them synchronously (`ClusterWorld.issue`).
 * Only what a k3s server has: EC P-256, ecdsa-with-SHA256, a CA with or without an intermediate, server certificates.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

export interface IssuedCertificate {
  /** The certificate, followed by the intermediates up to but without the root. */
  readonly certPem: string
  /** PKCS #8. */
  readonly keyPem: string
}

export interface Authority {
  /** The authority's own certificate. */
  readonly certPem: string
  /** What a server of this authority hands out as its CA: one certificate, or intermediate and root. */
  readonly bundlePem: string
  /** Server certificate for DNS names and IP addresses; the first DNS name becomes the common name unless one is given. */
  issue(names: readonly string[], subject?: Subject): IssuedCertificate
  /** An intermediate authority, as k3s has it with custom CA certificates. */
  issueAuthority(commonName: string): Authority
}

export interface Subject {
  readonly commonName: string
  readonly organization?: string
}

const oid = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  commonName: [0x55, 0x04, 0x03],
  organization: [0x55, 0x04, 0x0a],
  subjectKeyIdentifier: [0x55, 0x1d, 0x0e],
  keyUsage: [0x55, 0x1d, 0x0f],
  subjectAltName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
  authorityKeyIdentifier: [0x55, 0x1d, 0x23],
  extendedKeyUsage: [0x55, 0x1d, 0x25],
  serverAuth: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
}

const yearMs = 365 * 24 * 3600 * 1000

/** One DER value: tag, length, content. */
function der(tag: number, ...contents: readonly (Buffer | readonly number[])[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part)))
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const length = content.length < 0x100 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts)
const identifier = (bytes: readonly number[]) => der(0x06, bytes)
const octets = (...parts: readonly Buffer[]) => der(0x04, ...parts)
const bits = (bytes: Buffer | readonly number[], unusedBits = 0) => der(0x03, [unusedBits], bytes)
const truth = der(0x01, [0xff])

function name(subject: Subject): Buffer {
  const attribute = (type: readonly number[], value: string) =>
    der(0x31, sequence(identifier(type), der(0x0c, Buffer.from(value, 'utf8'))))
  const parts = subject.organization === undefined ? [] : [attribute(oid.organization, subject.organization)]
  return sequence(...parts, attribute(oid.commonName, subject.commonName))
}

/** UTCTime: good until 2049, far beyond the life of a rehearsal. */
function time(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/\D/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}

function extension(type: readonly number[], value: Buffer, isCritical = false): Buffer {
  return isCritical ? sequence(identifier(type), truth, octets(value)) : sequence(identifier(type), octets(value))
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  const left = groups(head)
  const right = groups(tail ?? '')
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}

function alternativeNames(names: readonly string[]): Buffer {
  return sequence(
    ...names.map((entry) => (isIP(entry) ? der(0x87, addressBytes(entry)) : der(0x82, Buffer.from(entry, 'ascii')))),
  )
}

/** RFC 5280 4.2.1.2, method 1: SHA-1 of the public key's bits. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha1').update(spki.subarray(-65)).digest()
}

interface Signer {
  readonly subject: Subject
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

function certificate(subject: Subject, publicKey: KeyObject, issuer: Signer, extensions: readonly Buffer[]): string {
  const algorithm = sequence(identifier(oid.ecdsaWithSha256))
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40 // positive and without a leading zero
  const nowMs = Date.now()
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, serial),
    algorithm,
    name(issuer.subject),
    sequence(time(nowMs - 3600_000), time(nowMs + 10 * yearMs)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const whole = sequence(body, algorithm, bits(sign('sha256', body, issuer.privateKey)))
  return new X509Certificate(whole).toString()
}

/** A certificate authority that lives in memory. Without an issuer it signs itself. */
export function createAuthority(commonName: string, issuer?: Signer, bundleTail = ''): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const self: Signer = { subject: { commonName }, ...keys }
  const signer = issuer ?? self
  const certPem = certificate(self.subject, keys.publicKey, signer, [
    extension(oid.keyUsage, bits([0xa4], 2), true), // digitalSignature, keyEncipherment, keyCertSign: as k3s's own CA
    extension(oid.basicConstraints, sequence(truth), true),
    extension(oid.subjectKeyIdentifier, octets(keyIdentifier(keys.publicKey))),
    ...(issuer ? [extension(oid.authorityKeyIdentifier, sequence(der(0x80, keyIdentifier(issuer.publicKey))))] : []),
  ])
  const bundlePem = certPem + bundleTail
  return {
    certPem,
    bundlePem,
    issue(names, subject) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const commonNameOfServer = subject ?? { commonName: names[0] ?? 'localhost' }
      const leaf = certificate(commonNameOfServer, pair.publicKey, self, [
        extension(oid.keyUsage, bits([0xa0], 5), true), // digitalSignature, keyEncipherment
        extension(oid.extendedKeyUsage, sequence(identifier(oid.serverAuth))),
        extension(oid.authorityKeyIdentifier, sequence(der(0x80, keyIdentifier(self.publicKey)))),
        extension(oid.subjectAltName, alternativeNames(names)),
      ])
      return {
        certPem: issuer ? leaf + certPem : leaf,
        keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      }
    },
    issueAuthority: (childName) => createAuthority(childName, self, bundlePem),
  }
}
