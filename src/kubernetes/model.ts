import type { Taint } from '../cluster-file/index.ts'

/** What this project needs of a Node object. */
export interface NodeState {
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly createdAt: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly taints: readonly Taint[]
  /** Status of the Ready condition; `Unknown` also when there is none. */
  readonly ready: 'True' | 'False' | 'Unknown'
  readonly readyReason: string
  readonly readyMessage: string
  readonly kubeletVersion: string
  readonly osImage: string
  readonly architecture: string
  readonly systemUuid: string
  readonly machineId: string
  readonly internalIps: readonly string[]
  readonly externalIps: readonly string[]
  /** Resource name → quantity as text, e.g. `nvidia.com/gpu` → `1`. */
  readonly capacity: Readonly<Record<string, string>>
  readonly allocatable: Readonly<Record<string, string>>
  /** When the kubelet last wrote the Ready condition, by the clock of the host: RFC 3339; undefined: it has not. */
  readonly heartbeatAt?: string
  /** Has a control-plane or master role label. */
  readonly isServer: boolean
  readonly unschedulable: boolean
  /** All of its conditions, Ready among them. Remote text. */
  readonly conditions: readonly NodeCondition[]
  /** Names of the images that its kubelet reports, tags and digests; it reports 50 at most unless told otherwise. */
  readonly images: readonly string[]
}

export interface NodeCondition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
  /** RFC 3339; empty: it does not say. */
  readonly since: string
}

/** Three parallel GETs, judged by the server's own clock. */
export interface ClusterReading {
  /** gitVersion of /version, e.g. `v1.33.4+k3s1`. */
  readonly version: string
  readonly node?: NodeState
  /** spec.renewTime of the Lease kube-node-lease/<node>, epoch milliseconds. */
  readonly leaseRenewedAtMs?: number
  /** uid of the Node that the Lease belongs to; undefined: no Lease, or it does not say. One of an earlier Node of that name may lie about. */
  readonly leaseNodeUid?: string
  /** The server's clock: Date header of the newest answer (1 s resolution), epoch milliseconds. */
  readonly serverTimeMs: number
}

export interface AccessRequest {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
}
/** Some rights at once, as RBAC writes them: `*` stands for everything. */
export interface AccessRule {
  readonly verbs: readonly string[]
  readonly groups: readonly string[]
  /** `pods`, `pods/log`, `*`, or the subresource of everything. */
  readonly resources: readonly string[]
  /** Only objects of these names; empty: all. */
  readonly names: readonly string[]
}
export interface AccessAnswer extends AccessRequest {
  readonly allowed: boolean
  readonly reason: string
}

/** A bootstrap token as a Secret `bootstrap-token-<id>` in kube-system. */
export interface BootstrapToken {
  /** 6 characters [a-z0-9]. */
  readonly id: string
  /** 16 characters [a-z0-9]. */
  readonly secret: string
  readonly description: string
  /** RFC 3339. */
  readonly expiresAt: string
  readonly extraGroups: string
  /** Label value that marks tokens of this project, to sweep those of dead runs. */
  readonly labels: Readonly<Record<string, string>>
}

/** The Secret in which a server keeps the hash of a node's password. */
export interface NodePassword {
  readonly uid: string
  readonly resourceVersion: string
  /** RFC 3339. */
  readonly createdAt: string
  /** As it is stored, the cluster's own text; empty where there is none, or one that is too long to be a hash. */
  readonly hash: string
}

export interface NodeChange {
  readonly labels?: Readonly<Record<string, string | null>>
  readonly annotations?: Readonly<Record<string, string | null>>
  /** The complete list of taints wanted; computed against the Node that is read inside the attempt. */
  readonly taints?: (current: readonly Taint[]) => readonly Taint[]
  /** Whether new pods stay away from it (cordon). */
  readonly unschedulable?: boolean
}

/** How the API server answered the wish that a pod leaves its node. */
export type EvictionAnswer =
  /** It was told to end. */
  | { readonly type: 'evicted' }
  /** It is not there any more, or another one has its name. */
  | { readonly type: 'gone' }
  /** Not now: a budget does not allow it (its name; empty: the server does not say which), or the server is busy. */
  | {
      readonly type: 'refused'
      readonly budget: string
      /** The server's own words: remote text, one bounded line. */
      readonly words: string
      /** How long the server asks to wait, milliseconds; undefined: it does not say. */
      readonly retryAfterMs?: number
    }

/** One news of a kind that is watched. `listed`: everything that is there, at the beginning and after every gap. */
export type ObjectEvent =
  | { readonly type: 'listed'; readonly objects: readonly ApiObject[] }
  | { readonly type: 'object'; readonly object: ApiObject }
  | { readonly type: 'gone'; readonly object: ApiObject }

export type NodeEvent =
  | { readonly type: 'node'; readonly node: NodeState }
  | { readonly type: 'gone' }
  | { readonly type: 'lease'; readonly renewedAtMs: number }

