/** One way through a scenario, whatever world it happens in. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultName, KubernetesObject } from '../../rehearsal/contract.ts'
import type { Press } from '../../rehearsal/press.ts'
import { inputsOf, type Scenario } from '../../rehearsal/scenarios/index.ts'
import { type Outcome, outcome, wantedOf } from './outcome.ts'

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
  /** Nodes, and the Secrets of kube-system, as they are now. */
  objects(): readonly KubernetesObject[] | Promise<readonly KubernetesObject[]>
  /** Path → mode, owner, content of the promised trees. */
  trees(): Readonly<Record<string, string>>
  /** Everything that the runner would mask. */
  secrets(): readonly string[]
}

/** A cluster collects what belonged to a Node a moment after the Node is gone. */
const collectedMs = 500

async function objectsOf(world: PressedWorld): Promise<Record<string, string>> {
  const objects = await world.objects()
  return Object.fromEntries(
    objects.map((object) => [
      object.metadata.namespace === undefined
        ? `nodes/${object.metadata.name}`
        : `secrets/${object.metadata.namespace}/${object.metadata.name}`,
      wantedOf(object),
    ]),
  )
}

/** Presses once, or twice where the scenario says so; what is told is the last press. */
export async function outcomeOf(world: PressedWorld, scenario: Scenario, fault?: FaultName): Promise<Outcome> {
  const given = Object.entries(inputsOf(scenario, fault))
  const inputs = Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
  if (scenario.isPressedTwice) await world.press(inputs)
  const treesBefore = world.trees()
  const connectionsBefore = await world.connections()
  const requestsBefore = world.requests().length
  const objectsBefore = await objectsOf(world)
  const press = await world.press(inputs)
  const requests = world.requests().slice(requestsBefore)
  await sleep(collectedMs)
  return outcome({
    scenario: scenario.name,
    fault,
    press,
    secrets: world.secrets(),
    connections: (await world.connections()) - connectionsBefore,
    requests,
    tokens: await world.tokens(),
    objectsBefore,
    objectsAfter: await objectsOf(world),
    treesBefore,
    treesAfter: world.trees(),
  })
}
