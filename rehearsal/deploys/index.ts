/** Deployments of the stack, through the committed workflows. */
export { type DeployCase, deployCases, pullRequest, push } from './cases.ts'
export { type DeployOptions, type PlayedDeploy, playDeploy } from './play.ts'
export { judgeDeploy } from './verdict.ts'
