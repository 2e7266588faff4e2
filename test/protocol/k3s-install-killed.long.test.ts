import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { applyChanges } from '../../src/k3s/install.ts'
import { type ApplyMaterial, paths } from '../../src/k3s/model.ts'
import { undoChanges } from '../../src/k3s/remove.ts'
import { FolderHost, installer, program, sha256 } from './k3s-install-host.ts'

const limits = { signal: new AbortController().signal, timeoutMs: 30_000 }
/** Every program that changes something, so that a kill can come between any two changes. */
const spies = ['mv', 'cp', 'ln', 'mkdir', 'rm', 'rmdir', 'chmod', 'env']
const hosts: FolderHost[] = []
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

function newHost(isAdopted: boolean): FolderHost {
  const host = new FolderHost({ spies })
  hosts.push(host)
  if (isAdopted) {
    host.write(paths.binary, program('v1.32.0+k3s1'), 0o755)
    host.write(paths.unit, "[Service]\nExecStart=/usr/local/bin/k3s agent '--node-label' 'a=b'\n", 0o644)
    host.write(paths.environment, 'K3S_URL=https://old:6443\nK3S_TOKEN=old\n', 0o640)
    host.write(paths.ownConfig, 'node-name: other\n', 0o600)
    host.setUnit('active', 'running', 77)
  }
  return host
}

function material(host: FolderHost, runId: string): ApplyMaterial {
  return {
    runId,
    holder: 'a run that is killed',
    isRestartFollowing: true,
    steps: ['install-binary', 'run-installer', 'write-config', 'edit-environment', 'edit-unit', 'reload', 'enable'],
    binary: { stagedPath: host.stage(program()), sha256: sha256(program()) },
    installer: { text: installer(), sha256: sha256(installer()) },
    config: 'node-name: calypso\n',
    environment: { url: 'https://new:6443', token: 'new' },
    removeArguments: ['--node-label'],
  }
}

/** Runs with a kill -9 of everything on the host at the given call of a changing program; true: it was killed. */
async function killedAt(host: FolderHost, call: number, work: () => Promise<unknown>): Promise<boolean> {
  host.unflag('count')
  host.flag('kill-at', `${call}\n`)
  try {
    await work()
    return false
  } catch (error) {
    expect(error).toMatchObject({ code: 'script-failed' })
    return true
  } finally {
    host.unflag('kill-at')
  }
}

const stride = 7

/** Every seventh moment, beginning with another one in each story: all of them take a minute. */
function moments(first: number): number[] {
  return Array.from({ length: 200 / stride }, (_, index) => first + stride * index)
}

async function eachMoment(first: number, story: (call: number) => Promise<boolean>): Promise<number> {
  let kills = 0
  for (const call of moments(first)) {
    if (!(await story(call))) return kills
    kills += 1
    for (const host of hosts.splice(0)) await host.close()
  }
  throw new Error('no run was ever left to end')
}

