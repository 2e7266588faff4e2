import type { CoreV1Event, V1Node } from '@kubernetes/client-node'
import { ClusterError, quoteRemote, rbacManifest } from './errors.ts'
import type { Wire } from './objects.ts'
import { type ApiRequest, segment, type Transport } from './transport.ts'

/** Events of a Node are kept in the namespace `default`, because a Node is in none. */
const eventsPath = 'api/v1/namespaces/default/events'
const mostEvents = 50

function eventsRequest(name: string): ApiRequest {
  return {
    method: 'GET',
    path: eventsPath,
    query: { fieldSelector: `involvedObject.kind=Node,involvedObject.name=${name}`, limit: '500' },
    access: { verb: 'list', group: '', resource: 'events', namespace: 'default' },
  }
}

const said = (text: string | undefined): string => quoteRemote(text ?? '')
const timeOf = (event: Wire<CoreV1Event>): string =>
  said(String(event.lastTimestamp ?? event.eventTime ?? event.metadata?.creationTimestamp ?? ''))

function describeObject(name: string, node: Wire<V1Node> | undefined): string[] {
  if (node === undefined) return [`There is no node ${name}.`]
  const { nodeInfo, conditions = [] } = node.status ?? {}
  return [
    `node ${name}, uid ${said(node.metadata?.uid)}, created ${said(String(node.metadata?.creationTimestamp ?? ''))}`,
    `kubelet ${said(nodeInfo?.kubeletVersion)}, runtime ${said(nodeInfo?.containerRuntimeVersion)}, kernel ${said(nodeInfo?.kernelVersion)}, ${said(nodeInfo?.osImage)}`,
    ...(node.spec?.taints ?? []).map((taint) => `taint ${said(taint.key)}=${said(taint.value)}:${said(taint.effect)}`),
    ...conditions.map(
      (one) =>
        `condition ${said(one.type)}=${said(one.status)} since ${said(String(one.lastTransitionTime ?? ''))}: ${said(one.reason)}: ${said(one.message)}`,
    ),
  ]
}

function describeEvents(events: readonly Wire<CoreV1Event>[]): string[] {
  if (events.length === 0) return ['No events.']
  return [...events]
    .sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
    .slice(-mostEvents)
    .map(
      (one) =>
        `event ${timeOf(one)} ${said(one.type)} ${said(one.reason)} (${Number(one.count ?? 1)}×): ${said(one.message)}`,
    )
}

/** See Cluster.describeNode. One line a fact; every text of the server is one bounded line. */
export async function describeNode(transport: Transport, name: string, signal: AbortSignal): Promise<string> {
  const request: ApiRequest = {
    method: 'GET',
    path: `api/v1/nodes/${segment(name)}`,
    access: { verb: 'get', group: '', resource: 'nodes', name },
  }
  const asked = async (what: string, lines: () => Promise<string[]>): Promise<string[]> => {
    try {
      return await lines()
    } catch (error) {
      if (signal.aborted) throw error
      const right =
        error instanceof ClusterError && error.code === 'forbidden'
          ? `; an optional rule in ${rbacManifest} allows it`
          : ''
      return [`${what} could not be read: ${error instanceof Error ? error.message : String(error)}${right}`]
    }
  }
  const [object, events] = await Promise.all([
    asked('The node', async () => describeObject(name, (await transport.call<Wire<V1Node>>(request, signal)).body)),
    asked('Events', async () => {
      const { body } = await transport.call<{ items?: Wire<CoreV1Event>[] }>(eventsRequest(name), signal)
      return describeEvents(body?.items ?? [])
    }),
  ])
  return [...object, '', ...events, ''].join('\n')
}
