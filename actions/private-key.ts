import type { Complaint } from '../src/cluster-file/index.ts'

const allowed = 'the text of an OpenSSH or PEM private key without a passphrase, from its first to its last dash'

/** OpenSSH's own format names its cipher in clear (PROTOCOL.key): magic, then a length and the cipher. */
function isOpensshEncrypted(body: string): boolean {
  const bytes = Buffer.from(body.replace(/\s+/g, ''), 'base64')
  const magic = 'openssh-key-v1\0'
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic || bytes.length < magic.length + 4) return false
  const length = bytes.readUInt32BE(magic.length)
  return bytes.subarray(magic.length + 4, magic.length + 4 + Math.min(length, 64)).toString('latin1') !== 'none'
}

/** What is wrong with a private key. Quotes nothing of it. */
export function privateKeyComplaint(text: string): Complaint | undefined {
  if (/^(ssh-|ecdsa-)\S+ [A-Za-z0-9+/]/.test(text)) return { problem: 'is the public half of a key', allowed }
  if (text.startsWith('PuTTY-User-Key-File'))
    return { problem: 'is a PuTTY key', allowed: 'export it as an OpenSSH key (PuTTYgen: Conversions)' }
  const found = /^-----BEGIN ((?:[A-Z]+ )*PRIVATE KEY)-----\n([\s\S]+)\n-----END \1-----$/.exec(text.trim())
  if (!found) {
    if (/-----BEGIN.*\\n/.test(text)) return { problem: 'has \\n written out instead of line breaks', allowed }
    if (!text.includes('\n') && text.includes('PRIVATE KEY')) return { problem: 'has lost its line breaks', allowed }
    if (text.includes('PRIVATE KEY')) return { problem: 'is cut, or has other text around it', allowed }
    return {
      problem: 'is no private key',
      allowed: text.includes('\n') ? allowed : `${allowed}; for a path use \`ssh-private-key-file\``,
    }
  }
  const [, kind = '', body = ''] = found
  // PKCS #8 is what openssl writes; ssh2 reads OpenSSH's own format and the older PEM ones only.
  if (kind === 'PRIVATE KEY') {
    return {
      problem: 'is in PKCS #8 format, which SSH does not use',
      allowed: 'an OpenSSH key: ssh-keygen -p -N "" -f KEYFILE converts it',
    }
  }
  const isEncrypted = kind.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/.test(body) || isOpensshEncrypted(body)
  return isEncrypted
    ? { problem: 'is protected by a passphrase', allowed: 'a key of its own without one: ssh-keygen -t ed25519 -N ""' }
    : undefined
}
