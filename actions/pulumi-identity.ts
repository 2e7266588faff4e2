import { type Problem, quote } from '../src/cluster-file/index.ts'
import { audienceOf, complainAboutBackend, exchangeIdToken, scopeOf, type TokenType } from '../src/esc/index.ts'
import { formatDuration } from '../src/report/index.ts'
import type { InputSpecification } from './input-specification.ts'
import type { Run } from './run.ts'

/** Who is spoken for at Pulumi: whoever has a token, or this job by GitHub's ID token. */
export type PulumiIdentity =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'oidc'
      readonly tokenType: TokenType
      readonly scope: string
      readonly expirationSeconds: number
    }

/** The inputs that say it, in every action that speaks to Pulumi. How long a token lives is for each to say. */
export const identityInputs = {
  'access-token': {
    type: 'string',
    secret: true,
    description:
      "Pulumi access token from a secret. Default: GitHub's ID token is exchanged for one (OIDC), and no secret is needed.",
  },
  'token-type': {
    type: 'enum',
    choices: ['personal', 'organization', 'team', 'runner'],
    default: 'personal',
    description:
      'Kind of Pulumi token that the exchange asks for. Individual accounts have personal ones only; organization needs the Team edition, team and runner the Enterprise edition.',
  },
  scope: {
    type: 'string',
    description:
      'Whose token: user:LOGIN, team:NAME or runner:NAME. Default: user:<organization> for a personal token, nothing for one of the organization.',
  },
  'backend-url': {
    type: 'string',
    default: 'https://api.pulumi.com',
    description: 'Address of the Pulumi API, with its port and path where it is self-hosted.',
  },
} as const satisfies InputSpecification

/** Their values. */
interface IdentityValues {
  readonly 'access-token'?: string | undefined
  readonly 'token-type': TokenType
  readonly scope?: string | undefined
  readonly expiration?: number | undefined
  readonly 'backend-url'?: string | undefined
}

interface Findings {
  readonly problems: Problem[]
  note(name: string, value: string, source: string): void
}

/** Undefined: a problem says why. */
export function identityOf(
  values: IdentityValues,
  organization: string,
  findings: Findings,
): PulumiIdentity | undefined {
  const token = values['access-token']
  if (token !== undefined) {
    findings.note('identity', 'a Pulumi access token', 'input')
    return { kind: 'token', token }
  }
  const tokenType = values['token-type']
  const scope = scopeOf(tokenType, values.scope ?? '', organization)
  if (typeof scope !== 'string') {
    findings.problems.push({
      input: 'scope',
      ...(values.scope === undefined ? {} : { value: quote(values.scope) }),
      ...scope,
    })
    return undefined
  }
  findings.note('identity', `GitHub's ID token, for a ${tokenType} token${scope === '' ? '' : `, ${scope}`}`, 'default')
  return { kind: 'oidc', tokenType, scope, expirationSeconds: Math.floor((values.expiration ?? 900_000) / 1000) }
}

/** Address of the Pulumi API, without a slash at its end. */
export function backendOf(values: IdentityValues, { problems }: Findings): string {
  const backendUrl = values['backend-url'] ?? 'https://api.pulumi.com'
  const complaint = complainAboutBackend(backendUrl)
  if (complaint) problems.push({ input: 'backend-url', value: quote(backendUrl), ...complaint })
  return backendUrl.replace(/\/+$/, '')
}

/** The token itself: as it was given, or GitHub's ID token exchanged for one, which is masked. It is exported nowhere. */
export async function accessTokenOf(
  run: Run,
  identity: PulumiIdentity,
  where: { readonly organization: string; readonly backendUrl: string },
  signal: AbortSignal,
): Promise<string> {
  if (identity.kind === 'token') return identity.token
  const { runner } = run
  return await run.stage('Exchange GitHub’s ID token', async (say) => {
    const idToken = await runner.idToken(audienceOf(where.organization))
    const { tokenType, scope, expirationSeconds } = identity
    const { accessToken, expiresInSeconds } = await exchangeIdToken(
      { organization: where.organization, tokenType, scope, expirationSeconds, idToken },
      { backendUrl: where.backendUrl, http: runner.http, onEvent: (text) => say(`  ${text}`) },
      signal,
    )
    runner.mask(accessToken)
    say(`  ${tokenType} token${scope === '' ? '' : ` for ${scope}`}, ${formatDuration(expiresInSeconds * 1000)}`)
    return accessToken
  })
}
