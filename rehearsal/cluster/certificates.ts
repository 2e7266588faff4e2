/** The certificates of a k3s server: EC P-256, a CA with or without an intermediate, server certificates. */
import 'reflect-metadata' // @peculiar/x509 resolves its parts by decorators' metadata and throws without this, which it does not load
import { KeyObject, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

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
  /** Server certificate for DNS names and IP addresses; the first name becomes the common name unless one is given. */
  issue(names: readonly string[], subject?: Subject, validity?: Dates): Promise<IssuedCertificate>
  /** Client certificate: Kubernetes reads the user from the common name and the groups from the organization. */
  issueClient(subject: Subject, validity?: Dates): Promise<IssuedCertificate>
  /** An intermediate authority, as k3s has it with custom CA certificates. */
  issueAuthority(commonName: string): Promise<Authority>
}

/** From when until when a certificate is valid, epoch milliseconds. Default: ten years, from an hour ago. */
export interface Dates {
  readonly fromMs: number
  readonly untilMs: number
}

export interface Subject {
  readonly commonName: string
  readonly organization?: string
}

interface Signer {
  readonly name: JsonName
  readonly keys: webcrypto.CryptoKeyPair
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const hourMs = 3600_000
const lifetimeMs = 10 * 365 * 24 * hourMs

/** A certificate authority that lives in memory and signs itself. */
export async function createAuthority(commonName: string): Promise<Authority> {
  const self = await newSigner({ commonName })
  return authorityOf(self, await authorityPem(self, self))
}

/** @param intermediates what follows a server's certificate; @param parents what follows the own one in the bundle; both PEM. */
function authorityOf(self: Signer, certPem: string, intermediates = '', parents = ''): Authority {
  const bundlePem = certPem + parents
  const leaf = async (
    subject: Subject,
    usage: ExtendedKeyUsage,
    extensions: Extension[],
    validity?: Dates,
  ): Promise<IssuedCertificate> => {
    const holder = await newSigner(subject)
    const all = [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension([usage]),
      await AuthorityKeyIdentifierExtension.create(self.keys.publicKey, false, webcrypto),
      ...extensions,
    ]
    const leafPem = await signedPem(holder, self, all, validity)
    return {
      certPem: leafPem + intermediates,
      keyPem: KeyObject.from(holder.keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }
  return {
    certPem,
    bundlePem,
    issue(names, subject = { commonName: names[0] ?? 'localhost' }, validity) {
      const alternatives = names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const)
      const extensions = [new SubjectAlternativeNameExtension(alternatives)]
      return leaf(subject, ExtendedKeyUsage.serverAuth, extensions, validity)
    },
    issueClient: (subject, validity) => leaf(subject, ExtendedKeyUsage.clientAuth, [], validity),
    async issueAuthority(childName) {
      const child = await newSigner({ commonName: childName })
      const childPem = await authorityPem(child, self)
      return authorityOf(child, childPem, childPem + intermediates, bundlePem)
    },
  }
}

async function newSigner({ commonName, organization }: Subject): Promise<Signer> {
  const name: JsonName = [...(organization === undefined ? [] : [{ O: [organization] }]), { CN: [commonName] }]
  return { name, keys: await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']) }
}

/** With the key usages of k3s's own CA. */
async function authorityPem(subject: Signer, issuer: Signer): Promise<string> {
  const { digitalSignature, keyEncipherment, keyCertSign } = KeyUsageFlags
  return signedPem(subject, issuer, [
    new KeyUsagesExtension(digitalSignature | keyEncipherment | keyCertSign, true),
    new BasicConstraintsExtension(true, undefined, true),
    await SubjectKeyIdentifierExtension.create(subject.keys.publicKey, false, webcrypto),
    ...(subject === issuer
      ? []
      : [await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey, false, webcrypto)]),
  ])
}

/** The text ends in a newline, as OpenSSL and Go write it: certificates are concatenated, and K10 hashes go by the bytes. */
async function signedPem(
  subject: Signer,
  issuer: Signer,
  extensions: Extension[],
  validity: Dates = { fromMs: Date.now() - hourMs, untilMs: Date.now() + lifetimeMs },
): Promise<string> {
  const certificate = await X509CertificateGenerator.create(
    {
      subject: subject.name,
      issuer: issuer.name,
      notBefore: new Date(validity.fromMs),
      notAfter: new Date(validity.untilMs),
      publicKey: subject.keys.publicKey,
      signingKey: issuer.keys.privateKey,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions,
    },
    webcrypto,
  )
  return `${certificate.toString('pem')}\n`
}
