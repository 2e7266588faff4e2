export { gpuAccessRequests, optionalGpuAccessRequests } from './access.ts'
export { gpuAnnotation, isLabelOurs, type Recorded, type RecordedGpus, readGpuAnnotation } from './annotation.ts'
export {
  type ApplyRuntimeOptions,
  applyRuntime,
  type RuntimeMaterial,
  type RuntimeOutcome,
  runtimeMaterial,
} from './apply.ts'
export {
  awaitCapacity,
  type CapacityGoal,
  type CapacityOutcome,
  type CapacityPorts,
  type CapacityState,
  missingCapacity,
} from './await-capacity.ts'
export { type ExpectedCapacity, expectedCapacity, gpuResource, isGpuResource, numberOf } from './capacity.ts'
export { type CapacityEvidence, capacityChecks, gpuPodsCheck } from './checks/confirm.ts'
export { containerCallsCheck } from './checks/container-calls.ts'
export { entryOfGpuCheck, gpuCheckRegistry } from './checks/registry.ts'
export { askContainers } from './container-calls.ts'
export { templatesToQuarantine } from './containerd/index.ts'
export { parseGpuFacts } from './facts.ts'
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
  runtimeUnit,
  toolkitPackages,
} from './model.ts'
export { checkGpu, confirmRuntime, hasGpu, planGpu } from './plan.ts'
export { carryOutPlugin, type PluginOutcome, type PluginPorts, undoPlugin } from './plugin/carry-out.ts'
export { foreignPlugins, intendedPlugin, ownPlugin, type PluginObject, servingPlugin } from './plugin/owners.ts'
export { planCluster, wantedAnnotation } from './plugin/plan.ts'
export { readGpu } from './plugin/read.ts'
export { isDevicePlugin, isOurs, ownerOf } from './plugin/recognise.ts'
export { renderDevicePlugin, taintsOfGpuNodes } from './plugin/render.ts'
export { lastingTaints, obstacles } from './plugin/scheduling.ts'
export { templateOf } from './plugin/shape.ts'
export * from './proof/index.ts'
export { surveyGpuScript } from './survey.ts'
export {
  nvidiaRepository,
  nvidiaRepositoryKey,
  planToolkit,
  repositoryOf,
  toolkitGoal,
  toolkitState,
} from './toolkit.ts'
export { type UndoRuntimeOptions, type UndoRuntimeOutcome, undoRuntime } from './undo.ts'
