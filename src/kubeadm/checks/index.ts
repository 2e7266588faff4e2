import type { JoinSituation } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { KubeadmInstallation } from '../model.ts'
import { versionCheck } from '../version.ts'
import { authorityCheck, clusterCheck, leftoversCheck, nodeCheck } from './cluster.ts'
import { forwardingCheck, portCheck, swapCheck, unitCheck } from './host.ts'
import { programsCheck } from './programs.ts'
import { cgroupDriverCheck, containerdCheck, socketCheck } from './runtime.ts'

export { ignoredPreflightErrors } from './ignored.ts'
export { kubeadmCheckRegistry } from './registry.ts'

/**
 * Preflight questions about kubeadm's Kubernetes. They ask what kubeadm asks, before anything is changed, and what it does not: what it
 * only warns of and then waits for during minutes, and what it never notices. Pure.
 */
export function kubeadmChecks(situation: JoinSituation, found: KubeadmInstallation): readonly Check[] {
  return [
    programsCheck(situation, found),
    versionCheck(found, situation.reading.version, situation.version),
    // Before what follows from it: a kubelet of another cluster holds the port, and left its files.
    ...clusterCheck(situation, found),
    unitCheck(found),
    socketCheck(found),
    containerdCheck(found),
    cgroupDriverCheck(found),
    swapCheck(situation, found),
    forwardingCheck(situation, found),
    portCheck(situation, found),
    leftoversCheck(situation, found),
    ...authorityCheck(situation, found),
    ...nodeCheck(situation, found),
  ]
}
