import { createHash } from 'node:crypto'
import { quote } from '../cluster-file/index.ts'
import { certificatesOf } from './certificates.ts'
import type { SelectedKubeconfig, Validity } from './model.ts'

/** What ends, and when. Times in epoch milliseconds. */
export interface Period {
  readonly kind: 'client certificate' | 'token'
  readonly notBeforeMs?: number
  readonly expiresAtMs?: number
}

/** NumericDate of RFC 7519: seconds. What is no time a date can hold says nothing. */
function timeOf(seconds: unknown): number | undefined {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0 || seconds > 8.64e12) return undefined
  return Math.round(seconds * 1000)
}

/** The dates in a token that is a JWT, as those of service accounts and OIDC are; not verified: the server does that. Undefined: it is none. */
export function tokenPeriod(token: string): Period | undefined {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token)?.[1]
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof claims !== 'object' || claims === null) return undefined
    const { exp, nbf } = claims as { exp?: unknown; nbf?: unknown }
    const [expiresAtMs, notBeforeMs] = [timeOf(exp), timeOf(nbf)]
    return {
      kind: 'token',
      ...(expiresAtMs !== undefined && { expiresAtMs }),
      ...(notBeforeMs !== undefined && { notBeforeMs }),
    }
  } catch {
    return undefined
  }
}

/** Every credential that has dates. A user may have a certificate and a token. */
export function periodsOf(selected: SelectedKubeconfig): readonly Period[] {
  const { credentials } = selected
  const periods: Period[] = []
  if (credentials.kind === 'client-certificate') {
    const [leaf] = certificatesOf(credentials.certificatePem, 'client-certificate-data', `user ${quote(selected.user)}`)
    periods.push({
      kind: 'client certificate',
      notBeforeMs: leaf.validFromDate.getTime(),
      expiresAtMs: leaf.validToDate.getTime(),
    })
  }
  const alone = JSON.parse(selected.json) as { users: [{ user: { token?: string } }] }
  const token = tokenPeriod(alone.users[0].user.token ?? '')
  return token === undefined ? periods : [...periods, token]
}

/**
 * What the certificates and the token say of themselves; nobody is asked. Of two credentials the narrower dates count.
 * `caExpiresAtMs`: when the last certificate of the authority's bundle ends. Pure.
 */
export function validityOf(selected: SelectedKubeconfig): Validity {
  const authorities = certificatesOf(selected.caPem, 'certificate-authority-data', `cluster ${quote(selected.cluster)}`)
  const periods = periodsOf(selected)
  const ends = periods.flatMap(({ expiresAtMs }) => expiresAtMs ?? [])
  const begins = periods.flatMap(({ notBeforeMs }) => notBeforeMs ?? [])
  return {
    caSha256: createHash('sha256').update(authorities[0].raw).digest('hex'),
    caExpiresAtMs: Math.max(...authorities.map((one) => one.validToDate.getTime())),
    ...(ends.length > 0 && { expiresAtMs: Math.min(...ends) }),
    ...(begins.length > 0 && { notBeforeMs: Math.max(...begins) }),
  }
}
