/** Pulumi in the embedded world: Pulumi Cloud's stacks, the CLI, package managers, and the program that they deploy. */
export type { CliSettings, DeployFault, Deployment, ProgramCall, Properties, StackUpdate } from './model.ts'
export { stackReference, urns } from './seed.ts'
export { holderOf, type Stack, Stacks } from './stacks.ts'
export { type DeployWorld, layDeployWorld } from './world.ts'
