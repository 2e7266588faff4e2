/** What a machine of a kubeadm cluster has in the place of k3s's agent: kubeadm, the kubelet's unit, and containerd beside it. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FaultName, HostNetwork } from '../../contract.ts'
import type { GpuState } from '../../kubelet/model.ts'
import type { ProgramAnswer, ProgramCall } from '../control.ts'
import { readFileOf } from '../curl.ts'
import type { Machine } from '../node.ts'
import type { NodePodsOptions } from '../node-pods.ts'
import type { Launch, Program } from '../systemd.ts'
import { wantedUnits } from '../unit-folders.ts'
import { type ContainerdState, dumpOf, infoOf, noContainerd } from './containerd.ts'
import { has } from './files.ts'
import { joinNode, type KubeadmGround } from './join.ts'
import { startKubelet } from './kubelet.ts'
import {
  containerdUnit,
  foreignPort,
  type KubeadmMachineOptions,
  kubeletUnit,
  type Leftovers,
  layKubeadmFaults,
  layKubeadmMachine,
  startContainerdUnit,
} from './machine.ts'
import { configureRuntime } from './nvidia-ctk.ts'
import { resetNode } from './reset.ts'
import { KubeletTalk } from './talk.ts'

export { containerdUnit, kubeletUnit } from './machine.ts'

export interface KubeadmOptions extends KubeadmMachineOptions {
  readonly hostname: string
  readonly network: HostNetwork
  readonly machine: () => Machine
  readonly pace: () => number
  readonly faults: () => ReadonlySet<FaultName>
  readonly gpu: () => GpuState
  readonly containers: NodePodsOptions['containers']
  readonly leftovers: Leftovers | undefined
  readonly systemctl: KubeadmGround['systemctl']
  /** Which ports are open now, and whose: rows of `ss`. */
  readonly onPorts: (isOpen: boolean, pid: number, further: readonly string[]) => void
}

export class KubeadmMachine {
  readonly #options: KubeadmOptions
  #isHealthy = false
  #containerd: ContainerdState = noContainerd
  #pid = 0

  constructor(options: KubeadmOptions) {
    this.#options = options
    layKubeadmMachine(options)
  }

  /** From now on exactly these are there. A kubelet that has something to start with is started again. */
  async comeOver(faults: ReadonlySet<FaultName>): Promise<void> {
    const { leftovers, systemctl } = this.#options
    this.#listPorts()
    if (leftovers !== undefined) layKubeadmFaults(this.#options, faults, leftovers)
    if (faults.has('kubeadm-containerd-down')) await systemctl('stop', containerdUnit)
    if (!faults.has('kubeadm-leftovers') && !faults.has('kubeadm-leftovers-live')) return
    await systemctl('stop', kubeletUnit)
    await systemctl('start', kubeletUnit)
  }

  /** Undefined: it is none of its programs. */
  launch(launch: Launch): Program | undefined {
    const { root, shortFolder, network, hostname, faults } = this.#options
    // What is not there, as in the middle of an upgrade, is nobody's to start.
    if (!has(root, launch.command[0] ?? '')) return undefined
    if (launch.command[0] === '/usr/bin/containerd')
      return startContainerdUnit(launch, root, shortFolder, (state) => this.#become(state))
    if (launch.command[0] !== '/usr/bin/kubelet') return undefined
    return startKubelet(launch, {
      machine: this.#options.machine(),
      hostname,
      network,
      version: this.#version,
      pace: this.#options.pace(),
      neverReady: faults().has('never-ready'),
      gpu: this.#options.gpu,
      containerd: () => this.#containerd,
      containers: this.#options.containers,
      onHealth: (isHealthy, pid) => {
        this.#isHealthy = isHealthy
        this.#pid = pid
        this.#listPorts()
      },
    })
  }

  async answer(call: ProgramCall): Promise<ProgramAnswer> {
    if (call.program === 'containerd') return this.#dump()
    if (call.program === 'nvidia-ctk') return configureRuntime(this.#options.root, call.words)
    const [first = '', verb = '', ...words] = call.words
    const ground = this.#ground(first === 'uid=0')
    const asked = {
      words,
      readConfig: (path: string) => readFileOf(call, path),
      print: call.print,
      signal: call.signal,
    }
    const code = verb === 'reset' ? await resetNode(asked, ground) : await joinNode(asked, ground)
    return { code, stdout: '', stderr: '' }
  }

  /** `containerd config dump`: what its files say together now, whatever the running one has read of them. */
  #dump(): ProgramAnswer {
    try {
      return { code: 0, stdout: dumpOf(this.#options.root), stderr: '' }
    } catch (error) {
      return { code: 1, stdout: '', stderr: `containerd: ${(error as Error).message}\n` }
    }
  }

  /** What `crictl info` says of the running one. */
  #become(state: ContainerdState): void {
    this.#containerd = state
    const file = join(this.#options.state, 'crictl-info')
    if (state === noContainerd) rmSync(file, { force: true })
    else writeFileSync(file, infoOf(state))
  }

  /** What a person did at the machine, as root. @throws Error with kubeadm's words */
  async joinByHand(words: readonly string[]): Promise<void> {
    let said = ''
    const code = await joinNode(
      {
        words,
        readConfig: () => '',
        print: (_stream, text) => {
          said += text
        },
        signal: new AbortController().signal,
      },
      this.#ground(true),
    )
    if (code !== 0) throw new Error(`kubeadm join ended with ${code}:\n${said}`)
  }

  get #version(): string {
    return this.#options.faults().has('kubeadm-newer') ? 'v1.33.4' : this.#options.version
  }

  #listPorts(): void {
    this.#options.onPorts(
      this.#isHealthy,
      this.#pid,
      this.#options.faults().has('kubeadm-port-taken') ? [foreignPort] : [],
    )
  }

  #ground(isRoot: boolean): KubeadmGround {
    const { root, hostname, network, systemctl, faults } = this.#options
    const pace = this.#options.pace()
    return {
      root,
      hostname,
      network,
      pace,
      version: this.#version,
      isRoot: () => isRoot,
      openPorts: () => (this.#isHealthy || faults().has('kubeadm-port-taken') ? [10250] : []),
      isKubeletEnabled: () => wantedUnits(root).has(kubeletUnit),
      systemctl,
      isKubeletHealthy: () => this.#isHealthy,
      annotate: async (node, annotations) => {
        const talk = new KubeletTalk({ root, network, timeoutMs: Math.max(10_000 * pace, 2000) })
        try {
          const { status, text } = await talk.ask({
            method: 'POST',
            path: `/standin/v1/nodes/${node}`,
            ...talk.as(node, `Bearer ${talk.key ?? ''}`),
            body: JSON.stringify({ metadata: { name: node, annotations } }),
          })
          return status === 200 ? undefined : text
        } catch (error) {
          return (error as Error).message
        }
      },
    }
  }
}
