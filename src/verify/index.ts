export type * from './model.ts'
export { suiteNames } from './model.ts'
