import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  ClusterWorld,
  FaultName,
  GpuProcess,
  GpuProfile,
  HostNetwork,
  HostWorld,
  StrangeTexts,
  WorldOptions,
} from '../contract.ts'
import { noGpu } from '../kubelet/model.ts'
import { startAgent } from './agent.ts'
import { Containers } from './containers.ts'
import { ControlSocket, type ProgramAnswer, type ProgramCall } from './control.ts'
import { crictlInfo } from './crictl-info.ts'
import { runCurl, trustStore } from './curl.ts'
import { layFaultFiles } from './fault-files.ts'
import { type GpuMachine, layGpuMachine } from './gpu-machine.ts'
import { becomeNode, isReady, joinByHand } from './joined-by-hand.ts'
import { Journal } from './journal.ts'
import { containerdUnit, KubeadmMachine, kubeletUnit } from './kubeadm/index.ts'
import type { Leftovers } from './kubeadm/machine.ts'
import { layFullDisk, layPorts, laySudo, type PortState, type SudoSetup } from './machine-state.ts'
import { mount, mountedAt, unmount } from './mounts.ts'
import { layPackages, storageFiles, toolkitFiles } from './packages.ts'
import { layGpuProcesses, layPrograms, laySkewedClock } from './programs.ts'
import { versionOfProgram } from './released.ts'
import { processesOf, Sessions } from './sessions.ts'
import { SshServer } from './ssh-server.ts'
import { isStorageDaemon, layStorageMachine, startStorageDaemon } from './storage-machine.ts'
import { type JobResult, type Launch, type Program, Systemd } from './systemd.ts'
import { calypsoDetails, layTree, type MachineDetails } from './tree.ts'

export interface HostOptions {
  /** Host name and node name, e.g. `calypso`. */
  readonly name: string
  /** Folder for everything this host writes; made when missing. */
  readonly directory: string
  readonly network: HostNetwork
  /** For starting states: the server's own token, and the objects of the cluster. */
  readonly cluster?: Pick<ClusterWorld, 'objects' | 'serverToken'>
  readonly faults?: ReadonlySet<FaultName>
  /** The states after `joined-by-hand` start fresh: the button has to be pressed first. */
  readonly calypso?: WorldOptions['calypso']
  readonly user?: string
  readonly sudo?: SudoSetup
  /** Factor on the delays of systemd and agent; 1 has the shape of a real machine. */
  readonly pace?: number
  readonly address?: string
  /** As Go names it. */
  readonly architecture?: 'amd64' | 'arm64'
  readonly hasGpu?: boolean
  /** Default: the RTX 4090. */
  readonly gpu?: GpuProfile
  /** Version of NVIDIA's container toolkit, which docker needs for Triton; empty: not installed. Default: 1.17.8. */
  readonly toolkit?: string
  /** Whether Triton runs in docker and uses the card; default: where there is one. */
  readonly hasTriton?: boolean
  /** PEM of an authority that programs of this machine trust; default: none, so that they have to be told. */
  readonly trustedCaPem?: string
  /** DMI product_uuid; random when not given. */
  readonly systemUuid?: string
  readonly server?: string
  readonly version?: string
  /** Version of kubeadm and kubelet: then it is a machine for kubeadm, and k3s is nowhere. */
  readonly kubernetes?: string
  /** With the faults `kubeadm-leftovers…`: which cluster it was in before. */
  readonly leftovers?: Leftovers
  /** A command line of `kubeadm join` by which somebody joined it, with `joined-by-hand`: the words after `join`. */
  readonly byHand?: () => Promise<readonly string[]>
  /** Further of the machine: its system, memory and network; default: calypso's. */
  readonly machine?: MachineDetails
  /** Borrowed programs to treat as missing. */
  readonly lacking?: readonly string[]
  readonly strange?: StrangeTexts
  /** How long a machine that was joined by hand may take until it is Ready. */
  readonly byHandLimitMs?: number
}

