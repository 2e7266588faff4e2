/** Contracts between the parts of the embedded world. Everything listens on 127.0.0.1 only. */
import type { Duplex } from 'node:stream'
import type { SiteName } from './sites/model.ts'

export type * from './github/contract.ts'
export type { SiteName } from './sites/model.ts'

/** Of calypso in every world, and of the stale node that the fault `node-password` leaves behind: it is the same machine. */
export const calypsoSystemUuid = '4c4c4544-0034-3510-8051-c4c04f583935'

/** What a configuration file of calypso sets with the faults `restricted-label…`: no kubelet may give it to itself. */
export const restrictedLabel = { key: 'node-role.kubernetes.io/gpu', value: 'true' } as const

/** Of the other machine that goes by the name calypso with the faults `name-taken` and `duplicate-name`. */
export const otherSystemUuid = '4c4c4544-0056-4b10-8047-b7c04f4d3733'

/** Where a name of the real world leads in the embedded one. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** Loopback port, or how the connection fails: `unknown` is a name that does not resolve. */
  readonly to: number | 'refused' | 'timeout' | 'unknown'
}

/** Every fault that can be rehearsed. */
export type FaultName = JoinFault | GpuFault | RemoveFault | StorageFault | KubeadmFault

/** Those that a removal meets. */
export type RemoveFault =
  | 'remove-budget'
  | 'remove-emptydir'
  | 'remove-unmanaged'
  | 'remove-pod-stays'
  | 'remove-volume-attached'
  | 'remove-foreign-mount'
  | 'remove-uninstall-hangs'
  | 'remove-unreachable'
  | 'remove-node-gone'
  | 'remove-server'

/** Those of a machine that is to be a storage node, and of what storage makes of it. */
export type StorageFault =
  | 'storage-disk-unmounted'
  | 'storage-disk-read-only'
  | 'storage-package-unknown'
  | 'storage-apt-busy'
  | 'storage-module-missing'
  | 'storage-service-fails'
  | 'storage-switched-off'
  | 'storage-no-longhorn'

/** Those that a join meets, or the way to it. */
export type JoinFault =
  | 'wrong-host-key'
  | 'wrong-ca-hash'
  | 'wrong-token'
  | 'api-blocked'
  | 'port-closed'
  | 'name-unknown'
  | 'clock-skew'
  | 'no-sudo'
  | 'disk-full'
  | 'agent-newer'
  | 'never-ready'
  | 'template-harmful'
  | 'template-broken'
  | 'crash-loop'
  | 'restricted-label'
  | 'restricted-label-ignored'
  | 'no-rbac'
  | 'checksum-mismatch'
  | 'node-password'
  | 'node-password-orphan'
  | 'node-password-ignored'
  | 'name-taken'
  | 'duplicate-name'
  | 'forwarding-refused'
  | 'server-hidden'
  | 'oidc-untrusted'
  | 'esc-permission'
  | 'esc-property-missing'
  | 'kubeconfig-expired'

/** Those that a join with kubeadm meets, and one of k3s does not. */
export type KubeadmFault =
  | 'kubeadm-stale-ca'
  | 'kubeadm-no-signer'
  | 'kubeadm-anonymous-off'
  | 'kubeadm-config-missing'
  | 'kubeadm-group-missing'
  | 'kubeadm-csr-pending'
  | 'kubeadm-leftovers'
  | 'kubeadm-leftovers-live'
  | 'kubeadm-leftover-ca'
  | 'kubeadm-unfinished'
  | 'kubeadm-port-taken'
  | 'kubeadm-ip-forward'
  | 'kubeadm-swap'
  | 'kubeadm-containerd-down'
  | 'kubeadm-cgroup-driver'
  | 'kubeadm-two-sockets'
  | 'kubeadm-kubelet-crashes'
  | 'kubeadm-restricted-label'
  | 'kubeadm-newer'
  | 'kubeadm-not-installed'

/** Those that gpu-runtime meets, and a join does not. */
export type GpuFault =
  | 'gpu-no-driver'
  | 'gpu-driver-mismatch'
  | 'gpu-module-not-loaded'
  | 'gpu-harmful-template'
  | 'gpu-stale-toolkit'
  | 'gpu-plugin-runtime'
  | 'gpu-taint'
  | 'gpu-operator'
  | 'gpu-fewer'
  | 'gpu-restart-fails'
  | 'gpu-in-use'
  | 'gpu-wrong-key'
  | 'gpu-version-missing'
  | 'gpu-dpkg-interrupted'
  | 'gpu-apt-locked'
  | 'gpu-kubeadm-version-1'
  | 'gpu-kubeadm-broken-config'
  | 'gpu-kubeadm-plugin'

/**
 * What verification meets in the cluster; what it meets at Triton has its own names. Only a world whose calypso is `in-service` has what
 * they are about.
 */
