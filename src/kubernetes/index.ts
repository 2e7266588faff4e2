export { ClusterError, type ClusterErrorCode, rbacManifest } from './errors.ts'
export type * from './model.ts'
export { openCluster } from './open.ts'
export { formatTaint, parseTaint } from './taints.ts'
