/** `list`: what can be run. */
import type { LabScenario } from '../inside/model.ts'
import { leavesNothing } from './leftovers.ts'
import { choice } from './session.ts'

const rows = (scenarios: readonly Pick<LabScenario, 'name' | 'shows'>[]): string =>
  scenarios.map(({ name, shows }) => `  ${name.padEnd(30)} ${shows}\n`).join('')

export async function list(): Promise<number> {
  const { suite, others } = await choice()
  process.stdout.write(
    `Scenarios of the suite, which ends with ${leavesNothing.name} and its kin:\n${rows(suite)}\nBy name only:\n${rows(others)}`,
  )
  return 0
}
