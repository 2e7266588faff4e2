import type { Prerequisites } from '../../cluster-file/index.ts'
import { answered, few, passed } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { PrerequisiteFacts } from '../model.ts'
import { differingSettings, missingPackages, restingServices } from '../plan.ts'

/** Can what is missing be installed? */
export function packagesCheck(wish: Prerequisites, found: PrerequisiteFacts): Check | undefined {
  if (wish.packages.length === 0) return undefined
  const id = 'host.packages'
  const question = 'Are the packages there that the node needs, or can they be installed?'
  const missing = missingPackages(wish, found)
  if (missing.length === 0) return passed(id, question, `${few(wish.packages, 6)}: installed`)
  return answered(id, question, found.manager !== '', `${few(missing, 6)}: not installed`, {
    cause: 'none of apt, dnf and zypper is on this host, so nothing can be installed by this action',
    remedy: 'install them with the means of that system, or leave them out',
  })
}

/** Will the wanted services run? */
export function servicesCheck(wish: Prerequisites, found: PrerequisiteFacts): Check | undefined {
  if (wish.services.length === 0) return undefined
  const id = 'host.services'
  const question = 'Do the services run that the node needs, or can they be started?'
  const of = (name: string) => found.services.find((one) => one.name === name)
  const masked = wish.services.filter((name) => of(name)?.file === 'masked' || of(name)?.load === 'masked')
  if (masked.length > 0) {
    return answered(id, question, false, `${few(masked)}: masked`, {
      cause: 'somebody does not want it to run',
      remedy: `when nobody minds: sudo systemctl unmask ${masked.join(' ')}`,
    })
  }
  const unknown = wish.services.filter((name) => of(name)?.load === 'not-found')
  // A package that is still to be installed may bring it.
  if (unknown.length > 0 && missingPackages(wish, found).length === 0) {
    return answered(id, question, false, `${few(unknown)}: there is no such unit`, {
      cause: 'no installed package brings it, and none that brings it is asked for',
      remedy: 'correct the name in `services`, or add the package to `packages`',
    })
  }
  const resting = restingServices(wish, found)
  return passed(id, question, resting.length === 0 ? `${few(wish.services)}: running` : `${few(resting)}: not yet`)
}

/** Has the running kernel the wanted modules? */
export function modulesCheck(wish: Prerequisites, found: PrerequisiteFacts): Check | undefined {
  if (wish.modules.length === 0) return undefined
  const id = 'host.wanted-modules'
  const question = 'Has the running kernel the modules that the node needs?'
  const states = wish.modules.map((name) => ({
    name,
    state: found.modules.find((one) => one.name === name)?.state ?? 'unknown',
  }))
  const missing = states.filter(({ state }) => state === 'missing').map(({ name }) => name)
  const words = states.map(({ name, state }) => `${name} ${state}`)
  return answered(id, question, missing.length === 0, few(missing.length === 0 ? words : missing, 6), {
    cause:
      'they are not in its folder: the kernel was updated and not booted yet, or its extra modules are a package of their own',
    remedy: 'reboot after a kernel update; on Ubuntu: sudo apt-get install linux-modules-extra-$(uname -r)',
  })
}

/** Does the kernel know the wanted settings? */
export function sysctlCheck(wish: Prerequisites, found: PrerequisiteFacts): Check | undefined {
  const keys = Object.keys(wish.sysctl)
  if (keys.length === 0) return undefined
  const id = 'host.sysctl'
  const question = 'Does the kernel know the settings that the node needs?'
  const unknown = keys.filter((key) => {
    const fact = found.sysctl.find((one) => one.key === key)
    return fact !== undefined && fact.value === undefined
  })
  // A module that is loaded first may bring its settings: net.bridge.* comes with br_netfilter.
  const mayCome = wish.modules.length > 0
  const differing = differingSettings(wish, found)
  if (unknown.length === 0) {
    return passed(id, question, differing.length === 0 ? 'as wanted' : `${few(differing)}: not yet`)
  }
  return answered(id, question, false, `${few(unknown)}: unknown to the kernel`, {
    ...(mayCome ? { verdict: 'warn' as const } : {}),
    cause: 'there is no such setting, or it comes with a module that is not loaded',
    remedy: 'correct the name, or add the module to `modules`',
  })
}
