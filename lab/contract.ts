/**
 * Contracts between the parts of the lab. Everything of it runs in namespaces of its own: a network without a way out, whose
 * addresses are those of RFC 5737 (192.0.2.0/24), which belong to nobody.
 */
import type { ChildProcess } from 'node:child_process'
import type { FaultName, WorldOptions } from '../rehearsal/contract.ts'

/** Addresses in the lab's network; the bridge carries the first two. */
export const addresses = {
  /** The control plane, srv712429: API server and supervisor on port 6443. The runner is here too. */
  server: '192.0.2.1',
  /** github.com, api.github.com and raw.githubusercontent.com, port 443. */
  github: '192.0.2.10',
  /** srv712695, which is a Node that the lab keeps alive: no machine stands behind it. */
  agent: '192.0.2.4',
  calypso: '192.0.2.80',
  styx: '192.0.2.3',
  /** API server of the cluster goldentooth, which kubeadm set up; port 6443. */
  bettley: '192.0.2.20',
  /** API server of somebody else's cluster, set up the same way. */
  elsewhere: '192.0.2.21',
  /** A worker of goldentooth. */
  karstark: '192.0.2.30',
} as const

/** Where a lab host finds what the lab gives it, read-only: `bin/`, `cni/`, `images/`, `node`, `source/` (this repository). */
export const hostFolder = '/usr/lib/k3s-gpu-actions-lab'

/** Something that cannot be had here, and why, in one line. */
export interface Missing {
  readonly missing: string
}

/** What the lab is made of. Paths lie in the cache; whoever uses them only reads. */
export interface Parts {
  /** Folder: kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kubectl, kubeadm, device-plugin, nvidia-device-plugin. */
  readonly kubernetes: string
  /** Folder: containerd, containerd-shim-runc-v2, ctr. */
  readonly containerd: string
  /** Programs. */
  readonly etcd: string
  readonly runc: string
  /** Folder: bridge, host-local, loopback, portmap … */
  readonly cni: string
  /** Tree of a Debian with systemd, sshd, sudo: lower layer of every host. */
  readonly rootfs: string
  /** docker-archive of docker.io/lab/nvidia-device-plugin:1, the stand-in of NVIDIA's device plugin. */
  readonly pluginImage: string
  /** Folder of docker-archive files: pause.tar (rancher/mirrored-pause:3.6), busybox.tar (lab/busybox:1). */
  readonly images: string
  /** Node 24. */
  readonly node: string
  /** Script: stand-in of nvidia-container-runtime, which hands the driver's stand-ins to containers that ask for a GPU. */
  readonly nvidiaRuntime: string
  /** Folder: nvidia-ctk, nvidia-container-runtime, NVIDIA's own. */
  readonly toolkit: string | Missing
  readonly triton: TritonPart | Missing
  /** The released k3s. Absent: its stand-in plays. */
  readonly k3s?: K3sPart
}

/** Version of the cluster that every world plays. */
export const k3sVersion = 'v1.33.4+k3s1'

/** As Go names it; a lab's machines have the processor of the machine that it runs on. */
export const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'

/** Which k3s plays: our stand-in for it, or what its publisher released. */
export const k3sKinds = ['stand-in', 'release'] as const
export type K3sKind = (typeof k3sKinds)[number]

/** What was released as one version, downloaded and checked. */
export interface K3sPart {
  /** As it is tagged: `v1.33.4+k3s1`. */
  readonly version: string
  /** Of the tag, 40 hexadecimal digits. */
  readonly commit: string
  readonly program: string
  /** install.sh of the commit. */
  readonly installer: string
}

export interface TritonPart {
  readonly program: string
  /** Folder with the backends, python among them. */
  readonly backends: string
  readonly environment: Readonly<Record<string, string>>
}

/** One line for each stage, with the elapsed time. */
export type Progress = (text: string) => void

