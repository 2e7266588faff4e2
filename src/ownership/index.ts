export { describeProcess, environmentVariable, type ProcessDescription } from './description.ts'
export { type PortHolder, portHolders, socketsAtPort } from './ports.ts'
export { identify, isAlive, type ProcessIdentity } from './process.ts'
