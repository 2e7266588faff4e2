export { confirmService, serviceChecks } from './checks.ts'
export { isDefaultByDropIn, planService, serviceRestartReasons, wantedProgram } from './plan.ts'
