export { renderConfig } from './config.ts'
export type * from './model.ts'
export { paths } from './model.ts'
export { planHost } from './plan.ts'
