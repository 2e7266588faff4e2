export { openCluster } from './cluster.ts'
export { ClusterError, type ClusterErrorCode, rbacManifest } from './errors.ts'
export type * from './model.ts'
export { formatTaint, parseTaint } from './taints.ts'
