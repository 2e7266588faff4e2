import type { CoreV1Event } from '@kubernetes/client-node'
import { ClusterError, quoteRemote } from './errors.ts'
import type { Wire } from './objects.ts'
import { type ApiRequest, segment, type Transport } from './transport.ts'

/** A container that prints without end must not fill the memory; the server cuts. */
const maximumLogBytes = 64 * 1024
const mostEvents = 20

const timeOf = (event: Wire<CoreV1Event>): string =>
  String(event.lastTimestamp ?? event.eventTime ?? event.metadata?.creationTimestamp ?? '')

/** See Cluster.podEvents. */
export async function podEvents(
  transport: Transport,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const request: ApiRequest = {
    method: 'GET',
    path: `api/v1/namespaces/${segment(namespace)}/events`,
    query: { fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${name}`, limit: '500' },
    access: { verb: 'list', group: '', resource: 'events', namespace },
  }
  try {
    const { body } = await transport.call<{ items?: Wire<CoreV1Event>[] }>(request, signal)
    return [...(body?.items ?? [])]
      .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))
      .slice(0, mostEvents)
      .map(({ reason, message }) => quoteRemote(`${reason ?? ''}: ${message ?? ''}`))
  } catch (error) {
    if (signal.aborted || !(error instanceof ClusterError)) throw error
    return []
  }
}

/**
 * The containers that a 400 names when a pod has several: `a container name must be specified for pod x, choose one of: [a b]`
 * (kubernetes/kubernetes: pkg/registry/core/pod/strategy.go). The one that is the plugin, or else the first.
 */
function containerIn(error: unknown): string | undefined {
  if (!(error instanceof ClusterError) || error.status !== 400) return undefined
  const names = /choose one of: \[([a-z0-9 .-]+)\]/.exec(error.evidence.join(' '))?.[1]?.split(' ') ?? []
  return names.find((name) => /plugin(-ctr)?$/.test(name)) ?? names[0]
}

/** See Cluster.podLog. */
export async function podLog(
  transport: Transport,
  namespace: string,
  name: string,
  tailLines: number,
  signal: AbortSignal,
): Promise<string> {
  const read = async (previous: boolean, container?: string): Promise<string> => {
    const request: ApiRequest = {
      method: 'GET',
      path: `api/v1/namespaces/${segment(namespace)}/pods/${segment(name)}/log`,
      query: {
        tailLines: String(tailLines),
        limitBytes: String(maximumLogBytes),
        ...(previous ? { previous: 'true' } : {}),
        ...(container === undefined ? {} : { container }),
      },
      accept: '*/*',
      access: { verb: 'get', group: '', resource: 'pods/log', namespace },
    }
    try {
      return ((await transport.text(request, signal)) ?? '').trimEnd()
    } catch (error) {
      // Whatever else it is, it is no ClusterError only where the signal has aborted.
      if (signal.aborted || !(error instanceof ClusterError)) throw error
      const chosen = container === undefined ? containerIn(error) : undefined
      return chosen === undefined ? '' : await read(previous, chosen)
    }
  }
  return (await read(false)) || (await read(true))
}