export type VerifyFault =
  | 'verify-node-dead'
  | 'verify-node-not-ready'
  | 'verify-node-cordoned'
  | 'verify-node-missing'
  | 'verify-node-pressure'
  | 'verify-node-labels'
  | 'verify-node-version'
  | 'verify-pod-crash-loop'
  | 'verify-pod-image'
  | 'verify-pod-pending'
  | 'verify-pod-evicted'
  | 'verify-pod-stuck'
  | 'verify-job-failed'
  | 'verify-flux-not-ready'
  | 'verify-flux-suspended'
  | 'verify-flux-stale'
  | 'verify-flux-controller'
  | 'verify-volume-degraded'
  | 'verify-disk-full'
  | 'verify-claim-pending'
  | 'verify-certificate-soon'
  | 'verify-server-certificate-soon'
  | 'verify-node-certificates'
  | 'verify-token-left'
  | 'verify-dns-down'
  | 'verify-target-down'
  | 'verify-pod-network'
  | 'verify-no-rights'
  | 'verify-api-not-ready'
  | 'verify-api-slow-pages-410'
  | 'verify-gpu-capacity-zero'
  | 'verify-gpu-unhealthy'
  | 'verify-gpu-plugin-gone'
  | 'verify-gpu-busy'
  | 'verify-gpu-taint'
  | 'verify-gpu-image-missing'
  | 'verify-gpu-runtime'
  | 'verify-gpu-rejected'
  | 'verify-gpu-job-refused'
  | 'verify-gpu-job-quota'
  | 'verify-gpu-compute-wrong'
  | 'verify-gpu-other-device'

/** What a machine has on its PCI bus. */
export type GpuProfile = 'rtx-4090' | 'rtx-2070' | 'eight-gpus' | 'mig' | 'none'

/**
 * calypso before the run. `agent-stopped` and `node-deleted`: a node that was joined by this project, whose agent was stopped, or whose
 * Node was deleted by hand while the machine was off; its agent then gets 401 for its certificate and for its spent token.
 * `in-service`: a node of the running cluster, with its GPU in use and everything else that oceanid has; nobody looks at the machine, so
 * that the cluster itself plays its agent.
 */
export type CalypsoState = 'fresh' | 'joined-by-hand' | 'joined-by-us' | 'agent-stopped' | 'node-deleted' | 'in-service'

export interface WorldOptions {
  /** Folder for everything the world writes. */
  readonly directory: string
  readonly faults: ReadonlySet<FaultName>
  /** Which cluster, with which machines; default: oceanid, with calypso. */
  readonly site?: SiteName
  /** The machine of the site that state, faults and everything below are about; default: its first. Its other machines are fresh. */
  readonly node?: string
  /** State of that machine before the run: calypso's, at oceanid. */
  readonly calypso: CalypsoState
  /** What strangers wrote, in place of what a well-behaved world shows. */
  readonly strange?: StrangeTexts
  /** calypso's GPUs; default: its RTX 4090. */
  readonly gpu?: GpuProfile
  /** Version of NVIDIA's container toolkit on calypso; empty: not installed. Default: what docker there needs for Triton. */
  readonly toolkit?: string
  /** Whether Triton runs in docker on calypso, and uses the card; default: it does. */
  readonly hasTriton?: boolean
  /** Whether k3s was started again on calypso after what came over it, where it is a node already; default: it was not. */
  readonly isRestarted?: boolean
  /** Whose kubeconfig lies in ESC; default: one with the rights of a join and of verifying. A deployment needs an administrator's. */
  readonly kubeconfig?: 'job' | 'verify' | 'admin'
  /** Whether a pod of somebody else runs on calypso from the start that uses its GPU, where it is a node already; default: none does. */
  readonly hasGpuPod?: boolean
  /** Whether an administrator has allowed that a device plugin is replaced, with the commands that gpu-runtime gives; default: nobody has. */
  readonly mayReplacePlugin?: boolean
  /** Whether it works for the cluster, where it is a node already: pods, a volume, a budget, and what faults of a removal make of them. */
  readonly hasWork?: boolean
}

/** Texts of whoever controls a host or a server, for showing that they are taken for data. */
export interface StrangeTexts {
  /** Path on calypso, from `/` on → content: over what its tree has, before anything starts. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** Name of a program on calypso → text of a POSIX shell script in its place; ROOT and STATE are set. */
  readonly programs?: Readonly<Record<string, string>>
  /** What calypso's agent prints at every start, after its first line; a line each. */
  readonly agentLines?: readonly string[]
  /** What its containerd writes into containerd.log at every start, before anything else; a line each. */
  readonly containerdLines?: readonly string[]
  /** Subject of the API server's certificate. */
  readonly serverSubject?: { readonly commonName: string; readonly organization?: string }
}

/** What else is there to be interrupted: the client's connection to sshd, the sshd that serves it, or the command it runs. */
export type Interruption = 'connection' | 'sshd' | 'command'

