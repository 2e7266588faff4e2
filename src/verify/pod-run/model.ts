import type { Cluster, NodeState } from '../../kubernetes/index.ts'

/** What one pod is to do, once, on one node. */
export interface PodSpec {
  /** What it is for, in one word: part of its name and a label, e.g. `gpu-proof`. Lower case letters, digits and `-`, at most 20. */
  readonly purpose: string
  readonly namespace: string
  /** Where it must run. It goes through the scheduler (a selector, never nodeName), and tolerates what is tainted here. */
  readonly node: Pick<NodeState, 'name' | 'labels' | 'taints'> & Partial<Pick<NodeState, 'kubeletVersion'>>
  readonly image: string
  /** `never`: only an image that is on the node already, so that nothing is downloaded. */
  readonly pull: 'if-missing' | 'never'
  /**
   * Program and arguments. Kubernetes itself replaces `$(NAME)` where NAME is in `env`, and writes `$$` as `$`: neither may be in them.
   */
  readonly command: readonly string[]
  /** Not secret: the Job's object shows them. */
  readonly env?: Readonly<Record<string, string>>
  /** Empty or absent: the node's default. */
  readonly runtimeClass?: string
  /** Extended resources, e.g. `nvidia.com/gpu` → 1. */
  readonly devices?: Readonly<Record<string, number>>
  /** A claim in its namespace that it mounts. */
  readonly volume?: VolumeMount
  /** What it may take of the node's memory; default 256. */
  readonly memoryMiB?: number
  /** Lines that are read of the end of its log; default 40. */
  readonly logLines?: number
}

/** Where a volume is in the pod. */
export interface VolumeMount {
  /** Name of a PersistentVolumeClaim. */
  readonly claim: string
  /** Absolute. */
  readonly path: string
}

/** What runPod needs of VerifyPorts. */
export interface PodPorts {
  readonly cluster: Pick<Cluster, 'createObject' | 'deleteObject' | 'watchPodsWith' | 'podEvents' | 'podLog' | 'list'>
  /** Epoch milliseconds. */
  now(): number
  readonly runId: string
  readonly label: string
  say(line: string): void
  readonly signal: AbortSignal
}

/** How it ended. */
export type PodOutcomeCode =
  /** Its command ended with 0. */
  | 'succeeded'
  /** Its command ran and ended with another code. */
  | 'failed'
  /** The image is not there, and cannot be fetched. */
  | 'image'
  /** The scheduler: the node has too little left of something, named in `missing`. */
  | 'insufficient'
  /** The scheduler: a taint that the node did not have when it was read. */
  | 'taint'
  /** The scheduler: no node has the host name that was asked for, or it is cordoned. */
  | 'no-node'
  /** The scheduler: another reason. */
  | 'unschedulable'
  /** Its volume was not made, not attached or not mounted. */
  | 'volume'
  /** The kubelet did not admit it: UnexpectedAdmissionError, e.g. a device that is unhealthy. */
  | 'not-admitted'
  /** The runtime did not make its sandbox: FailedCreatePodSandBox, e.g. no such RuntimeClass handler. */
  | 'sandbox'
  /** The runtime did not make or start its container: CreateContainerError, RunContainerError, StartError. */
  | 'container'
  /** Pod Security does not let it into the namespace. */
  | 'pod-security'
  /** A quota of the namespace is used up. */
  | 'quota'
  /** Something else at the API server's door (webhook, policy, limit range, unknown RuntimeClass). */
  | 'refused'
  /** The kubeconfig's user may not make Jobs there. */
  | 'not-allowed'
  /** There is no such namespace, and it may not be made. */
  | 'no-namespace'
  /** Evicted, preempted, or deleted by somebody. */
  | 'taken-away'
  /** It ran, or waited, until its time was over. */
  | 'deadline'

/** What came of it. Texts may quote the cluster and are data. */
export interface PodOutcome {
  readonly code: PodOutcomeCode
  /** The scheduler gave it the node, and the kubelet admitted it with its devices: from there on it is the runtime's and its own matter. */
  readonly isAdmitted: boolean
  /** One line, without numbers that differ from night to night. */
  readonly found: string
  /** Empty with `succeeded`. */
  readonly cause: string
  readonly remedy: string
  /** What was quoted, at most 8 lines. */
  readonly evidence: readonly string[]
  /** With `insufficient`: what there is too little of, e.g. `nvidia.com/gpu`. */
  readonly missing?: string
  /** Of its command, where it ended. */
  readonly exitCode?: number
  /** The end of its log; remote text of at most 64 KiB. Empty: none, or it may not be read. */
  readonly log: string
  readonly elapsedMs: number
  /** Job and pod are gone again. False: `leftover` says what stays, until its own end. */
  readonly isRemoved: boolean
  /** `namespace/name` of the Job; empty: none was made, or it is gone. */
  readonly leftover: string
}
