import { validateHeaderValue } from 'node:http'
import type { AccessQuestion, SelectedKubeconfig, ServerProbe } from '../kubeconfig/index.ts'
import { codeOf } from './errors.ts'
import { connectTo, type ProbeLimits, probeLimits, type Resolve, type Target, targetOf } from './probe-connection.ts'
import { converse, isRecord } from './probe-questions.ts'
import { failed, notAsked, StageTimeout } from './probe-reasons.ts'
import { ProbeRequests } from './probe-requests.ts'

export interface ProbeOptions {
  readonly access: readonly AccessQuestion[]
  /** Default: `probeLimits`. */
  readonly limits?: Partial<ProbeLimits>
  /** Default: the system's resolver. */
  readonly resolve?: Resolve
}

/** Headers that carry credentials; throws where one cannot be a header. A client certificate is part of the connection. Nothing is ever executed for them. */
function headersOf(selected: SelectedKubeconfig): Record<string, string> {
  const { credentials } = selected
  const headers: Record<string, string> = {}
  // Of a user that has both, kubectl sends both: a server that does not know the certificate takes the token.
  const token = credentials.kind === 'client-certificate' ? userTextIn(selected.json, 'token') : ''
  if (token !== '') headers.Authorization = `Bearer ${token}`
  if (credentials.kind === 'token') headers.Authorization = `Bearer ${credentials.token}`
  if (credentials.kind === 'password') {
    const pair = `${credentials.username}:${credentials.password}`
    headers.Authorization = `Basic ${Buffer.from(pair).toString('base64')}`
  }
  // Whoever later steps will be is who is asked for.
  const impersonated = userTextIn(selected.json, 'as')
  if (impersonated !== '' && credentials.kind !== 'exec') headers['Impersonate-User'] = impersonated
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value)
  return headers
}

function userTextIn(json: string, key: 'as' | 'token'): string {
  const document: unknown = JSON.parse(json)
  const users = isRecord(document) && Array.isArray(document.users) ? document.users : []
  const user = isRecord(users[0]) ? users[0].user : undefined
  const text = isRecord(user) ? user[key] : undefined
  return typeof text === 'string' ? text : ''
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
    return withoutSecrets({ ...stages, ...answers }, selected)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (!deadline.signal.aborted) throw error
    return { ...stages, ...atDeadline(stages, limits.overall) }
  } finally {
    clearTimeout(untilDeadline)
  }
}

/** What the server says back of what it was shown: it may quote its headers, and its answers become logs and outputs. */
function withoutSecrets(probe: ServerProbe, { credentials }: SelectedKubeconfig): ServerProbe {
  const secrets: string[] = []
  if (credentials.kind === 'token') secrets.push(credentials.token)
  if (credentials.kind === 'password') {
    const { username, password } = credentials
    secrets.push(Buffer.from(`${username}:${password}`).toString('base64'), password)
  }
  const hides = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return hides(value)
    if (Array.isArray(value)) return value.map(walk)
    return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)])) : value
  }
  // An empty secret would be found between all characters.
  return secrets.some((secret) => secret === '') ? probe : (walk(probe) as ServerProbe)
}

/** The stage that was under way when the time was over. */
function atDeadline(stages: ServerProbe, limitMs: number): Partial<ServerProbe> {
  const ended = failed('timeout', `no answer in ${limitMs / 1000} s`)
  if (stages.tls.outcome === 'pass') return { http: ended }
  return stages.tcp.outcome === 'pass' ? { tls: ended } : { tcp: ended }
}
