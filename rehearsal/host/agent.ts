import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostNetwork, StrangeTexts } from '../contract.ts'
import type { GpuState } from '../kubelet/model.ts'
import { type AgentConfig, readAgentConfig } from './agent-config.ts'
import { AgentNode } from './agent-node.ts'
import { type Approach, awaitAdmission, configProblem, passwordRejected, validateCluster } from './approach.ts'
import { type ContainerdStart, layNetwork, startContainerd } from './containerd.ts'
import { findRuntimes } from './containerd-base.ts'
import { Conversation, loadBalancerWords } from './conversation.ts'
import { kubeletFlags, refusalBy, registeredLine } from './kubelet.ts'
import { type Machine, type NetworkState, nodeObject } from './node.ts'
import { type NodePodsOptions, NodePodsRunner } from './node-pods.ts'
import { layProcess, removeProcess, searchPath } from './process-files.ts'
import { parseToken, type Token } from './supervisor.ts'
import type { Launch, Program } from './systemd.ts'

export interface AgentOptions {
  readonly machine: Machine
  readonly hostname: string
  readonly network: HostNetwork
  readonly version: string
  /** Factor on every delay; 1 is about the shape of a real join, 2 s from start to Ready. */
  readonly pace: number
  /** The container network never comes up. */
  readonly neverReady: boolean
  /** What its GPUs give to containers now. */
  readonly gpu: () => GpuState
  /** Told of the containers of its pods. */
  readonly containers: NodePodsOptions['containers']
  /** Ports on loopback that another process has. */
  readonly takenPorts: () => readonly number[]
  /** What containerd's CRI says of itself from now on; undefined: nobody answers. */
  readonly onRuntimes: (containerd: Pick<ContainerdStart, 'handlers' | 'defaultHandler'> | undefined) => void
  /** What strangers let it print. */
  readonly strange?: Pick<StrangeTexts, 'agentLines' | 'containerdLines'>
  /** Which of the host's ports the agent has open now. */
  readonly onPorts: (state: 'none' | 'load-balancer' | 'kubelet', pid: number) => void
}

/** However fast the agent is: the server derives a key from a password, in this very process, and the machine may be busy. */
const leastTimeoutMs = 2000
const waysBack = 'Node authorization rejected, retrying without client certificate authentication'
const containerdFolder = '/var/lib/rancher/k3s/agent/containerd'

/** Ends the agent with a status, as `exit 1` of the real one. */
class Exit extends Error {
  readonly status: number
  constructor(status: number) {
    super(`exit ${status}`)
    this.status = status
  }
}

/** Starts the simulated k3s agent. It speaks to the supervisor through the host's own network and never throws. */
export function startAgent(launch: Launch, options: AgentOptions): Program {
  const ending = new AbortController()
  const agent = new Agent(launch, options, ending.signal)
  const ended = agent.run().then(
    () => launch.exited(0),
    (error: unknown) => {
      options.onPorts('none', launch.pid)
      options.onRuntimes(undefined)
      removeProcess(options.machine.root, launch.pid)
      if (ending.signal.aborted) launch.exited(0)
      else if (error instanceof Exit) launch.exited(error.status)
      else {
        launch.log(
          `time="${new Date().toISOString().slice(0, 19)}Z" level=fatal msg=${JSON.stringify(`Error: ${(error as Error).message}`)}`,
        )
        launch.exited(1)
      }
    },
  )
  return { ended, stop: () => ending.abort() }
}

class Agent {
  readonly #launch: Launch
  readonly #options: AgentOptions
  readonly #signal: AbortSignal
  readonly #talk: Conversation

