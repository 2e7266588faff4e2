import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { apply, devicePlugin, eventually, type Machine, pluginPath, startMachine } from './world-gpu-machine.ts'
import { Connection, escapes } from './world-host-client.ts'

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

describe('a node whose GPU cannot be used', () => {
  it('has no runtime for the plugin before k3s was started again after the toolkit came', async () => {
    machine = await startMachine({ toolkit: '' })
    const { ask, cluster, calypso } = machine
    await ask('PATCH', '/api/v1/nodes/calypso', label, merge)
    await ask('PATCH', `${pluginPath}${manager}`, devicePlugin(), apply)
    const event = await eventually('the event', () => cluster.objects.list('events/kube-system')[0])
    expect(event).toMatchObject({
      reason: 'FailedCreatePodSandBox',
      message:
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured',
      involvedObject: { kind: 'Pod', name: podOf(machine).metadata.name },
    })
    expect(podOf(machine).status.phase).toBe('Pending')
    const connection = await Connection.open(calypso)
    try {
      const installed = await connection.run(
        "sudo sh -c \"mkdir -p $ROOT/etc/apt/sources.list.d $ROOT/usr/share/keyrings; printf 'fpr:C95B321B61E88C1809C4F759DDCAE044F796ECB0\\n' >$ROOT/usr/share/keyrings/n.gpg; echo 'deb [signed-by=/usr/share/keyrings/n.gpg] https://nvidia.github.io/libnvidia-container/stable/deb/\\$(ARCH) /' >$ROOT/etc/apt/sources.list.d/nvidia-container-toolkit.list; apt-get update && apt-get -y install nvidia-container-toolkit=1.20.0-1 nvidia-container-toolkit-base=1.20.0-1 libnvidia-container-tools=1.20.0-1 libnvidia-container1=1.20.0-1 && apt-mark hold libnvidia-container1\"",
      )
      expect(installed.stderr).toBe('')
      expect(
        (
          await connection.run(
            "dpkg-query -W -f '${Package} ${Version} ${db:Status-Abbrev}\\n' 'libnvidia*1' nvidia-container-toolkit-base",
          )
        ).stdout,
      ).toBe('nvidia-container-toolkit-base 1.20.0-1 ii \nlibnvidia-container1 1.20.0-1 hi \n')
      expect((await connection.run('nvidia-ctk --version')).stdout).toBe(
        'NVIDIA Container Toolkit CLI version 1.20.0\n',
      )
      expect((await connection.run('sudo k3s crictl info')).stdout).not.toContain('nvidia')
      await calypso.stopAgent()
      expect((await connection.run('sudo k3s crictl info')).code).toBe(1)
      calypso.startAgent()
      await eventually(
        'capacity',
        () => (resourcesOf(machine as Machine).allocatable === '1' ? true : undefined),
        () => podOf(machine as Machine),
      )
      expect((await connection.run('sudo k3s crictl info')).stdout).toContain('"name": "nvidia"')
    } finally {
      await connection.close()
    }
  })

  it('shows what a plugin says that does not see the driver, and what runc says when the driver is broken', async () => {
    machine = await startMachine()
    const { ask, calypso } = machine
    await ask('PATCH', '/api/v1/nodes/calypso', label, merge)
    await ask('PATCH', `${pluginPath}${manager}`, devicePlugin({ runtimeClassName: undefined }), apply)
    const looped = await eventually('a crash loop', () => {
      const [container] = podOf(machine as Machine)?.status?.containerStatuses ?? []
      return container?.state?.waiting?.reason === 'CrashLoopBackOff' ? container : undefined
    })
    expect([looped.restartCount, looped.lastState.terminated.exitCode]).toEqual([1, 1])
    const log = (await ask('GET', `/api/v1/namespaces/kube-system/pods/${podOf(machine).metadata.name}/log`)).text
    expect(log).toContain('factory.go:112] Incompatible strategy detected auto\n')
    expect(resourcesOf(machine)).toEqual({})

    await calypso.comeOver(new Set(['gpu-driver-mismatch']))
    await ask('PATCH', `${pluginPath}${manager}`, devicePlugin(), apply)
    const failed = await eventually('a hook that fails', () => {
      const [container] = podOf(machine as Machine)?.status?.containerStatuses ?? []
      return container?.lastState?.terminated?.reason === 'StartError' ? container : undefined
    })
    expect(failed.lastState.terminated.message).toContain('nvml error: driver/library version mismatch')
  })

  it('does not start with a default runtime that is not there, in k3s’s words', async () => {
    machine = await startMachine()
    const { calypso } = machine
    await calypso.stopAgent()
    mkdirSync(join(calypso.root, 'etc/rancher/k3s'), { recursive: true })
    writeFileSync(join(calypso.root, 'etc/rancher/k3s/config.yaml'), 'default-runtime: nvidia\n')
    rmSync(join(calypso.root, 'usr/bin/nvidia-container-runtime'))
    calypso.startAgent()
    await eventually('the end', () =>
      calypso.journal().includes('default runtime nvidia was not found') ? true : undefined,
    )
    expect(existsSync(join(calypso.root, 'var/lib/rancher/k3s/agent/etc/containerd/config.toml'))).toBe(true)
  })
})
