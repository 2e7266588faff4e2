export { countsInWords } from './deployment.ts'
export { type CommentOrigin, commentMarker, commentTime, renderComment, renderMissing } from './deployment-comment.ts'
export { renderJson } from './json.ts'
export { renderJunit } from './junit.ts'
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
export { cell, cutMarkdown, details, escapeMarkdown, table } from './markdown.ts'
export type * from './model.ts'
export { hasMemory, newsOf, verificationHeadline } from './news.ts'
export { renderPrometheus } from './prometheus.ts'
export { type ReadReport, readReport } from './read.ts'
export { type Recorder, startRecorder } from './record.ts'
export { renderSummary } from './summary.ts'
export { cut, oneLine, printableLines } from './text.ts'
export { count, formatBytes, formatDuration } from './units.ts'
export { type FailOn, type IgnoredChecks, ignoreChecks, type ReportVerdict, reportVerdict } from './verdict.ts'
export { checksFailed } from './verification.ts'
