import { EscError, hostOf, messageOf, quoteRemote, requestId, withoutSecrets } from '../esc/index.ts'
import type { HttpAnswer } from '../runner/index.ts'

/** What stopped a question to Pulumi's API about a stack; stable. */
export type PulumiApiErrorCode =
  | 'pulumi-unauthorized'
  | 'pulumi-stack-missing'
  | 'pulumi-api-unreachable'
  | 'pulumi-api-failed'

interface Details {
  readonly title: string
  readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]
}

/** Something between this program and Pulumi's API. Texts may quote the server and are data. Never holds a secret. */
export class PulumiApiError extends Error {
  override readonly name = 'PulumiApiError'
  readonly code: PulumiApiErrorCode
  readonly title: string
  override readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]

  constructor(code: PulumiApiErrorCode, { title, cause, remedy, evidence }: Details) {
    super(title)
    this.code = code
    this.title = title
    this.cause = cause
    this.remedy = remedy
    this.evidence = evidence
  }
}

/** Asking goes the way of src/esc; its errors under the names of this room. Anything else is thrown as it is. */
export function asApiError(error: unknown): unknown {
  if (!(error instanceof EscError)) return error
  const code =
    error.code === 'esc-unauthorised'
      ? 'pulumi-unauthorized'
      : error.code === 'esc-unreachable'
        ? 'pulumi-api-unreachable'
        : 'pulumi-api-failed'
  return new PulumiApiError(code, error)
}

/** The answer of a refused question → what a person does about it. */
export function refusal(
  answer: HttpAnswer,
  asked: {
    readonly request: string
    readonly backendUrl: string
    readonly accessToken: string
    readonly stack: string
  },
): PulumiApiError {
  const { request, backendUrl, stack } = asked
  const said = messageOf({ ...answer, body: withoutSecrets(answer.body, [asked.accessToken]) })
  const evidence = [`${request}: HTTP ${answer.status}${said === '' ? '' : `, ${said}`}`, requestId(answer)].filter(
    (line) => line !== '',
  )
  if (answer.status === 401 || answer.status === 403)
    return new PulumiApiError('pulumi-unauthorized', {
      title: `Pulumi at ${hostOf(backendUrl)} does not let the access token ask about ${stack}`,
      cause: answer.status === 401 ? 'it has expired, or was revoked' : 'it lacks a right on this stack',
      remedy: 'give its user or team write access to the stack at Pulumi, or store a new token',
      evidence,
    })
  if (answer.status === 404)
    return new PulumiApiError('pulumi-stack-missing', {
      title: `there is no stack ${stack} for this token`,
      cause: 'Pulumi answers alike when it does not exist, and when the token may not see it',
      remedy: 'compare with: pulumi stack ls --all',
      evidence,
    })
  return new PulumiApiError('pulumi-api-failed', {
    title: `the Pulumi API at ${hostOf(backendUrl)} answered HTTP ${answer.status}`,
    cause:
      answer.status >= 500 || answer.status === 429
        ? 'it has a problem of its own, or is asked too often'
        : 'it did not accept the request, or something else answers there',
    remedy: 'look at status.pulumi.com and at backend-url, then run it again',
    evidence,
  })
}

export function misunderstood(request: string, what: string): PulumiApiError {
  return new PulumiApiError('pulumi-api-failed', {
    title: 'the Pulumi API answered with something that is no answer',
    cause: `${what}: backend-url leads to something else, a proxy answers in its place, or the API has changed`,
    remedy: 'check backend-url and HTTPS_PROXY; if both are right, open an issue with this text',
    evidence: [quoteRemote(request)],
  })
}