  constructor(launch: Launch, options: AgentOptions, signal: AbortSignal) {
    this.#launch = launch
    this.#options = options
    this.#signal = signal
    this.#talk = new Conversation({
      root: options.machine.root,
      network: options.network,
      timeoutMs: Math.max(10_000 * options.pace, leastTimeoutMs),
      signal,
    })
  }

  async run(): Promise<void> {
    const { machine, hostname, version } = this.#options
    const config = readAgentConfig(machine.root, this.#launch.command, this.#launch.environment, hostname)
    layProcess(machine.root, this.#launch.pid, 'k3s-agent', searchPath(this.#launch.environment, version))
    this.#say('info', `Starting k3s agent ${version}`)
    for (const line of this.#options.strange?.agentLines ?? []) this.#launch.log(line)
    if (config.token === '') this.#fatal('--token is required')
    if (config.server === '') this.#fatal('--server is required')
    const token = parseToken(config.token)
    const url = new URL(config.server)
    this.#talk.server = { host: url.hostname, port: Number(url.port === '' ? 443 : url.port) }
    const address = `${this.#talk.server.host}:${this.#talk.server.port}`
    this.#say('info', `Adding server to load balancer k3s-agent-load-balancer: ${address}`)
    this.#say(
      'info',
      `Running load balancer k3s-agent-load-balancer 127.0.0.1:6444 -> [${address}] [default: ${address}]`,
    )
    this.#options.onPorts('load-balancer', this.#launch.pid)
    const approach: Approach = {
      talk: this.#talk,
      server: config.server,
      say: (level, message) => this.#say(level, message),
      pause: (milliseconds) => this.#pause(milliseconds),
      words: (error, attempt) => {
        this.#rethrowWhenEnding(error)
        return loadBalancerWords(error, attempt)
      },
    }
    await validateCluster(approach, token)
    await this.#authenticate(config, token, approach)
    const containerd = await this.#startContainerd(config)
    await this.#join(config, token, containerd)
  }

  /** Fetches the configuration and proves the node's name; k3s waits for ever when either is refused. */
  async #authenticate(config: AgentConfig, token: Token, approach: Approach): Promise<void> {
    const key = this.#talk.key
    await awaitAdmission(approach, async () => {
      try {
        return await (key === undefined ? this.#tryToken(config, token) : this.#tryKey(config, token, key))
      } catch (error) {
        const words = approach.words(error, 0)
        return `failed to retrieve configuration from server: Get "https://127.0.0.1:6444/v1-k3s/config": ${words}`
      }
    })
    await this.#pause(400)
  }

  /** The node's own credential is good until its Node is deleted; then only a token helps. The password is asked for with both. */
  async #tryKey(config: AgentConfig, token: Token, key: string): Promise<string | undefined> {
    const question = { method: 'POST', path: `/standin/v1/nodes/${config.nodeName}` }
    const answer = await this.#talk.ask({ ...question, ...this.#talk.as(config.nodeName, `Bearer ${key}`) })
    // A report without a Node is refused as such (400) only after the key was accepted.
    if (answer.status === 400) return undefined
    if (answer.status === 403) return passwordRejected
    this.#say('info', waysBack)
    const problem = await this.#tryToken(config, token)
    if (problem === undefined) {
      // It was the serving certificate that the token got; the client's is asked for in the same way.
      this.#say('info', waysBack)
      this.#talk.forgetKey()
    }
    // The configuration stays open to the node's certificate; it is a new certificate that a bad token does not get.
    return problem === configProblem(401)
      ? 'https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 401 Unauthorized'
      : problem
  }

  async #tryToken(config: AgentConfig, token: Token): Promise<string | undefined> {
    const credentials = this.#talk.as(config.nodeName, token.authorization)
    const answer = await this.#talk.ask({ method: 'GET', path: '/v1-k3s/config', ...credentials })
    if (answer.status !== 200) return configProblem(answer.status)
    // The name is proven before anything is registered, as real agents do when they ask for their certificates.
    const path = `/standin/v1/nodes/${config.nodeName}`
    const proof = await this.#talk.ask({ method: 'POST', path, ...credentials })
    return proof.status === 403 ? passwordRejected : undefined
  }

  async #startContainerd(config: AgentConfig): Promise<ContainerdStart> {
    const { machine, strange, version } = this.#options
    const runtimes = findRuntimes(machine.root, searchPath(this.#launch.environment, version))
    for (const [name, path] of Object.entries(runtimes)) this.#say('info', `Found ${name} container runtime at ${path}`)
    // k3s-io/k3s:pkg/agent/containerd/config_linux.go, before any template is read.
    if (config.defaultRuntime !== '' && runtimes[config.defaultRuntime] === undefined)
      throw new Error(`default runtime ${config.defaultRuntime} was not found`)
    const settings = { defaultRuntime: config.defaultRuntime, runtimes, takenPorts: this.#options.takenPorts() }
    const started = startContainerd(machine.root, settings, new Date(), strange?.containerdLines)
    if (started.template !== undefined) this.#say('info', `Using containerd config template at ${started.template}`)
    this.#say('info', `Logging containerd to ${containerdFolder}/containerd.log`)
    this.#say(
      'info',
      `Running containerd -c /var/lib/rancher/k3s/agent/etc/containerd/config.toml -a /run/k3s/containerd/containerd.sock --state /run/k3s/containerd --root ${containerdFolder}`,
    )
    if (started.exits) {
      await this.#pause(100)
      this.#say('error', 'containerd exited: exit status 1')
      throw new Exit(1)
    }
    await this.#pause(500)
    this.#say('info', 'containerd is now running')
    this.#options.onRuntimes(started)
    return started
  }

  /** The kubelet's part: register, become Ready, renew the Lease until the end; and READY=1, which is not the kubelet's. */
  async #join(config: AgentConfig, token: Token, containerd: ContainerdStart): Promise<void> {
    const { version, neverReady } = this.#options
    const { hasNetwork } = containerd
    const pods = new NodePodsRunner({
      machine: this.#options.machine,
      node: config.nodeName,
      talk: this.#talk,
      containerd,
      gpu: this.#options.gpu,
      containers: this.#options.containers,
      pace: this.#options.pace,
      signal: this.#signal,
      pid: () => this.#launch.nextPid(),
      report: () => node.report(network).then(() => undefined),
    })
    const machine: Machine = { ...this.#options.machine, devices: () => pods.devices }
    const nodeIp = config.nodeIp === '' ? machine.address : config.nodeIp
    const flags = kubeletFlags(config, nodeIp)
    this.#say('info', `Running kubelet ${flags.join(' ')}`)
    const since = new Date()
    let network: NetworkState = 'starting'
    const node = new AgentNode({
      name: config.nodeName,
      talk: this.#talk,
      authorization: token.authorization,
      object: (state) => nodeObject(machine, config, version, state, since, new Date()),
      signal: this.#signal,
      say: (level, message) => this.#say(level, message),
      pause: (milliseconds) => this.#pause(milliseconds),
    })
    await this.#pause(300)
    // k3s waits for the Node beside its kubelet, not behind it: one that exists is configured before the kubelet has said a word.
    const isConfigured = node.wasJoined && (await node.configure())
    const pid = this.#launch.nextPid()
    const refusal = refusalBy(flags, config.labels, new Date(), pid)
    if (refusal !== undefined) {
      // Of restricted labels, only a Node that carries them already lets the start succeed (seen both ways with a real API server and kubelet).
      if (isConfigured) this.#beReady(config)
      this.#launch.log(refusal, pid)
      this.#say('error', 'kubelet exited: exit status 1')
      throw new Exit(1)
    }
    await node.register()
    this.#launch.log(registeredLine(config.nodeName, new Date(), pid), pid)
    if (!isConfigured) node.sayConfigured()
    this.#options.onPorts('kubelet', this.#launch.pid)
    this.#beReady(config)
    mkdirSync(join(machine.root, 'run/flannel'), { recursive: true })
    mkdirSync(join(machine.root, 'var/lib/kubelet/pods'), { recursive: true })
    if (!neverReady) layNetwork(machine.root)
    await this.#pause(600)
    network = hasNetwork && !neverReady ? 'up' : 'missing'
    await node.report(network)
    if (network === 'up') {
      writeFileSync(
        join(machine.root, 'run/flannel/subnet.env'),
        'FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n',
      )
    }
    await Promise.all([node.renewLease(network), ...(network === 'up' ? [pods.run()] : [])])
  }

  /** Flannel is started, and has an address range, before systemd is told (startNetwork in k3s's pkg/agent/run.go). */
  #beReady(config: AgentConfig): void {
    this.#say('info', 'Starting flannel with backend vxlan')
    this.#say('info', `Flannel found PodCIDR assigned for node ${config.nodeName}`)
    this.#say('info', 'k3s agent is up and running')
    this.#launch.ready()
  }

  #rethrowWhenEnding(error: unknown): void {
    if (this.#signal.aborted) throw error
  }

  #fatal(message: string): never {
    this.#say('fatal', message)
    throw new Exit(1)
  }

  #say(level: 'info' | 'error' | 'fatal', message: string): void {
    this.#launch.log(`time="${new Date().toISOString().slice(0, 19)}Z" level=${level} msg=${JSON.stringify(message)}`)
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds * this.#options.pace, undefined, { signal: this.#signal })
  }
}
