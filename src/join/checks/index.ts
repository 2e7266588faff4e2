import type { Check } from '../../report/index.ts'
import type { JoinSituation } from '../distribution.ts'
import { topologyCheck } from '../topology.ts'
import { clockCheck } from './clock.ts'
import { diskChecks } from './disk.ts'
import { gpuCheck } from './gpu.ts'
import { addressCheck, machineCheck } from './machine.ts'
import { nameCheck, nodeNameCheck } from './name.ts'
import { forwardingCheck, routeCheck } from './network.ts'
import { architectureCheck, cgroupCheck, initCheck, osCheck, privilegeCheck } from './system.ts'

export { answered, few, type Otherwise, passed, unanswered } from './check.ts'
export { foreignGpuProcesses } from './gpu.ts'
export { bothIdentities, hasHeartbeat, isAlive, nameCheck, nameOwner, provesIdentity, replacesNode } from './name.ts'
export { type CheckEntry, entryOf, joinCheckRegistry } from './registry.ts'
export { minorOf, privilegeCheck } from './system.ts'

/** Questions every distribution asks before a host is touched. Pure. */
export function hostChecks(situation: JoinSituation): readonly Check[] {
  return [
    privilegeCheck(situation),
    osCheck(situation),
    architectureCheck(situation),
    initCheck(situation),
    cgroupCheck(situation),
    clockCheck(situation),
    ...diskChecks(situation),
    routeCheck(situation),
    ...forwardingCheck(situation),
    nodeNameCheck(situation),
    nameCheck(situation),
    machineCheck(situation),
    addressCheck(situation),
    topologyCheck(situation),
    gpuCheck(situation),
  ]
}
