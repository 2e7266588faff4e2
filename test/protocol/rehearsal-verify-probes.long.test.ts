/** Volumes, spread pods and node-exporters in the embedded oceanid, with the shipped rights. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ApiObject } from '../../rehearsal/cluster/objects.ts'
import { type Nights, openNights } from './rehearsal-verify-night.ts'

let nights: Nights
beforeAll(async () => {
  nights = await openNights()
}, 20_000)
afterAll(() => nights.close())

const left = (): readonly string[] =>
  ['jobs', 'pods', 'persistentvolumeclaims'].flatMap((kind) =>
    nights.world.objects.list(`${kind}/k3s-gpu-actions-verify`).map(({ metadata }) => metadata.name),
  )
const change = (key: string, how: (object: ApiObject) => ApiObject): void => {
  const object = nights.world.objects.get(key)
  if (object === undefined) throw new Error(`there is no ${key}`)
  nights.world.objects.put(key, how(object))
}
const volumes = (): readonly string[] =>
  nights.world.objects.list('persistentvolumes').map(({ metadata }) => metadata.name)

describe('a volume of a probe', () => {
  it.each(['longhorn', 'local-path'])(
    'in class %s is made, written, read and gone again',
    async (storageClass) => {
      const before = volumes()
      const { checks } = await nights.night([], ['storage'], { storageClass, nodes: ['srv712695'] })
      expect(checks.get('storage.probe.srv712695')).toMatchObject({
        verdict: 'pass',
        found: `a volume of ${storageClass} (ext4) was written, read by another pod and deleted`,
      })
      expect([left(), volumes()]).toEqual([[], before])
    },
    20_000,
  )

  it('is named when nobody makes it', async () => {
    change('storageclasses/longhorn', (object) => ({ ...object, provisioner: 'driver.gone.io' }))
    const wish = { storageClass: 'longhorn', nodes: ['srv712695'], timeoutMs: 3_000 }
    const { checks } = await nights.night([], ['storage'], wish)
    expect(checks.get('storage.probe.srv712695')).toMatchObject({
      verdict: 'fail',
      found: expect.stringMatching(/no volume was made/),
    })
    expect(left()).toEqual([])
    change('storageclasses/longhorn', (object) => ({ ...object, provisioner: 'driver.longhorn.io' }))
  }, 20_000)
})

describe('pods that are spread', () => {
  it('run on every node that takes them; calypso, with its taint, is none of them', async () => {
    const { checks } = await nights.night([], ['spread'])
    expect(checks.get('spread.pods')).toMatchObject({
      verdict: 'pass',
      found: 'a pod on each of 2 nodes: srv712429, srv712695',
    })
    const { checks: about } = await nights.night([], ['spread'], { nodes: ['calypso'] })
    expect(about.get('spread.pods')).toMatchObject({
      verdict: 'skip',
      found: 'calypso takes only pods that tolerate workload-type=gpu-compute:NoSchedule',
    })
    expect(left()).toEqual([])
  }, 20_000)

  it('are missed where a node is full, in the scheduler’s words', async () => {
    const node = nights.world.objects.get('nodes/srv712695')
    change('nodes/srv712695', (object) => ({
      ...object,
      status: { ...(object.status as object), allocatable: { cpu: '1m', memory: '1Mi', pods: '110' } },
    }))
    const { checks } = await nights.night([], ['spread'])
    expect(checks.get('spread.pods')).toMatchObject({
      verdict: 'fail',
      found: expect.stringMatching(/1 of 2 nodes run a pod; srv712695: runs none/),
      evidence: [expect.stringMatching(/Insufficient cpu/)],
    })
    expect(left()).toEqual([])
    if (node !== undefined) nights.world.objects.put('nodes/srv712695', node)
  }, 20_000)
})

it('the node-exporter of every node is read', async () => {
  const { checks } = await nights.night([], ['monitoring'])
  expect(checks.get('monitoring.nodes')).toMatchObject({
    verdict: 'pass',
    found: expect.stringMatching(/^2 nodes in node-exporter; not asked: calypso/),
  })
})
