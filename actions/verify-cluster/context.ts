import type { Run } from '../run.ts'
import type { VerifyClusterInputs, VerifyInputs } from './inputs.ts'

/** What the stages of a run share. */
export interface Verifying {
  readonly run: Run
  readonly inputs: VerifyInputs
  readonly signal: AbortSignal
}

/** The same, for whatever kind of run. */
export interface Going<Inputs extends VerifyClusterInputs = VerifyClusterInputs> {
  readonly run: Run
  readonly inputs: Inputs
  readonly signal: AbortSignal
}
