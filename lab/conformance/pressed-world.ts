/** One way through a scenario, whatever world it happens in. */
import type { FaultName } from '../../rehearsal/contract.ts'
import type { Press } from '../../rehearsal/press.ts'
import type { Scenario } from '../../rehearsal/scenarios.ts'
import { type Outcome, outcome } from './outcome.ts'

/** A world in the state that scenario and fault begin with. What has to be counted is counted by the world's side, not by the bundle. */
export interface PressedWorld {
  /** Presses main with the committed workflow's inputs, and these over them. */
  press(inputs: Readonly<Record<string, string>>): Promise<Press>
  /** SSH connections that the host accepted since the world began. */
  connections(): number | Promise<number>
  /** Requests to the cluster since the world began, `METHOD path status`; only ever grows. */
  requests(): readonly string[]
  /** Names of the Secrets of bootstrap tokens that exist now. */
  tokens(): readonly string[] | Promise<readonly string[]>
  /** Path → mode, owner, content of the promised trees. */
  trees(): Readonly<Record<string, string>>
  /** Everything that the runner would mask. */
  secrets(): readonly string[]
}

/** Presses once, or twice where the scenario says so; what is told is the last press. */
export async function outcomeOf(world: PressedWorld, scenario: Scenario, fault?: FaultName): Promise<Outcome> {
  const inputs = Object.fromEntries(Object.entries(scenario.inputs).map(([name, value]) => [name, String(value)]))
  if (scenario.isPressedTwice) await world.press(inputs)
  const treesBefore = world.trees()
  const connectionsBefore = await world.connections()
  const requestsBefore = world.requests().length
  const press = await world.press(inputs)
  return outcome({
    scenario: scenario.name,
    fault,
    press,
    secrets: world.secrets(),
    connections: (await world.connections()) - connectionsBefore,
    requests: world.requests().slice(requestsBefore),
    tokens: await world.tokens(),
    treesBefore,
    treesAfter: world.trees(),
  })
}
