import { isForeign, messageOf } from './answers.ts'
import { requestId } from './ask.ts'
import { hostOf } from './backend.ts'
import { claimsOf, isImmutableSubject } from './claims.ts'
import { EscError, withoutSecrets } from './errors.ts'
import type { ExchangeRequest, HttpAnswer, TokenType } from './model.ts'
import { patienceAsked } from './refusals.ts'

/** Which kinds of token an account has (Pulumi's "OpenID Connect client" page). */
const editions: Readonly<Record<TokenType, string>> = {
  personal: 'personal tokens exist in every edition; the scope is user:LOGIN of a member of the organization',
  organization: 'tokens of an organization need the Team edition: an individual account has token-type personal only',
  team: 'tokens of a team need the Enterprise edition; an individual account has token-type personal only',
  runner: 'tokens of a runner need the Enterprise edition; an individual account has token-type personal only',
}

/** What an exchange was refused for, with everything that a trust policy is compared with. */
export function exchangeRefusal(
  given: HttpAnswer,
  request: ExchangeRequest,
  asked: { readonly address: string; readonly name: string; readonly nowMs: number },
): EscError {
  const answer = { ...given, body: withoutSecrets(given.body, [request.idToken]) }
  const said = messageOf(answer)
  const claims = claimsOf(request.idToken)
  const details = {
    status: answer.status,
    evidence: [
      `${asked.name}: HTTP ${answer.status}${said === '' ? '' : `, ${said}`}`,
      requestId(answer),
      `asked for a ${request.tokenType} token of ${request.organization}${request.scope === '' ? '' : `, scope ${request.scope}`}`,
      ...Object.entries(claims).map(([name, value]) => `claim ${name}: ${value}`),
    ].filter((line) => line !== ''),
  }
  if (answer.status === 429)
    return new EscError('esc-rate-limited', {
      title: 'Pulumi’s limit of requests is used up',
      cause: `${hostOf(asked.address)} ${patienceAsked(answer, asked.nowMs)}`,
      remedy: 'run it again later; let the jobs of a matrix start one after the other (max-parallel)',
      ...details,
    })
  const isRejected = answer.status >= 400 && answer.status < 500 && !isForeign(answer)
  if (!isRejected) return failed(answer, asked.address, details)
  return new EscError('oidc-rejected', {
    title: `Pulumi gave no ${request.tokenType} token for GitHub’s ID token`,
    cause: causeOf(said, request),
    remedy: remedyOf(request, claims),
    ...details,
  })
}

function failed(answer: HttpAnswer, address: string, details: { readonly evidence: readonly string[] }): EscError {
  const isRedirect = answer.status >= 300 && answer.status < 400
  const to = answer.headers.location ?? ''
  return new EscError('oidc-failed', {
    title: 'GitHub’s ID token could not be exchanged for a Pulumi access token',
    cause: isRedirect
      ? `${hostOf(address)} redirects to ${to === '' ? 'nowhere' : hostOf(to)}, which is not followed: the ID token would be sent there`
      : answer.status >= 500
        ? 'Pulumi, or a proxy in front of it, has a problem of its own'
        : `what answers at ${hostOf(address)} is not the Pulumi API`,
    remedy:
      answer.status >= 500
        ? 'look at status.pulumi.com, then run it again; its support asks for the request id'
        : 'check backend-url (the API, not the console) and HTTPS_PROXY of the runner',
    ...details,
  })
}

function causeOf(said: string, request: ExchangeRequest): string {
  if (/\bexpired\b/i.test(said))
    return 'GitHub’s ID token has expired before it was exchanged: it lives minutes, or the clocks differ'
  if (/\baudience\b|\baud\b/i.test(said))
    return `the issuer at Pulumi does not accept the audience urn:pulumi:org:${request.organization}`
  if (/\binvalid_scope\b|\bscope\b/i.test(said)) return `the scope does not fit: ${editions[request.tokenType]}`
  if (/\btoken[ _-]?type\b|\bedition\b|\bplan\b|\bnot (available|enabled|supported)\b/i.test(said))
    return editions[request.tokenType]
  return 'the organization has not registered GitHub as an OIDC issuer, or none of its policies allows this token for these claims: a new issuer denies everything'
}

function remedyOf(request: ExchangeRequest, claims: Readonly<Record<string, string>>): string {
  const hints = [
    `in Pulumi, ${request.organization} → Settings → Access Management → OIDC Issuers → ${claims.iss ?? 'https://token.actions.githubusercontent.com'}: an allow policy for a ${request.tokenType} token${request.scope === '' ? '' : ` of ${request.scope}`}, whose every rule fits a claim in the evidence`,
  ]
  const { sub = '', environment, repository = '' } = claims
  if (isImmutableSubject(sub))
    hints.push(
      'sub has the immutable form with ids (repositories since July 2026): a rule such as repo:OWNER/REPO:* never fits it; compare repository_id and repository_owner_id instead',
    )
  if (environment !== undefined && /:environment:/.test(sub))
    hints.push('the job has an environment, so sub ends in it and no longer names the branch')
  if (environment === undefined)
    hints.push('the job has no environment: a rule for the claim environment never fits it')
  if (repository.includes('.')) hints.push('a dot in a rule stands for any one character')
  hints.push(editions[request.tokenType])
  return hints.join('; ')
}
