/** What can be rehearsed, and what is expected of it. */
export { editedClusterFile, faults, inputsOf, isMetByJoin, isTelling, scenarioOf } from './faults.ts'
export { scenarios } from './list.ts'
export { type Fault, families, type Scenario } from './model.ts'
export { judge, type Verdict } from './verdict.ts'
export { type VerifyFaultShown, verifyFaults } from './verify-faults.ts'
