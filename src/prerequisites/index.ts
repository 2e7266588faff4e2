export {
  applyPrerequisites,
  type PrerequisiteOutcome,
  plannedSteps,
  undoPrerequisites,
} from './apply.ts'
export { prerequisiteCheckRegistry, prerequisiteChecks } from './checks/index.ts'
export { followStorage } from './follow/index.ts'
export { type PrerequisiteFacts, type PrerequisiteStep, prerequisiteSteps } from './model.ts'
export { planPrerequisites } from './plan.ts'
export { parsePrerequisites, prerequisiteSurvey } from './survey.ts'
