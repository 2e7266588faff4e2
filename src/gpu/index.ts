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