/** What this project needs of a DaemonSet. Remote text all of it. */
export interface DaemonSetState {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Managers of its fields, e.g. `helm`, `kustomize-controller`, `kubectl-client-side-apply`. */
  readonly fieldManagers: readonly string[]
  /** `Kind/name` of what owns it. */
  readonly owners: readonly string[]
  /** metadata (labels, annotations) and spec as the server has them, defaults included: for comparing and recognising. */
  readonly object: Readonly<Record<string, unknown>>
  readonly desired: number
  readonly ready: number
  /** The controller has seen the newest spec. */
  readonly isObserved: boolean
}

/** What this project needs of a Pod. Remote text all of it. */
export interface PodState {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly labels: Readonly<Record<string, string>>
  /** Name of its node; absent: it was not placed yet. */
  readonly node?: string
  readonly phase: string
  readonly isReady: boolean
  readonly isTerminating: boolean
  /** RFC 3339. */
  readonly createdAt: string
  /** `Kind/name` of its controller; empty: none. */
  readonly owner: string
  readonly runtimeClass: string
  readonly images: readonly string[]
  /** Extended resources that it holds (limits; of init containers the largest): `nvidia.com/gpu` → 1. */
  readonly devices: Readonly<Record<string, number>>
  readonly restarts: number
  /** Why it does not run or is not ready: reasons and messages of its status, conditions and containers, newest first. */
  readonly problems: readonly string[]
}

export type PodEvent =
  | { readonly type: 'pod'; readonly pod: PodState }
  | { readonly type: 'gone'; readonly namespace: string; readonly name: string }

/** A kind of object, as its path names it. */
export interface KindReference {
  /** Empty: the core group. */
  readonly group: string
  readonly version: string
  /** Plural, e.g. `pods`, `kustomizations`. */
  readonly resource: string
}

export interface ListOptions {
  /** Default: all namespaces. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** Only metadata is wanted: PartialObjectMetadata. */
  readonly isMetadataOnly?: boolean
}

/** An object as the server sent it. Remote text all of it; whoever reads it takes nothing for granted. */
export type ApiObject = Readonly<Record<string, unknown>>

/** A namespaced or cluster object, for server-side apply: complete as far as this project owns it. */
export interface ApplyObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly [key: string]: unknown
}

/**
 * The API server, through a kubeconfig. Every method rejects with a ClusterError (code, cause, remedy); a 403 names the missing rule.
 * Every call takes an AbortSignal and has a deadline of its own.
 */
