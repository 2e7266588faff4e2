import { expect, it } from '@jest/globals'
import { applyRuntime } from '../../src/gpu/apply.ts'
import { undoRuntime } from '../../src/gpu/undo.ts'
import { gpuHost, material, stateOf } from './gpu-apply-host.ts'
import type { FolderHost } from './k3s-install-host.ts'

const limits = { signal: new AbortController().signal, timeoutMs: 30_000 }
/** Every program that changes something (the package manager is called through env), so that a kill can come between any two changes. */
const spies = ['mv', 'cp', 'mkdir', 'rm', 'chmod', 'env']

// Its text names the path of the stand-in, which is another one on every host.
const comparable = (host: FolderHost): readonly string[] =>
  Object.entries(stateOf(host)).map(([path, look]) => (path.endsWith('dev-char.rules') ? path : `${path} ${look}`))

it.each([1, 2, 3])(
  'a run that is killed at any moment converges the second time, and is undone (every third, from %i)',
  async (first) => {
    const clean = gpuHost()
    const before = comparable(clean)
    await applyRuntime(clean, material('clean'), limits)
    const goal = comparable(clean)
    await clean.close()
    let kills = 0
    for (let call = first; ; call += 3) {
      const host = gpuHost('dash', spies)
      try {
        host.flag('kill-at', `${call}\n`)
        const code = await applyRuntime(host, material('killed'), limits).then(
          () => 'ended',
          (error: { code: string }) => error.code,
        )
        host.unflag('kill-at')
        if (code === 'ended') break
        expect(code).toBe('script-failed')
        kills += 1
        const isUndoneAtOnce = kills % 2 === 0
        if (!isUndoneAtOnce) {
          await applyRuntime(host, material('again'), limits)
          expect(comparable(host)).toEqual(goal)
        }
        const undone = await undoRuntime(host, isUndoneAtOnce ? 'killed' : 'again', { ...limits, unit: 'k3s-agent' })
        expect([call, undone.remaining]).toEqual([call, []])
        expect(comparable(host)).toEqual(before)
      } finally {
        await host.close()
      }
    }
    expect(kills).toBeGreaterThan(5)
  },
  300_000,
)

it.each([1, 2])(
  'an undo that is killed at any moment is finished by the next (every second, from %i)',
  async (first) => {
    for (let call = first; ; call += 2) {
      const host = gpuHost('dash', spies)
      try {
        const before = comparable(host)
        await applyRuntime(host, material('one'), limits)
        host.unflag('count')
        host.flag('kill-at', `${call}\n`)
        const undo = () => undoRuntime(host, 'one', { ...limits, unit: 'k3s-agent' })
        const isKilled = await undo().then(
          () => false,
          () => true,
        )
        host.unflag('kill-at')
        expect([call, (await undo()).remaining]).toEqual([call, []])
        expect(comparable(host)).toEqual(before)
        if (!isKilled) break
      } finally {
        await host.close()
      }
    }
  },
  300_000,
)
