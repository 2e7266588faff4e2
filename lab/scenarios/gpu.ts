/** GPU parts as far as they can be had without a GPU: the kubelet's device manager and containerd's runtimes are real. */
import assert from 'node:assert/strict'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, inSituation, runPod, until } from './expect.ts'
import {
  gpusOf,
  handlersOf,
  layRuntime,
  loadPluginImage,
  must,
  pluginObject,
  podsOf,
  renderedConfig,
  resource,
  uuidOf,
} from './gpu-machine.ts'
import { layToolkit } from './gpu-toolkit.ts'

const joined = { exitCode: 0, outputs: { result: 'joined' } }
const daemonSets = '/apis/apps/v1/namespaces/kube-system/daemonsets'

export const gpuScenarios: readonly LabScenario[] = [
  inSituation(
    'device-plugin',
    'a device plugin that nvidia’s runtime starts registers, and a pod gets its device; one that runc starts finds no driver',
    {},
    async (situation, { parts }) => {
      const { calypso, cluster } = situation
      const isReal = typeof parts.toolkit === 'string'
      if (isReal) await layToolkit(calypso)
      else await layRuntime(calypso)
      expectPress(await situation.press(), joined)
      await loadPluginImage(calypso)
      assert.deepEqual(await gpusOf(situation), [undefined, undefined])
      await cluster.request('PATCH', '/api/v1/nodes/calypso', {
        metadata: { labels: { [`${resource}.present`]: 'true' } },
      })
      await cluster.request('POST', daemonSets, pluginObject('plugin-of-runc', undefined))
      // Between two starts the log of the last one may be gone for a moment.
      await until('the plugin without the runtime to say why it fails', 20_000, async () => {
        const pod = (await podsOf(situation, 'plugin-of-runc'))[0]
        if (!pod?.status.containerStatuses?.some(({ restartCount }) => restartCount > 0)) return undefined
        const path = `/api/v1/namespaces/kube-system/pods/${pod.metadata.name}/log`
        const said = await cluster.request('GET', path).catch(() => '')
        return /^Incompatible strategy detected auto$/m.test(String(said))
      })
      await cluster.request('DELETE', `${daemonSets}/plugin-of-runc`)
      assert.deepEqual(await gpusOf(situation), [undefined, undefined])

      await cluster.request('POST', daemonSets, pluginObject('plugin', 'nvidia'))
      await until('the kubelet to offer the GPU', 20_000, async () => (await gpusOf(situation)).join() === '1,1')
      const printed = await runPod(situation, {
        name: 'gpu',
        node: 'calypso',
        command: ['nvidia-smi', '-L'],
        limits: { [resource]: '1' },
        runtimeClass: 'nvidia',
      })
      const uuid = await uuidOf(calypso)
      assert.ok(printed.includes(uuid), printed)
      const runtime = isReal ? 'NVIDIA’s own runtime' : 'the runtime’s stand-in'
      return `${runtime} handed the driver to the plugin and to the pod`
    },
  ),

  {
    ...inSituation(
      'nvidia-ctk',
      'NVIDIA’s own program reads the driver and the card that a machine shows, and links its devices',
      {},
      async ({ calypso }) => {
        await layToolkit(calypso)
        assert.match(
          await must(calypso, ['nvidia-ctk', '--version']),
          /^NVIDIA Container Toolkit CLI version 1\.20\.0$/m,
        )
        await must(calypso, ['nvidia-ctk', 'system', 'create-dev-char-symlinks', '--create-all'])
        const links = ['195:0', '195:255', '508:0'].map((number) => `/dev/char/${number}`)
        const targets = (await must(calypso, ['readlink', ...links])).trim().split('\n')
        assert.deepEqual(targets, ['/dev/nvidia0', '/dev/nvidiactl', '/dev/nvidia-uvm'])
        return 'every device of the card has its link in /dev/char'
      },
    ),
    needs: ['toolkit'],
  },

  inSituation(
    'nvidia-runtime',
    'k3s finds nvidia-container-runtime by its search path, containerd names it and starts containers through it',
    {},
    async (situation) => {
      const { calypso } = situation
      await layRuntime(calypso)
      expectPress(await situation.press(), joined)
      assert.match(
        await must(calypso, ['cat', renderedConfig]),
        /runtimes\.'nvidia'\.options\]\n\s+BinaryName = "\/usr\/bin\//,
      )
      assert.ok((await handlersOf(calypso)).includes('nvidia'))
      const printed = await runPod(situation, {
        name: 'runtime',
        node: 'calypso',
        command: ['echo', 'ran'],
        runtimeClass: 'nvidia',
      })
      assert.equal(printed, 'ran')
      assert.match(await must(calypso, ['cat', '/var/log/nvidia-container-runtime.log']), /create/)

      // What an operator left behind lies first on the search path.
      const stale = await layRuntime(calypso, '/usr/local/nvidia/toolkit')
      await must(calypso, ['timeout', '60', 'systemctl', 'restart', 'k3s-agent'])
      assert.ok((await must(calypso, ['cat', renderedConfig])).includes(`BinaryName = "${stale}"`))

      await must(calypso, [
        'sh',
        '-c',
        'mkdir -p /etc/rancher/k3s/config.yaml.d && echo "default-runtime: nvidia-cdi" >/etc/rancher/k3s/config.yaml.d/runtime.yaml',
      ])
      const { code } = await calypso.run(['timeout', '20', 'systemctl', 'restart', 'k3s-agent'])
      assert.notEqual(code, 0)
      assert.match(
        await calypso.journal('k3s-agent'),
        /level=fatal msg="Error: default runtime nvidia-cdi was not found"/,
      )
      return 'rendered, named by containerd and called for the pod; a stale one wins; without its default runtime k3s does not start'
    },
  ),
]
