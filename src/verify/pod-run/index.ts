export { podAccess } from './access.ts'
export type * from './model.ts'
export { runPod } from './run.ts'
export { leftoverAfterMs, type Sweep, sweepPods } from './sweep.ts'