const agentUnit = 'k3s-agent.service'

/** What the world does to a host, and no client may. */
export interface StartedHost extends HostWorld {
  /** From now on exactly these faults are there, as far as they are the machine's. */
  comeOver(faults: ReadonlySet<FaultName>): Promise<void>
  /** Runs the work at another pace. */
  atPace<T>(pace: number, work: () => Promise<T>): Promise<T>
  /** `systemctl stop k3s-agent`, by somebody at the machine. */
  stopAgent(): Promise<void>
  /** `systemctl start --no-block k3s-agent`. */
  startAgent(): void
  /** Everything that the agent's unit has logged. */
  journal(): string
  /** Paths of everything that is mounted. */
  mounted(): readonly string[]
  /** Nobody has connected yet. */
  forgetPast(): void
}

/** Starts an embedded host. On close nothing of it is left: no process, no socket, no timer; its folder stays. */
export async function startHost(options: HostOptions): Promise<StartedHost> {
  const host = new EmbeddedHost(options)
  try {
    await host.start()
  } catch (error) {
    await host.close()
    throw error
  }
  return host
}

class EmbeddedHost implements StartedHost {
  readonly name: string
  readonly root: string
  readonly #options: HostOptions
  readonly #state: string
  readonly #bin: string
  readonly #address: string
  readonly #architecture: 'amd64' | 'arm64'
  readonly #kernel: string
  readonly #details: MachineDetails
  readonly #user: string
  readonly #journal: Journal
  readonly #systemd: Systemd
  readonly #sessions: Sessions
  readonly #beforeSystemctl = new Map<string, () => void>()
  #bootId = ''
  #ssh: SshServer | undefined
  #control: ControlSocket | undefined
  readonly #shortFolders: string[] = []
  #pace: number
  /** What a machine has from the start, or what comes over it after it was joined by hand. */
  #faults: ReadonlySet<FaultName> = new Set()
  #gpu: GpuMachine | undefined
  #kubeadm: KubeadmMachine | undefined
  readonly #containers: Containers

