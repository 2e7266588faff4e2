import { type Complaint, printable, quote, withNearest } from '../cluster-file/index.ts'
import { isObject, misunderstood, parseJson } from './answers.ts'
import { type Asking, ask } from './ask.ts'
import { addressAt } from './backend.ts'
import { EscError } from './errors.ts'
import type { ExchangeRequest, TokenType } from './model.ts'
import { exchangeRefusal } from './oidc-refusals.ts'

const scopePrefix: Readonly<Record<TokenType, string>> = {
  personal: 'user:',
  organization: '',
  team: 'team:',
  runner: 'runner:',
}

/** The scope that an exchange asks for: as given, or what follows from the organization. */
export function scopeOf(tokenType: TokenType, given: string, organization: string): string | Complaint {
  const scope = given.trim()
  const prefix = scopePrefix[tokenType]
  const allowed =
    prefix === '' ? 'nothing: a token of the organization has no scope' : `${prefix}NAME for a ${tokenType} token`
  const complaint = printable(scope)
  if (complaint || scope.length > 200) return complaint ?? { problem: 'is longer than 200 characters', allowed }
  // What an organization's tokens were asked for formerly, and still may be.
  if (prefix === '')
    return scope === '' || scope === 'admin' ? scope : { problem: `is not for ${tokenType} tokens`, allowed }
  // An individual account is an organization of the same name.
  if (scope === '' && tokenType === 'personal') return `${prefix}${organization}`
  if (scope === '') return { problem: `is missing: a ${tokenType} token is always somebody’s`, allowed }
  const name = scope.startsWith(prefix) ? scope.slice(prefix.length) : ''
  if (name.trim() !== '') return scope
  const bare = scope.replace(/^[a-z]+:/, '')
  return {
    problem: `${quote(scope)} is not of the form ${prefix}NAME`,
    allowed,
    ...withNearest(bare === '' ? undefined : `${prefix}${bare}`),
  }
}

/** The audience of the ID token that Pulumi accepts for an organization. */
export function audienceOf(organization: string): string {
  return `urn:pulumi:org:${organization}`
}

const exchangeTimeoutMs = 20_000
/** 500 as well: jobs of a matrix that exchange at once meet it (pulumi/auth-actions#34), and asking again makes one more token that ends by itself. */
const retriedExchanges = [500, 502, 503, 504]

/**
 * GitHub's ID token → a Pulumi access token (RFC 8693, as Pulumi's "OpenID Connect client" page has it). One request. The token is not
 * exported anywhere. Rejects with EscError `oidc-rejected` (claims and hints in it), `oidc-failed`, `esc-rate-limited` or
 * `esc-unreachable`, or with the signal's reason.
 */
export async function exchangeIdToken(
  request: ExchangeRequest,
  access: Asking & { readonly backendUrl: string },
  signal: AbortSignal,
): Promise<{ readonly accessToken: string; readonly expiresInSeconds: number }> {
  const url = addressAt(access.backendUrl, '/api/oauth/token')
  const name = 'POST /api/oauth/token'
  const wanted = `urn:pulumi:token-type:access_token:${request.tokenType}`
  const body = {
    audience: audienceOf(request.organization),
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    requested_token_type: wanted,
    subject_token: request.idToken,
    ...(request.scope === '' ? {} : { scope: request.scope }),
    expiration: Math.max(1, Math.floor(request.expirationSeconds)),
  }
  const answer = await ask(
    {
      method: 'POST',
      url,
      name,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'User-Agent': 'k3s-gpu-actions' },
      body: JSON.stringify(body),
      timeoutMs: exchangeTimeoutMs,
      retriedStatuses: retriedExchanges,
      isLimitRetried: false,
    },
    access,
    signal,
  )
  if (answer.status !== 200)
    throw exchangeRefusal(answer, request, { address: url, name, nowMs: (access.now ?? Date.now)() })
  const token = parseJson(answer.body)
  const accessToken = isObject(token) ? token.access_token : undefined
  // It becomes a header.
  if (!isObject(token) || typeof accessToken !== 'string' || !/^[\x21-\x7e]{8,4096}$/.test(accessToken))
    throw noToken(name)
  if (typeof token.issued_token_type === 'string' && token.issued_token_type !== wanted)
    access.onEvent(`Pulumi gave another kind of token than the ${request.tokenType} one that was asked for`)
  const seconds = Number(token.expires_in)
  return { accessToken, expiresInSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : body.expiration }
}

function noToken(name: string): EscError {
  const { title: _title, cause, remedy, evidence } = misunderstood(name, 'HTTP 200 without an access token')
  return new EscError('oidc-failed', {
    title: 'the exchange of the ID token brought no access token',
    cause,
    remedy,
    evidence,
  })
}
