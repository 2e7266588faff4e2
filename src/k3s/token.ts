import type { TokenKind } from './model.ts'

export { caHash, certificatesOf, isSameAuthority } from './ca-hash.ts'

/** A token taken apart. `credential` is secret. */
export interface ParsedToken {
  readonly kind: TokenKind
  /** 64 hexadecimal digits; undefined: the token does not pin the server's CA. */
  readonly caHash?: string
  /** The password, or `<id>.<secret>` of a bootstrap token; empty for kind `none`. */
  readonly credential: string
}

const bootstrap = /^[a-z0-9]{6}\.[a-z0-9]{16}$/

function withHash(hash: string): { caHash?: string } {
  return hash === '' ? {} : { caHash: hash }
}

/**
 * Reads any token that k3s accepts (pkg/clientaccess/token.go, parseToken): `K10<hash>::<user>:<password>`,
 * `K10<hash>::<id>.<secret>`, a bare bootstrap token, or a bare password. Never throws: what has no known form is `short`.
 */
export function parseToken(text: string): ParsedToken {
  const token = text.trim()
  if (token === '') return { kind: 'none', credential: '' }
  if (bootstrap.test(token)) return { kind: 'bootstrap', credential: token }
  const full = /^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(token)
  if (full === null) return { kind: 'short', credential: token }
  const [, hash = '', credentials = ''] = full
  if (bootstrap.test(credentials)) return { kind: 'bootstrap', credential: credentials, ...withHash(hash) }
  const colon = credentials.indexOf(':')
  const user = credentials.slice(0, Math.max(colon, 0))
  const password = credentials.slice(colon + 1)
  if (colon < 0 || password === '') return { kind: 'short', credential: token }
  const kind = user === 'server' ? 'server' : user === 'node' ? 'agent' : 'short'
  return { kind, credential: password, ...withHash(hash) }
}

/** `K10<caHash>::<id>.<secret>`: joins agents, pins the CA, ends when its Secret does. Throws RangeError on a malformed part. */
export function formatBootstrapToken(hash: string, id: string, secret: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new RangeError('a CA hash has 64 lower-case hexadecimal digits')
  if (!bootstrap.test(`${id}.${secret}`)) throw new RangeError('a bootstrap token is 6 and 16 characters [a-z0-9]')
  return `K10${hash}::${id}.${secret}`
}

/**
 * The Authorization header with which an agent shows a token: Bearer for a bootstrap token, else Basic as user `node`.
 * k3s does so in pkg/clientaccess/token.go (get); a bootstrap token shown as a Basic password would be looked up among passwords.
 */
export function authorizationFor(token: ParsedToken): string {
  return token.kind === 'bootstrap'
    ? `Bearer ${token.credential}`
    : `Basic ${Buffer.from(`node:${token.credential}`).toString('base64')}`
}