/** The control plane: real etcd, kube-apiserver, controller-manager and scheduler behind the supervisor's stand-in, or a released k3s. */
export interface LabCluster {
  /** `https://192.0.2.1:6443` */
  readonly server: string
  readonly caPem: string
  /** PEM of the authority behind `issue`, where that is not the cluster's own; whoever talks to the lab's other servers needs it. */
  readonly issuerPem?: string
  /** The server's own (static) token, K10…::server:…, which must never reach a node. */
  readonly serverToken: string
  /** Every secret that must not show up anywhere. */
  readonly secrets: readonly string[]
  /**
   * Requests of callers without a client certificate, as the embedded cluster lists them: `GET /api/v1/nodes/calypso 200`.
   * A released k3s tells only of those to its API server, not of those to its supervisor.
   */
  readonly requests: readonly string[]
  /** For the runner, with exactly the rights of the shipped RBAC manifest; the token is of a real service account. */
  readonly kubeconfig: string
  /** The same for gpu-runtime, whose rights are another manifest's. */
  readonly gpuKubeconfig: string
  /** The same for verify-cluster: both of its manifests, that for looking and that for probes. */
  readonly verifyKubeconfig: string
  /** The same for a removal: manifests/remove-node-rbac.yaml. */
  readonly removeKubeconfig: string
  readonly adminKubeconfig: string
  /** Server certificate for other servers of the lab. */
  issue(names: readonly string[]): Promise<{ readonly certPem: string; readonly keyPem: string }>
  /** As admin; the answer's body, or undefined for 404. Throws with the API server's message otherwise. */
  request(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>
  /** Back to the beginning: the two servers alive, no calypso, no tokens, RBAC as shipped, `requests` empty; then the faults that lie in the cluster. */
  reset(faults?: ReadonlySet<FaultName>): Promise<void>
  close(): Promise<void>
}

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A machine: a booted Debian with its own systemd, sshd, journald and sudo. */
export interface LabHost {
  readonly name: string
  readonly address: string
  /** Its tree, as the lab sees it. */
  readonly root: string
  /** Its first process, in the lab's numbers. */
  readonly pid: number
  /** Line of known_hosts for its address. */
  readonly knownHosts: string
  /** Accepted for oceanid (sudo without password), operator (with the password `operatorPassword`), guest (no sudo) and root. */
  readonly clientPrivateKey: string
  readonly operatorPassword: string
  /** The folder of the lab that it sees under the same path, if one was given. */
  readonly share?: string
  /** As root on the host, outside of SSH. */
  run(
    command: readonly string[],
    options?: { readonly input?: string; readonly environment?: Readonly<Record<string, string>> },
  ): Promise<CommandResult>
  /** As `run`, for what goes on for a while. */
  spawn(command: readonly string[], options?: { readonly environment?: Readonly<Record<string, string>> }): ChildProcess
  /** SSH connections that its sshd accepted since it booted, from sshd's own journal. */
  connections(): Promise<number>
  /** From now on these are there too. @throws Error for one that cannot come over a machine that was joined already */
  comeOver(faults: ReadonlySet<FaultName>): Promise<void>
  unit(name: string): Promise<{
    readonly activeState: string
    readonly subState: string
    readonly restarts: number
    readonly mainPid: number
  }>
  journal(unit: string): Promise<string>
  /** Path → mode, owner, content of the trees of promise 1. */
  trees(): Readonly<Record<string, string>>
  /** The same for its whole tree, less the folders given, what is mounted there, and what a running system writes by itself (journal, /run, /tmp). */
  everything(but: readonly string[]): Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface LabHostOptions {
  readonly parts: Parts
  /** Folder for everything this host writes; made when missing. */
  readonly directory: string
  readonly name: string
  readonly address: string
  /** Default: k3s. With kubeadm the machine has its programs and containerd, and was never joined; `state` is for k3s. */
  readonly distribution?: 'k3s' | 'kubeadm'
  readonly faults?: ReadonlySet<FaultName>
  /** A process on the GPU, and the stand-in of nvidia-smi that lists it. Default: true for calypso. */
  readonly hasGpu?: boolean
  readonly state?: WorldOptions['calypso']
  /** Needed for `joined-by-hand` and for faults between host and server. */
  readonly cluster?: Pick<LabCluster, 'server' | 'serverToken' | 'request'>
  /** Where this host's connections to the server end under the fault `wrong-ca-hash`. */
  readonly impostor?: { readonly address: string; readonly port: number }
  /** DMI product_uuid; calypso has the one of every world, others a random one. */
  readonly systemUuid?: string
  /** Folder of the lab that the host sees under the same path, for a runner on the machine itself. */
  readonly share?: string
}
