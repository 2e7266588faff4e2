export { renderJson } from './json.ts'
export {
  checkCounts,
  marks,
  planHeading,
  provenanceWords,
  renderChecks,
  renderFailure,
  renderMilestones,
  renderPlan,
  stageHeading,
} from './log.ts'
export type * from './model.ts'
export { type Recorder, startRecorder } from './record.ts'
export { renderSummary } from './summary.ts'
export { cut, oneLine, printableLines } from './text.ts'
export { count, formatBytes, formatDuration } from './units.ts'
export { type FailOn, type IgnoredChecks, ignoreChecks, type ReportVerdict, reportVerdict } from './verdict.ts'
