export { type FailPolicy, failOnOf, failsRun, names, promptAlarm } from './policy.ts'
export { nothingRemembered, type Remembered, readPreviousReport } from './previous.ts'
export { type RunNow, rememberRun } from './remember.ts'
