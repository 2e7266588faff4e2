/** What happened to calypso before a scenario begins: the button was pressed when all was well, and then people did things. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, leaseObject, nodePasswordKey, timestamp } from './cluster/index.ts'
import type { CalypsoState } from './contract.ts'
import type { StartedHost } from './host/index.ts'
import { committedInputs, type Place, pressBundle } from './press.ts'
import type { Site } from './sites/index.ts'

/** States that begin with a press of the button. */
export function isPressedBefore(state: CalypsoState): boolean {
  return state === 'joined-by-us' || state === 'agent-stopped' || state === 'node-deleted'
}

export interface Before {
  readonly site: Site
  readonly cluster: Cluster
  /** The machine that it happened to. */
  readonly calypso: StartedHost
  /** For the bundle that is pressed. */
  readonly place: Place
  readonly knownHosts: string
}

/** As long as a Lease says that it counts (40 s), and one more; a Node goes on being Ready for a little longer. */
const silentMs = 41_000
/** How long whatever is waited for may take. */
const limitMs = 20_000
/** The button was pressed long ago: nobody waits for it. */
const hurriedPace = 0.05

async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`${what}: not within ${limitMs / 1000} s`)
    await sleep(10)
  }
}

/** Joins calypso with the committed bundle and inputs, and brings it into the state. @throws Error with the run's log */
export async function bring(state: CalypsoState, { site, cluster, calypso, place, knownHosts }: Before): Promise<void> {
  const inputs = committedInputs({ privateKey: calypso.clientPrivateKey, knownHosts }, site, calypso.name)
  const press = await calypso.atPace(hurriedPace, () => pressBundle(place, { inputs }).ended)
  if (press.outputs.result !== 'joined') throw new Error(`${calypso.name} was to be joined before:\n${press.stdout}`)
  if (state === 'agent-stopped') await loseAgent(cluster, calypso)
  if (state === 'node-deleted') await loseNode(cluster, calypso)
}

/** A pod of somebody else works on the card, with whatever NVIDIA's runtime gives to its image. */
export async function startGpuPod({ objects }: Cluster, nodeName: string): Promise<void> {
  const key = 'pods/default/embedder'
  objects.put(key, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'embedder', namespace: 'default', uid: randomUUID(), creationTimestamp: timestamp(Date.now()) },
    spec: {
      nodeName,
      runtimeClassName: 'nvidia',
      containers: [
        {
          name: 'embedder',
          image: 'registry.test/embedder:1',
          env: [{ name: 'NVIDIA_VISIBLE_DEVICES', value: 'all' }],
        },
      ],
      tolerations: [{ key: 'workload-type', operator: 'Exists', effect: 'NoSchedule' }],
    },
    status: { phase: 'Pending' },
  })
  await until('the pod runs', () => (objects.get(key)?.status as { phase?: string } | undefined)?.phase === 'Running')
}

/** Somebody restarts the agent, and goes: it has found what it finds, and its Node says whether it works. */
export async function restart({ cluster, calypso }: Pick<Before, 'cluster' | 'calypso'>): Promise<void> {
  const readyOf = (): string | undefined => {
    const { conditions = [] } = (cluster.objects.get(`nodes/${calypso.name}`)?.status ?? {}) as {
      conditions?: { type: string; status: string; lastTransitionTime: string }[]
    }
    return conditions.find(({ type }) => type === 'Ready')?.status
  }
  await calypso.atPace(hurriedPace, async () => {
    await calypso.stopAgent()
    calypso.startAgent()
    await until('the agent runs again', () => calypso.unit('k3s-agent')?.activeState === 'active')
    await until('its Node is told of', () => readyOf() === 'False')
  })
}

/** The agent ended 41 s ago, and nobody has noticed: its Node, which is an hour old, is Ready as before. */
async function loseAgent({ objects }: Cluster, calypso: StartedHost): Promise<void> {
  await calypso.stopAgent()
  const { name } = calypso
  const node = objects.get(`nodes/${name}`)
  if (node === undefined) throw new Error(`${name} has no Node`)
  const creationTimestamp = timestamp(Date.now() - 3_600_000)
  objects.put(`nodes/${name}`, { ...node, metadata: { ...node.metadata, creationTimestamp } })
  const lease = leaseObject(name, Date.now() - silentMs, node.metadata.uid)
  objects.put(`leases/kube-node-lease/${name}`, lease)
}

/** Somebody deleted the Node while the machine was off. It is on again, and neither its certificate nor its token opens anything. */
async function loseNode(cluster: Cluster, calypso: StartedHost): Promise<void> {
  const { objects } = cluster
  await calypso.stopAgent()
  objects.delete(`nodes/${calypso.name}`)
  await until('the password of a deleted Node goes', () => objects.get(nodePasswordKey(calypso.name)) === undefined)
  cluster.forgetPast()
  calypso.startAgent()
  await until('the agent is refused', () => /server is not ready: .*401 Unauthorized/.test(calypso.journal()))
}
