/** What verify-cluster says of pods that a real kubelet has brought into every state. */
import type { LabScenario } from '../inside/model.ts'
import type { Situation } from '../situation.ts'
import { expectPress, inSituation, until } from './expect.ts'
import { expectChecks, verify } from './verify.ts'
import { type PodSeen, type WorkloadState, workloadStates } from './workload-states.ts'

async function bring({ cluster }: Situation, { name, path, object }: WorkloadState): Promise<void> {
  await cluster.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  // A pod that nobody makes anew needs the account at once; the controller makes it a moment after the namespace.
  await until(
    `the service account of ${name}`,
    20_000,
    async () => (await cluster.request('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`)) !== undefined,
  )
  const [group = '', version = '', resource] = path.startsWith('v1/') ? ['', ...path.split('/')] : path.split('/')
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  await cluster.request('POST', `${root}/namespaces/${name}/${resource}`, object)
}

async function untilThere({ cluster }: Situation, states: readonly WorkloadState[]): Promise<void> {
  let missing: readonly string[] = []
  await until('every workload in its state', 60_000, async () => {
    const { items } = (await cluster.request('GET', '/api/v1/pods')) as { items: readonly PodSeen[] }
    missing = states
      .filter(({ name, isThere }) => !isThere(items.filter(({ metadata }) => metadata.namespace === name)))
      .map(({ name }) => name)
    return missing.length === 0
  }).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}: ${missing.join(', ')}`)
  })
}

export const verifyWorkloadScenarios: readonly LabScenario[] = [
  inSituation(
    'verify-workloads',
    'verify-cluster tells pods that loop, lack an image, a secret or memory, or were evicted, from those that are well',
    {},
    async (situation) => {
      expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'joined' } })
      await Promise.all(workloadStates.map((state) => bring(situation, state)))
      await untilThere(situation, workloadStates)
      const verified = await verify(situation, ['api', 'nodes', 'workloads'], {
        'expect-nodes': 'srv712429\nsrv712695\ncalypso',
        'fail-on': 'never',
      })
      expectChecks(verified, {
        'api.ready': ['pass'],
        'api.rights': ['pass'],
        'nodes.expected': ['pass'],
        'nodes.ready': ['pass'],
        'nodes.heartbeat': ['pass'],
        ...Object.fromEntries(workloadStates.map(({ name, expected }) => [`workloads.${name}`, expected])),
        'workloads.jobs': ['pass'],
      })
      return `${workloadStates.length} states, each by its name; rights of the manifest are enough`
    },
  ),
]
