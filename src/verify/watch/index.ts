export { watchEntries } from './entries.ts'
export { judgeWatch, type WatchFacts } from './judge.ts'
export { type WatchWish, watchWorkflow } from './watch.ts'
