import { describeDiagnostics, diagnosticsOf, isForeign, isObject, misunderstood, parseJson } from './answers.ts'
import { type Asking, ask, type Question } from './ask.ts'
import { addressAt } from './backend.ts'
import { EscError, withoutSecrets } from './errors.ts'
import type { EnvironmentReference, EscClient, EscValue, HttpAnswer, OpenEnvironment, PropertyPath } from './model.ts'
import { formatPropertyPath } from './property-path.ts'
import { formatReference } from './reference.ts'
import { refusal } from './refusals.ts'
import { isEnvironment, lookUp, MalformedValue, namesOf, orNothing, toValue } from './value.ts'

export interface EscAccess extends Asking {
  /** With port and path, as given. */
  readonly backendUrl: string
  /** Secret. */
  readonly accessToken: string
}

/** What is read is static and read at once; the service's own default is an hour. Go's form of a duration. */
const sessionDuration = '5m0s'
/** Opening asks every provider that the definition names. */
const openTimeoutMs = 60_000
const readTimeoutMs = 20_000
/** Opening only makes a session, so it is asked again where nothing was answered, or by something in front of the service. */
const retriedOpens = [502, 503, 504]
const retriedReads = [500, 502, 503, 504]

/**
 * The REST API of Pulumi ESC: one request opens an environment, one reads a property (pulumi/esc:cmd/esc/cli/client/client.go).
 * No CLI, no SDK, no download. Calls reject with EscError, or with the signal's reason once it is aborted.
 */
export function createEscClient(access: EscAccess): EscClient {
  const { backendUrl, accessToken } = access
  const headers = {
    Authorization: `token ${accessToken}`,
    Accept: 'application/vnd.pulumi+8',
    'Content-Type': 'application/json',
    'User-Agent': 'k3s-gpu-actions',
  }

  const send = (question: Omit<Question, 'url' | 'headers'> & { readonly path: string }, signal: AbortSignal) => {
    checkToken(accessToken)
    const { path, ...rest } = question
    return ask({ ...rest, url: addressAt(backendUrl, path), headers }, access, signal)
  }
  const get = (path: string, name: string, signal: AbortSignal) =>
    send(
      { method: 'GET', path, name, timeoutMs: readTimeoutMs, retriedStatuses: retriedReads, isLimitRetried: true },
      signal,
    )
  const refused = (
    answer: HttpAnswer,
    request: string,
    reference: EnvironmentReference,
    secrets: readonly string[] = [],
  ) =>
    refusal(answer, {
      request,
      address: backendUrl,
      reference,
      accessToken,
      secrets: [accessToken, ...secrets],
      nowMs: (access.now ?? Date.now)(),
    })

  async function open(reference: EnvironmentReference, signal: AbortSignal): Promise<OpenEnvironment> {
    const path = `${pathOf(reference)}/open?duration=${sessionDuration}`
    const name = `POST ${path}`
    const answer = await send(
      { method: 'POST', path, name, timeoutMs: openTimeoutMs, retriedStatuses: retriedOpens, isLimitRetried: false },
      signal,
    )
    if (answer.status !== 200) throw refused(answer, name, reference)
    const body = parseJson(answer.body)
    const diagnostics = diagnosticsOf(body)
    // A success that says it is none: as if it were a 400.
    if (diagnostics.some((one) => one.isError)) throw refused({ ...answer, status: 400 }, name, reference)
    const sessionId = sessionOf(body)
    if (sessionId === undefined) throw misunderstood(name, missingIn(answer, 'the id of a session'))
    return {
      reference,
      sessionId,
      warnings: describeDiagnostics(diagnostics).map((line) => withoutSecrets(line, [accessToken, sessionId])),
      revision: revisionOf(answer) || (/^\d+$/.test(reference.version ?? '') ? (reference.version ?? '') : ''),
      read: (property, until) => read(reference, sessionId, property, until),
      names: async (until) => namesOf(await readAll(reference, sessionId, until)),
    }
  }

  /** The session of a version is read without the version in the path. */
  const sessionPath = (reference: EnvironmentReference, sessionId: string) => {
    const { version: _version, ...latest } = reference
    return `${pathOf(latest)}/open/${sessionId}`
  }

  async function read(
    reference: EnvironmentReference,
    sessionId: string,
    property: PropertyPath,
    signal: AbortSignal,
  ): Promise<EscValue | undefined> {
    const query = `?property=${encodeURIComponent(formatPropertyPath(property))}`
    const path = sessionPath(reference, encodeURIComponent(sessionId))
    const name = `GET ${sessionPath(reference, '…')}${query}`
    const answer = await get(`${path}${query}`, name, signal)
    // The session was opened a moment ago, so it is the property that is not there. A page of a proxy is no such answer.
    if (answer.status === 404 && !isForeign(answer)) return undefined
    // No words of the service are known for a property that it cannot find in what it has: then all is read, and looked up here.
    if (answer.status === 400) return lookUpAll(reference, sessionId, property, signal)
    if (answer.status !== 200) throw refused(answer, name, reference, [sessionId])
    const body = parseJson(answer.body)
    if (body === null) return undefined
    return understood(name, () => (isEnvironment(body) ? lookUp(body.properties, property) : orNothing(toValue(body))))
  }

  async function lookUpAll(
    reference: EnvironmentReference,
    sessionId: string,
    property: PropertyPath,
    signal: AbortSignal,
  ): Promise<EscValue | undefined> {
    const properties = await readAll(reference, sessionId, signal)
    return understood(`GET ${sessionPath(reference, '…')}`, () => lookUp(properties, property))
  }

  async function readAll(reference: EnvironmentReference, sessionId: string, signal: AbortSignal) {
    const name = `GET ${sessionPath(reference, '…')}`
    const answer = await get(sessionPath(reference, encodeURIComponent(sessionId)), name, signal)
    if (answer.status !== 200) throw refused(answer, name, reference, [sessionId])
    const body = parseJson(answer.body)
    if (isEnvironment(body)) return body.properties
    // An environment without values.
    if (isObject(body) && (body.properties === undefined || body.properties === null)) return {}
    throw misunderstood(name, missingIn(answer, 'properties'))
  }

  async function revision(reference: EnvironmentReference, signal: AbortSignal): Promise<string> {
    const { version = '' } = reference
    if (/^\d+$/.test(version)) return version
    const path = pathOf(reference)
    try {
      // Nice to know, and nothing waits for it: one try.
      const answer = await send(
        {
          method: 'GET',
          path,
          name: `GET ${path}`,
          timeoutMs: readTimeoutMs,
          retriedStatuses: [],
          isLimitRetried: false,
        },
        signal,
      )
      if (answer.status === 200) return revisionOf(answer)
      access.onEvent(`the revision of ${formatReference(reference)} is not known: HTTP ${answer.status}`)
    } catch (error) {
      if (signal.aborted || !(error instanceof EscError)) throw error
      access.onEvent(`the revision of ${formatReference(reference)} is not known: ${error.title}`)
    }
    return ''
  }

  return { open, revision }
}

