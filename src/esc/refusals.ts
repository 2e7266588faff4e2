import { type Diagnostic, describeDiagnostics, diagnosticsOf, isForeign, messageOf, parseJson } from './answers.ts'
import { requestId, retryAfterMs } from './ask.ts'
import { hostOf } from './backend.ts'
import { EscError, quoteRemote, withoutSecrets } from './errors.ts'
import type { EnvironmentReference, HttpAnswer } from './model.ts'
import { formatReference } from './reference.ts'

/** What was asked, for the error. */
export interface Asked {
  /** Names the request without its secrets. */
  readonly request: string
  readonly address: string
  readonly reference: EnvironmentReference
  readonly accessToken: string
  /** Session ids and the like, which must not be repeated. */
  readonly secrets: readonly string[]
  readonly nowMs: number
}

/** Pulumi hides a missing permission in the diagnostics of a 400 with `code: 0` (pulumi/pulumi#15484). Its words, not those of a cloud provider that an environment asks. */
const permission =
  /\byou do not have permission\b|\b(do|does) not have (the )?(required )?permissions?\b|\bnot authorized to (open|access|read) (this|the) environment\b/i
/** An environment that is opened on approval only; the words of Pulumi's documentation of Open approvals. */
const gated =
  /\bopen[ -](request|approval|gate)s?\b|\baccess grants?\b|\bgated\b|\brequires? (an? )?approval\b|\bapprovals? (is|are) (required|needed)\b/i

/** The answer of a refused question → what a person does about it. */
export function refusal(given: HttpAnswer, asked: Asked): EscError {
  // Before anything is cut: a part of a secret is one, too.
  const answer = { ...given, body: withoutSecrets(given.body, asked.secrets) }
  const diagnostics = diagnosticsOf(parseJson(answer.body))
  const said = messageOf(answer)
  const evidence = [
    `${asked.request}: HTTP ${answer.status}${said === '' ? '' : `, ${said}`}`,
    ...describeDiagnostics(diagnostics),
    requestId(answer),
  ].filter((line) => line !== '')
  const details = { evidence, status: answer.status }
  const words = [said, ...diagnostics.filter((one) => one.isError).map((one) => one.summary)].join('\n')
  if (answer.status >= 300 && answer.status < 400) return redirected(answer, asked, details)
  if (isForeign(answer) && answer.status < 500 && answer.status !== 429) return foreign(asked, details)
  if (answer.status === 401) return unauthorised(asked, details)
  if (answer.status < 500 && answer.status !== 429 && gated.test(words)) return gatedEnvironment(asked, details)
  if (answer.status === 403 || (answer.status === 400 && permission.test(words)))
    return noPermission(asked, diagnostics, details)
  if (answer.status === 404) return notFound(asked, details)
  if (answer.status === 429) return limited(answer, asked, details)
  if (answer.status === 400 && diagnostics.length > 0) return invalid(asked, details)
  return failed(answer, asked, details)
}

interface Details {
  readonly evidence: readonly string[]
  readonly status: number
}

function redirected(answer: HttpAnswer, asked: Asked, details: Details): EscError {
  const to = answer.headers.location ?? ''
  return new EscError('esc-failed', {
    title: `${hostOf(asked.address)} redirects to another address, and that is not followed`,
    cause: `it leads to ${to === '' ? 'nowhere' : hostOf(to)}: the access token would be sent there`,
    remedy: 'give the final address of the API as backend-url, e.g. https://api.pulumi.com',
    ...details,
  })
}

function foreign(asked: Asked, details: Details): EscError {
  return new EscError('esc-failed', {
    title: `what answers at ${hostOf(asked.address)} is not the Pulumi API`,
    cause: 'its answer is no JSON: backend-url leads to another service, or a proxy answers in its place',
    remedy: 'check backend-url (the API, not the console) and HTTPS_PROXY of the runner',
    ...details,
  })
}

