import type { JoinSituation } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { K3sInstallation } from '../model.ts'
import { passwordChecks } from '../password-checks.ts'
import { checkInstalledVersion } from '../version.ts'
import { firewallCheck } from './firewall.ts'
import { placeChecks, roleCheck, templateChecks, tokenChecks } from './installation.ts'
import { labelsCheck } from './labels.ts'
import { portChecks } from './ports.ts'
import { resolverCheck } from './resolver.ts'
import { modulesCheck, selinuxCheck, swapCheck } from './system.ts'
import { tracesCheck } from './traces.ts'

export { k3sCheckRegistry } from './registry.ts'

/** Preflight questions about k3s itself, and about the host as far as k3s's own ways decide the answer. Pure. */
export function k3sChecks(situation: JoinSituation, found: K3sInstallation, version: Check): readonly Check[] {
  return [
    version,
    ...checkInstalledVersion(found.binary?.version, situation.reading.version),
    roleCheck(found),
    ...portChecks(situation, found),
    modulesCheck(situation),
    swapCheck(situation, found),
    selinuxCheck(situation, found),
    resolverCheck(situation, found),
    firewallCheck(situation),
    tracesCheck(situation, found),
    labelsCheck(situation, found),
    ...templateChecks(found),
    ...placeChecks(found),
    ...tokenChecks(found),
    ...passwordChecks(situation, found),
  ]
}
