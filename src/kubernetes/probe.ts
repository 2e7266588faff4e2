import { validateHeaderValue } from 'node:http'
import type { AccessQuestion, ProbeStage, SelectedKubeconfig, ServerProbe } from '../kubeconfig/index.ts'
import { codeOf } from './errors.ts'
import { connectTo, type ProbeLimits, probeLimits, type Resolve, type Target, targetOf } from './probe-connection.ts'
import { failed, httpFailure, linesOf, notAsked, passed, StageTimeout } from './probe-reasons.ts'
import { messageIn, type ProbeAnswer, ProbeRequests } from './probe-requests.ts'

export interface ProbeOptions {
  readonly access: readonly AccessQuestion[]
  /** Default: `probeLimits`. */
  readonly limits?: Partial<ProbeLimits>
  /** Default: the system's resolver. */
  readonly resolve?: Resolve
}

type Answers = Pick<
  ServerProbe,
  'http' | 'authentication' | 'version' | 'serverTimeMs' | 'runnerTimeMs' | 'clusterUid' | 'clusterUidReason' | 'access'
>

/** The user whom the server named when it refused something, e.g. `system:anonymous`. */
const userIn = (message: string): string => /\bUser "([^"]{1,253})"/.exec(message)?.[1] ?? ''

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function jsonIn({ body }: ProbeAnswer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

/** Headers that carry credentials; throws where one cannot be a header. A client certificate is part of the connection. Nothing is ever executed for them. */
function headersOf(selected: SelectedKubeconfig): Record<string, string> {
  const { credentials } = selected
  const headers: Record<string, string> = {}
  if (credentials.kind === 'token') headers.Authorization = `Bearer ${credentials.token}`
  if (credentials.kind === 'password') {
    const pair = `${credentials.username}:${credentials.password}`
    headers.Authorization = `Basic ${Buffer.from(pair).toString('base64')}`
  }
  const impersonated = impersonatedIn(selected.json)
  if (impersonated !== '' && credentials.kind !== 'exec') headers['Impersonate-User'] = impersonated
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value)
  return headers
}

/** `as` of the user: whoever later steps will be is who is asked for. */
function impersonatedIn(json: string): string {
  const document: unknown = JSON.parse(json)
  const users = isRecord(document) && Array.isArray(document.users) ? document.users : []
  const user = isRecord(users[0]) ? users[0].user : undefined
  return isRecord(user) && typeof user.as === 'string' ? user.as : ''
}

function judgeVersion(answer: ProbeAnswer): { http: ProbeStage; version?: string } {
  const line = `GET /version: HTTP ${answer.status}`
  const said = `${line}, ${messageIn(answer)}`
  if (answer.status === 200) {
    const { gitVersion } = jsonIn(answer)
    if (typeof gitVersion !== 'string' || gitVersion === '') return { http: failed('not-kubernetes', said) }
    const version = gitVersion.replace(/[^\w.+~-]/g, '').slice(0, 64)
    return { http: passed(`${line}, ${version}`), version }
  }
  if (answer.status === 401 || answer.status === 403) return { http: passed(line) }
  if (answer.status === 429) return { http: failed('overloaded', said) }
  if (answer.status >= 500) return { http: failed('server-error', said) }
  const { location } = answer.headers
  return { http: failed('not-kubernetes', location === undefined ? said : `${line}, leads to ${location}`) }
}

