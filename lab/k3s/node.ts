/** The agent's own Node at the API server, seen and changed with the kubelet's credentials through the load balancer. */
import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { AgentConfig } from '../../rehearsal/host/agent-config.ts'
import { annotations } from '../../rehearsal/host/node.ts'
import type { Identity } from './certificates.ts'
import { say } from './journal.ts'
import { loadBalancerPort } from './load-balancer.ts'

export interface NodeApi {
  readonly nodeName: string
  readonly caPem: string
  readonly identity: Identity
  readonly signal: AbortSignal
}

interface WatchEvent {
  readonly type: string
  readonly object: KubernetesObject & { readonly spec?: { readonly podCIDR?: string } }
}
export type NodeObject = WatchEvent['object']

/** A request whose answer has begun; the body is to be read by the caller. */
function open(
  api: NodeApi,
  method: string,
  path: string,
  body?: string,
): Promise<AsyncIterable<Buffer> & { code: number }> {
  return new Promise((resolve, reject) => {
    const call = request({
      host: '127.0.0.1',
      port: loadBalancerPort,
      method,
      path,
      ca: api.caPem,
      cert: api.identity.certPem,
      key: api.identity.keyPem,
      agent: false,
      signal: api.signal,
      headers: body === undefined ? {} : { 'Content-Type': 'application/strategic-merge-patch+json' },
    })
    call.once('error', reject)
    call.once('response', (response) => resolve(Object.assign(response, { code: response.statusCode ?? 0 })))
    call.end(body)
  })
}

/** The Node as it is and whenever it changes; comes back by itself when the connection ends. Ends only with the signal. */
export async function* watchNode(api: NodeApi): AsyncGenerator<NodeObject> {
  const path = `/api/v1/nodes?fieldSelector=metadata.name%3D${encodeURIComponent(api.nodeName)}&watch=true`
  for (;;) {
    try {
      const answer = await open(api, 'GET', path)
      let rest = ''
      for await (const chunk of answer) {
        const lines = `${rest}${chunk.toString('utf8')}`.split('\n')
        rest = lines.pop() ?? ''
        for (const line of answer.code === 200 ? lines : []) {
          const event = JSON.parse(line) as WatchEvent
          if (event.type === 'ADDED' || event.type === 'MODIFIED') yield event.object
        }
      }
    } catch (error) {
      if (api.signal.aborted) throw error
    }
    // The API server does not answer yet, or it ended the watch.
    await sleep(500, undefined, { signal: api.signal })
  }
}

/** What k3s, and the cloud controller in its server, write onto a Node at every start of its agent. */
export function configurationOf(
  config: AgentConfig,
  nodeIp: string,
): {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
} {
  const own = Object.entries(annotations(config, nodeIp)).filter(([key]) => /^(k3s\.io|flannel\.)/.test(key))
  const labels = config.labels.map((label) => {
    const equals = label.indexOf('=')
    return equals < 0 ? ([label, ''] as const) : ([label.slice(0, equals), label.slice(equals + 1)] as const)
  })
  return {
    labels: {
      'beta.kubernetes.io/instance-type': 'k3s',
      'node.kubernetes.io/instance-type': 'k3s',
      ...Object.fromEntries(labels),
    },
    annotations: Object.fromEntries(own),
  }
}

/**
 * Waits for the Node and writes the configuration onto it. A refusal is told and tried again at the Node's next change, as
 * k3s does (configureNode); resolves with the Node that was written.
 */
export async function configureNode(api: NodeApi, config: AgentConfig, nodeIp: string): Promise<void> {
  const wanted = configurationOf(config, nodeIp)
  for await (const node of watchNode(api)) {
    const isSet = Object.entries(wanted.labels).every(([key, value]) => node.metadata.labels?.[key] === value)
    const isTold = Object.entries(wanted.annotations).every(
      ([key, value]) => node.metadata.annotations?.[key] === value,
    )
    if (isSet && isTold) {
      say('info', `Annotations and labels have already set on node: ${api.nodeName}`)
      return
    }
    const problem = await patch(api, wanted)
    if (problem === undefined) {
      say('info', `Annotations and labels have been set successfully on node: ${api.nodeName}`)
      return
    }
    say('info', `Failed to set annotations and labels on node ${api.nodeName}: ${problem}`)
  }
}

/** Changes the metadata; the API server's own message when it refuses. */
async function patch(api: NodeApi, metadata: object): Promise<string | undefined> {
  try {
    const answer = await open(api, 'PATCH', `/api/v1/nodes/${api.nodeName}`, JSON.stringify({ metadata }))
    const parts: Buffer[] = []
    for await (const part of answer) parts.push(part)
    if (answer.code === 200) return undefined
    return (JSON.parse(Buffer.concat(parts).toString('utf8')) as { message?: string }).message ?? `${answer.code}`
  } catch (error) {
    if (api.signal.aborted) throw error
    return (error as Error).message
  }
}

/** Waits until the Node has a range of pod addresses. */
export async function awaitPodCidr(api: NodeApi): Promise<string> {
  for await (const node of watchNode(api)) {
    if (node.spec?.podCIDR) return node.spec.podCIDR
  }
  throw new Error('the watch ended')
}