export interface Cluster {
  /** The kubeconfig's server URL. */
  readonly server: string
  /** PEM of the kubeconfig's certificate authority. */
  readonly caPem: string
  /** As it is now: every call asks the server again, nothing is kept from one to the next. */
  read(node: string, signal: AbortSignal): Promise<ClusterReading>
  nodes(signal: AbortSignal): Promise<readonly NodeState[]>
  canI(requests: readonly AccessRequest[], signal: AbortSignal): Promise<readonly AccessAnswer[]>
  createBootstrapToken(token: BootstrapToken, signal: AbortSignal): Promise<void>
  /** Absent already: fine. */
  deleteBootstrapToken(id: string, signal: AbortSignal): Promise<void>
  /** Ids and ages of tokens that carry all these labels. */
  bootstrapTokens(
    labels: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<readonly { id: string; createdAt: string; expiresAt: string }[]>
  /** Merge patch with the resourceVersion for taints; repeats on 409. Returns the Node as it is afterwards. */
  changeNode(name: string, change: NodeChange, signal: AbortSignal): Promise<NodeState>
  /** Deletes only the Node with this uid (precondition); another one of that name stays, code `conflict`. Absent already: fine. */
  deleteNode(name: string, uid: string, signal: AbortSignal): Promise<void>
  /**
   * Conditions and newest events of a Node, as text for people. What cannot be read is said in the text: rejects only when the signal
   * aborts.
   */
  describeNode(name: string, signal: AbortSignal): Promise<string>
  /** The node password in this Secret of kube-system; undefined: none. A list by its name, so that no right to get Secrets is needed. */
  nodePassword(secret: string, signal: AbortSignal): Promise<NodePassword | undefined>
  /** Deletes only the Secret that was read (preconditions); another one of that name stays, code `conflict`. Absent already: fine. */
  deleteNodePassword(
    secret: string,
    read: Pick<NodePassword, 'uid' | 'resourceVersion'>,
    signal: AbortSignal,
  ): Promise<void>
  /** Requests sent to the server so far, repeats included; watches count once for each connection. */
  readonly requests: number
  /** Nodes that have this label with this value. */
  nodesWithLabel(label: string, value: string, signal: AbortSignal): Promise<readonly NodeState[]>
  /** One Node; undefined: none. */
  node(name: string, signal: AbortSignal): Promise<NodeState | undefined>
  /** Of all namespaces; paged. */
  daemonSets(signal: AbortSignal): Promise<readonly DaemonSetState[]>
  /** On one node, of all namespaces. */
  podsOnNode(node: string, signal: AbortSignal): Promise<readonly PodState[]>
  /** Undefined: none of this name. */
  runtimeClass(name: string, signal: AbortSignal): Promise<{ readonly handler: string } | undefined>
  /** Values of `data`; undefined: no such ConfigMap. */
  configMap(namespace: string, name: string, signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined>
  /** Whether the cluster has this kind of resource, e.g. `nvidia.com/v1`, `clusterpolicies`. */
  hasResource(groupVersion: string, resource: string, signal: AbortSignal): Promise<boolean>
  /** Reasons and messages of a pod's events, newest first; empty: none, or they may not be read. Never rejects but on abort. */
  podEvents(namespace: string, name: string, signal: AbortSignal): Promise<readonly string[]>
  /** The end of a pod's log, its former container's where the present one has said nothing; empty: none. Never rejects but on abort. */
  podLog(namespace: string, name: string, tailLines: number, signal: AbortSignal): Promise<string>
  /**
   * Server-side apply by this project's one field manager, never forced: fields that another manager owns with other values stay, code
   * `apply-conflict` names them and the managers.
   */
  applyObject(object: ApplyObject, signal: AbortSignal): Promise<void>
  /** Deletes only the DaemonSet with this uid, its pods with it (background); absent already: fine. */
  deleteDaemonSet(namespace: string, name: string, uid: string, signal: AbortSignal): Promise<void>
  /**
   * Every object of a kind, 500 a page, each turned into what is needed as soon as its page is there, so that a large list is never
   * in memory whole; undefined: the cluster has no such kind. A list that expires between two pages (410) is begun again.
   */
  list<Item>(
    kind: KindReference,
    read: (object: ApiObject) => Item,
    signal: AbortSignal,
    options?: ListOptions,
  ): Promise<readonly Item[] | undefined>
  /**
   * Watches every object of a kind (list, then watch; reconnects) until the signal aborts. `onChange` gets all that are there, first of
   * the list, then after each change. Rejects with what waiting cannot mend: no right, no such kind (code `not-found`).
   */
  watchList<Item>(
    kind: KindReference,
    read: (object: ApiObject) => Item,
    onChange: (items: readonly Item[]) => void,
    signal: AbortSignal,
    options?: ListOptions,
  ): Promise<void>
  /** Creates an object; the name may be the server's choice (`generateName`). Code `already-exists` when the name is taken. */
  createObject(
    kind: KindReference,
    object: ApiObject,
    signal: AbortSignal,
  ): Promise<{ readonly name: string; readonly uid: string }>
  /** Deletes only the object with this uid, what it owns with it (background); absent already: fine. */
  deleteObject(kind: KindReference, namespace: string, name: string, uid: string, signal: AbortSignal): Promise<void>
  /** Watches the pods of a namespace that have these labels (list, then watch; reconnects) until the signal aborts. */
  watchPodsWith(
    namespace: string,
    labelSelector: string,
    onEvent: (event: PodEvent) => void,
    signal: AbortSignal,
  ): Promise<void>
  /**
   * gitVersion of `/version`, and the names of what `/readyz?verbose` calls not ready. Empty: all is; undefined: it does not say, because
   * it may not be asked or has no such path.
   */
  health(signal: AbortSignal): Promise<{ readonly version: string; readonly notReady?: readonly string[] }>
  /** Every API group that the server has → the versions that it serves, the preferred one first. One request for all of them. */
  apiGroups(signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>
  /**
   * What the user of the kubeconfig may do in a namespace, as far as the server can list it: a right that is here is granted, one that is
   * not may be all the same, and is asked for by `canI`. Empty also when there are no such lists here.
   */
  rules(namespace: string, signal: AbortSignal): Promise<readonly AccessRule[]>
  /** JSON of a path that a service answers, through the API server's proxy; undefined: no such service. `service`: `namespace/name:port`. */
  proxied(service: string, path: string, signal: AbortSignal): Promise<unknown>
  /** The server's clock by its newest answer (Date header, 1 s resolution), epoch milliseconds; undefined: none yet. */
  readonly serverTimeMs: number | undefined
  /** Watches the pods of one node (list, then watch; reconnects) until the signal aborts. */
  watchPods(node: string, onEvent: (event: PodEvent) => void, signal: AbortSignal): Promise<void>
  /**
   * Asks that a pod leave its node, by the eviction API, which heeds budgets. Only the pod with this uid. Rejects with ClusterError for
   * what waiting does not mend, e.g. `forbidden`.
   */
  evictPod(
    pod: { readonly namespace: string; readonly name: string; readonly uid: string },
    signal: AbortSignal,
  ): Promise<EvictionAnswer>
  /** Watches the objects of a kind (list, then watch; reconnects) until the signal aborts. */
  watchObjects(
    kind: KindReference,
    onEvent: (event: ObjectEvent) => void,
    signal: AbortSignal,
    options?: ListOptions,
  ): Promise<void>
  /** Watches one Node and its Lease (list, then watch from its resourceVersion; reconnects) until the signal aborts. */
  watch(name: string, onEvent: (event: NodeEvent) => void, signal: AbortSignal): Promise<void>
}
