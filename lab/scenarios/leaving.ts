/** What a node that leaves has on it: a pod that somebody depends on, and a budget that never lets it go. */
import assert from 'node:assert/strict'
import type { Press } from '../../rehearsal/press.ts'
import type { LabCluster } from '../contract.ts'
import { expectPress, until } from './expect.ts'

type Api = Pick<LabCluster, 'request'>

const sleeperOn = (node: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'sleeper', namespace: 'default' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'sleeper' } },
    template: {
      metadata: { labels: { app: 'sleeper' } },
      spec: {
        // The lab has nodes that no machine stands behind.
        nodeSelector: { 'kubernetes.io/hostname': node },
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 1,
        // Whatever keeps others away from the node; not from one that was closed to new pods.
        tolerations: ['dedicated', 'workload-type'].map((key) => ({ key, operator: 'Exists' })),
        containers: [
          { name: 'main', image: 'docker.io/lab/busybox:1', imagePullPolicy: 'Never', command: ['sleep', '1000000'] },
        ],
      },
    },
  },
})

const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'sleeper', namespace: 'default' },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'sleeper' } } },
} as const
const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets'

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly uid: string }
    readonly status: { readonly phase: string }
  }[]
}

/** The pods of the sleeper that run, by their uids. */
async function runningPods(cluster: Api): Promise<readonly string[]> {
  const list = (await cluster.request('GET', '/api/v1/namespaces/default/pods?labelSelector=app%3Dsleeper')) as PodList
  return list.items.filter(({ status }) => status.phase === 'Running').map(({ metadata }) => metadata.uid)
}

/** Starts the pod, and waits until it runs. */
export async function startSleeper(cluster: Api, node: string): Promise<void> {
  await cluster.request('POST', '/apis/apps/v1/namespaces/default/deployments', sleeperOn(node))
  await until('the pod running', 60_000, async () => (await runningPods(cluster)).length > 0)
}

/** A budget that never allows it: the real eviction API refuses, the pod goes on running, and the report names both. */
export async function expectHeldByBudget(
  cluster: Api,
  press: (inputs: Readonly<Record<string, string>>) => Promise<Press>,
): Promise<void> {
  const before = await runningPods(cluster)
  await cluster.request('POST', budgets, budget)
  try {
    const held = await press({ 'drain-timeout': '10s' })
    expectPress(held, { exitCode: 1, outputs: { 'failure-code': 'drain-blocked', changed: 'false' } })
    assert.match(held.stdout, /default\/sleeper-\S+.*default\/sleeper|budget default\/sleeper/)
    assert.deepEqual(await runningPods(cluster), before)
  } finally {
    await cluster.request('DELETE', `${budgets}/sleeper`)
  }
}
