import type { Prerequisites } from '../../cluster-file/index.ts'
import type { Check } from '../../report/index.ts'
import type { PrerequisiteFacts } from '../model.ts'
import { diskCheck, multipathCheck } from './disk.ts'
import { modulesCheck, packagesCheck, servicesCheck, sysctlCheck } from './machine.ts'

export { prerequisiteCheckRegistry } from './registry.ts'

/** Questions about what is wanted besides the agent, before a host is touched; none where nothing is wanted. Pure. */
export function prerequisiteChecks(wish: Prerequisites | undefined, found: PrerequisiteFacts): readonly Check[] {
  if (wish === undefined) return []
  const checks = [packagesCheck, servicesCheck, modulesCheck, sysctlCheck, diskCheck, multipathCheck]
  return checks.flatMap((ask) => ask(wish, found) ?? [])
}
