/** Two nights in one world. */
export { type NightFault, nightFaults } from './faults.ts'
export { type Night, type Nights, type NightsOptions, playNights } from './play.ts'
export { judgeNights } from './verdict.ts'
