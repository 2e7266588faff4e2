import { createHash, createHmac } from 'node:crypto'

interface KnownHostsLine {
  readonly marker: '' | 'revoked' | 'cert-authority'
  readonly names: readonly string[]
  readonly type: string
  /** The key's wire form, base64. */
  readonly key: string
}

/** What is pinned for one host: the only keys that it may show. */
export interface HostKeyPins {
  /** From known_hosts lines that name the host. */
  readonly keys: readonly { readonly type: string; readonly key: string }[]
  readonly revoked: readonly string[]
  /** `SHA256:` without padding. */
  readonly fingerprints: readonly string[]
  /** What was odd about the pins themselves, for the message of a failure. */
  readonly notes: readonly string[]
}

/** Verdict on an offered key. */
export type HostKeyVerdict = 'accepted' | 'unknown' | 'mismatch' | 'revoked'

/** `SHA256:…` of a public key's wire form, as ssh-keygen prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** Type of a public key from its wire form (first string, RFC 4253 section 6.6), e.g. `ssh-ed25519`. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return 'unknown'
  const type = key.subarray(4, 4 + Math.min(key.readUInt32BE(0), 64)).toString('latin1')
  return /^[a-z0-9@.-]+$/i.test(type) ? type : 'unknown'
}

function parseLine(line: string): KnownHostsLine | undefined {
  const words = line.split(/[ \t]+/)
  const marker = words[0] === '@revoked' ? 'revoked' : words[0] === '@cert-authority' ? 'cert-authority' : ''
  if (marker === '' && words[0]?.startsWith('@')) return undefined
  const [names, type, key] = marker === '' ? words : words.slice(1)
  if (names === undefined || type === undefined || key === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(key))
    return undefined
  // The type stands twice, before the key and inside it; where they differ the line is broken or forged.
  if (keyType(Buffer.from(key, 'base64')) !== type) return undefined
  return { marker, names: names.split(','), type, key: Buffer.from(key, 'base64').toString('base64') }
}

function wildcardMatches(pattern: string, name: string): boolean {
  const expression = pattern
    .replace(/[\\^$+.()|{}[\]]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${expression}$`).test(name)
}

function nameMatches(pattern: string, name: string): boolean {
  if (!pattern.startsWith('|')) return wildcardMatches(pattern.toLowerCase(), name)
  const [, version, salt, hash] = pattern.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return false
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}

/** sshd(8), SSH_KNOWN_HOSTS FILE FORMAT: a negated pattern that matches excludes the whole line. */
function lineMatches(line: KnownHostsLine, name: string): boolean {
  if (line.names.some((pattern) => pattern.startsWith('!') && nameMatches(pattern.slice(1), name))) return false
  return line.names.some((pattern) => !pattern.startsWith('!') && nameMatches(pattern, name))
}

/**
 * Finds what known_hosts text and fingerprints pin for a host. As OpenSSH does, a host on another port than 22 is looked
 * for as `[host]:port` first, and by its plain name when no line has that.
 */
export function readPins(
  knownHosts: string,
  fingerprints: readonly string[],
  address: string,
  port: number,
): HostKeyPins {
  const notes: string[] = []
  const texts = knownHosts.split(/\r?\n/).map((line) => line.trim())
  const lines = texts.flatMap((text, index) => {
    if (text === '' || text.startsWith('#')) return []
    const line = parseLine(text)
    if (line === undefined) notes.push(`line ${index + 1} of known_hosts is not a host key line`)
    return line === undefined ? [] : [line]
  })
  const host = address.toLowerCase()
  const candidates = port === 22 ? [host, `[${host}]:22`] : [`[${host}]:${port}`, host]
  const matching = (name: string) => lines.filter((line) => lineMatches(line, name))
  const found = candidates.map(matching).find((lines) => lines.some((line) => line.marker === '')) ?? []
  const anyName = candidates.flatMap(matching)
  if (anyName.some((line) => line.marker === 'cert-authority')) {
    notes.push(
      'a @cert-authority line names this host: host certificates are not supported, pin a key of the host itself',
    )
  }
  if (lines.length > 0 && anyName.length === 0) notes.push(`no line of known_hosts names ${candidates[0]}`)
  const wanted = fingerprints.map((text) => text.trim().replace(/=+$/, '')).filter((text) => text !== '')
  for (const text of wanted) {
    if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(text))
      notes.push(`${JSON.stringify(text.slice(0, 80))} is not a fingerprint: SHA256: and 43 characters`)
  }
  return {
    keys: found.filter((line) => line.marker === '').map(({ type, key }) => ({ type, key })),
    revoked: anyName.filter((line) => line.marker === 'revoked').map(({ key }) => key),
    fingerprints: wanted,
    notes,
  }
}

/** Whether a host may show this key. There is no verdict in between: not pinned means not connected. */
export function judgeHostKey(pins: HostKeyPins, key: Buffer): HostKeyVerdict {
  const encoded = key.toString('base64')
  if (pins.revoked.includes(encoded)) return 'revoked'
  if (pins.keys.some((pin) => pin.key === encoded) || pins.fingerprints.includes(fingerprint(key))) return 'accepted'
  return pins.keys.length === 0 && pins.fingerprints.length === 0 ? 'unknown' : 'mismatch'
}

const algorithms: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  // An RSA key signs with SHA-2; the old SHA-1 signature of the same name is not offered.
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
}
const preference = Object.keys(algorithms)

/**
 * Host key algorithms to offer. With known_hosts lines alone only their types are offered, so that a host with several
 * keys shows a pinned one. A fingerprint does not tell its type: all are offered, and after a mismatch those that the
 * host has not `shown` yet. Empty: nothing is left to try.
 */
export function hostKeyAlgorithms(pins: HostKeyPins, shown: readonly string[]): readonly string[] {
  const pinned = preference.filter((type) => pins.keys.some((pin) => pin.type === type))
  const types = pins.fingerprints.length > 0 || pinned.length === 0 ? preference : pinned
  return types.filter((type) => !shown.includes(type)).flatMap((type) => algorithms[type] ?? [])
}
