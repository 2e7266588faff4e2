export { readYaml } from './document.ts'
export type {
  ClusterFile,
  ClusterFileContent,
  ClusterFileNode,
  GpuRuntimeSettings,
  JoinSettings,
  TritonSettings,
  VerifySettings,
} from './file.ts'
export {
  checkId,
  imageReference,
  keyFingerprint,
  namespacedName,
  printable,
  repositoryUrl,
  singleLine,
  toolkitVersion,
} from './grammar.ts'
export { labelKey } from './labels.ts'
export type { NodeValues } from './merge.ts'
export type * from './model.ts'
export { type Complaint, formatProblem, type Grammar, nearest, type Problem, quote, withNearest } from './problem.ts'
export { ClusterFileError, readClusterFile } from './read.ts'
export { type Resolution, resolveNode } from './resolve.ts'
