/** `POST /api/oauth/token`: an ID token of GitHub for an access token of Pulumi (pulumi/actions-helpers, oauth2.ts; RFC 8693). */
import { answers } from './answers.ts'
import type { Answer, Holder, Organization, TokenType } from './model.ts'
import { hasTokenType, isAllowed } from './trust.ts'

/** What the world knows for an exchange. */
export interface Exchange {
  organization(name: string): Organization | undefined
  /** Claims of a token that the issuer has signed for the audience and that is valid now. @throws Error with the reason otherwise */
  verify(idToken: string, audience: string): Promise<Readonly<Record<string, unknown>>>
  /** A new access token. */
  issue(holder: Holder, lifetimeSeconds: number): string
}

const prefix = 'urn:pulumi:token-type:access_token:'
const types: readonly string[] = ['personal', 'organization', 'team', 'runner']
/** Two hours unless something else is asked for; an issuer allows at most 25. */
const defaultSeconds = 7200
const longestSeconds = 25 * 3600

const invalid = (description: string): Answer => answers.oauth(400, 'invalid_request', description)

/** The fields of a request, from JSON or from a form. */
export function fieldsOf(contentType: string, body: string): Readonly<Record<string, string>> | undefined {
  if (contentType.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body))
  try {
    const parsed = JSON.parse(body) as Record<string, unknown>
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]))
  } catch {
    return undefined
  }
}

/** Who the token would be for; a text says what is wrong with the scope. */
function nameOf(tokenType: TokenType, scope: string): { readonly name: string } | string {
  // `admin` was the scope of an organization's token once, and is still taken.
  if (tokenType === 'organization') return scope === '' || scope === 'admin' ? { name: '' } : `invalid scope: ${scope}`
  const word = { personal: 'user', team: 'team', runner: 'runner' }[tokenType]
  const name = scope.startsWith(`${word}:`) ? scope.slice(word.length + 1) : ''
  return name === '' ? `invalid scope: a ${tokenType} token needs ${word}:NAME` : { name }
}

export async function exchange(fields: Readonly<Record<string, string>>, world: Exchange): Promise<Answer> {
  const { audience = '', subject_token: subject = '', requested_token_type: requested = '', scope = '' } = fields
  if (fields.grant_type !== 'urn:ietf:params:oauth:grant-type:token-exchange')
    return answers.oauth(400, 'unsupported_grant_type', 'unsupported grant type')
  if (fields.subject_token_type !== 'urn:ietf:params:oauth:token-type:id_token')
    return invalid('unsupported subject token type')
  const tokenType = requested.startsWith(prefix) ? requested.slice(prefix.length) : ''
  if (!types.includes(tokenType)) return invalid('unsupported requested token type')
  const type = tokenType as TokenType
  const seconds = fields.expiration === undefined ? defaultSeconds : Number(fields.expiration)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestSeconds) return invalid('invalid expiration')
  const organization = world.organization(/^urn:pulumi:org:(.+)$/.exec(audience)?.[1] ?? '')
  if (organization === undefined) return invalid('invalid audience')
  let claims: Readonly<Record<string, unknown>>
  try {
    claims = await world.verify(subject, audience)
  } catch (error) {
    return answers.oauth(401, 'invalid_grant', `invalid subject token: ${(error as Error).message}`)
  }
  if (!hasTokenType(organization.edition, type))
    return answers.oauth(403, 'access_denied', `${type} tokens are not available in the edition of this organization`)
  const named = nameOf(type, scope)
  if (typeof named === 'string') return answers.oauth(400, 'invalid_scope', named)
  const isKnown = type !== 'personal' || organization.members.includes(named.name)
  if (!isKnown || !isAllowed(organization.policies, type, named.name, claims))
    return answers.oauth(401, 'access_denied', 'no authorization policy of the issuer allows this token')
  return answers.ok({
    access_token: world.issue({ organization: organization.name, tokenType: type, name: named.name }, seconds),
    issued_token_type: requested,
    token_type: 'token',
    expires_in: seconds,
    scope,
  })
}
