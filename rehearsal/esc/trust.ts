/** Whether the policies of an OIDC issuer give a token, as Pulumi's pages on OIDC issuers describe it. Pure. */
import type { AuthPolicy, Edition, TokenType } from './model.ts'

/** Individual accounts have personal tokens only, the Team edition has those of the organization, too. */
const tokenTypes: Readonly<Record<Edition, readonly TokenType[]>> = {
  individual: ['personal'],
  team: ['personal', 'organization'],
  enterprise: ['personal', 'organization', 'team', 'runner'],
}

export function hasTokenType(edition: Edition, tokenType: TokenType): boolean {
  return tokenTypes[edition].includes(tokenType)
}

/** `*` is any text, `?` and `.` are any one character: a dot in the name of a repository matches more than itself. */
function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[\\^$+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${expression}$`, 's').test(text)
}

function isFor(policy: AuthPolicy, tokenType: TokenType, name: string): boolean {
  if (policy.tokenType !== tokenType) return false
  const wanted = { personal: policy.userLogin, team: policy.teamName, runner: policy.runnerID, organization: '' }
  return wanted[tokenType] === name
}

/** @param name login, team or runner that the token is for; empty for the organization */
export function isAllowed(
  policies: readonly AuthPolicy[],
  tokenType: TokenType,
  name: string,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  const met = policies.filter(
    (policy) =>
      isFor(policy, tokenType, name) &&
      Object.entries(policy.rules).every(
        ([claim, pattern]) => claims[claim] !== undefined && matches(pattern, String(claims[claim])),
      ),
  )
  // A denial beats every permission, and what nobody allows is denied.
  return met.length > 0 && met.every(({ decision }) => decision === 'allow')
}