describe('a run that is killed at any moment', () => {
  it.each([
    ['a fresh join', false, 1],
    ['an adoption', true, 2],
  ])(
    'is taken back by undo: %s',
    async (_story, isAdopted, first) => {
      const kills = await eachMoment(first, async (call) => {
        const host = newHost(isAdopted)
        const before = host.tree()
        const wasKilled = await killedAt(host, call, () => applyChanges(host, material(host, 'run-1'), limits))
        const { remaining } = await undoChanges(host, 'run-1', limits)
        expect({ call, remaining, tree: host.tree() }).toEqual({ call, remaining: [], tree: before })
        expect(Object.keys(host.tree(['var/lib']))).toEqual(['var/lib/'])
        return wasKilled
      })
      expect(kills).toBeGreaterThan(4)
    },
    60_000,
  )

  it('has written down every change before it was made', async () => {
    const host = newHost(false)
    const log = '"$ROOT"/var/lib/k3s-gpu-actions/runs/run-1/log'
    const unlogged = '"$ROOT"/tmp/unlogged'
    // Folders of its own it makes with -p; what it keeps below runs/ is no change of the host.
    host.program(
      'mkdir',
      `#!/bin/sh
case $1 in -*) ;; *) grep -qx "folder \${1#"$ROOT"}" ${log} || echo "mkdir $1" >>${unlogged} ;; esac
exec /bin/mkdir "$@"
`,
    )
    host.program(
      'mv',
      `#!/bin/sh
for last; do :; done
case $last in
  "$ROOT"/var/lib/k3s-gpu-actions/runs/*) ;;
  *) grep -Eqx "(created|replaced [0-9]+) \${last#"$ROOT"}" ${log} || echo "mv $last" >>${unlogged} ;;
esac
exec /bin/mv "$@"
`,
    )
    await applyChanges(host, material(host, 'run-1'), limits)
    expect(host.read('tmp/unlogged')).toBeUndefined()
    expect(host.read('var/lib/k3s-gpu-actions/runs/run-1/log')).toMatch(/^folder [\s\S]*^created /m)
  })

  it('is reported by the next run, which ends where an undisturbed one does and can be taken back together with it', async () => {
    const undisturbed = newHost(false)
    const before = undisturbed.tree()
    await applyChanges(undisturbed, material(undisturbed, 'run-2'), limits)
    const wanted = undisturbed.tree()
    let reported = 0
    const kills = await eachMoment(3, async (call) => {
      const host = newHost(false)
      const wasKilled = await killedAt(host, call, () => applyChanges(host, material(host, 'run-1'), limits))
      const next = await applyChanges(host, material(host, 'run-2'), limits)
      // Killed before the first line of the log it left nothing to report.
      if (next.interrupted.length > 0) reported += 1
      expect(next.interrupted.every((one) => wasKilled && one.runId === 'run-1')).toBe(true)
      expect({ call, tree: host.tree() }).toEqual({ call, tree: wanted })
      // Undone, it takes what it went on from with it: nothing half done is left.
      expect((await undoChanges(host, 'run-2', limits)).remaining).toEqual([])
      // One that was killed in its very last moments had done everything, and is undone by itself.
      if (next.interrupted.length === 0) await undoChanges(host, 'run-1', limits)
      expect({ call, tree: host.tree() }).toEqual({ call, tree: before })
      expect(Object.keys(host.tree(['var/lib']))).toEqual(['var/lib/'])
      return wasKilled
    })
    expect(kills).toBeGreaterThan(4)
    expect(reported).toBeGreaterThan(3)
  }, 60_000)

  it('can have its undo killed as well', async () => {
    const kills = await eachMoment(1, async (call) => {
      const host = newHost(true)
      const before = host.tree()
      await applyChanges(host, material(host, 'run-1'), limits)
      const wasKilled = await killedAt(host, call, () => undoChanges(host, 'run-1', limits))
      const { remaining } = await undoChanges(host, 'run-1', limits)
      expect({ call, remaining, tree: host.tree() }).toEqual({ call, remaining: [], tree: before })
      return wasKilled
    })
    expect(kills).toBeGreaterThan(3)
  }, 60_000)

  it('is named, with the step at which it ended, and its temporary files are removed', async () => {
    const host = newHost(false)
    host.program('sha256sum', `#!/bin/sh\nkill -9 0\n`)
    await expect(applyChanges(host, material(host, 'run-1'), limits)).rejects.toMatchObject({ code: 'script-failed' })
    expect(Object.keys(host.tree()).some((path) => path.includes('.k3s-gpu-actions.run-1'))).toBe(true)
    host.program('sha256sum', '#!/bin/sh\nexec /usr/bin/sha256sum "$@"\n')
    const next = await applyChanges(host, material(host, 'run-2'), limits)
    expect(next.interrupted).toEqual([{ runId: 'run-1', step: 'install-binary' }])
    expect(Object.keys(host.tree()).some((path) => path.includes('.k3s-gpu-actions.run'))).toBe(false)
    // It is kept for the undo of the run that went on from it, and settled with it.
    const again = await applyChanges(host, { ...material(host, 'run-3'), config: 'node-name: other\n' }, limits)
    expect(again.interrupted).toEqual([])
    const runs = Object.keys(host.tree(['var/lib/k3s-gpu-actions/runs'])).join()
    expect([runs.includes('run-1'), runs.includes('run-2'), runs.includes('run-3')]).toEqual([false, false, true])
  })
})

describe('a run that is cancelled', () => {
  it('ends on the host together with the installer, leaves no process, and the next run converges', async () => {
    const host = newHost(false)
    const text = installer('touch "$ROOT/tmp/began"; sleep 30')
    const cancel = new AbortController()
    const run = applyChanges(
      host,
      { ...material(host, 'run-1'), installer: { text, sha256: sha256(text) } },
      { ...limits, signal: cancel.signal },
    )
    run.catch(() => undefined)
    const isBegun = () => host.read('tmp/began') !== undefined
    while (!isBegun()) await delay(10)
    cancel.abort()
    await expect(run).rejects.toThrow('cancelled')
    expect(await host.leftProcesses()).toEqual([])
    expect(host.read(paths.unit)).toBeUndefined()
    const next = await applyChanges(host, material(host, 'run-2'), limits)
    expect(next.interrupted).toEqual([{ runId: 'run-1', step: 'run-installer' }])
    expect(host.read(paths.unit)).toContain('ExecStart')
  })
})