function unauthorised(asked: Asked, details: Details): EscError {
  const looksForeign = !asked.accessToken.startsWith('pul-')
  return new EscError('esc-unauthorised', {
    title: `Pulumi at ${hostOf(asked.address)} does not accept the access token`,
    cause: looksForeign
      ? 'it does not begin with pul-, as Pulumi’s access tokens do, or it has expired or belongs to another backend'
      : 'it has expired, was revoked, or belongs to another backend',
    remedy:
      'create a new token in Pulumi and store it as the secret, or leave access-token out and let GitHub’s ID token be exchanged',
    ...details,
  })
}

function gatedEnvironment(asked: Asked, details: Details): EscError {
  const { version: _version, ...latest } = asked.reference
  const name = formatReference(latest)
  return new EscError('esc-gated', {
    title: `the environment ${name} is opened on approval only`,
    cause: 'it has an Open approval rule, and there is no grant for this token that is still valid',
    remedy: `esc env open-request ${name} with the same identity (or POST …/open/request), have it approved, then run it again; a grant for the whole run is access-duration-seconds`,
    ...details,
  })
}

function noPermission(asked: Asked, diagnostics: readonly Diagnostic[], details: Details): EscError {
  const { organization, project, environment } = asked.reference
  const own = new Set([
    environment,
    `${project}/${environment}`,
    `${organization}/${project}/${environment}`,
    '<yaml>',
    '',
  ])
  const imported = diagnostics.map((one) => one.environment).find((name) => !own.has(name.replace(/@.*$/, '')))
  return new EscError('esc-permission', {
    title: `the token may not open the environment ${formatReference(asked.reference)}`,
    cause:
      imported === undefined
        ? 'it may be known to the token, but opening it (environment:open) is a right of its own'
        : `it imports ${imported}, and the token may not open that one`,
    remedy: `give the token’s user or team the permission Environment Open for ${imported ?? `${project}/${environment}`}; a token of an organization has what its members have by default`,
    ...details,
  })
}

function notFound(asked: Asked, details: Details): EscError {
  const { organization, version } = asked.reference
  return new EscError('esc-not-found', {
    title: `there is no environment ${formatReference(asked.reference)} for this token`,
    cause: `Pulumi answers alike when it does not exist${version === undefined ? '' : `, when it has no version ${version}`}, and when the token may not see it`,
    remedy: `compare with: esc env ls --organization ${organization}; the parts are organization/project/environment, and a token sees one organization’s environments only when it belongs to it`,
    ...details,
  })
}

function limited(answer: HttpAnswer, asked: Asked, details: Details): EscError {
  return new EscError('esc-rate-limited', {
    title: 'Pulumi’s limit of requests is used up',
    cause: `${hostOf(asked.address)} ${patienceAsked(answer, asked.nowMs)}`,
    remedy:
      'run it again later; jobs of a matrix that all open the environment may start one after the other (max-parallel)',
    ...details,
  })
}

/** How long a server that limits wants to be left alone, in words. */
export function patienceAsked(answer: HttpAnswer, nowMs: number): string {
  const toldMs = retryAfterMs(answer, nowMs)
  return toldMs === undefined ? 'does not say how long to wait' : `asks to wait ${Math.ceil(toldMs / 1000)} s`
}

function invalid(asked: Asked, details: Details): EscError {
  return new EscError('esc-invalid-environment', {
    title: `the environment ${formatReference(asked.reference)} cannot be opened: ESC finds mistakes in it`,
    cause: quoteRemote(details.evidence[1] ?? 'see the evidence'),
    remedy: `esc env open ${formatReference(asked.reference)} shows the same; correct its definition, or what it imports, with esc env edit`,
    ...details,
  })
}

function failed(answer: HttpAnswer, asked: Asked, details: Details): EscError {
  const isServer = answer.status >= 500
  return new EscError('esc-failed', {
    title: `the Pulumi API at ${hostOf(asked.address)} answered HTTP ${answer.status}`,
    cause: isServer ? 'it has a problem of its own, or a proxy in front of it has' : 'it did not accept the request',
    remedy: isServer
      ? 'look at status.pulumi.com, then run it again; its support asks for the request id'
      : 'see the evidence; its support asks for the request id',
    ...details,
  })
}
