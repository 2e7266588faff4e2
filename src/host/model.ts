import type { Duplex } from 'node:stream'

/** One JSON line that a script printed. Scripts print nothing else on standard output. */
export type ScriptLine = Readonly<Record<string, unknown>>

export interface ScriptRun {
  /** The text of the script (from a room's generated scripts module), a function `main` and its call on the last line. */
  readonly script: string
  /** Name for messages, e.g. `survey`. */
  readonly name: string
  /** Arguments, as environment variables of the script. Names [A-Z_]+. Never a secret. */
  readonly env?: Readonly<Record<string, string>>
  /** Secrets, as shell variables that are not exported: no child process sees them. */
  readonly secrets?: Readonly<Record<string, string>>
  /** `root`: fails with HostError `sudo-*` when root cannot be had. `root-if-possible`: runs unprivileged then, with SUDO_PROBLEM set. */
  readonly privilege: 'user' | 'root' | 'root-if-possible'
  /** Also enforced on the host by `timeout`. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onLine?: (line: ScriptLine) => void
}

export interface ScriptResult {
  readonly exitCode: number
  readonly lines: readonly ScriptLine[]
  /** Standard error, at most its last 64 KiB. */
  readonly stderr: string
}

/**
 * A machine, over SSH or the runner itself. Rejects with HostError.
 * One connection; each `run` and `upload` is one session channel, each `forward` one direct-tcpip channel (counted apart).
 */
export interface Host {
  /** For messages: `oceanid@192.168.2.80` or `local`. */
  readonly label: string
  /** Fingerprint of the host key that was verified, `SHA256:…`; undefined for local. */
  readonly hostKeyFingerprint?: string
  readonly counts: { readonly sessions: number; readonly forwards: number }
  run(run: ScriptRun): Promise<ScriptResult>
  /** Streams a local file into a fresh 0700 folder of the user; resolves with its path on the host. */
  upload(
    file: { readonly path: string; readonly name: string; readonly sizeBytes: number },
    signal: AbortSignal,
  ): Promise<string>
  /** A TCP connection from the host's own network position. Rejects with HostError code `forwarding-refused` when the host does not allow forwarding. */
  forward(address: string, port: number, signal: AbortSignal): Promise<Duplex>
  close(): Promise<void>
}

/** What a unit that was started, restarted or only looked at does. */
export type UnitEvent =
  | {
      readonly type: 'unit'
      readonly activeState: string
      readonly subState: string
      readonly restarts: number
      readonly result: string
      readonly mainStatus: number
      /** True once the process that was ordered runs, and no longer the one before it. */
      readonly isNew: boolean
    }
  /** `source`: the log that the line stands in, e.g. `containerd.log`; absent: the unit's own journal. */
  | { readonly type: 'journal'; readonly text: string; readonly source?: string }
  /** The program by which the unit was started has ended; said only where there is one. */
  | { readonly type: 'ended'; readonly program: string; readonly status: number }

/** A process that has the GPU open, and who owns it. */
export interface GpuProcess {
  readonly pid: number
  readonly name: string
  readonly usedMemoryMiB?: number
  readonly owner: 'pod' | 'container' | 'host'
  /** `docker`, `podman`, a systemd unit …; from the cgroup path. */
  readonly ownerDetail: string
  /** Clock ticks between the machine's start and its own; undefined: could not be read. Tells it from a later one with its number. */
  readonly startTicks?: number
}

