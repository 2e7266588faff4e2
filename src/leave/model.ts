import type { Host, HostFacts, ScriptLine } from '../host/index.ts'
import type { RunIdentity } from '../join/index.ts'
import type { ClusterReading, NodeState } from '../kubernetes/index.ts'
import type { LabelSelector } from './selector.ts'

/** What the owner allows a drain to do, from the inputs. */
export interface DrainWishes {
  /** Pods of DaemonSets stay where they are. */
  readonly ignoreDaemonSets: boolean
  readonly deleteEmptyDirData: boolean
  readonly deleteUnmanagedPods: boolean
  /** Restarts and reloads although a process outside the cluster uses the GPU. Default: no. */
  readonly allowGpuDisruption?: boolean
}

/** What a drain needs of a pod that is bound to the node. Remote text all of it. */
export interface BoundPod {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly labels: Readonly<Record<string, string>>
  /** Kind and name of its controller; undefined: nothing brings it back. */
  readonly owner?: { readonly kind: string; readonly name: string }
  /** The API's picture of a static pod: only the kubelet can end it. */
  readonly isMirror: boolean
  readonly isFinished: boolean
  readonly isTerminating: boolean
  readonly isReady: boolean
  /** Names of its emptyDir volumes. */
  readonly emptyDirs: readonly string[]
  /** Names of the claims that it mounts. */
  readonly claims: readonly string[]
  /** How long it may take to end once it was asked to, seconds. */
  readonly graceSeconds: number
  /** Who has yet to let go of it before it can be deleted. */
  readonly finalizers: readonly string[]
}

/** What a drain needs of a PodDisruptionBudget. */
export interface Budget {
  readonly namespace: string
  readonly name: string
  /** Which pods of its namespace it is about; undefined: none. */
  readonly selects?: (labels: Readonly<Record<string, string>>) => boolean
  readonly disruptionsAllowed: number
  readonly currentHealthy: number
  readonly desiredHealthy: number
  readonly expectedPods: number
  /** Pods that are not ready may leave whatever the budget says. */
  readonly letsUnhealthyGo: boolean
}

/** A volume that is attached, or being attached, to the node. */
export interface Attachment {
  readonly name: string
  readonly uid: string
  /** The PersistentVolume; empty: an inline one. */
  readonly volume: string
  readonly attacher: string
  /** What the attacher says keeps it from letting go. */
  readonly problem: string
}

/** A PersistentVolume that not every node reaches. */
export interface PinnedVolume {
  readonly name: string
  /** `namespace/name` of its claim; empty: none. */
  readonly claim: string
  /** What it asks of a node: all of one of them. */
  readonly terms: readonly NodeTerm[]
}

/** A NodeSelectorTerm as the API server sends it. */
export interface NodeTerm {
  readonly matchExpressions?: LabelSelector['matchExpressions']
  readonly matchFields?: LabelSelector['matchExpressions']
}

/**
 * A mount under a folder that leaving empties. `own`: of the pods' own machinery (tmpfs, overlay …), with nothing of anybody's in it.
 * `volume`: of a pod or a driver; it goes with its pod. `foreign`: of nobody that the cluster knows, e.g. the owner's NFS.
 */
export interface Mount {
  readonly path: string
  readonly type: string
  readonly source: string
  readonly kind: 'own' | 'volume' | 'foreign'
}

/** What there is of a distribution on the host, seen by somebody who wants it gone. */
export interface Presence {
  /** There is something to take away: a program, a unit, or what an interrupted removal left. */
  readonly isThere: boolean
  /** Runs, or is started again by systemd. */
  readonly isRunning: boolean
  /** A server (control plane) is installed here, whatever runs. */
  readonly isServer: boolean
  /** Exact version; empty: unknown or none. */
  readonly version: string
  /** State of the unit as systemd says it; empty: there is no unit. */
  readonly unitState: string
  /** `https://host:port` that the agent joined through; empty: unknown. */
  readonly server: string
  /** What takes it away, as people read it; undefined: there is nothing that could. */
  readonly uninstaller?: string
  /** Files and folders of it that are there, also without anything that runs them. */
  readonly traces: readonly string[]
  /** An earlier removal was interrupted after it had stopped the agent. */
  readonly isHalfGone: boolean
  readonly mounts: readonly Mount[]
  /** Whether mounts could be listed. */
  readonly areMountsKnown: boolean
  /** Folders with data of local volumes that its uninstaller deletes, also of volumes that the cluster has forgotten. */
  readonly data: readonly string[]
  /** Why what takes it away would not, or would take away more; undefined: nothing is in the way. */
  readonly obstacle?: string
}

/** What a removal did on the host. */
export interface Removed {
  /** What stays there on purpose, each with the reason. */
  readonly stays: readonly string[]
}

/** A step forward on the host: `stopped`, `uninstalled`. */
export type LeaveStep = 'stop' | 'uninstall'

export interface UninstallRequest {
  readonly run: RunIdentity
  readonly steps: readonly LeaveStep[]
  /** Of what takes it away. */
  readonly timeoutMs: number
}

/** How a distribution is taken off a host. Everything that names one stands behind this interface. */
export interface Leaving {
  readonly name: string
  /** The unit that is stopped. */
  readonly unit: string
  /** Appended to the generic survey; defines `survey_distribution`. */
  readonly surveyScript: string
  /** From the survey's lines of the distribution. Pure; never throws. */
  presence(lines: readonly ScriptLine[]): Presence
  /** What taking it away disturbs besides, on this host; undefined: nothing. Pure. */
  disturbs(facts: HostFacts): string | undefined
  /** What is mounted now under the folders that leaving empties; waits up to `waitMs` until no volume of a pod is among it. */
  mounts(host: Host, run: RunIdentity, waitMs: number, signal: AbortSignal): Promise<readonly Mount[]>
  /**
   * Stops the agent and takes it away, in one session and under a deadline, with a last look at the mounts before each of both. Rejects
   * with HostStepError: `foreign-mounts`, `stop-failed`, `uninstall-failed`, `uninstall-timeout` …
   */
  uninstall(
    host: Host,
    request: UninstallRequest,
    onStep: (step: LeaveStep) => void,
    signal: AbortSignal,
  ): Promise<Removed>
  /** Name of the Secret in kube-system in which the server keeps the password of a node; undefined: it keeps none. */
  nodePassword(node: string): string | undefined
}

/** Everything a removal is planned from. Plain data. */
export interface LeaveSituation {
  readonly node: string
  readonly cluster: string
  /** Address of the API server as the host knows it, or the kubeconfig's. */
  readonly servers: readonly string[]
  readonly reading: ClusterReading
  readonly nodes: readonly NodeState[]
  readonly pods: readonly BoundPod[]
  readonly budgets: readonly Budget[]
  readonly attachments: readonly Attachment[]
  readonly localVolumes: readonly PinnedVolume[]
  /** Whether the server keeps a password of the node; undefined: nobody may ask, or there is none to ask for. */
  readonly hasPassword?: boolean
  readonly wishes: DrainWishes
  readonly isHostGone: boolean
  readonly unit: string
  readonly distribution: string
  /** Undefined: the machine was not looked at, because it is gone. */
  readonly host?: { readonly facts: HostFacts; readonly presence: Presence; readonly disturbs?: string }
}
