/** The embedded API where gpu-runtime meets it: server-side apply with owners of fields, DaemonSets, pages, added resources. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Cluster, startCluster } from '../../rehearsal/cluster/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'
import { type Ask, apply, asker, devicePlugin, pluginPath } from './world-gpu-machine.ts'

let cluster: Cluster
let ask: Ask
beforeAll(async () => {
  const faults = new Set<FaultName>(['gpu-operator', 'gpu-taint', 'gpu-plugin-runtime'])
  cluster = await startCluster({ directory: '', faults, calypso: 'fresh' })
  ask = asker(cluster)
})
afterAll(() => cluster.close())

const ours = (body: unknown, query = '') => ask('PATCH', `${pluginPath}?fieldManager=ours${query}`, body, apply)

describe('server-side apply', () => {
  it('creates with the defaults of a real server, and changes nothing the second time', async () => {
    const first = await ours(devicePlugin())
    expect([first.status, first.json.metadata.generation]).toEqual([201, 1])
    const { updateStrategy, template } = first.json.spec
    expect(updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } })
    expect(template.spec).toMatchObject({
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
    })
    expect(template.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      terminationMessagePolicy: 'File',
    })
    const second = await ours(devicePlugin())
    expect([second.status, second.json.metadata.generation]).toEqual([200, 1])
    expect(second.json.metadata.managedFields).toHaveLength(1)
    expect(second.json.metadata.managedFields[0]).toMatchObject({ manager: 'ours', operation: 'Apply' })
  })

  it('names managers and fields of a conflict, takes them when forced, and drops what it no longer says', async () => {
    await ask(
      'PATCH',
      pluginPath,
      { spec: { template: { spec: { priorityClassName: 'low' } } } },
      'application/merge-patch+json',
    )
    const conflict = await ours(devicePlugin({ priorityClassName: 'system-node-critical' }))
    expect(conflict.status).toBe(409)
    expect(conflict.json).toMatchObject({
      reason: 'Conflict',
      message: expect.stringMatching(
        /^Apply failed with 1 conflict: conflict with "kubectl" using apps\/v1: \.spec\.template\.spec\.priorityClassName$/,
      ),
      details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.template.spec.priorityClassName' }] },
    })
    const forced = await ours(devicePlugin({ priorityClassName: 'system-node-critical' }), '&force=true')
    expect([forced.status, forced.json.spec.template.spec.priorityClassName]).toEqual([200, 'system-node-critical'])
    const dropped = await ours(devicePlugin({}, [{ name: 'MIG_STRATEGY', value: 'single' }]))
    expect(dropped.json.spec.template.spec.priorityClassName).toBeUndefined()
    expect(dropped.json.spec.template.spec.containers[0].env).toEqual([{ name: 'MIG_STRATEGY', value: 'single' }])
    const image = await ask(
      'PATCH',
      pluginPath,
      { spec: { template: { spec: { containers: [{ name: 'plugin', image: 'x:1' }] } } } },
      'application/merge-patch+json',
    )
    expect([image.status, image.json.metadata.managedFields.length]).toEqual([200, 2])
    expect((await ours(devicePlugin())).json.message).toContain('.spec.template.spec.containers[name="plugin"].image')
  })

  it('refuses what the real one refuses', async () => {
    expect((await ask('PATCH', pluginPath, devicePlugin(), apply)).json.message).toContain(
      'is required for apply patch',
    )
    expect((await ours(devicePlugin({ runtimeClass: 'nvidia' }))).json.message).toContain(
      '.spec.template.spec.runtimeClass: field not declared in schema',
    )
    const other = devicePlugin()
    const moved = await ours(
      { ...other, spec: { ...other.spec, selector: { matchLabels: { a: 'b' } } } },
      '&force=true',
    )
    expect([moved.status, moved.json.message]).toEqual([422, expect.stringContaining('field is immutable')])
  })
})

describe('what others laid', () => {
  it('is found in pages, with its owners and managers, and the resource that the operator added', async () => {
    const names: string[] = []
    let next = ''
    do {
      const page = (await ask('GET', `/apis/apps/v1/daemonsets?limit=2&continue=${next}`)).json
      names.push(...page.items.map((one: { metadata: { name: string } }) => one.metadata.name))
      next = page.metadata.continue ?? ''
    } while (next !== '')
    expect(names.sort()).toEqual([
      'nvdp-nvidia-device-plugin',
      'nvidia-device-plugin-daemonset',
      'nvidia-device-plugin-daemonset',
      'plugin',
    ])
    expect(
      cluster.objects.get('daemonsets/gpu-operator/nvidia-device-plugin-daemonset')?.metadata.ownerReferences,
    ).toMatchObject([{ kind: 'ClusterPolicy', name: 'cluster-policy' }])
    expect((await ask('GET', '/apis/nvidia.com/v1')).json.resources[0].name).toBe('clusterpolicies')
    expect((await ask('GET', '/apis/nvidia.com/v2')).status).toBe(404)
    expect((await ask('GET', '/apis/node.k8s.io/v1/runtimeclasses/nvidia')).json.handler).toBe('nvidia')
  })

  it('runs where labels and taints let it, and nowhere else', async () => {
    await ask(
      'PATCH',
      '/api/v1/nodes/srv712695',
      { metadata: { labels: { 'oceanid.node/gpu': 'x' } } },
      'application/merge-patch+json',
    )
    const desired = async () =>
      (await ask('GET', '/apis/apps/v1/namespaces/nvidia-device-plugin/daemonsets/nvdp-nvidia-device-plugin')).json
        .status.desiredNumberScheduled
    expect(await desired()).toBe(1)
    const taints = [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }]
    await ask('PATCH', '/api/v1/nodes/srv712695', { spec: { taints } }, 'application/merge-patch+json')
    expect(await desired()).toBe(0)
  })
})
