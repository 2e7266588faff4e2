export { readYaml } from './document.ts'
export type {
  ClusterFile,
  ClusterFileContent,
  ClusterFileNode,
  DeploySettings,
  GpuRuntimeSettings,
  JoinSettings,
  TritonSettings,
  VerifySettings,
} from './file.ts'
export {
  checkId,
  checkPattern,
  httpUrl,
  imageReference,
  keyFingerprint,
  namespacedName,
  namespaceName,
  nodeName,
  printable,
  repositoryUrl,
  singleLine,
  stackName,
  toolkitVersion,
  versionOf,
  workspaceFolder,
} from './grammar.ts'
export { isComplaint, labelKey, readTaint } from './labels.ts'
export type { NodeValues } from './merge.ts'
export type * from './model.ts'
export { type Complaint, formatProblem, type Grammar, nearest, type Problem, quote, withNearest } from './problem.ts'
export { ClusterFileError, readClusterFile } from './read.ts'
export { type Resolution, resolveNode } from './resolve.ts'
