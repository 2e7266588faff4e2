/** gpu-runtime on real parts: systemd, containerd, kubelet, API server, apt, and where they could be built NVIDIA's own programs. */
import assert from 'node:assert/strict'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, inSituation } from './expect.ts'
import { gpusOf, handlersOf, layRuntime, loadPluginImage, must, renderedConfig, uuidOf } from './gpu-machine.ts'

const joined = { exitCode: 0, outputs: { result: 'joined' } }
const unchanged = { exitCode: 0, outputs: { result: 'unchanged', changed: 'false', restarted: 'false' } }
const gpu = { action: 'gpu-runtime' } as const
/** The machine with a card has a process on it, which a restart of k3s does not disturb; the owner says so. */
const allowed = { 'allow-gpu-disruption': 'true' }

export const gpuRuntimeScenarios: readonly LabScenario[] = [
  inSituation(
    'gpu-runtime',
    'the GPU of a joined node is made usable: k3s is restarted once, and a second run changes nothing',
    {},
    async (situation) => {
      const { calypso, cluster } = situation
      expectPress(await situation.press(), joined)
      await loadPluginImage(calypso)
      await layRuntime(calypso)
      const before = await calypso.unit('k3s-agent')

      const blocked = await situation.press({ toolkit: 'verify' }, gpu)
      expectPress(blocked, { exitCode: 1, outputs: { 'failure-code': 'plan-gpu-in-use' } })
      assert.deepEqual(await gpusOf(situation), [undefined, undefined])

      const prepared = await situation.press({ toolkit: 'verify', ...allowed }, gpu)
      expectPress(prepared, {
        exitCode: 0,
        outputs: {
          result: 'prepared',
          restarted: 'true',
          'restart-reason': 'runtime-missing',
          'gpu-count': '1',
          allocatable: '{"nvidia.com/gpu":"1"}',
        },
      })
      assert.deepEqual(await gpusOf(situation), ['1', '1'])
      assert.match(await must(calypso, ['cat', renderedConfig]), /BinaryName = "\/usr\/bin\/nvidia-container-runtime"/)
      assert.ok((await handlersOf(calypso)).includes('nvidia'))
      const annotations = (await situation.node())?.metadata.annotations ?? {}
      assert.ok(annotations['k3s-gpu-actions/gpu']?.includes(await uuidOf(calypso)), JSON.stringify(annotations))
      const after = await calypso.unit('k3s-agent')
      assert.notEqual(after.mainPid, before.mainPid)

      const connections = await calypso.connections()
      const seen = cluster.requests.length
      expectPress(await situation.press({ toolkit: 'verify' }, gpu), unchanged)
      assert.equal((await calypso.connections()) - connections, 1)
      assert.equal(cluster.requests.length - seen, 4, cluster.requests.slice(seen).join('\n'))
      assert.equal((await calypso.unit('k3s-agent')).mainPid, after.mainPid)
      return 'restarted once, registered, annotated; the second run asked the API four times and the machine once'
    },
  ),
]