export interface GpuProcess {
  readonly pid: number
  readonly name: string
}

/** The k3s supervisor and the Kubernetes API behind one TLS port, as a k3s server has them. */
export interface ClusterWorld {
  readonly port: number
  readonly caPem: string
  /** Issues a server certificate of the same CA for other embedded servers (GitHub …). */
  issue(names: readonly string[]): Promise<{ readonly certPem: string; readonly keyPem: string }>
  /** A kubeconfig for the runner, whose rights are exactly those of the shipped RBAC manifest. */
  kubeconfig(server: string): string
  /** The server's own (static) token, K10…::server:…, which must never reach a node. */
  readonly serverToken: string
  /** Node names → Node objects, for assertions and for starting states. */
  readonly objects: ObjectStore
  /** Every request, for assertions: `GET /api/v1/nodes/calypso 200`. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** Kubernetes objects with resourceVersions and watches. Keys: `<plural>[/<namespace>]/<name>`, e.g. `nodes/calypso`, `secrets/kube-system/x`. */
export interface ObjectStore {
  get(key: string): KubernetesObject | undefined
  list(prefix: string): readonly KubernetesObject[]
  put(key: string, object: KubernetesObject): KubernetesObject
  delete(key: string): boolean
}
export interface KubernetesObject {
  apiVersion?: string
  kind?: string
  metadata: {
    name: string
    namespace?: string
    uid?: string
    resourceVersion?: string
    creationTimestamp?: string
    deletionTimestamp?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  [key: string]: unknown
}

/** GitHub's OIDC issuer, as a runner meets it. */
export interface IdTokenIssuer {
  /** Lets a job ask for ID tokens with these claims until it ends. The issuer adds what is about the token itself, and `sub`. */
  admit(claims: Readonly<Record<string, string>>): {
    /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN of the job's steps. */
    readonly requestUrl: string
    readonly requestToken: string
    end(): void
  }
}

/** A machine: an SSH server whose sessions run a real `sh` with ROOT set, and a simulated systemd with a k3s agent. */
export interface HostWorld {
  readonly name: string
  readonly sshPort: number
  /** Folder that plays `/`. */
  readonly root: string
  /** known_hosts line for the given address. */
  knownHosts(address: string): string
  /** Private key that the user's authorized_keys accepts. */
  readonly clientPrivateKey: string
  /** Counted since the start: what the promises are checked against. */
  readonly counts: { connections: number; sessions: number; forwards: number }
  /** State of a unit, for assertions. */
  unit(name: string): { activeState: string; restarts: number; starts: number } | undefined
  /**
   * Once: the moment a session's output, all that it has printed so far, matches the pattern, and before the client gets the
   * bytes that made it match: the TCP connection of that session is reset. Later connections are served as ever.
   */
  cutAt(pattern: RegExp): Promise<void>
  /**
   * The same, but something is killed with SIGKILL: `command` is the session's whole process tree, also what sudo and
   * timeout run; `sshd` the process that serves the connection, so that its commands lose their pipes and live on as they like.
   */
  killAt(pattern: RegExp, what: Exclude<Interruption, 'connection'>): Promise<void>
  /** Pids of everything that was started by an SSH session of this host and still runs. */
  processes(): readonly number[]
  /** From now on exactly these use the card, each with a `/proc/<pid>/comm`. */
  setGpuProcesses(processes: readonly GpuProcess[]): void
  /** Once: before the next `systemctl VERB` that does something (daemon-reload, start, restart …) has done it. */
  beforeSystemctl(verb: string, act: () => void): void
  close(): Promise<void>
}

/** How a host's own network reaches the world: used by direct-tcpip channels, by the agent, and by stand-ins such as curl. */
export interface HostNetwork {
  connect(host: string, port: number): Promise<Duplex>
}

/** What the workflow runner ran. */
export interface WorkflowRun {
  readonly conclusion: 'success' | 'failure' | 'cancelled'
  /** Exactly what a person would see in the log, after masking and command processing. */
  readonly log: string
  readonly jobs: readonly {
    readonly id: string
    readonly name: string
    readonly conclusion: 'success' | 'failure' | 'cancelled' | 'skipped'
    readonly outputs: Readonly<Record<string, string>>
    readonly steps: readonly {
      readonly name: string
      readonly conclusion: string
      readonly outputs: Readonly<Record<string, string>>
      readonly exitCode?: number
    }[]
  }[]
  /** Markdown of all job summaries, in order. */
  readonly summary: string
  readonly annotations: readonly {
    readonly level: 'error' | 'warning' | 'notice'
    readonly title: string
    readonly message: string
  }[]
  /** Artifact name → folder. */
  readonly artifacts: Readonly<Record<string, string>>
  /** Folder with log, summary and reports. */
  readonly directory: string
}
