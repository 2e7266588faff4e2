export type { CredentialPolicy } from './authority-check.ts'
export { contextsCheck, credentialChecks } from './credential-checks.ts'
export { KubeconfigError, type KubeconfigErrorCode } from './errors.ts'
export { readKubeconfigFile } from './file.ts'
export type * from './model.ts'
export {
  newNonce,
  type Placement,
  type PlacementRequest,
  placementOf,
  sentinelPath,
  slugOf,
} from './placement.ts'
export { readKubeconfig } from './read.ts'
export { type KubeconfigCheckEntry, kubeconfigCheckRegistry, questionOf } from './registry.ts'
export { type Removal, releasePlacement, sweepPlacements } from './removal.ts'
export { type ServerCheckContext, serverChecks } from './server-checks.ts'
export { validityOf } from './validity.ts'
