/**
 * The kubelet of kubeadm's unit: it exits while it has no configuration (and systemd starts it again every 10 s), asks for its certificate with
 * the bootstrap token, registers, and is Ready once Calico has laid its network. Its words are those of kubernetes 1.32 (cmd/kubelet/app,
 * client-go/util/certificate), and those that a real one was heard to say to kubeadm's side (fixtures/kubeadm, lab.md).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import type { HostNetwork } from '../../contract.ts'
import type { GpuState } from '../../kubelet/model.ts'
import { AgentNode } from '../agent-node.ts'
import { header, refusalBy, registeredLine } from '../kubelet.ts'
import type { Machine, NetworkState } from '../node.ts'
import { type NodePodsOptions, NodePodsRunner } from '../node-pods.ts'
import type { Launch, Program } from '../systemd.ts'
import type { ContainerdState } from './containerd.ts'
import { has, noRuntime, paths, read, swaps } from './files.ts'
import { layCalico } from './machine.ts'
import { kubeletNode } from './node.ts'
import { KubeletTalk } from './talk.ts'

export interface KubeletOptions {
  readonly machine: Machine
  readonly hostname: string
  readonly network: HostNetwork
  readonly version: string
  readonly pace: number
  /** Calico never comes up. */
  readonly neverReady: boolean
  readonly gpu: () => GpuState
  /** As of its last start. */
  readonly containerd: () => ContainerdState
  readonly containers: NodePodsOptions['containers']
  /** Told whether its healthz answers, and its ports are open. */
  readonly onHealth: (isHealthy: boolean, pid: number) => void
}

/** Ends the kubelet with status 1. */
class Exit extends Error {}

export function startKubelet(launch: Launch, options: KubeletOptions): Program {
  const ending = new AbortController()
  const ended = new Kubelet(launch, options, ending.signal).run().then(
    () => launch.exited(0),
    (error: unknown) => {
      options.onHealth(false, launch.pid)
      if (!ending.signal.aborted && !(error instanceof Exit)) launch.log(`panic: ${(error as Error).message}`)
      launch.exited(ending.signal.aborted ? 0 : 1)
    },
  )
  return { ended, stop: () => ending.abort() }
}

class Kubelet {
  readonly #launch: Launch
  readonly #options: KubeletOptions
  readonly #signal: AbortSignal
  readonly #talk: KubeletTalk

  constructor(launch: Launch, options: KubeletOptions, signal: AbortSignal) {
    this.#launch = launch
    this.#options = options
    this.#signal = signal
    this.#talk = new KubeletTalk({
      root: options.machine.root,
      network: options.network,
      timeoutMs: Math.max(10_000 * options.pace, 2000),
      signal,
    })
  }

  async run(): Promise<void> {
    const { root } = this.#options.machine
    const flags = this.#launch.command.slice(1)
    const flag = (name: string): string =>
      flags.findLast((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''
    await this.#pause(50)
    const labels = flag('node-labels')
      .split(',')
      .filter((label) => label !== '')
    const refusal = refusalBy(
      flags,
      labels.map((label) => label.split('=')[0] ?? ''),
      new Date(),
      this.#launch.pid,
    )
    if (refusal !== undefined) {
      this.#launch.log(refusal)
      throw new Exit()
    }
    const config = read(root, paths.config)
    if (config === undefined) this.#fail(noConfig)
    if (this.#talk.own === undefined && this.#talk.bootstrap === undefined)
      this.#fail(
        `failed to run Kubelet: unable to load bootstrap kubeconfig: stat ${paths.bootstrapConf}: no such file or directory`,
      )
    const { failSwapOn = true } = (parse(config) ?? {}) as { failSwapOn?: boolean }
    const swap = swaps(root)
    if (failSwapOn && swap.length > 0)
      this.#fail(
        `failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag. /proc/swaps contained: [${['Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority', ...swap].join(' ')}]`,
      )
    if (!has(root, paths.containerdSocket)) this.#fail(`failed to run Kubelet: ${noRuntime}`)
    await this.#pause(250)
    this.#options.onHealth(true, this.#launch.pid)
    await this.#join({ flag, labels })
  }

  async #join({ flag, labels }: { flag: (name: string) => string; labels: readonly string[] }): Promise<void> {
    const { machine, version, hostname, pace, neverReady } = this.#options
    const { root } = machine
    const name = (flag('hostname-override') || hostname).toLowerCase()
    let network: NetworkState = has(root, paths.network) ? 'up' : 'missing'
    const now = this.#options.containerd
    const pods = new NodePodsRunner({
      machine,
      node: name,
      talk: this.#talk,
      containerd: {
        get handlers() {
          return now().handlers
        },
        get defaultHandler() {
          return now().defaultHandler
        },
      },
      gpu: this.#options.gpu,
      containers: this.#options.containers,
      pace,
      signal: this.#signal,
      pid: () => this.#launch.nextPid(),
      report: () => node.report(network).then(() => undefined),
    })
    const described: Machine = { ...machine, devices: () => pods.devices }
    const since = new Date()
    const node = new AgentNode({
      name,
      talk: this.#talk,
      authorization: `Bearer ${this.#talk.bootstrap?.token ?? ''}`,
      object: (state) =>
        kubeletNode(described, {
          name,
          version,
          network: state,
          since,
          labels,
          taints: flag('register-with-taints')
            .split(',')
            .filter((taint) => taint !== ''),
          nodeIp: flag('node-ip'),
        }),
      signal: this.#signal,
      // The words of an agent of k3s; a kubelet's are those of its certificate, or of its Node.
      say: (_level, message) => this.#complain(message),
      pause: (milliseconds) => this.#pause(milliseconds),
    })
    await node.register()
    this.#launch.log(registeredLine(name, new Date(), this.#launch.pid))
    const calico = async (): Promise<void> => {
      // Its image is pulled, and it writes the network's configuration.
      if (network !== 'up') {
        await this.#pause(2500)
        if (neverReady) return
        layCalico(root)
        await this.#pause(200)
        network = 'up'
      }
      await node.report('up')
    }
    // Pods of the host's network, as Calico's own, run before there is another one.
    await Promise.all([calico().then(() => node.renewLease(network)), pods.run()])
  }

  /** Why it is not a node yet, and when it tries again. */
  #complain(message: string): void {
    const reason = message.replace(/^Unable to register node \S+ ?/, '')
    const isCertificate = this.#talk.own === undefined
    const [place, words] = isCertificate
      ? [
          'certificate_manager.go:562',
          `"Unhandled Error" err="kubernetes.io/kube-apiserver-client-kubelet: Failed while requesting a signed certificate from the control plane: ${reason.includes('waits for approval') ? 'timed out waiting for the condition' : `cannot create certificate signing request: ${reason}`}" logger="UnhandledError"`,
        ]
      : [
          'kubelet_node_status.go:107',
          `"Unable to register node with API server" err=${JSON.stringify(reason)} node=${JSON.stringify(this.#options.hostname)}`,
        ]
    this.#launch.log(`${header('E', new Date(), this.#launch.pid, place)} ${words}`)
  }

  #fail(error: string): never {
    this.#launch.log(
      `${header('E', new Date(), this.#launch.pid, 'run.go:72')} "command failed" err=${JSON.stringify(error)}`,
    )
    throw new Exit()
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds * this.#options.pace, undefined, { signal: this.#signal })
  }
}

const noConfig = `failed to load kubelet config file, path: ${paths.config}, error: failed to load Kubelet config file ${paths.config}, error failed to read kubelet config file "${paths.config}", error: open ${paths.config}: no such file or directory`
