/**
 * Secrets under a passphrase, as the CLI keeps them in Pulumi.<stack>.yaml: AES-256-GCM with a key from PBKDF2, a million rounds of
 * SHA-256 (pkg/secrets/passphrase/manager.go, sdk/go/common/resource/config/crypt.go).
 */
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'

const rounds = 1_000_000
const tagBytes = 16

export class Crypter {
  readonly #key: Buffer

  constructor(passphrase: string, salt: Buffer) {
    this.#key = pbkdf2Sync(passphrase, salt, rounds, 32, 'sha256')
  }

  encrypt(text: string): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return `v1:${nonce.toString('base64')}:${sealed.toString('base64')}`
  }

  /** @throws Error when it was encrypted with another key */
  decrypt(text: string): string {
    const [version, nonce = '', sealed = ''] = text.split(':')
    if (version !== 'v1') throw new Error('unknown value version')
    const bytes = Buffer.from(sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', this.#key, Buffer.from(nonce, 'base64'))
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes))
    return decipher.update(bytes.subarray(0, bytes.length - tagBytes), undefined, 'utf8') + decipher.final('utf8')
  }
}

/** A new `encryptionsalt` for a passphrase, with what encrypts for it. */
export function newSalt(passphrase: string): { readonly encryptionSalt: string; readonly crypter: Crypter } {
  const salt = randomBytes(8)
  const crypter = new Crypter(passphrase, salt)
  return { encryptionSalt: `v1:${salt.toString('base64')}:${crypter.encrypt('pulumi')}`, crypter }
}

/** What decrypts with this passphrase; undefined: it is not the one that the salt was made with. */
export function crypterFor(passphrase: string, encryptionSalt: string): Crypter | undefined {
  const [, salt = '', ...proof] = encryptionSalt.split(':')
  const crypter = new Crypter(passphrase, Buffer.from(salt, 'base64'))
  try {
    return crypter.decrypt(proof.join(':')) === 'pulumi' ? crypter : undefined
  } catch {
    return undefined
  }
}
