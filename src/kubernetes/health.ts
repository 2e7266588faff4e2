import { ClusterError, statusFault } from './errors.ts'
import type { Transport } from './transport.ts'

/** Answers of a service through the proxy: what is longer is nothing that is asked for here. */
const maximumProxiedBytes = 8 * 1024 * 1024
const maximumNotReady = 50

/** `[-]etcd failed: reason withheld` (kubernetes/kubernetes: staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go). */
function notReadyIn(text: string): readonly string[] {
  return [...text.matchAll(/^\[-\](\S{1,100})/gm)].slice(0, maximumNotReady).map(([, name = '']) => name)
}

/** See Cluster.health. */
export async function health(
  transport: Transport,
  signal: AbortSignal,
): Promise<{ readonly version: string; readonly notReady?: readonly string[] }> {
  const path = (name: string) => ({ verb: 'get', group: '', resource: name })
  const [version, notReady] = await Promise.all([
    transport.call<{ gitVersion?: unknown } | null>(
      { method: 'GET', path: 'version', access: path('/version') },
      signal,
    ),
    readiness(transport, signal),
  ])
  const gitVersion = version.body?.gitVersion
  if (typeof gitVersion !== 'string' || gitVersion === '') {
    throw new ClusterError('api-failed', {
      title: `what answers at ${transport.server} is no Kubernetes API server`,
      cause: '/version gives no gitVersion',
      remedy: 'check the server address in the kubeconfig: a proxy or another service may answer there',
    })
  }
  return { version: gitVersion, ...(notReady === undefined ? {} : { notReady }) }
}

/** Undefined: it may not be asked (403), or there is no such path (404). Not ready is 500, with the reasons in its text. */
async function readiness(transport: Transport, signal: AbortSignal): Promise<readonly string[] | undefined> {
  try {
    const text = await transport.text(
      {
        method: 'GET',
        path: 'readyz',
        query: { verbose: '' },
        accept: '*/*',
        expected: [500],
        maximumBytes: 256 * 1024,
        access: { verb: 'get', group: '', resource: '/readyz' },
      },
      signal,
    )
    if (text === undefined) return undefined
    const notReady = notReadyIn(text)
    const isReady = /^(ok$|\[\+\]|readyz check passed)/m.test(text) && !/readyz check failed/.test(text)
    return notReady.length > 0 || isReady ? notReady : ['readyz']
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return undefined
    throw error
  }
}

/** See Cluster.proxied. */
export async function proxied(
  transport: Transport,
  service: string,
  path: string,
  signal: AbortSignal,
): Promise<unknown> {
  const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9.-]+:[a-z0-9-]+)$/.exec(service) ?? []
  if (namespace === undefined || name === undefined) throw new RangeError('a service is named namespace/name:port')
  const place = `api/v1/namespaces/${namespace}/services/${name}/proxy`
  try {
    const { body } = await transport.call<unknown>(
      {
        method: 'GET',
        path: `${place}/${path.replace(/^\/+/, '')}`,
        maximumBytes: maximumProxiedBytes,
        access: { verb: 'get', group: '', resource: 'services/proxy', namespace },
      },
      signal,
    )
    return body
  } catch (error) {
    throw error instanceof ClusterError ? ofTheService(error, service) : error
  }
}

/** A 401 or 403 may be the service's own, and then says nothing about the kubeconfig. */
function ofTheService(error: ClusterError, service: string): ClusterError {
  const { status, evidence } = error
  const isOurs = status === undefined || (error.code === 'forbidden' && / is forbidden: User /.test(evidence.join(' ')))
  if (isOurs) return error
  return new ClusterError('api-failed', {
    title: `the service ${service} answered HTTP ${status} through the API server`,
    cause:
      status === 503
        ? 'no pod stands behind it, or the API server cannot reach that pod'
        : 'it did not answer as asked',
    remedy: `look at its pods: kubectl -n ${service.split('/')[0]} get pods,endpoints`,
    evidence,
    status,
  })
}

type Version = { readonly version?: unknown } | null | undefined

interface Group {
  readonly name?: unknown
  readonly preferredVersion?: Version
  readonly versions?: unknown
}

const discovery = (path: string) => ({ verb: 'get', group: '', resource: `/${path}` })

/** See Cluster.apiGroups. */
export async function apiGroups(
  transport: Transport,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { body } = await transport.call<{ groups?: unknown } | null>(
    { method: 'GET', path: 'apis', access: discovery('apis') },
    signal,
  )
  if (!Array.isArray(body?.groups)) {
    throw statusFault(404, 'no list of API groups', { server: transport.server, request: 'GET /apis' })
  }
  return new Map(
    (body.groups as readonly (Group | null)[]).flatMap((group) => {
      if (typeof group?.name !== 'string') return []
      const served = Array.isArray(group.versions) ? (group.versions as readonly Version[]) : []
      const versions = [group.preferredVersion, ...served].map((one) => one?.version)
      const named = versions.filter((version): version is string => typeof version === 'string')
      return [[group.name, [...new Set(named)]] as const]
    }),
  )
}
