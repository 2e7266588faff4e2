export type * from './model.ts'
export { paths } from './model.ts'
