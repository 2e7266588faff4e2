import { invisibleCharacter } from './grammar.ts'
import type { Complaint } from './problem.ts'

/** A complaint about one line of a text; lines count from 1. */
export interface LineComplaint extends Complaint {
  readonly line: number
  readonly text: string
}

const form = 'names, key type and base64 key as `ssh-keyscan HOST` prints them, e.g. 192.168.2.80 ssh-ed25519 AAAA…'
const keyTypes = ['ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521']
const knownType = /^(ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]+$/

/** The type that stands inside a public key (first string of its wire form, RFC 4253 section 6.6). */
function typeInside(key: Buffer): string {
  if (key.length < 4) return ''
  return key.subarray(4, 4 + Math.min(key.readUInt32BE(0), 64)).toString('latin1')
}

function complainAboutLine(words: readonly string[]): Complaint | undefined {
  const [first = ''] = words
  const character = words.map(invisibleCharacter).find((found) => found !== undefined)
  if (character) return { problem: `contains the invisible character ${character}`, allowed: form }
  if (first.startsWith('SHA256:') || first.startsWith('MD5:')) {
    return { problem: 'is a fingerprint', allowed: 'give it as `host-key-fingerprint`' }
  }
  if (first.startsWith('@') && !['@revoked', '@cert-authority'].includes(first)) {
    return { problem: `has the unknown marker ${first.slice(0, 40)}`, allowed: form }
  }
  if (knownType.test(first)) return { problem: 'is a public key without the name of its host', allowed: form }
  const [, type = '', key = ''] = first.startsWith('@') ? words.slice(1) : words
  if (!knownType.test(type)) return { problem: 'has no key type in its second place', allowed: form }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return { problem: 'has no base64 key in its third place', allowed: form }
  const inside = typeInside(Buffer.from(key, 'base64'))
  if (inside !== type)
    return { problem: `says ${type} before the key, but the key inside is another; it is cut or forged`, allowed: form }
  if (!keyTypes.includes(type))
    return { problem: `has a key of type ${type}`, allowed: `one of ${keyTypes.join(', ')}` }
  return undefined
}

/** Every line of known_hosts text that is neither a key, a comment nor empty (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export function knownHostsComplaints(text: string): readonly LineComplaint[] {
  const lines = text.split(/\r\n|[\n\r]/).map((line) => line.trim())
  const complaints = lines.flatMap((line, index): LineComplaint[] => {
    if (line === '' || line.startsWith('#')) return []
    const complaint = complainAboutLine(line.split(/[ \t]+/))
    return complaint ? [{ ...complaint, line: index + 1, text: line }] : []
  })
  if (complaints.length > 0) return complaints
  const hasKey = lines.some((line) => line !== '' && !/^(#|@)/.test(line))
  return hasKey ? [] : [{ line: 1, text: lines[0] ?? '', problem: 'pins no key', allowed: form }]
}

/** `SHA256:` and 43 characters, as `ssh-keygen -lf` prints it. */
export function fingerprintComplaint(text: string): Complaint | undefined {
  if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text)) return undefined
  const allowed =
    'SHA256: and 43 characters, as `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints them on the console of the host'
  if (/^[A-Za-z0-9+/]{43}=?$/.test(text)) return { problem: 'lacks its beginning', allowed, nearest: `SHA256:${text}` }
  if (/^(MD5:)?([0-9a-f]{2}:){15}[0-9a-f]{2}$/i.test(text)) return { problem: 'is an MD5 fingerprint', allowed }
  return { problem: 'is no fingerprint', allowed }
}
