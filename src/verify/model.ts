import type { Taint } from '../cluster-file/index.ts'
import type { Endpoint, HttpClient } from '../http/index.ts'
import type {
  AccessRequest,
  ApiObject,
  CertificateDates,
  Cluster,
  KindReference,
  ListOptions,
  NodeState,
} from '../kubernetes/index.ts'
import type { Check, RunSeen } from '../report/index.ts'
import type { GpuVerdict, TritonTarget } from '../triton/index.ts'

export type { CertificateDates }

/** observe reads only; probe also runs pods and asks Triton for what it must refuse; load also measures latency under load. */
export type Mode = 'observe' | 'probe' | 'load'

/** In the order in which they are asked. */
export const suiteNames = [
  'api',
  'nodes',
  'workloads',
  'gpu',
  'gpu-job',
  'triton',
  'flux',
  'storage',
  'certificates',
  'network',
  'spread',
  'monitoring',
] as const
export type SuiteName = (typeof suiteNames)[number]

/** How bad a check may be at most, for all that it finds or for what it finds in one namespace. */
export interface SeverityRule {
  /** Id of a check, or the beginning of ids with `*` at its end, e.g. `workloads.*`. */
  readonly check: string
  /** Empty: all of them. */
  readonly namespace: string
  readonly atMost: 'warn' | 'skip'
}

/** An address that must answer. */
export interface EndpointWish {
  readonly endpoint: Endpoint
  /** Path and query, from `/` on. */
  readonly path: string
  readonly status: number
  /** Node that answers there; empty: none in particular, so that it is asked in every run. */
  readonly node: string
}

/** A node as the cluster file wants it. */
export interface ExpectedNode {
  readonly role: 'agent' | 'server'
  /** Empty: nobody said. */
  readonly address: string
  /** Empty or match-server: as the server. */
  readonly version: string
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly Taint[]
  /** `isolated`: the owner declares that pods here do not reach pods elsewhere; asking is `skip (declared)`. */
  readonly podNetwork: 'shared' | 'isolated'
  readonly gpu?: { readonly count?: number; readonly product?: string }
}

/** What inputs and the cluster file ask for; every problem has been reported before this exists. */
export interface VerifyWish {
  /** The cluster's name; the API server's host when there is no cluster file. */
  readonly cluster: string
  readonly mode: Mode
  readonly suites: ReadonlySet<SuiteName>
  /** Whose units, commands and certificates remedies name where no node says it by its version. */
  readonly distribution: 'k3s' | 'kubeadm'
  /** Nodes that the run is about; empty: all. */
  readonly nodes: readonly string[]
  /** Node that is about to join: nothing is asked about it, neither that it is there nor that it is not. Empty: none. */
  readonly joining: string
  /** Nodes that the cluster must have, by name; undefined: nobody said, so that whatever is there is right. */
  readonly expected?: Readonly<Record<string, ExpectedNode>>
  /** `v1.33.4+k3s1`; empty or match-server: whatever the server has. */
  readonly version: string
  /** Name or address of the SSH server of the tunnel to the API; empty: none. For the topology and for words. */
  readonly tunnel: string
  readonly flux: 'required' | 'optional' | 'ignored'
  readonly triton: readonly TritonTarget[]
  readonly endpoints: readonly EndpointWish[]
  /** Milliseconds of validity below which a certificate is a warning, and a failure. */
  readonly certificateWarnMs: number
  readonly certificateFailMs: number
  /** Percent of a volume or disk that must be free. */
  readonly freePercent: number
  /** Storage class in which a probe makes a volume; empty: none is made. */
  readonly storageClass: string
  /** `namespace/name:port` of a Prometheus, asked through the API server; empty: none. */
  readonly prometheus: string
  /** Jobs of that Prometheus which have a target on every node; empty: those that are named like a node-exporter. */
  readonly nodeJobs: readonly string[]
  /** Image of the GPU Job; empty: one that is on the node already. */
  readonly gpuImage: string
  /** Image of the pods that ask about network, volumes and scheduling; empty: one that is on the node already. */
  readonly probeImage: string
  /** Where pods of a probe run. */
  readonly namespace: string
  /** Milliseconds for one pod from its creation to its end. */
  readonly timeoutMs: number
  readonly severities: readonly SeverityRule[]
}

/** What a check of verification is, before it is asked: for docs, `ignore-checks` and the test that none is unknown. */
export interface VerifyEntry {
  /** A part in angle brackets stands for something of the cluster, e.g. `workloads.<namespace>`. */
  readonly id: string
  readonly suite: SuiteName
  /** 0 to 12: a failure of a lower layer blocks the higher ones of the same chain. Undefined: it stands by itself. */
  readonly layer?: number
  readonly asks: string
  /** The worst answer that it gives: `info` never warns. */
  readonly severity: 'fail' | 'warn' | 'info'
  /** The least mode in which it is asked. */
  readonly mode: Mode
  readonly remedy: string
}

