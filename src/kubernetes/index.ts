export {
  joinAccessRequests,
  nodePasswordAccessRequests,
  optionalAccessRequests,
  removeAccessRequests,
  storageAccessRequests,
} from './access.ts'
export { fieldManager } from './apply.ts'
export type { ApplyConflict } from './apply-conflicts.ts'
export { type CertificateDates, type CertificateEnd, readCertificateDates } from './certificate-dates.ts'
export { ClusterError, type ClusterErrorCode, quoteRemote, rbacManifest, removeManifest } from './errors.ts'
export type * from './model.ts'
export { openCluster, openSelected } from './open.ts'
export { type ProbeOptions, probeServer } from './probe.ts'
export { accessQuestions, identityAccessRequest, type Purpose, verifyAccessRequests } from './probe-access.ts'
export { type ProbeLimits, probeLimits } from './probe-connection.ts'
export { formatTaint, parseTaint } from './taints.ts'
export { daemonSetState, devicesOf, type PodWithLimits } from './workload-objects.ts'
