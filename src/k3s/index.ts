export { k3sCheckRegistry, k3sChecks } from './checks/index.ts'
export { renderConfig } from './config.ts'
export { createK3s, type K3s, type K3sPorts, milestoneOf } from './distribution.ts'
export { readEvidence } from './evidence.ts'
export type * from './model.ts'
export { paths } from './model.ts'
export { planHost } from './plan.ts'
/** Appended to the generic survey: what of k3s is installed. */
export { surveyFragment as k3sSurveyScript } from './survey.ts'
