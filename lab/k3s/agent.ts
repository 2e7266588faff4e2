/** The stand-in of `k3s agent` on a lab host: k3s's steps and words, the real containerd and the real kubelet. */
import { connect as tcpConnect } from 'node:net'
import { hostname } from 'node:os'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostNetwork } from '../../rehearsal/contract.ts'
import { type AgentConfig, readAgentConfig } from '../../rehearsal/host/agent-config.ts'
import { type Approach, awaitAdmission, validateCluster } from '../../rehearsal/host/approach.ts'
import { Conversation } from '../../rehearsal/host/conversation.ts'
import { parseToken } from '../../rehearsal/host/supervisor.ts'
import { hostFolder } from '../contract.ts'
import { fetchIdentity, keptIdentity } from './certificates.ts'
import { type Child, endStray, environmentFor } from './children.ts'
import { awaitContainerd, importImages, startContainerd } from './containerd.ts'
import { makeControlGroup } from './control-groups.ts'
import { agentFolder, hasNoNetwork } from './folders.ts'
import { Exit, say } from './journal.ts'
import { type ClusterSettings, startKubelet } from './kubelet.ts'
import { loadBalancerPort, startLoadBalancer, wordsOf } from './load-balancer.ts'
import { chooseNodeIp, layNetwork } from './network.ts'
import { awaitPodCidr, configureNode, type NodeApi } from './node.ts'
import { notifyReady } from './notify.ts'

/** k3s gives up a request to its server after so long; behind it are the 12 s between two complaints. */
const timeoutMs = 10_000
/** A kubelet and a containerd that were asked to end. */
const stopLimitMs = 10_000

export interface AgentCall {
  /** From the program on: `/usr/local/bin/k3s agent --node-label …`. */
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly version: string
  /** Its abort asks the agent to end. */
  readonly signal: AbortSignal
}

/** Runs until the signal: then it resolves, and its children are gone. Rejects with Exit once k3s would exit. */
export async function runAgent(call: AgentCall): Promise<void> {
  const children: Child[] = []
  try {
    await join(call, children)
  } catch (error) {
    if (!call.signal.aborted) throw error
  }
  // The kubelet first: it would take the end of containerd for a fault.
  for (const child of children.reverse()) await child.stop(stopLimitMs)
}

async function join(call: AgentCall, children: Child[]): Promise<void> {
  const config = readAgentConfig('/', call.command, call.environment, hostname())
  say('info', `Starting k3s agent ${call.version}`)
  say('info', 'LAB STAND-IN: this is no k3s; containerd and kubelet are real')
  if (config.token === '') throw new Error('--token is required')
  if (config.server === '') throw new Error('--server is required')
  const nodeIp = config.nodeIp === '' ? chooseNodeIp() : config.nodeIp
  const environment = environmentFor(call.environment, `${hostFolder}/bin`)
  // Before anything of this start needs their ports and locks.
  for (const name of ['kubelet', 'containerd']) await endStray(name)

  const approach = await balanceLoad(config, call.signal)
  await validateCluster(approach, parseToken(config.token))
  const settings = await beAdmitted(approach, config, nodeIp)

  const containerd = startContainerd(config.defaultRuntime, call.environment.PATH, environment)
  children.push(containerd)
  if (!(await awaitContainerd(containerd))) await failWith(containerd, call.signal)
  say('info', 'containerd is now running')
  await importImages(environment)

  makeControlGroup(hostname())
  const kubelet = startKubelet(config, nodeIp, settings, `/${hostname()}`, call.version, environment)
  children.push(kubelet)
  const isOver = Promise.race(children.map((child) => failWith(child, call.signal)).concat(ending(call.signal)))
  await Promise.race([isOver, beReady(config, nodeIp, approach.talk.ca, call)])
  await isOver
}

/** Rejects once the child ended, and tells it unless the agent itself is ending. */
async function failWith(child: Child, signal: AbortSignal): Promise<never> {
  const words = await child.ended
  if (!signal.aborted) say('error', `${child.name} exited: ${words}`)
  throw new Exit(1)
}

function ending(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
}

/** The way to the server, for the agent and for everybody else on the node. */
async function balanceLoad(config: AgentConfig, signal: AbortSignal): Promise<Approach> {
  const url = new URL(config.server)
  const server = { host: url.hostname, port: Number(url.port === '' ? 443 : url.port) }
  const address = `${server.host}:${server.port}`
  say('info', `Adding server to load balancer k3s-agent-load-balancer: ${address}`)
  say('info', `Running load balancer k3s-agent-load-balancer 127.0.0.1:6444 -> [${address}] [default: ${address}]`)
  await startLoadBalancer(server.host, server.port, loadBalancerPort)
  let localPort = 0
  const network: HostNetwork = {
    connect: () =>
      new Promise<Duplex>((resolve, reject) => {
        const socket = tcpConnect({ host: '127.0.0.1', port: loadBalancerPort, noDelay: true })
        socket.once('error', reject)
        socket.once('connect', () => {
          localPort = socket.localPort ?? 0
          socket.off('error', reject)
          resolve(socket)
        })
      }),
  }
  const talk = new Conversation({ root: '/', network, timeoutMs, signal })
  talk.server = server
  return {
    talk,
    server: config.server,
    say,
    pause: (milliseconds) => sleep(milliseconds, undefined, { signal }),
    words: (error) => {
      if (signal.aborted) throw error
      return wordsOf(error, localPort)
    },
  }
}

/** Waits for ever, as k3s does, until the server admits the node and hands out its certificates. */
async function beAdmitted(approach: Approach, config: AgentConfig, nodeIp: string): Promise<ClusterSettings> {
  const { authorization } = parseToken(config.token)
  let settings: ClusterSettings | undefined
  await awaitAdmission(approach, async () => {
    try {
      settings = await fetchIdentity(approach, { nodeName: config.nodeName, nodeIp, authorization })
      return undefined
    } catch (error) {
      approach.words(error, 0)
      return (error as Error).message
    }
  })
  if (settings === undefined) throw new Error(`no settings in ${agentFolder}`)
  return settings
}

/** READY=1 comes when the Node exists and says how its agent was configured; whether its kubelet lives is another matter. */
async function beReady(config: AgentConfig, nodeIp: string, caPem: string, call: AgentCall): Promise<void> {
  const identity = keptIdentity()
  if (identity === undefined) throw new Error(`no certificate in ${agentFolder}`)
  const api: NodeApi = { nodeName: config.nodeName, caPem, identity, signal: call.signal }
  await configureNode(api, config, nodeIp)
  const socket = call.environment.NOTIFY_SOCKET
  if (socket !== undefined && socket !== '') say('info', 'k3s agent is up and running')
  await notifyReady(socket)
  if (hasNoNetwork()) return
  say('info', 'Starting flannel with backend vxlan')
  layNetwork(await awaitPodCidr(api))
  say('info', `Flannel found PodCIDR assigned for node ${config.nodeName}`)
}
