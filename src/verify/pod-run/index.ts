export type * from './model.ts'
export { runPod } from './run.ts'
