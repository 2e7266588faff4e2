export type { FoundRuntime } from './base.ts'
export {
  analyseTemplates,
  defaultRuntimeFile,
  folderOf,
  isRenderedHarmful,
  isToBeMoved,
  operatorFolder,
  outlookOf,
  predictConfig,
  predictDefaultRuntime,
  predictRuntimes,
  templatesToQuarantine,
} from './predict.ts'
export { type RenderedConfig, readRendered } from './rendered.ts'
export { analyseTemplate, type Outlook, type TemplateAnalysis, type TemplateEffect } from './template.ts'