  constructor(options: HostOptions) {
    this.#options = options
    this.name = options.name
    mkdirSync(options.directory, { recursive: true })
    const directory = realpathSync(options.directory)
    this.root = join(directory, 'root')
    this.#state = join(directory, 'state')
    this.#bin = join(directory, 'bin')
    mkdirSync(this.#state, { recursive: true })
    this.#containers = new Containers(this.root, this.#state)
    this.#details = options.machine ?? calypsoDetails
    this.#kernel = this.#details.kernel
    this.#address = options.address ?? '192.168.2.80'
    this.#architecture = options.architecture ?? 'amd64'
    this.#user = options.user ?? 'oceanid'
    this.#pace = options.pace ?? 1
    this.#journal = new Journal(join(this.#state, 'journal'), options.name)
    this.#journal.prepare(this.#unit)
    this.#systemd = new Systemd({
      root: this.root,
      state: this.#state,
      journal: this.#journal,
      launcher: (launch) => this.#launchProgram(launch),
      pace: this.#pace,
    })
    this.#sessions = new Sessions({
      home: join(this.root, 'home', this.#user),
      variables: this.#variables(),
      root: this.root,
    })
  }

  /** What makes it a node. */
  get #unit(): string {
    return this.#options.kubernetes === undefined ? agentUnit : kubeletUnit
  }
  get #hasGpu(): boolean {
    return (this.#options.hasGpu ?? true) && this.#options.gpu !== 'none'
  }
  get #hasTriton(): boolean {
    return this.#hasGpu && (this.#options.hasTriton ?? true)
  }
  get sshPort(): number {
    return this.#ssh?.port ?? 0
  }
  get clientPrivateKey(): string {
    return this.#ssh?.clientPrivateKey ?? ''
  }
  get counts(): { connections: number; sessions: number; forwards: number } {
    return this.#ssh?.counts ?? { connections: 0, sessions: 0, forwards: 0 }
  }

  knownHosts(address: string): string {
    return this.#ssh?.knownHosts(address) ?? ''
  }

  unit(name: string): { activeState: string; restarts: number; starts: number } | undefined {
    return this.#systemd.unit(name)
  }

  cutAt(pattern: RegExp): Promise<void> {
    return this.#sessions.interruptAt(pattern, 'connection')
  }

  killAt(pattern: RegExp, what: 'command' | 'sshd'): Promise<void> {
    return this.#sessions.interruptAt(pattern, what)
  }

  processes(): readonly number[] {
    return processesOf(this.root)
  }

  setGpuProcesses(processes: readonly GpuProcess[]): void {
    layGpuProcesses(this.#state, processes)
    for (const { pid, name } of processes) {
      const folder = join(this.root, 'proc', String(pid))
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'comm'), `${name}\n`)
    }
  }

  beforeSystemctl(verb: string, act: () => void): void {
    this.#beforeSystemctl.set(verb, act)
  }

  async start(): Promise<void> {
    const hasGpu = this.#hasGpu
    this.#bootId = layTree({
      root: this.root,
      name: this.name,
      user: this.#user,
      hasTriton: this.#hasTriton,
      systemUuid: this.#options.systemUuid,
      details: this.#details,
    }).bootId
    mkdirSync(join(this.#state, 'gpu'), { recursive: true })
    const socket = this.#socketPath()
    layPrograms({
      folder: this.#bin,
      state: this.#state,
      socket,
      hasGpu,
      lacking: this.#options.lacking ?? [],
      strange: this.#options.strange?.programs ?? {},
    })
    if (this.#details.storage !== undefined) {
      const place = { root: this.root, state: this.#state, kernel: this.#kernel }
      layStorageMachine(place, this.#details.storage, this.#options.faults ?? new Set())
    }
    const profile = this.#options.gpu ?? 'rtx-4090'
    if (hasGpu && profile !== 'none')
      this.#gpu = layGpuMachine({
        root: this.root,
        state: this.#state,
        programs: this.#bin,
        kernel: this.#kernel,
        profile,
        toolkit: this.#options.toolkit ?? '1.17.8',
        hasTriton: this.#hasTriton,
      })
    else {
      writeFileSync(join(this.#state, 'lspci'), '00:1f.0 ISA bridge: Intel Corporation Device\n')
      writeFileSync(join(this.#state, 'lspci.numeric'), '00:1f.0 0601: 8086:7a04\n')
      layPackages(this.root, [])
    }
    if (this.#options.trustedCaPem !== undefined) writeFileSync(join(this.root, trustStore), this.#options.trustedCaPem)
    for (const [path, content] of Object.entries(this.#options.strange?.files ?? {})) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true })
      writeFileSync(join(this.root, path), content)
    }
    const words: Record<string, string> = {
      user: this.#user,
      hostname: this.name,
      machine: this.#architecture === 'arm64' ? 'aarch64' : 'x86_64',
      kernel: this.#kernel,
      address: this.#address,
      gateway: this.#details.gateway,
      device: this.#details.device,
    }
    for (const [name, text] of Object.entries(words)) writeFileSync(join(this.#state, name), `${text}\n`)
    await this.comeOver(new Set())
    this.#listPorts('none', 0)
    if (hasGpu) this.#systemd.markRunning('docker.service', 'Docker Application Container Engine', 1041)
    this.#systemd.markRunning('ssh.service', 'OpenBSD Secure Shell server', 902)
    this.#control = await ControlSocket.listen(socket, (call) => this.#answer(call))
    await this.#layKubeadm(socket)
    this.#ssh = await SshServer.listen({
      user: this.#user,
      network: this.#options.network,
      sessions: this.#sessions,
    })
    if (this.#options.calypso === 'joined-by-hand') await this.#joinByHand()
    await this.comeOver(this.#options.faults ?? new Set())
  }

  async comeOver(faults: ReadonlySet<FaultName>): Promise<void> {
    this.#faults = faults
    const asUsual = this.#options.sudo ?? { mode: 'passwordless' }
    const sudo: SudoSetup = faults.has('no-sudo') ? { mode: 'none', password: 'not for sudo' } : asUsual
    laySudo(this.#state, sudo, this.#pace)
    this.#ssh?.become({
      allowForwarding: !faults.has('forwarding-refused'),
      wrongHostKey: faults.has('wrong-host-key'),
    })
    writeFileSync(join(this.#state, 'forwarding'), faults.has('forwarding-refused') ? 'no\n' : 'yes\n')
    layFaultFiles(this.root, faults)
    this.#gpu?.comeOver(faults)
    // The owner's NFS share, at an address that RFC 5737 sets aside, where a kubelet keeps its own.
    if (faults.has('remove-foreign-mount'))
      mount(this.root, [
        {
          source: '192.0.2.20:/export/models',
          path: '/var/lib/kubelet/models',
          type: 'nfs4',
          files: { 'weights.bin': 'weights\n' },
        },
      ])
    if (faults.has('remove-uninstall-hangs')) writeFileSync(join(this.#state, 'umount-hangs'), '')
    if (faults.has('disk-full')) layFullDisk(this.root, this.#state, '/var/lib/rancher')
    if (faults.has('clock-skew')) {
      laySkewedClock(this.#bin)
      this.#journal.aheadMs = 600_000
    }
    await this.#kubeadm?.comeOver(faults)
  }

  async atPace<T>(pace: number, work: () => Promise<T>): Promise<T> {
    const before = this.#pace
    this.#pace = pace
    try {
      return await work()
    } finally {
      this.#pace = before
    }
  }

  async stopAgent(): Promise<void> {
    await this.#systemd.stop(this.#unit)
  }

  startAgent(): void {
    void this.#systemd.start(this.#unit)
  }

  journal(): string {
    return this.#journal.read(this.#unit)
  }

  mounted(): readonly string[] {
    return mountedAt(this.root)
  }

  forgetPast(): void {
    Object.assign(this.counts, { connections: 0, sessions: 0, forwards: 0 })
  }

  async close(): Promise<void> {
    await this.#systemd.close()
    await this.#ssh?.close()
    await this.#sessions.close()
    await this.#control?.close()
    for (const folder of this.#shortFolders) rmSync(folder, { recursive: true, force: true })
  }

  #variables(): Record<string, string> {
    return {
      HOME: join(this.root, 'home', this.#user),
      USER: this.#user,
      // Of the tree only what packages and people put there: the rest of a machine stands in the first folder.
      PATH: `${this.#bin}:${join(this.root, 'usr/local/bin')}:${join(this.root, 'usr/bin')}`,
      ROOT: this.root,
      REHEARSAL: '1',
      LANG: 'C',
    }
  }

  /** Unix socket paths end at about 100 bytes; a world in a deep folder gets a short one. */
  #socketPath(): string {
    const path = join(this.#state, 'control')
    if (path.length < 100) return path
    const folder = mkdtempSync(join(tmpdir(), 'host-'))
    this.#shortFolders.push(folder)
    return join(folder, 'control')
  }

  #listPorts(state: PortState, pid: number, further: readonly string[] = []): void {
    layPorts(this.#state, this.#hasTriton, state, pid, further)
  }

  /** Its packages, and their units running: the kubelet's is started again and again, because nobody has joined it yet. */
  async #layKubeadm(socket: string): Promise<void> {
    const { kubernetes, leftovers } = this.#options
    if (kubernetes === undefined) return
    const shortFolder = mkdtempSync(join(tmpdir(), 'cri-'))
    this.#shortFolders.push(shortFolder)
    this.#kubeadm = new KubeadmMachine({
      root: this.root,
      state: this.#state,
      socket,
      shortFolder,
      version: kubernetes,
      architecture: this.#architecture,
      hostname: this.name,
      network: this.#options.network,
      machine: () => this.#machine(),
      pace: () => this.#pace,
      faults: () => this.#faults,
      gpu: () => this.#gpu?.state() ?? noGpu,
      containers: this.#containers,
      leftovers,
      systemctl: async (verb, unit = '') => {
        await this.#systemctl([verb, unit])
      },
      onPorts: (isOpen, pid, further) => this.#listPorts(isOpen ? 'own-kubelet' : 'none', pid, further),
    })
    this.#systemd.reload()
    await this.#systemd.start(containerdUnit)
    await this.#systemd.start(kubeletUnit)
  }

  #machine() {
    return {
      root: this.root,
      address: this.#address,
      architecture: this.#architecture,
      kernel: this.#kernel,
      bootId: this.#bootId,
      cpus: this.#details.cpus,
    } as const
  }

  #launchProgram(launch: Launch): Program | { readonly refusal: string } {
    const own = this.#kubeadm?.launch(launch)
    if (own !== undefined) return own
    const path = launch.command[0] ?? ''
    const file = join(this.root, path)
    const refuse = (reason: string) => ({ refusal: `${launch.unit}: Failed at step EXEC spawning ${path}: ${reason}` })
    try {
      accessSync(file, constants.X_OK)
    } catch (error) {
      return refuse((error as { code?: string }).code === 'ENOENT' ? 'No such file or directory' : 'Permission denied')
    }
    if (isStorageDaemon(launch)) return startStorageDaemon(launch, this.#options.faults ?? new Set())
    const version = versionOfProgram(readFileSync(file, 'utf8'))
    if (version === undefined || launch.command[1] !== 'agent') return refuse('Exec format error')
    return startAgent(launch, {
      machine: this.#machine(),
      hostname: this.name,
      network: this.#options.network,
      version,
      pace: this.#pace,
      neverReady: this.#faults.has('never-ready'),
      strange: this.#options.strange ?? {},
      onPorts: (state, pid) => this.#listPorts(state, pid),
      gpu: () => this.#gpu?.state() ?? noGpu,
      containers: this.#containers,
      takenPorts: () => (this.#faults.has('gpu-restart-fails') ? [10010] : []),
      onRuntimes: (containerd) => {
        const file = join(this.#state, 'crictl-info')
        if (containerd === undefined) rmSync(file, { force: true })
        else writeFileSync(file, crictlInfo(containerd))
      },
    })
  }

  async #answer(call: ProgramCall): Promise<ProgramAnswer> {
    if (call.program === 'packages') return this.#installPackages(call.words)
    if (this.#kubeadm !== undefined && ['kubeadm', 'containerd', 'nvidia-ctk'].includes(call.program))
      return this.#kubeadm.answer(call)
    if (call.program === 'nvidia-ctk')
      return { code: 1, stdout: '', stderr: "nvidia-ctk: 'runtime configure' is not part of this embedded host\n" }
    if (call.program === 'shims') {
      this.#containers.killed()
      return { code: 0, stdout: '', stderr: '' }
    }
    if (call.program === 'umount') {
      unmount(this.root, call.words)
      return { code: 0, stdout: '', stderr: '' }
    }
    if (call.program === 'curl') return runCurl(call, this.#options.network, this.root)
    return this.#systemctl(call.words)
  }

  async #systemctl(words: readonly string[]): Promise<ProgramAnswer> {
    const [verb = '', unit = ''] = words
    const before = this.#beforeSystemctl.get(verb)
    this.#beforeSystemctl.delete(verb)
    before?.()
    const isBlocking = !words.includes('--no-block')
    const answer = ({ code, stderr }: JobResult): ProgramAnswer => ({ stdout: '', code, stderr })
    if (verb === 'daemon-reload') {
      this.#systemd.reload()
      return answer({ code: 0, stderr: '' })
    }
    if (verb === 'reset-failed') return answer(this.#systemd.resetFailed(unit === '' ? undefined : unit))
    const jobs: Readonly<Record<string, () => Promise<JobResult>>> = {
      start: () => this.#systemd.start(unit),
      stop: () => this.#systemd.stop(unit),
      'try-restart': () => this.#systemd.tryRestart(unit),
    }
    const job = (jobs[verb] ?? (() => this.#systemd.restart(unit)))()
    if (isBlocking) return answer(await job)
    // What cannot even be queued is refused at once; a queued job's end is nobody's business any more.
    const queued = new Promise<JobResult>((resolve) => setImmediate(() => resolve({ code: 0, stderr: '' })))
    const refusal = job.then((result) => (result.isRefused ? result : queued))
    return answer(await Promise.race([refusal, queued]))
  }

  /** The dpkg of apt-get's stand-in: `NAME=VERSION … -- NAME …` are put there and taken away, with their files. */
  #installPackages(words: readonly string[]): ProgramAnswer {
    const split = words.indexOf('--')
    const rows = words.slice(0, split).map((word) => {
      const [name = '', version = ''] = word.split('=')
      return { name, version, isHeld: false, files: toolkitFiles[name] ?? storageFiles[name] ?? [] }
    })
    const removed = words.slice(split + 1)
    layPackages(this.root, rows, removed)
    for (const name of removed)
      for (const file of toolkitFiles[name] ?? storageFiles[name] ?? []) rmSync(join(this.root, file), { force: true })
    const lines = [
      ...rows.map(({ name, version }) => `Setting up ${name} (${version}) ...`),
      ...removed.map((name) => `Purging ${name} ...`),
    ]
    return { code: 0, stdout: lines.map((line) => `${line}\n`).join(''), stderr: '' }
  }

  async #joinByHand(): Promise<void> {
    const { cluster, byHand } = this.#options
    if (this.#kubeadm !== undefined && byHand !== undefined) return await this.#joinByKubeadm(this.#kubeadm, byHand)
    if (cluster === undefined) throw new Error('joined-by-hand needs a cluster to be joined to')
    await joinByHand({
      root: this.root,
      variables: { ...this.#variables(), HOME: join(this.root, 'root'), USER: 'root', REHEARSAL_UID: '0' },
      version: this.#options.version ?? 'v1.33.4+k3s1',
      architecture: this.#architecture,
      server: this.#options.server ?? 'https://157.173.210.123:6443',
      token: cluster.serverToken,
      name: this.name,
    })
    // It happened long ago: nobody waits for it.
    await this.atPace(0.01, () =>
      becomeNode({
        name: this.name,
        objects: cluster.objects,
        start: () => this.#systemd.start(agentUnit),
        journal: () => this.journal(),
        limitMs: this.#options.byHandLimitMs ?? 20_000,
      }),
    )
    this.#systemd.predate(agentUnit, 3_600_000)
  }

  /** As seed 001 tells: a join command from a control plane, without its preflight. */
  async #joinByKubeadm(kubeadm: KubeadmMachine, byHand: () => Promise<readonly string[]>): Promise<void> {
    await this.atPace(0.05, async () => {
      await kubeadm.joinByHand(await byHand())
      const { cluster, byHandLimitMs = 20_000 } = this.#options
      const endMs = performance.now() + byHandLimitMs
      while (!isReady(cluster?.objects.get(`nodes/${this.name}`))) {
        if (performance.now() > endMs)
          throw new Error(`${this.name} was joined by hand, and is not Ready:\n${this.journal()}`)
        await sleep(10)
      }
    })
    this.#systemd.predate(kubeletUnit, 3_600_000)
  }
}
