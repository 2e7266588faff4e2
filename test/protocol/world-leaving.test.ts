/** The embedded API where a removal meets it: evictions, budgets, what takes the place of a pod, volumes that are detached. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { type Cluster, startCluster } from '../../rehearsal/cluster/index.ts'
import { layWork } from '../../rehearsal/cluster/leaving/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'
import { type Answer, type Ask, asker } from './world-gpu-machine.ts'

const node = 'srv712695'
const other = 'srv712429'
const clusters: Cluster[] = []
afterEach(async () => {
  await Promise.all(clusters.splice(0).map((cluster) => cluster.close()))
})

interface Ground {
  readonly cluster: Cluster
  readonly ask: Ask
  /** Pods of the namespace on the node, or anywhere. */
  pods(where?: string): readonly string[]
  evict(name: string, deleteOptions?: object): Promise<Answer>
}

async function start(...faults: FaultName[]): Promise<Ground> {
  const cluster = await startCluster({ directory: '', faults: new Set(faults), calypso: 'fresh', detachMs: 100 })
  clusters.push(cluster)
  const ask = asker(cluster)
  layWork({ objects: cluster.objects, nowMs: Date.now(), node, other, faults: new Set(faults) })
  const ground: Ground = {
    cluster,
    ask,
    pods: (where) =>
      cluster.objects
        .view('pods/shop')
        .filter(({ spec }) => where === undefined || (spec as { nodeName?: string }).nodeName === where)
        .map(({ metadata }) => metadata.name),
    evict: (name, deleteOptions) =>
      ask('POST', `/api/v1/namespaces/shop/pods/${name}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: 'shop' },
        ...(deleteOptions && { deleteOptions }),
      }),
  }
  await until(
    () => budget(ground).observedGeneration === 1 && ground.cluster.objects.view('volumeattachments').length === 1,
  )
  return ground
}

interface Budget {
  readonly observedGeneration?: number
  readonly currentHealthy: number
  readonly desiredHealthy: number
  readonly disruptionsAllowed: number
  readonly disruptedPods?: object
}
const budget = ({ cluster }: Ground): Budget =>
  (cluster.objects.get('poddisruptionbudgets/shop/web')?.status ?? {}) as Budget
const webOn = (ground: Ground, where: string): string =>
  ground.pods(where).find((name) => name.startsWith('web-')) ?? ''

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within 10 s: ${isSo}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('an eviction', () => {
  it('is granted once while the budget can spare one, and then refused in the API server’s own words', async () => {
    const ground = await start()
    expect(budget(ground)).toMatchObject({ currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1 })
    const [first, second] = [webOn(ground, node), webOn(ground, other)]
    const granted = await ground.evict(first)
    expect([granted.status, granted.json]).toEqual([
      201,
      { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    ])
    const refused = await ground.evict(second)
    expect([refused.status, refused.json]).toEqual([
      429,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        reason: 'TooManyRequests',
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget web needs 1 healthy pods and has 1 currently',
            },
          ],
        },
        code: 429,
      },
    ])
    // Another pod takes its place, and then there is one to spare again.
    await until(() => budget(ground).disruptionsAllowed === 1)
    expect((await ground.evict(second)).status).toBe(201)
    expect(ground.pods()).not.toContain(first)
  })

  it('is told to the pod, whose kubelet ends it within its time', async () => {
    const ground = await start()
    const name = webOn(ground, node)
    await ground.evict(name)
    const going = await ground.ask('GET', `/api/v1/namespaces/shop/pods/${name}`)
    expect(going.json.metadata).toMatchObject({ deletionGracePeriodSeconds: 30, deletionTimestamp: expect.any(String) })
    expect(going.json.status.conditions.at(-1)).toMatchObject({
      type: 'DisruptionTarget',
      reason: 'EvictionByEvictionAPI',
    })
    await until(() => !ground.pods().includes(name))
  })

  it('is refused for ever by a budget that wants as many as there are', async () => {
    const ground = await start('remove-budget')
    const refused = await ground.evict(webOn(ground, node))
    expect([refused.status, refused.json.details.causes[0].message]).toEqual([
      429,
      'The disruption budget web needs 2 healthy pods and has 2 currently',
    ])
    expect(budget(ground).disruptionsAllowed).toBe(0)
  })

  it('of a pod that has ended deletes it, and of one that is not there is a 404', async () => {
    const ground = await start()
    expect((await ground.evict('migrate-x7k2p')).status).toBe(201)
    expect(ground.pods()).not.toContain('migrate-x7k2p')
    const missing = await ground.evict('migrate-x7k2p')
    expect([missing.status, missing.json.message]).toEqual([404, 'pods "migrate-x7k2p" not found'])
  })

  it('of a pod with another uid is a conflict, and a trial changes nothing', async () => {
    const ground = await start()
    const before = ground.pods()
    const uid = '00000000-0000-0000-0000-000000000000'
    const conflict = await ground.evict('db-0', { preconditions: { uid } })
    expect([conflict.status, conflict.json.message]).toEqual([
      409,
      expect.stringContaining(`the UID in the precondition (${uid}) does not match the UID in record (`),
    ])
    expect((await ground.evict(webOn(ground, node), { dryRun: ['All'] })).status).toBe(201)
    expect(ground.pods()).toEqual(before)
    expect(budget(ground).disruptionsAllowed).toBe(1)
  })

  it('of a pod with a finalizer leaves it where it is, on its way out', async () => {
    const ground = await start('remove-pod-stays')
    const name = webOn(ground, node)
    expect((await ground.evict(name)).status).toBe(201)
    await until(() => webOn(ground, other) !== '' && ground.pods().length === 5)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(ground.cluster.objects.get(`pods/shop/${name}`)?.metadata.deletionTimestamp).toBeDefined()
  })
})

describe('a volume', () => {
  const attachments = ({ cluster }: Ground) =>
    cluster.objects.view('volumeattachments').map(({ metadata, spec }) => ({
      node: (spec as { nodeName: string }).nodeName,
      isGoing: metadata.deletionTimestamp !== undefined,
    }))

  it('is detached when its last pod has gone, and attached where the next one is', async () => {
    const ground = await start()
    expect(attachments(ground)).toEqual([{ node, isGoing: false }])
    await ground.ask(
      'PATCH',
      `/api/v1/nodes/${node}`,
      { spec: { unschedulable: true } },
      'application/merge-patch+json',
    )
    await ground.evict('db-0')
    await until(() => attachments(ground).length === 1 && attachments(ground)[0]?.node === other)
    expect(ground.pods(other)).toContain('db-0')
  })

  it('stays attached when its driver does not answer', async () => {
    const ground = await start('remove-volume-attached')
    await ground.ask(
      'PATCH',
      `/api/v1/nodes/${node}`,
      { spec: { unschedulable: true } },
      'application/merge-patch+json',
    )
    await ground.evict('db-0')
    await until(() => attachments(ground).some(({ isGoing }) => isGoing))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(attachments(ground)).toContainEqual({ node, isGoing: true })
  })
})
