export {
  type ApplyRuntimeOptions,
  applyRuntime,
  type RuntimeMaterial,
  type RuntimeOutcome,
  runtimeMaterial,
} from './apply.ts'
export { containerCallsCheck } from './checks/container-calls.ts'
export { toolkitCheckRegistry } from './checks/registry-toolkit.ts'
export { toolkitChecks } from './checks/toolkit.ts'
export { askContainers } from './container-calls.ts'
export type * from './model.ts'
export {
  changeIds,
  defaultPluginImage,
  defaultToolkitVersion,
  fieldManager,
  gpuAnnotationName,
  hostSteps,
  pluginName,
  pluginNamespace,
  presentLabel,
  toolkitPackages,
} from './model.ts'
export {
  nvidiaRepository,
  nvidiaRepositoryKey,
  planToolkit,
  repositoryOf,
  toolkitGoal,
  toolkitState,
} from './toolkit.ts'
export { type UndoRuntimeOptions, type UndoRuntimeOutcome, undoRuntime } from './undo.ts'
