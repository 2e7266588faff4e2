import type { Host, HostFacts } from '../../src/host/index.ts'
import type { Comparison, Credential, Distribution, JoinSituation, RunIdentity } from '../../src/join/index.ts'
import type { Cluster, ClusterReading, NodeState } from '../../src/kubernetes/index.ts'
import type { Plan } from '../../src/report/index.ts'
import type { Run } from '../run.ts'
import type { K3sJoinInputs } from './inputs.ts'

/** What every stage of a join works with. */
export interface Join<Installation = unknown, Prepared = unknown> {
  readonly run: Run
  readonly inputs: K3sJoinInputs
  readonly cluster: Cluster
  readonly distribution: Distribution<Installation, Prepared>
  /** A token that was given, accepted; undefined: one is minted. */
  readonly given: Credential | undefined
  readonly identity: RunIdentity
  /** Another connection to the host, for an undo after the first one was lost. */
  readonly connect: (signal: AbortSignal) => Promise<Host>
  readonly signal: AbortSignal
}

/** The cluster as it was read, and what the run wants of it. */
export interface Look {
  readonly server: string
  readonly version: string
  readonly reading: ClusterReading
  readonly comparison: Comparison
  /** All nodes; empty when there is nothing to do, because then nobody asks. */
  readonly nodes: readonly NodeState[]
  readonly readAtRunnerMs: number
}

export interface Survey<Installation> {
  readonly facts: HostFacts
  readonly installation: Installation
}

/** A plan together with everything it was made from. */
export interface Planned<Installation = unknown> {
  readonly host: Host
  readonly situation: JoinSituation
  readonly installation: Installation
  readonly plan: Plan
}
