export { gather, isMeant, nameSome } from './gather.ts'
export { gpuUuidsOf } from './gpu-uuids.ts'
export { idPart } from './ids.ts'
export { type IssueOptions, type KeptIssue, keepIssue } from './issue/index.ts'
export { openLists } from './lists.ts'
export {
  type FailPolicy,
  nothingRemembered,
  promptAlarm,
  type Remembered,
  readPreviousReport,
  rememberRun,
} from './memory/index.ts'
export type * from './model.ts'
export { suiteNames } from './model.ts'
export { blockedSuite, entriesOf, type Patience, portsAfter, runSuite } from './run-suite.ts'
export { suites } from './suites/index.ts'
export { watchEntries, watchWorkflow } from './watch/index.ts'
