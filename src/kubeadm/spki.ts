import { createHash, X509Certificate } from 'node:crypto'

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** The certificates of a PEM bundle, in order; empty when there is none, or one that cannot be read. */
export function certificatesOf(bundle: string): readonly X509Certificate[] {
  try {
    return (bundle.match(pemBlock) ?? []).map((block) => new X509Certificate(block))
  } catch {
    return []
  }
}

/**
 * What kubeadm pins of an authority: `sha256:` and the SHA-256 of the DER of its SubjectPublicKeyInfo, in hexadecimal digits
 * (kubernetes cmd/kubeadm/app/util/pubkeypin). Neither the K10 hash of k3s nor the fingerprint of the certificate.
 */
function pin(certificate: X509Certificate): string {
  const der = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(der).digest('hex')}`
}

/** The pins of every certificate of a bundle, each once: all of them are given to kubeadm while an authority is being changed. */
export function spkiHashes(bundle: string): readonly string[] {
  return [...new Set(certificatesOf(bundle).map(pin))]
}

/** The pin of a bundle's first certificate. Throws RangeError when there is none. */
export function spkiHash(bundle: string): string {
  const [first] = spkiHashes(bundle)
  if (first === undefined) throw new RangeError('no readable PEM certificate in the CA bundle')
  return first
}

/** Whether what is signed by one bundle is believed by who knows the other: they have a key in common. */
export function sharesAuthority(one: string, other: string): boolean {
  const known = new Set(spkiHashes(other))
  return spkiHashes(one).some((hash) => known.has(hash))
}

/** For people: `a1b2c3d4…9f`. */
export function shortHash(hash: string): string {
  const digits = hash.replace(/^sha256:/, '')
  return `${digits.slice(0, 8)}…${digits.slice(-4)}`
}
