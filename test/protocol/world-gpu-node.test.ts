import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { apply, devicePlugin, eventually, type Machine, pluginPath, startMachine } from './world-gpu-machine.ts'
import { escapes } from './world-host-client.ts'

let machine: Machine | undefined
afterEach(async () => {
  await machine?.close()
  machine = undefined
  expect(escapes()).toEqual([])
})

const manager = '?fieldManager=k3s-gpu-actions'
type Resources = Readonly<Record<string, string>>
function resourcesOf({ cluster }: Machine): { capacity?: string; allocatable?: string } {
  const { capacity = {}, allocatable = {} } = (cluster.objects.get('nodes/calypso')?.status ?? {}) as {
    capacity?: Resources
    allocatable?: Resources
  }
  const [of, ready] = [capacity['nvidia.com/gpu'], allocatable['nvidia.com/gpu']]
  return { ...(of !== undefined && { capacity: of }), ...(ready !== undefined && { allocatable: ready }) }
}
// biome-ignore lint/suspicious/noExplicitAny: a test looks into a pod
const podOf = ({ cluster }: Machine): any => cluster.objects.list('pods/kube-system')[0]
const label = { metadata: { labels: { 'nvidia.com/gpu.present': 'true' } } }
const merge = 'application/merge-patch+json'

describe('a node with a GPU', () => {
  it('runs a device plugin under NVIDIA’s runtime once it has the label, and counts its GPU until the plugin goes', async () => {
    machine = await startMachine()
    const { ask, cluster, calypso } = machine
    const config = readFileSync(join(calypso.root, 'var/lib/rancher/k3s/agent/etc/containerd/config.toml'), 'utf8')
    expect(config).toContain('BinaryName = "/usr/bin/nvidia-container-runtime"')
    expect(calypso.journal()).toContain('Found nvidia container runtime at /usr/bin/nvidia-container-runtime')
    expect((await ask('PATCH', `${pluginPath}${manager}`, devicePlugin(), apply)).status).toBe(201)
    const status = (await ask('GET', pluginPath)).json.status
    expect([status.desiredNumberScheduled, status.observedGeneration]).toEqual([0, 1])

    await ask('PATCH', '/api/v1/nodes/calypso', label, merge)
    await eventually(
      'capacity',
      () => resourcesOf(machine as Machine).allocatable,
      () => podOf(machine as Machine),
    )
    expect(resourcesOf(machine)).toEqual({ capacity: '1', allocatable: '1' })
    const pod = podOf(machine)
    expect(pod.spec.nodeName).toBe('calypso')
    expect(pod.metadata.ownerReferences[0]).toMatchObject({ kind: 'DaemonSet', name: 'plugin', controller: true })
    const path = `/api/v1/namespaces/kube-system/pods/${pod.metadata.name}/log?tailLines=1`
    expect((await ask('GET', path)).text).toContain("Registered device plugin for 'nvidia.com/gpu' with Kubelet\n")
    const readyOf = () =>
      (cluster.objects.get('daemonsets/kube-system/plugin')?.status ?? {}) as { numberReady?: number }
    await eventually('Ready', () => (readyOf().numberReady === 1 ? true : undefined), readyOf)
    const selected = await ask('GET', '/api/v1/pods?fieldSelector=spec.nodeName%3Dcalypso')
    expect(selected.json.items).toHaveLength(1)

    // A restart of the agent leaves the pod alone; the plugin registers again.
    await calypso.stopAgent()
    calypso.startAgent()
    await eventually('the second start', () => {
      const unit = calypso.unit('k3s-agent')
      return unit?.starts === 2 && unit.activeState === 'active' ? unit : undefined
    })
    await eventually('counted again', () => (resourcesOf(machine as Machine).allocatable === '1' ? true : undefined))
    expect(podOf(machine).metadata.uid).toBe(pod.metadata.uid)

    expect((await ask('DELETE', pluginPath, { preconditions: { uid: 'another' } })).status).toBe(409)
    expect((await ask('DELETE', pluginPath, { propagationPolicy: 'Background' })).status).toBe(200)
    await eventually('unhealthy', () => (resourcesOf(machine as Machine).allocatable === '0' ? true : undefined))
    expect(resourcesOf(machine)).toEqual({ capacity: '1', allocatable: '0' })
    expect(cluster.objects.list('pods')).toEqual([])
  })
})
