export { annotations, formatOwnedKeys, ownedKeys } from './annotations.ts'
export {
  type AgentState,
  awaitReady,
  type Hopeless,
  type JournalLine,
  missingUntilReady,
  type ReadyGoal,
  type ReadyOutcome,
} from './await-ready.ts'
export {
  bothIdentities,
  foreignGpuProcesses,
  hasHeartbeat,
  hostChecks,
  isAlive,
  nameOwner,
  provesIdentity,
  replacesNode,
} from './checks.ts'
export { confirmChecks } from './confirm.ts'
export { type Comparison, compareWithDesired, desiredDigest } from './desired.ts'
export type * from './distribution.ts'
export { gpuProcessesCheck, mayTouchGpu } from './gpu-safety.ts'
export {
  hasDrift,
  isRestrictedLabel,
  type MetadataDrift,
  mendTaints,
  metadataDrift,
  taintIdentity,
  wantedOwnership,
} from './labels.ts'
export { changeIds, effectiveChanges, planJoin, touchesHost } from './plan.ts'
