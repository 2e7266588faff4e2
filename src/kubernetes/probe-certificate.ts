/** What a server's certificate says. Somebody else's text: bounded, and in lines. */
import { X509Certificate } from 'node:crypto'
import { quoteRemote } from './errors.ts'

/** Names and addresses in a certificate. */
export function namesOf(subjectAltName: string | undefined): string[] {
  // A name with a comma or quote in it is a JSON string there (CVE-2021-44532), so that it cannot pose as several.
  const parts = (subjectAltName ?? '').match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []
  return parts
    .slice(0, 100)
    .flatMap((part) => /^\s*(?:DNS|IP Address):(.*)$/s.exec(part)?.[1] ?? [])
    .map((name) => quoteRemote(name))
}

export interface SeenCertificate {
  readonly names: readonly string[]
  readonly expiresAtMs: number
  readonly evidence: readonly string[]
}

export function seenOf(certificate: X509Certificate): SeenCertificate {
  const names = namesOf(certificate.subjectAltName)
  const shown = names.slice(0, 20).join(', ')
  return {
    names,
    expiresAtMs: Date.parse(certificate.validTo),
    evidence: [
      quoteRemote(`certificate of ${certificate.subject}, issued by ${certificate.issuer}`),
      `valid from ${certificate.validFrom} to ${certificate.validTo}`,
      quoteRemote(`names in it: ${shown === '' ? 'none' : shown}${names.length > 20 ? ', …' : ''}`),
    ],
  }
}

/** The certificate that Node hangs on the error of a wrong name. */
export function certificateIn(error: unknown): SeenCertificate | undefined {
  const certificate = (error as { cert?: { raw?: Buffer } } | null)?.cert?.raw
  return Buffer.isBuffer(certificate) ? seenOf(new X509Certificate(certificate)) : undefined
}
