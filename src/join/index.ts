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
  deleteToken,
  mintToken,
  newTokenId,
  newTokenSecret,
  prepareToken,
  type RandomBytes,
  sweepTokens,
  type TokenRequest,
  tokenAccessRequests,
  tokenLabels,
  tokensFor,
} from './bootstrap-token.ts'
export {
  answered,
  bothIdentities,
  type CheckEntry,
  entryOf,
  few,
  foreignGpuProcesses,
  hasHeartbeat,
  hostChecks,
  isAlive,
  joinCheckRegistry,
  nameOwner,
  passed,
  privilegeCheck,
  provesIdentity,
  replacesNode,
  unanswered,
} from './checks/index.ts'
export { confirmChecks } from './confirm.ts'
export { type Comparison, compareWithDesired, desiredDigest } from './desired.ts'
export type * from './distribution.ts'
export { evidenceFiles, readEvidence } from './evidence.ts'
export { gpuInUse, gpuProcessesCheck, mayTouchGpu } from './gpu-safety.ts'
export * from './handshake/index.ts'
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
export { GivenTokenError, VersionError } from './refusals.ts'
