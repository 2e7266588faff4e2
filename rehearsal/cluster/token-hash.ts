import { createHash, X509Certificate } from 'node:crypto'

/**
 * The CA hash of a K10 token, 64 hex digits, as k3s computes it (pkg/clientaccess/token.go, hashCA):
 * one certificate: SHA-256 over the literal PEM bytes; several: SHA-256 over the DER of the root of the first one's chain.
 */
export function caHash(bundlePem: string): string {
  const certificates = (bundlePem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  )
  const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
  const first = certificates[0]
  if (first === undefined || certificates.length === 1) return sha256(bundlePem)
  let link: X509Certificate = first
  for (let depth = 0; depth < certificates.length; depth += 1) {
    const child: X509Certificate = link
    if (child.checkIssued(child)) return sha256(child.raw)
    const parent = certificates.find((candidate) => candidate !== child && child.checkIssued(candidate))
    if (parent === undefined) break
    link = parent
  }
  // No chain to a root: k3s falls back to the literal bytes.
  return sha256(bundlePem)
}

/** A full token: `K10<hash>::<credentials>`, where credentials are `<user>:<password>` or `<id>.<secret>`. */
export function joinToken(bundlePem: string, credentials: string): string {
  return `K10${caHash(bundlePem)}::${credentials}`
}
