import type { GpuSituation, RestartReason } from '../../src/gpu/index.ts'
import type { Host } from '../../src/host/index.ts'
import type { RunIdentity } from '../../src/join/index.ts'
import type { Cluster } from '../../src/kubernetes/index.ts'
import type { Plan } from '../../src/report/index.ts'
import type { Run } from '../run.ts'
import type { GpuRuntimeInputs } from './inputs.ts'

/** What every stage of a run works with. */
export interface Gpu {
  readonly run: Run
  readonly inputs: GpuRuntimeInputs
  readonly cluster: Cluster
  readonly identity: RunIdentity
  /** Another connection to the host, for an undo after the first one was lost. */
  readonly connect: (signal: AbortSignal) => Promise<Host>
  readonly signal: AbortSignal
}

/** A plan together with everything it was made from. */
export interface Planned {
  readonly host: Host
  readonly situation: GpuSituation
  readonly plan: Plan
  readonly restart: readonly RestartReason[]
}
