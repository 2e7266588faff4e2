/** gpu-runtime on real parts: systemd, containerd, kubelet, API server, apt, and where they could be built NVIDIA's own programs. */
import assert from 'node:assert/strict'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, inSituation, until } from './expect.ts'
import { gpusOf, layRuntime, loadPluginImage, must, renderedConfig } from './gpu-machine.ts'

const joined = { exitCode: 0, outputs: { result: 'joined' } }
const gpu = { action: 'gpu-runtime' } as const

export const gpuRuntimeScenarios: readonly LabScenario[] = [
  inSituation(
    'gpu-runtime',
    'the GPU of a joined node is made usable: k3s is restarted once, and a second run changes nothing',
    {},
    async (situation) => {
      const { calypso } = situation
      expectPress(await situation.press(), joined)
      await loadPluginImage(calypso)
      await layRuntime(calypso)
      const first = await situation.press({ toolkit: 'verify', 'allow-gpu-disruption': 'true' }, gpu)
      console.error(first.stdout, first.stderr, JSON.stringify(first.outputs, undefined, 2), first.summary)
      return 'x'
    },
  ),
]
