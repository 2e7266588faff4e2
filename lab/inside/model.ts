/** What runs inside the lab's namespaces, and what it tells those outside. */

import type { FaultName } from '../../rehearsal/contract.ts'
import type { K3sKind, LabCluster, Parts, Progress } from '../contract.ts'
import type { KubeadmLab } from '../kubeadm/index.ts'
import type { Situation, SituationOptions } from '../situation.ts'

/** A control plane that stands, in which situations are opened one after another. */
export interface Lab {
  readonly parts: Parts
  /** Folder of the standing parts. */
  readonly directory: string
  readonly cluster: LabCluster
  readonly progress: Progress
  /** A cluster at its beginning and machines that have just booted. One at a time: they have the same addresses. */
  situation(wanted: SituationOptions): Promise<Situation>
  /** Clusters that kubeadm set up; the first situation starts them. */
  readonly kubeadm: KubeadmLab
  /** Faults that this lab cannot play, and why. */
  readonly unplayable: Readonly<Partial<Record<FaultName, string>>>
  close(): Promise<void>
}

export interface LabScenario {
  /** Lower case, words joined by hyphens. */
  readonly name: string
  /** What it shows, in one line. */
  readonly shows: string
  /** Parts without which it is skipped, by their names in `Parts`. */
  readonly needs?: readonly string[]
  run(lab: Lab): Promise<ScenarioResult>
}

export interface ScenarioResult {
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What was seen, or why it failed or was skipped. */
  readonly text: string
  /** Only of a failure: as much as helps. */
  readonly detail?: string
}

/** Answer of `GET /status`. */
export interface LabStatus {
  readonly stage: 'starting' | 'standing' | 'failed' | 'ending'
  /** Machines that can be entered; pids in the lab's own numbers. */
  readonly hosts: readonly { readonly name: string; readonly address: string; readonly pid: number }[]
  readonly k3s: K3sKind
  /** Name of the scenario that runs now. */
  readonly running?: string
  /** Address of the API server. */
  readonly server?: string
  /** File with the administrator's rights; its address is reached from inside only. */
  readonly kubeconfig?: string
  /** Folder of kubectl. */
  readonly programs?: string
}

/** Name of the scenario that is in no suite: machines stand until the lab is ended. */
export const holdName = 'hold'
/** Its line once everything stands. */
export const heldLine = 'everything stands until the lab is ended'
