export type * from './model.ts'
export { type KubeconfigCheckEntry, kubeconfigCheckRegistry, questionOf } from './registry.ts'
export { type ServerCheckContext, serverChecks } from './server-checks.ts'
