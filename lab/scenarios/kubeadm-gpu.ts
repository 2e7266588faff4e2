/** The GPU of a node that kubeadm joined: NVIDIA's own nvidia-ctk, and a containerd that is a unit of its own. */
import assert from 'node:assert/strict'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, readyStatus, scenario, until } from './expect.ts'
import { loadPluginImage, must, resource } from './gpu-machine.ts'
import { layToolkit } from './gpu-toolkit.ts'
import { expectJoined } from './kubeadm.ts'

const gpu = { action: 'gpu-runtime' } as const
/** The toolkit is there without packages, and the machine has a process on its card, which a restart of containerd does not disturb. */
const inputs = { toolkit: 'verify', 'allow-gpu-disruption': 'true' }
const config = '/etc/containerd/config.toml'
const dropIn = '/etc/containerd/conf.d/99-nvidia.toml'
/** Somebody keeps containerd from starting with the runtime: a drop-in of its unit. */
const guard = '/etc/systemd/system/containerd.service.d/guard.conf'
const guardText = `[Service]\nExecStartPre=/bin/sh -c '! test -e ${dropIn}'`

export const kubeadmGpuScenarios: readonly LabScenario[] = [
  {
    ...scenario(
      'kubeadm-gpu',
      'the GPU of a node of kubeadm is made usable by nvidia-ctk and one restart of containerd: first that fails and is taken back; pressed again nothing changes',
      async (lab) => {
        const situation = await lab.kubeadm.situation(false, { hasGpu: true })
        try {
          const { host } = situation
          const gpus = async () => {
            const status = (await situation.node())?.status
            return [status?.capacity[resource], status?.allocatable[resource]]
          }
          const picture = () =>
            must(host, ['sh', '-c', 'find /etc/containerd /etc/udev -type f | sort | xargs sha256sum'])
          // kubeadm has systemd read its units again, and somebody computes on the card.
          expectPress(await situation.press(), { exitCode: 1, outputs: { 'failure-code': 'plan-gpu-in-use' } })
          await expectJoined(situation, await situation.press({ 'allow-gpu-disruption': 'true' }))
          await layToolkit(host)
          await loadPluginImage(host, 'ctr')
          const before = await picture()
          const kubelet = await host.unit('kubelet')

          await must(host, ['sh', '-c', `mkdir -p \${0%/*} && printf '%s\\n' "$1" >$0`, guard, guardText])
          await must(host, ['systemctl', 'daemon-reload'])
          const undone = await situation.press({ ...inputs, timeout: '10s' }, gpu)
          expectPress(undone, { exitCode: 1, outputs: { result: 'failed' } })
          assert.equal(await picture(), before)
          assert.equal((await host.unit('containerd')).activeState, 'active')
          await must(host, ['rm', guard])
          await must(host, ['systemctl', 'daemon-reload'])

          const { mainPid } = await host.unit('containerd')
          expectPress(await situation.press(inputs, gpu), {
            exitCode: 0,
            outputs: {
              result: 'prepared',
              restarted: 'true',
              'restart-reason': 'runtime-missing',
              allocatable: '{"nvidia.com/gpu":"1"}',
            },
          })
          assert.deepEqual(await gpus(), ['1', '1'])
          assert.match(await must(host, ['cat', config]), /^imports = \["\/etc\/containerd\/conf\.d\/\*\.toml"\]$/m)
          assert.match(await must(host, ['cat', dropIn]), /BinaryName = "\/usr\/bin\/nvidia-container-runtime"/)
          const after = await host.unit('containerd')
          assert.notEqual(after.mainPid, mainPid)
          assert.equal((await host.unit('kubelet')).mainPid, kubelet.mainPid)

          const seen = situation.cluster.requests.length
          const connections = await host.connections()
          expectPress(await situation.press(inputs, gpu), {
            exitCode: 0,
            outputs: { result: 'unchanged', changed: 'false', restarted: 'false' },
          })
          assert.equal((await host.connections()) - connections, 1)
          const asked = situation.cluster.requests.slice(seen)
          assert.equal(asked.length, 4, asked.join('\n'))
          assert.equal((await host.unit('containerd')).mainPid, after.mainPid)
          assert.equal(readyStatus(await situation.node()), 'True')

          expectPress(await situation.press({ ...inputs, 'device-plugin': 'absent' }, gpu), {
            exitCode: 0,
            outputs: { changed: 'true', restarted: 'false' },
          })
          await until('the kubelet to notice that the plugin is gone', 30_000, async () => (await gpus())[1] === '0')
          return `taken back (${undone.outputs['failure-code']}); then one restart of containerd, the kubelet untouched, and a second run asked four times`
        } finally {
          await situation.close()
        }
      },
    ),
    needs: ['toolkit'],
  },
]