/** Whether the right is there; `unanswered` where the server did not say. */
async function review(requests: ProbeRequests, question: AccessQuestion): Promise<ServerProbe['access'][number]> {
  const [resource, subresource] = question.resource.split('/')
  const { verb, group, namespace, name } = question
  const resourceAttributes = { verb, group, resource, subresource, namespace, name }
  try {
    const answer = await requests.ask('apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    })
    const { status } = jsonIn(answer)
    if ((answer.status === 200 || answer.status === 201) && isRecord(status) && typeof status.allowed === 'boolean') {
      const words = [status.reason, status.evaluationError].filter((word) => typeof word === 'string' && word !== '')
      return { ...question, allowed: status.allowed, reason: failed('', ...words.map(String)).evidence.join('; ') }
    }
    const reason = `HTTP ${answer.status}, ${messageIn(answer)}`
    return { ...question, allowed: false, reason, isUnanswered: true }
  } catch (error) {
    return { ...question, allowed: false, reason: linesOf(error).join('; '), isUnanswered: true }
  }
}

type Identity = Pick<ServerProbe, 'authentication' | 'clusterUid' | 'clusterUidReason'>

/** Reads kube-system: its UID is the cluster's identity, and an answer of 200 or 403 says who we are to the server. */
async function identify(requests: ProbeRequests): Promise<Identity> {
  const path = 'api/v1/namespaces/kube-system'
  try {
    const answer = await requests.ask(path)
    const said = `GET /${path}: HTTP ${answer.status}`
    const message = messageIn(answer)
    const { metadata } = jsonIn(answer)
    const uid = isRecord(metadata) && typeof metadata.uid === 'string' ? metadata.uid : ''
    switch (answer.status) {
      case 200:
        // Kubernetes writes an RFC 4122 UID; nothing else may become an output.
        return /^[\w-]{1,64}$/.test(uid)
          ? { authentication: passed(said), clusterUid: uid.toLowerCase() }
          : { authentication: passed(said), clusterUidReason: 'not-kubernetes' }
      case 401:
        return { authentication: failed('unauthorised', `${said}, ${message}`), clusterUidReason: 'unauthorised' }
      case 403: {
        const user = userIn(message)
        return user === 'system:anonymous'
          ? { authentication: failed('anonymous', `${said}, ${message}`), clusterUidReason: 'unauthorised' }
          : {
              authentication: passed(user === '' ? said : `the server calls us ${user}`),
              clusterUidReason: 'forbidden',
            }
      }
      case 404:
        return { authentication: passed(said), clusterUidReason: 'not-found' }
      default:
        return { authentication: failed('no-answer', `${said}, ${message}`), clusterUidReason: 'no-answer' }
    }
  } catch (error) {
    return { authentication: failed('no-answer', ...linesOf(error)), clusterUidReason: 'no-answer' }
  }
}

async function converse(requests: ProbeRequests, options: ProbeOptions, isExec: boolean): Promise<Answers> {
  const nothing = { authentication: notAsked, access: [] }
  let answer: ProbeAnswer
  try {
    answer = await requests.ask('version')
  } catch (error) {
    const http = httpFailure(error)
    const isOfCredentials = http.reason === 'client-certificate-refused'
    return { ...nothing, http, ...(isOfCredentials && { authentication: http }) }
  }
  const serverTimeMs = Date.parse(answer.headers.date ?? '')
  const clock = Number.isNaN(serverTimeMs) ? {} : { serverTimeMs, runnerTimeMs: answer.atMs }
  const first = { ...judgeVersion(answer), ...clock }
  if (isExec) return { ...nothing, ...first, authentication: { outcome: 'skip', reason: 'exec', evidence: [] } }
  if (first.http.outcome !== 'pass') return { ...nothing, ...first }
  if (answer.status === 401) {
    const authentication = failed('unauthorised', `GET /version: HTTP 401, ${messageIn(answer)}`)
    return { ...first, authentication, clusterUidReason: 'unauthorised', access: [] }
  }
  const [identity, ...access] = await Promise.all([
    identify(requests),
    ...options.access.map((question) => review(requests, question)),
  ])
  // Who may ask what it may do is known to the server, whatever became of the question for kube-system.
  const isKnown = identity.authentication.reason === 'no-answer' && access.some((one) => one.isUnanswered !== true)
  return {
    ...first,
    ...identity,
    ...(isKnown && { authentication: passed('it answers what these credentials may do') }),
    access,
  }
}

/**
 * How far one gets with these credentials: name, TCP, TLS against the kubeconfig's CA, `/version`, who the server says we are,
 * and what it allows. One connection, a few more for questions that are asked at once. Reads only; nothing is executed:
 * with exec credentials the server is reached without any, and authentication is skipped.
 *
 * Resolves whatever the server does, within `limits.overall`; rejects only with the signal's reason once that is aborted.
 */
export async function probeServer(
  selected: SelectedKubeconfig,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<ServerProbe> {
  signal.throwIfAborted()
  const limits = { ...probeLimits, ...options.limits }
  const { server } = selected
  let target: Target
  let headers: Readonly<Record<string, string>>
  try {
    target = targetOf(selected)
    headers = headersOf(selected)
  } catch (error) {
    // Only the code: what is said of a key or header may quote it.
    const tls = failed('credentials-unusable', codeOf(error))
    const none = { http: notAsked, authentication: notAsked, certificateNames: [], access: [] }
    return { server, dns: notAsked, tcp: notAsked, tls, ...none }
  }
  const deadline = new AbortController()
  const either = AbortSignal.any([signal, deadline.signal])
  const untilDeadline = setTimeout(
    () => deadline.abort(new StageTimeout(`reaching ${server}`, limits.overall)),
    limits.overall,
  )
  let stages: ServerProbe = {
    server,
    dns: notAsked,
    tcp: notAsked,
    tls: notAsked,
    http: notAsked,
    authentication: notAsked,
    certificateNames: [],
    access: [],
  }
  try {
    const { socket, ...connection } = await connectTo(target, limits, options.resolve, either)
    stages = { ...stages, ...connection }
    if (socket === undefined) return stages
    const isExec = selected.credentials.kind === 'exec'
    using requests = new ProbeRequests({
      socket,
      target,
      server,
      headers,
      limits,
      signal: either,
    })
    const answers = await converse(requests, options, isExec)
    signal.throwIfAborted()
    return { ...stages, ...answers }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (!deadline.signal.aborted) throw error
    return { ...stages, ...atDeadline(stages, limits.overall) }
  } finally {
    clearTimeout(untilDeadline)
  }
}

/** The stage that was under way when the time was over. */
function atDeadline(stages: ServerProbe, limitMs: number): Partial<ServerProbe> {
  const ended = failed('timeout', `no answer in ${limitMs / 1000} s`)
  if (stages.tls.outcome === 'pass') return { http: ended }
  return stages.tcp.outcome === 'pass' ? { tls: ended } : { tcp: ended }
}
