import { diagnoseWith } from './diagnose.ts'
import type { Diagnosis, Evidence, Row } from './model.ts'
import { k3sRows } from './rows-k3s.ts'
import { containerdRows } from './rows-k3s-containerd.ts'
import { hostRows } from './rows-k3s-host.ts'

export { diagnoseWith, unknownFailure } from './diagnose.ts'
export type * from './model.ts'

/** The symptom catalogue. */
export const catalogue: readonly Row[] = [...k3sRows, ...containerdRows, ...hostRows]

/** Explains why a node did not join, or undefined: then `unknownFailure` says so. */
export function diagnose(evidence: Evidence): Diagnosis | undefined {
  return diagnoseWith(catalogue, evidence)
}
