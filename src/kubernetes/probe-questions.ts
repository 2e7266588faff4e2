/** What a probe asks over a connection that stands, and what the answers mean. */
import type { AccessQuestion, ProbeStage, ServerProbe } from '../kubeconfig/index.ts'
import { failed, httpFailure, linesOf, notAsked, passed } from './probe-reasons.ts'
import { messageIn, type ProbeAnswer, type ProbeRequests } from './probe-requests.ts'

type Answers = Pick<
  ServerProbe,
  'http' | 'authentication' | 'version' | 'serverTimeMs' | 'runnerTimeMs' | 'clusterUid' | 'clusterUidReason' | 'access'
>

/** The user whom the server named when it refused something, e.g. `system:anonymous`. */
const userIn = (message: string): string => /\bUser "([^"]{1,253})"/.exec(message)?.[1] ?? ''

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
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

/** Asks `/version` first, and the rest at once where that is worth it. Resolves whatever the server does. */
export async function converse(
  requests: ProbeRequests,
  options: { readonly access: readonly AccessQuestion[] },
  isExec: boolean,
): Promise<Answers> {
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
