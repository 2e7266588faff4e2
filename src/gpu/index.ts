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