/** One thing that is not as it should be, before things are gathered into a check. */
export interface Finding {
  /** Empty: of no namespace. */
  readonly namespace: string
  /** `Kind/name`, a node, a file: what it is about. Remote text. */
  readonly subject: string
  /** One line. Remote text as far as it quotes. */
  readonly found: string
  readonly verdict: 'warn' | 'fail'
  readonly cause?: string
  readonly remedy?: string
  readonly evidence?: readonly string[]
}

/** A pod, as small as verification can do with: there may be ten thousand. Remote text all of it. */
export interface PodSeen {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  /** Empty: not scheduled. */
  readonly node: string
  /** `Kind/name` of its controller; empty: none. */
  readonly owner: string
  readonly phase: string
  readonly isReady: boolean
  readonly isTerminating: boolean
  /** When its time to end is over, or was; epoch milliseconds; undefined: nobody deleted it. */
  readonly endsByMs?: number
  /** Epoch milliseconds. */
  readonly createdMs: number
  /** Since when it is not Ready, epoch milliseconds; undefined: it is, or it does not say. */
  readonly notReadySinceMs?: number
  /** All containers together. */
  readonly restarts: number
  /** When a container last ended, epoch milliseconds; undefined: none did. */
  readonly lastEndMs?: number
  /** Why its containers wait or ended badly, e.g. `ImagePullBackOff`, `CrashLoopBackOff`, `OOMKilled`, with its message; no doubles. */
  readonly troubles: readonly { readonly reason: string; readonly message: string; readonly container: string }[]
  /** Extended resources that it holds: `nvidia.com/gpu` → 1. */
  readonly devices: Readonly<Record<string, number>>
  readonly labels: Readonly<Record<string, string>>
}

/** Whole kinds, each listed once a run (Leases: once in 10 s) however many suites ask; a list that failed is asked again by the next. */
export interface ClusterLists {
  nodes(): Promise<readonly NodeState[]>
  pods(): Promise<readonly PodSeen[]>
  /** Node name → spec.renewTime of its Lease, epoch milliseconds. */
  leases(): Promise<ReadonlyMap<string, number>>
  /** undefined: the cluster has no such kind. `read` must be the same function whenever the same kind is asked. */
  of<Item>(
    kind: KindReference,
    read: (object: ApiObject) => Item,
    options?: ListOptions,
  ): Promise<readonly Item[] | undefined>
  /** See Cluster.health; once a run. */
  health(): ReturnType<Cluster['health']>
  /**
   * The versions of an API group that the server has, the preferred one first, e.g. `source.toolkit.fluxcd.io` → `v1`, `v1beta2`; empty: no
   * such group. One request for all groups, once a run.
   */
  versionsOf(group: string): Promise<readonly string[]>
  /** The cluster's own clock, epoch milliseconds; before the first answer this machine's. */
  serverTimeMs(): number
}

/** What a suite is given. Effects come through these alone. */
export interface VerifyPorts {
  readonly cluster: Cluster
  /** Lists of whole kinds, each read once a run. */
  readonly lists: ClusterLists
  /** Opens a client for an endpoint. */
  openHttp(endpoint: Endpoint): HttpClient
  /** Looks a name up as the runner does; rejects as dns.lookup does. */
  resolve(name: string): Promise<readonly string[]>
  /** Dates of the certificate that the API server shows, and of the client certificate, if any. */
  certificates(): Promise<CertificateDates>
  /** Epoch milliseconds of this machine; the cluster's own clock is `lists.serverTimeMs()`. */
  now(): number
  /** Names objects of this run in the cluster: lower case, 12 characters. */
  readonly runId: string
  /** Who does this, e.g. `run 41 of o/r`. */
  readonly label: string
  /** What earlier runs saw, newest last; empty: nothing is known. */
  readonly history: readonly RunMemory[]
  /** One line of the log, while it happens. */
  say(line: string): void
  readonly signal: AbortSignal
}

/** What a suite found. Checks of `entries` that do not apply may be left out; they are then not said. */
export interface SuiteOutcome {
  readonly checks: readonly Check[]
  /** For the report's facts. */
  readonly facts?: Readonly<Record<string, string>>
  /** Measured numbers by name, in the unit of the name: `triton_p95_ms.<target>`, `certificate_days.<what>`. For trends and Prometheus. */
  readonly metrics?: Readonly<Record<string, number>>
  /** Only of triton. The least of all targets. */
  readonly gpuVerdict?: GpuVerdict
}

/** One group of checks. */
export interface Suite {
  readonly name: SuiteName
  readonly entries: readonly VerifyEntry[]
  /** What the kubeconfig's user must be allowed, for this wish. */
  access(wish: VerifyWish): readonly AccessRequest[]
  /**
   * Asks. A ClusterError or HttpFault that is thrown means that nothing could be asked: the runner of suites tries again and then makes
   * it an `error`, never a `fail`. Whatever it creates is gone when it settles, also on abort.
   */
  verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome>
}

/** What one run leaves for the next ones: small, and without anything that changes for no reason. */
export type RunMemory = RunSeen

/** How often a failure must have been seen, and in how many runs, before it opens an issue. */
export interface AlarmRule {
  readonly after: number
  readonly of: number
}

export type OverallVerdict = 'pass' | 'warn' | 'fail' | 'error'
