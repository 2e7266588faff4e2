export { gpuAccessRequests, optionalGpuAccessRequests } from './access.ts'
export { gpuAnnotation, isLabelOurs, type Recorded } from './annotation.ts'
export {
  awaitCapacity,
  type CapacityGoal,
  type CapacityOutcome,
  type CapacityPorts,
  type CapacityState,
  missingCapacity,
} from './await-capacity.ts'
export { type ExpectedCapacity, expectedCapacity, gpuResource, isGpuResource, numberOf } from './capacity.ts'
export { clusterChecks } from './checks/cluster.ts'
export { type CapacityEvidence, capacityChecks, gpuPodsCheck } from './checks/confirm.ts'
export { clusterCheckRegistry } from './checks/registry-cluster.ts'
export type * from './model.ts'
export {
  changeIds,
  defaultToolkitVersion,
  fieldManager,
  gpuAnnotationName,
  hostSteps,
  pluginName,
  pluginNamespace,
  presentLabel,
  toolkitPackages,
} from './model.ts'
export { carryOutPlugin, type PluginOutcome, type PluginPorts, undoPlugin } from './plugin/carry-out.ts'
export { foreignPlugins, intendedPlugin, ownPlugin, type PluginObject, servingPlugin } from './plugin/owners.ts'
export { planCluster, wantedAnnotation } from './plugin/plan.ts'
export { readGpu } from './plugin/read.ts'
export { isDevicePlugin, isOurs, ownerOf } from './plugin/recognise.ts'
export { renderDevicePlugin, taintsOfGpuNodes } from './plugin/render.ts'
