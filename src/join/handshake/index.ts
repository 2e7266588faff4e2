export { type FaultContext, faultCheck } from './fault.ts'
export {
  authority,
  type HostAnswer,
  HostHttpsFault,
  hostHttps,
  oneLine,
} from './host-https.ts'
export {
  apiServerCheckId,
  HostQuestions,
  type QuestionsOptions,
  runnerReaches,
  type Target,
  targetOf,
} from './questions.ts'