/** Below the backend; the version is a segment of its own (resolveEnvironmentPath in client.go). */
function pathOf({ organization, project, environment, version }: EnvironmentReference): string {
  const segments = [organization, project, environment].map(encodeURIComponent).join('/')
  const pinned = version === undefined ? '' : `/versions/${encodeURIComponent(version)}`
  return `/api/esc/environments/${segments}${pinned}`
}

/** A header takes no line break, and no token has one: most often it was pasted with something else. Throws EscError `esc-unauthorised`. */
export function checkToken(accessToken: string): void {
  if (/^[\x21-\x7e]{1,4096}$/.test(accessToken)) return
  throw new EscError('esc-unauthorised', {
    title: 'the access token is no access token',
    cause: accessToken === '' ? 'it is empty' : 'it holds a blank, a line break or another character that no token has',
    remedy: 'store the token alone as the secret, without quotes and line breaks, or leave access-token out for OIDC',
  })
}

/** Documented as a number, sent as a string, meant for nobody to understand. It becomes a segment of a path. */
function sessionOf(body: unknown): string | undefined {
  const id = isObject(body) ? body.id : undefined
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && /^(?!\.{1,2}$)[\x21-\x7e]{1,512}$/.test(text) ? text : undefined
}

function missingIn(answer: HttpAnswer, what: string): string {
  return isForeign(answer) ? 'HTTP 200 with a page in place of JSON' : `HTTP 200 without ${what}`
}

function revisionOf(answer: HttpAnswer): string {
  const revision = answer.headers['pulumi-esc-revision'] ?? ''
  return /^\d{1,15}$/.test(revision) ? revision : ''
}

function understood<Result>(request: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof MalformedValue) throw misunderstood(request, error.message)
    throw error
  }
}
