import type { X509Certificate } from 'node:crypto'

/** Names in a certificate are whoever's text; renderers escape them, and lines of a subject become one. */
export function commonName(subject: string): string {
  return /(?:^|\n)CN=([^\n]*)/.exec(subject)?.[1] ?? ''
}

export function fingerprint(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase()
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    // An algorithm that this OpenSSL does not know.
    return false
  }
}

/** Whether one of `authorities` signed the certificate, directly or through `between`. */
export function leadsTo(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  if (authorities.some((one) => one.raw.equals(leaf.raw) || isIssuedBy(leaf, one))) return true
  const issuer = between.find((one) => isIssuedBy(leaf, one))
  return (
    issuer !== undefined &&
    leadsTo(
      issuer,
      between.filter((one) => one !== issuer),
      authorities,
    )
  )
}

/**
 * Whether trusting `other` is no trust beside the one in `pinned`: it signed that itself, or was signed by it, through others of the bundle too.
 * Upwards through others proves nothing: anybody can make a certificate for the pinned one's name and public key, and sign it.
 */
export function isBelongingTo(
  pinned: X509Certificate,
  other: X509Certificate,
  bundle: readonly X509Certificate[],
): boolean {
  return isIssuedBy(pinned, other) || leadsTo(other, bundle, [pinned])
}
