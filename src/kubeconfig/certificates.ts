import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { flatten, invalid, refused } from './errors.ts'

const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g

/**
 * The text behind a `…-data` value. Go's decoder takes padded base64 with line ends and nothing else; Node's takes anything, and
 * would make a certificate of what kubectl refuses.
 */
export function decodeData(data: string, key: string, where: string): string {
  const bare = data.replace(/[\r\n]/g, '')
  if (bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) {
    throw invalid(
      `${key} of ${where} is not base64`,
      bare.includes('-----BEGIN')
        ? 'it is PEM text, which has to be encoded once more'
        : 'it may be cut off, or folded with blanks',
      flatten,
    )
  }
  return Buffer.from(bare, 'base64').toString('latin1')
}

/** The certificates of a PEM text, in order. Throws KubeconfigError when there is none, a damaged one, or a private key among them. */
export function certificatesOf(
  pem: string,
  key: string,
  where: string,
): readonly [X509Certificate, ...X509Certificate[]] {
  if (pem.includes('PRIVATE KEY-----')) {
    throw refused(`${key} of ${where} holds a private key`, 'certificates are public, and shown as such', flatten)
  }
  const blocks = pem.match(certificateBlock) ?? []
  const bad = (cause: string) => invalid(`${key} of ${where} holds no usable certificate`, cause, flatten)
  // OpenSSL takes `X509 CERTIFICATE` and blocks with headers for authorities, too, and Go does not: one could hide there.
  if (pem.split('-----BEGIN').length - 1 !== blocks.length) throw bad('a part of it is no plain CERTIFICATE block')
  if (blocks.length > 50) throw bad('it holds more than 50 of them')
  try {
    const [first, ...others] = blocks.map((block) => new X509Certificate(block))
    // A date that nobody can read would pass every comparison.
    for (const { validFromDate, validToDate } of [first, ...others].filter((one) => one !== undefined)) {
      if (Number.isNaN(validFromDate.getTime() - validToDate.getTime())) throw new RangeError('no date')
    }
    if (first !== undefined) return [first, ...others]
  } catch {
    throw bad('a certificate in it is damaged')
  }
  throw bad('it is not PEM text of a certificate')
}

/** Throws KubeconfigError unless the PEM text is a private key that needs no passphrase. */
export function privateKeyOf(pem: string, where: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw invalid(
      `client-key-data of ${where} holds no usable private key`,
      pem.includes('ENCRYPTED') ? 'it has a passphrase, which nobody can type here' : 'it is damaged, or no PEM text',
      flatten,
    )
  }
}
