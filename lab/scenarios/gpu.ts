/** GPU parts as far as they can be had without a GPU: the kubelet's device manager and containerd's runtimes are real. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { hostFolder } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, inSituation, runPod, until } from './expect.ts'

const joined = { exitCode: 0, outputs: { result: 'joined' } }
const resource = 'nvidia.com/gpu'

export const gpuScenarios: readonly LabScenario[] = [
  inSituation('device-plugin', 'a device plugin registers, and a pod gets its device', {}, async (situation) => {
    const { calypso } = situation
    expectPress(await situation.press(), joined)
    const allocatable = async (): Promise<string | undefined> => (await situation.node())?.status.allocatable[resource]
    assert.equal(await allocatable(), undefined)
    const plugin = calypso.spawn([`${hostFolder}/bin/device-plugin`, '--resource', resource, '--devices', 'GPU-lab-0'])
    try {
      await until('the kubelet to offer the device', 20_000, async () => (await allocatable()) === '1')
      const printed = await runPod(situation, {
        name: 'gpu',
        node: 'calypso',
        command: ['sh', '-c', 'echo $NVIDIA_VISIBLE_DEVICES'],
        limits: { [resource]: '1' },
      })
      assert.equal(printed, 'GPU-lab-0')
    } finally {
      // What was spawned is the way into the machine; the plugin is behind it.
      const gone = once(plugin, 'exit')
      await calypso.run(['pkill', '-TERM', '-x', 'device-plugin'])
      await gone
    }
    await until('the kubelet to notice that it is gone', 20_000, async () => (await allocatable()) === '0')
    return 'the pod saw GPU-lab-0; when the plugin ended, the node offered 0'
  }),

  inSituation(
    'nvidia-runtime',
    'containerd starts containers through nvidia-container-runtime',
    {},
    async (situation) => {
      const { calypso, cluster } = situation
      // k3s looks for the program when it starts, and writes the runtime into containerd's configuration when it is there.
      const installed = await calypso.run([
        'install',
        '-m',
        '755',
        `${hostFolder}/bin/nvidia-container-runtime`,
        '/usr/bin/nvidia-container-runtime',
      ])
      assert.equal(installed.code, 0, installed.stderr)
      expectPress(await situation.press(), joined)
      const config = await calypso.run(['cat', '/var/lib/rancher/k3s/agent/etc/containerd/config.toml'])
      assert.match(config.stdout, /runtimes\.'?nvidia'?\]/)
      await cluster.request('POST', '/apis/node.k8s.io/v1/runtimeclasses', {
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name: 'nvidia' },
        handler: 'nvidia',
      })
      try {
        const printed = await runPod(situation, {
          name: 'runtime',
          node: 'calypso',
          command: ['echo', 'ran'],
          runtimeClass: 'nvidia',
        })
        assert.equal(printed, 'ran')
      } finally {
        await cluster.request('DELETE', '/apis/node.k8s.io/v1/runtimeclasses/nvidia')
      }
      const calls = await calypso.run(['cat', '/var/log/nvidia-container-runtime.log'])
      assert.match(calls.stdout, /create/)
      return 'the runtime is in the rendered configuration, and its stub was called for the pod'
    },
  ),
]
