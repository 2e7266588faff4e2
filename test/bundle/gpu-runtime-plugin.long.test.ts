/** Device plugins of others and ours, through the bundle: whose they are, what may take their place, and the way back. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, doors, mutations } from './door.ts'
import { counted, hostTree, nodeOf, objectsOf, pluginKey, requestsOf, until, writes } from './gpu-runtime-door.ts'

const opened = doors()
const limitMs = 240_000
const byHand = 'kube-system/nvidia-device-plugin-daemonset'
const helm = 'nvidia-device-plugin/nvdp-nvidia-device-plugin'

const tooNew = { 'device-plugin-image': 'nvcr.io/nvidia/k8s-device-plugin:v0.99.0' }
const specOf = ({ world }: Door, name: string): unknown => world.cluster.objects.get(`daemonsets/${name}`)?.spec
const podsOf = ({ world }: Door): readonly string[] =>
  world.cluster.objects
    .list('pods')
    .map(({ metadata }) => metadata.name.replace(/-[a-z0-9]{5}$/, ''))
    .sort()

const taintsOf = ({ world }: Door): readonly object[] =>
  (world.cluster.objects.get('nodes/calypso')?.spec as { taints?: object[] } | undefined)?.taints ?? []

function taint({ world }: Door, taints: readonly object[]): void {
  const node = world.cluster.objects.get('nodes/calypso')
  if (node) world.cluster.objects.put('nodes/calypso', { ...node, spec: { ...(node.spec as object), taints } })
}

describe('a device plugin of somebody else', () => {
  it(
    'of a Helm chart is named and left alone; to verify it is to look at it, and to say what keeps it from the node',
    async () => {
      const door = await opened({ action: 'gpu-runtime', faults: new Set(['gpu-taint']) })
      const { world, press } = door
      const spec = specOf(door, helm)
      const refused = await press({ 'device-plugin': 'apply' })
      expect(refused).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'gpu-plugin-owner', changed: 'false' } })
      expect(refused.stdout).toMatch(/nvidia-device-plugin\/nvdp-nvidia-device-plugin.*Helm/)
      const verified = await press()
      expect(verified).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'gpu-tolerations', changed: 'false' } })
      expect(verified.stdout).toMatch(/workload-type=gpu-compute:NoSchedule/)
      expect(mutations(world)).toEqual([])
      expect([specOf(door, helm), nodeOf(door).label]).toEqual([spec, undefined])

      // Without the taint the chart serves the node, and verify finds nothing to say.
      taint(door, [])
      await until('the chart serves the GPU', () => nodeOf(door).allocatable['nvidia.com/gpu'] === '1')
      const well = await press()
      expect(well).toMatchObject({
        exitCode: 0,
        outputs: { allocatable: '{"nvidia.com/gpu":"1"}', 'failure-code': '' },
      })
      expect([specOf(door, helm), world.cluster.objects.get(pluginKey)]).toEqual([spec, undefined])
      const again = await counted(door, () => press())
      expect(again.value.outputs.result).toBe('unchanged')
      expect([again.sessions, writes(again.requests)]).toEqual([1, []])
      expect(again.requests.length).toBeLessThanOrEqual(4)
      // What is taken away is ours, never theirs.
      await press({ 'device-plugin': 'absent' })
      const absent = await counted(door, () => press({ 'device-plugin': 'absent' }))
      expect([absent.value.outputs.result, writes(absent.requests)]).toEqual(['unchanged', []])
      expect(absent.requests.length).toBeLessThanOrEqual(4)
      expect(specOf(door, helm)).toEqual(spec)
    },
    limitMs,
  )

  it(
    'that was applied by hand stays until it is named; replaced by ours, it comes back when ours cannot work',
    async () => {
      const door = await opened({ action: 'gpu-runtime', faults: new Set(['gpu-plugin-runtime']) })
      const { world, press } = door
      const [treeBefore, nodeBefore, spec] = [hostTree(door), nodeOf(door), specOf(door, byHand)]
      await until('its pod is there', () => podsOf(door).length === 1)
      const refused = await press()
      expect(refused).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'gpu-plugin-owner', changed: 'false' } })
      expect(refused.report?.failure?.remedy).toContain(byHand)
      const misspelt = await press({ 'replace-device-plugin': 'kube-system/nvidia-device-plugin' })
      expect(misspelt).toMatchObject({ exitCode: 1, outputs: { changed: 'false' } })
      expect(mutations(world)).toEqual([])

      const replacing = { 'replace-device-plugin': byHand }
      // The manifest does not allow it, so the remedy must not be the manifest.
      const forbidden = await press(replacing)
      expect(forbidden).toMatchObject({
        exitCode: 1,
        outputs: { 'failure-code': 'kubeconfig-rights', changed: 'false' },
      })
      expect(forbidden.report?.failure?.title).toContain('delete daemonsets.apps nvidia-device-plugin-daemonset')
      expect(forbidden.report?.failure?.remedy).toMatch(
        /kubectl -n kube-system create role .*--verb=create,patch,delete/,
      )
      expect(mutations(world)).toEqual([])

      const kubeconfig = join(door.folder, 'world', 'kubeconfig-admin')
      writeFileSync(kubeconfig, world.cluster.adminKubeconfig('https://157.173.210.123:6443'), { mode: 0o600 })
      const administrator = { machine: { KUBECONFIG: kubeconfig } }
      const bad = await press({ ...replacing, ...tooNew }, administrator)
      expect(bad).toMatchObject({ exitCode: 1, outputs: { result: 'failed', changed: 'true' } })
      expect(bad.report?.failure?.title).toMatch(/v0\.99\.0.*not found/)
      expect(bad.report?.undone).toEqual(expect.arrayContaining(['apply-device-plugin', 'replace-device-plugin']))
      expect(specOf(door, byHand)).toEqual(spec)
      expect(world.cluster.objects.get(pluginKey)).toBeUndefined()
      expect({ ...nodeOf(door), annotation: nodeBefore.annotation }).toEqual(nodeBefore)

      const run = await press(replacing, administrator)
      expect(run).toMatchObject({
        exitCode: 0,
        outputs: { result: 'prepared', restarted: 'false', allocatable: '{"nvidia.com/gpu":"1"}' },
      })
      expect(world.cluster.objects.get(`daemonsets/${byHand}`)).toBeUndefined()
      expect(podsOf(door)).toEqual(['k3s-gpu-actions-nvidia-device-plugin'])
      expect(await press(replacing)).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged' } })
      expect(hostTree(door)).toEqual(treeBefore)
    },
    limitMs,
  )
})

describe('our device plugin', () => {
  it(
    'whose image does not come is taken away again; a new taint is tolerated; absent removes exactly it',
    async () => {
      const door = await opened({ action: 'gpu-runtime' })
      const { world, press } = door
      const objectsBefore = objectsOf(door)
      const nodeBefore = nodeOf(door)
      const bad = await press(tooNew)
      expect(bad).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } })
      // The cause comes last in what a kubelet says, after the name of the image four times.
      expect(bad.report?.failure?.title).toMatch(/v0\.99\.0.*not found/)
      expect([nodeOf(door), objectsOf(door)]).toEqual([nodeBefore, objectsBefore])

      expect(await press()).toMatchObject({ exitCode: 0, outputs: { result: 'prepared' } })
      // Somebody taints the node: the plugin has to tolerate that, too.
      taint(door, [...taintsOf(door), { key: 'gpu', value: 'true', effect: 'NoSchedule' }])
      const mended = await press()
      expect(mended).toMatchObject({ exitCode: 0, outputs: { result: 'prepared', restarted: 'false' } })
      expect(specOf(door, 'kube-system/k3s-gpu-actions-nvidia-device-plugin')).toMatchObject({
        template: {
          spec: {
            tolerations: expect.arrayContaining(taintsOf(door).map((one) => ({ operator: 'Equal', ...one }))),
          },
        },
      })

      const absent = await press({ 'device-plugin': 'absent' })
      expect(absent).toMatchObject({ exitCode: 0, outputs: { result: 'prepared', changed: 'true' } })
      expect(nodeOf(door).label).toBeUndefined()
      expect(objectsOf(door)).toEqual(objectsBefore)
      const requests = requestsOf(world).length
      const again = await press({ 'device-plugin': 'absent' })
      expect(again).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', changed: 'false' } })
      expect(writes(requestsOf(world).slice(requests))).toEqual([])
    },
    limitMs,
  )
})
