import { timingSafeEqual } from 'node:crypto'
import type { ObjectStore } from '../contract.ts'

/** Bootstrap tokens as the API server's authenticator sees them (k8s.io/cluster-bootstrap, bootstrap token authenticator). */
export interface BootstrapTokens {
  /** With the API server's cache: a token that was accepted stays accepted for a while, also when it was deleted. */
  authenticate(token: string): readonly string[] | undefined
  /** Without the cache: what a server says that has not seen the token before. */
  authenticateAfresh(token: string): readonly string[] | undefined
  /** Empties the cache, as time does. */
  forget(): void
}

export interface BootstrapTokenOptions {
  readonly objects: ObjectStore
  readonly nowMs: () => number
  /** How long a success is remembered. Seen on a real API server: about 10 s after the Secret was deleted. */
  readonly cacheMs: number
  /** Tokens are created without complaint and never accepted, as with a wrong type or a bad field. */
  readonly neverAccepts: () => boolean
}

const groupPattern = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

/** Both functions return the groups of the token's user `system:bootstrap:<id>`, or undefined. */
export function readBootstrapTokens(options: BootstrapTokenOptions): BootstrapTokens {
  const accepted = new Map<string, { readonly groups: readonly string[]; readonly untilMs: number }>()

  const authenticateAfresh = (token: string): readonly string[] | undefined => {
    const match = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token)
    if (!match || options.neverAccepts()) return undefined
    const [, id = '', secret = ''] = match
    const object = options.objects.get(`secrets/kube-system/bootstrap-token-${id}`)
    if (object === undefined || object.type !== 'bootstrap.kubernetes.io/token') return undefined
    if ((object.metadata as Record<string, unknown>).deletionTimestamp !== undefined) return undefined
    const data = (object.data ?? {}) as Readonly<Record<string, string>>
    const field = (name: string) => Buffer.from(data[name] ?? '', 'base64').toString('utf8')
    if (!isSame(field('token-secret'), secret) || field('token-id') !== id) return undefined
    const expiration = field('expiration')
    // A time that cannot be read counts as past; an absent one never comes.
    if (expiration !== '' && !(parseRfc3339(expiration) > options.nowMs())) return undefined
    if (field('usage-bootstrap-authentication') !== 'true') return undefined
    const extra = field('auth-extra-groups')
    const groups = extra === '' ? [] : extra.split(',')
    return groups.every((group) => groupPattern.test(group))
      ? ['system:authenticated', 'system:bootstrappers', ...groups]
      : undefined
  }

  return {
    authenticateAfresh,
    forget: () => accepted.clear(),
    authenticate(token) {
      const nowMs = options.nowMs()
      const remembered = accepted.get(token)
      if (remembered && remembered.untilMs > nowMs) return remembered.groups
      const groups = authenticateAfresh(token)
      // Only successes are remembered, and a repeated success does not prolong the time: k8s.io/apiserver, token/cache.
      if (groups) accepted.set(token, { groups, untilMs: nowMs + options.cacheMs })
      else accepted.delete(token)
      return groups
    },
  }
}

/** Go's RFC 3339: offset or Z required, fractions allowed. NaN otherwise. */
function parseRfc3339(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