/** What a host says about itself: the result of ONE script in one round trip. Undefined or empty: could not be found out. */
export interface HostFacts {
  readonly hostname: string
  readonly user: string
  readonly machineId: string
  /** DMI product_uuid, lower case; empty when it cannot be read. */
  readonly systemUuid: string
  readonly os: { readonly id: string; readonly idLike: string; readonly versionId: string; readonly prettyName: string }
  readonly kernel: string
  /** As Go names it: amd64, arm64 …; uname -m otherwise. */
  readonly architecture: string
  readonly init: 'systemd' | 'openrc' | 'other'
  /** Major version, e.g. 249; undefined: another init, or it did not say. */
  readonly systemdVersion?: number
  readonly privilege: { readonly state: 'root' | 'passwordless' | 'password' | 'none'; readonly problem: string }
  /** Version 0: unknown. Controllers that the kernel offers, e.g. memory, cpu; a disabled one is not among them. */
  readonly cgroup: { readonly version: 1 | 2 | 0; readonly controllers: readonly string[] }
  /** Of the folders for programs and units, those that not even root can write to. Only root finds out. */
  readonly readOnly: readonly string[]
  readonly memoryBytes: number
  readonly swapBytes: number
  /** Listening TCP sockets on the ports that matter; process empty and pid 0 when unknown. */
  readonly ports: readonly {
    readonly port: number
    readonly process: string
    readonly pid: number
    /** Unit or container of the process, e.g. `nginx.service`, `container docker`; from the cgroup path, empty when unknown. */
    readonly owner: string
  }[]
  /** df of the file systems that hold data, programs and configuration, by one path on each. */
  readonly disks: readonly {
    readonly path: string
    readonly availableBytes: number
    /** 0: unknown. */
    readonly totalBytes: number
    readonly availableInodes: number
  }[]
  /** The host's clock at the moment of the survey, epoch milliseconds (0: unknown), and when its line reached the runner. */
  readonly clock: { readonly hostMs: number; readonly runnerMs: number }
  readonly defaultRoute: { readonly via: string; readonly device: string; readonly source: string } | undefined
  /** True: the host was asked for its routes, and there is no default one. */
  readonly hasNoDefaultRoute: boolean
  /** IPv4 and IPv6 addresses with global scope. */
  readonly addresses: readonly string[]
  /** Files that name name servers, in the order in which they are looked at; a line without an address is `-`. */
  readonly resolvers: readonly {
    readonly path: string
    readonly isReadable: boolean
    readonly servers: readonly string[]
  }[]
  readonly selinux: 'enforcing' | 'permissive' | 'disabled' | 'unknown'
  /** Parts of the kernel that the distribution asked for. */
  readonly modules: readonly {
    readonly name: string
    readonly state: 'loaded' | 'loadable' | 'missing' | 'unknown'
  }[]
  /** What another Kubernetes has or had on this machine. Pid 0: not a process. */
  readonly kubernetes: readonly {
    readonly kind: 'cni-config' | 'interface' | 'kubelet-config' | 'kubelet'
    readonly name: string
    readonly pid: number
    readonly unit: string
  }[]
  /** Rules in the firewall's own words, a line each; empty when they could not be had. Of nftables, chains that drop by default. */
  readonly firewalls: readonly {
    readonly name: 'ufw' | 'firewalld' | 'nftables'
    readonly state: 'active' | 'inactive' | 'unknown'
    readonly rules: readonly string[]
  }[]
  /** AllowTcpForwarding of sshd for the user who logged in. */
  readonly sshForwarding: 'yes' | 'no' | 'local' | 'remote' | 'unknown'
  /** Other container runtimes present: docker, containerd, podman, crio. */
  readonly runtimes: readonly { readonly name: string; readonly isRunning: boolean }[]
  readonly gpu: {
    readonly devices: readonly { readonly name: string; readonly driverVersion: string; readonly memoryMiB: number }[]
    /** NVIDIA PCI devices, also where no driver answers. */
    readonly pciDevices: number
    /** Why nvidia-smi gave no answer; empty when it did or is not there. */
    readonly problem: string
    readonly processes: readonly GpuProcess[]
    /** False: the GPU may be in use by processes that nobody could list. True as well where there is no NVIDIA device. */
    readonly areProcessesKnown: boolean
  }
  /** Lines of the distribution's own part of the survey, in order, for its `survey` verb. */
  readonly distribution: readonly ScriptLine[]
}
