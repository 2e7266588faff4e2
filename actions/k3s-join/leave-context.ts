import type { Host } from '../../src/host/index.ts'
import type { RunIdentity } from '../../src/join/index.ts'
import type { Cluster } from '../../src/kubernetes/index.ts'
import type { LeaveSituation, Leaving } from '../../src/leave/index.ts'
import type { Plan } from '../../src/report/index.ts'
import type { Run } from '../run.ts'
import type { K3sJoinInputs } from './inputs.ts'

/** What every stage of a removal works with. */
export interface Leave {
  readonly run: Run
  readonly inputs: K3sJoinInputs
  readonly cluster: Cluster
  readonly leaving: Leaving
  readonly identity: RunIdentity
  readonly connect: (signal: AbortSignal) => Promise<Host>
  readonly signal: AbortSignal
}

/** What was read of the cluster, before the machine is looked at. */
export type ClusterLook = Omit<LeaveSituation, 'host'>

/** A plan together with everything it was made from. `host`: undefined where the machine is gone. */
export interface LeavePlanned {
  readonly host: Host | undefined
  readonly situation: LeaveSituation
  readonly plan: Plan
}

/** What this run has done so far, for the sentence that says what is true now. */
export interface LeaveTracks {
  /** The node is closed to new pods, by this run or an earlier removal. */
  isCordoned: boolean
  /** Set when it was opened again, or could not be; undefined: nobody tried. */
  reopened?: 'yes' | 'no'
  /** From here on the agent may be stopped, and the node cannot go on serving. */
  isHostTouched: boolean
  /** The agent was taken off the machine. */
  isUninstalled: boolean
  podsLeft: number
}
