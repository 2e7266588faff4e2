import { createHash, X509Certificate } from 'node:crypto'

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** The certificates of a PEM bundle, in order. Throws RangeError when there is none, or one that cannot be read. */
export function certificatesOf(pemBundle: string): readonly X509Certificate[] {
  try {
    const certificates = (pemBundle.match(pemBlock) ?? []).map((block) => new X509Certificate(block))
    if (certificates.length > 0) return certificates
  } catch {
    // Reported below like an empty bundle.
  }
  throw new RangeError('no readable PEM certificate in the CA bundle')
}

interface Der {
  readonly tag: number
  readonly content: Buffer
  readonly rest: Buffer
}

function readDer(bytes: Buffer): Der {
  const tag = bytes[0] ?? 0
  let length = bytes[1] ?? 0
  let offset = 2
  if (length > 0x80) {
    const width = length & 0x7f
    length = bytes.readUIntBE(2, width)
    offset += width
  }
  return { tag, content: bytes.subarray(offset, offset + length), rest: bytes.subarray(offset + length) }
}

function children(bytes: Buffer): readonly Der[] {
  const found: Der[] = []
  for (let left = bytes; left.length > 1; ) {
    const one = readDer(left)
    found.push(one)
    left = one.rest
  }
  return found
}

const subjectKeyOid = Buffer.from('551d0e', 'hex')
const authorityKeyOid = Buffer.from('551d23', 'hex')

/** Value of an extension (the content of its OCTET STRING), RFC 5280 4.1. */
function extension(certificate: X509Certificate, oid: Buffer): Buffer | undefined {
  const toBeSigned = children(readDer(certificate.raw).content)[0]
  const extensions = children(toBeSigned?.content ?? Buffer.alloc(0)).find((one) => one.tag === 0xa3)
  if (extensions === undefined) return undefined
  for (const entry of children(readDer(extensions.content).content)) {
    const [id, ...values] = children(entry.content)
    if (id?.content.equals(oid)) return values.at(-1)?.content
  }
  return undefined
}

/** k3s takes for a root what has no authority key id, or its own. */
function isRoot(certificate: X509Certificate): boolean {
  const authority = extension(certificate, authorityKeyOid)
  const keyId = authority && children(readDer(authority).content).find((one) => one.tag === 0x80)?.content
  if (keyId === undefined) return true
  const subject = extension(certificate, subjectKeyOid)
  return subject !== undefined && readDer(subject).content.equals(keyId)
}

function rootOf(certificates: readonly X509Certificate[]): X509Certificate | undefined {
  const [leaf, ...others] = certificates
  const visit = (certificate: X509Certificate, left: readonly X509Certificate[]): X509Certificate | undefined => {
    // A root that is the first certificate counts only when the bundle holds it a second time, as with Go's pools.
    if (others.some((one) => isRoot(one) && one.raw.equals(certificate.raw))) return certificate
    for (const issuer of left) {
      if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) continue
      if (isRoot(issuer)) return issuer
      const root = visit(
        issuer,
        left.filter((one) => one !== issuer),
      )
      if (root !== undefined) return root
    }
    return undefined
  }
  return leaf && visit(leaf, others)
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * The CA hash of a K10 token for a bundle as `/cacerts` serves it, 64 hexadecimal digits.
 * k3s has two rules (pkg/clientaccess/token.go, hashCA): one certificate, SHA-256 of the literal bytes, so a missing newline
 * at the end makes another hash; several, SHA-256 of the DER of the root of the first one's chain, or of the literal bytes
 * when no chain leads to a root. Kubeadm's hash is a third thing. Throws RangeError when the bundle holds no certificate.
 */
export function caHash(pemBundle: string): string {
  const certificates = certificatesOf(pemBundle)
  const root = certificates.length > 1 ? rootOf(certificates) : undefined
  return sha256(root?.raw ?? pemBundle)
}

/** Whether two bundles stand for the same authority: same hash, or the same certificates however their text is laid out. */
export function isSameAuthority(served: string, known: string): boolean {
  if (caHash(served) === caHash(known)) return true
  const fingerprints = new Set(certificatesOf(known).map((one) => one.fingerprint256))
  return certificatesOf(served).every((one) => fingerprints.has(one.fingerprint256))
}
