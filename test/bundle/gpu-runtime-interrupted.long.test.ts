/** Cancel and kill are safe, and so are two runs at once: whatever was interrupted, the next press converges. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import type { StartedHost } from '../../rehearsal/host/index.ts'
import { type Door, doors, type Running } from './door.ts'
import { fileOf, k3sOf, nodeOf, until } from './gpu-runtime-door.ts'

const opened = doors()
const limitMs = 240_000
/** A runner sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s later. */
const cancelLimitMs = 7_500

/** Resolves when the script on the host has begun the step, by its change log. */
async function begun({ world }: Door, step: string): Promise<void> {
  const runs = join(world.calypso.root, 'var/lib/k3s-gpu-actions/gpu-runs')
  const isBegun = (): boolean => {
    try {
      return readdirSync(runs).some((run) =>
        readFileSync(join(runs, run, 'log'), 'utf8')
          .split('\n')
          .includes(`step ${step}`),
      )
    } catch {
      return false
    }
  }
  for (const endMs = performance.now() + 60_000; !isBegun(); await sleep(3))
    if (performance.now() > endMs) throw new Error(`${step} did not begin`)
}

/** Resolves when the cluster has stored what matches: `ADDED daemonsets/…`. */
function stored({ world }: Door, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const forget = world.cluster.objects.listen(({ type, key }) => {
      if (!pattern.test(`${type} ${key}`)) return
      forget()
      resolve()
    })
  })
}

type Boundary = (door: Door, running: Running) => Promise<void>
const boundaries: Readonly<Record<string, Boundary>> = {
  'the packages are installed': (door) => begun(door, 'install-toolkit'),
  'k3s restarts': (_door, running) => running.seen(/ s {2}containerd up/),
  'the restart is ordered': (_door, running) => running.seen(/▸ Restart k3s-agent/),
  'the plugin is waited for': (_door, running) => running.seen(/▸ Wait for the device plugin/),
  'the plugin is applied': (door) => stored(door, /^ADDED daemonsets\/kube-system\/k3s-gpu-actions/),
}

const stories = [
  ['SIGINT', 'the packages are installed'],
  ['SIGKILL', 'the packages are installed'],
  ['SIGTERM', 'k3s restarts'],
  ['SIGKILL', 'the restart is ordered'],
  ['SIGKILL', 'the plugin is applied'],
  ['SIGINT', 'the plugin is waited for'],
] as const

const inputs = { 'quarantine-template': 'true' }
const openWorld = async (): Promise<Door> => {
  const door = await opened({ action: 'gpu-runtime', toolkit: '', faults: new Set(['gpu-harmful-template']) })
  door.world.calypso.setGpuProcesses([])
  return door
}

async function expectConverged(door: Door, isLast = false): Promise<void> {
  const next = await door.press(inputs)
  expect({ out: next.stdout, ...next.outputs }).toMatchObject({
    'failure-code': '',
    result: expect.stringMatching(/^(prepared|unchanged)$/),
  })
  expect(next.exitCode).toBe(0)
  expect(nodeOf(door)).toMatchObject({ isReady: true, label: 'true', allocatable: { 'nvidia.com/gpu': '1' } })
  expect(k3sOf(door)?.activeState).toBe('active')
  expect(fileOf(door, 'var/lib/dpkg/status')).toMatch(/^Package: nvidia-container-toolkit\nStatus: hold/m)
  if (isLast) return
  const starts = k3sOf(door)?.starts
  expect(await door.press(inputs)).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', changed: 'false' } })
  expect(k3sOf(door)?.starts).toBe(starts)
  for (const lock of ['run/k3s-gpu-actions.lock', 'run/k3s-gpu-actions.run.lock']) expect(fileOf(door, lock)).toBe('')
}

describe('a run that is interrupted', () => {
  it.each(stories)(
    'by %s while %s: the next press converges',
    async (signal, boundary) => {
      const door = await openWorld()
      const running = door.start(inputs)
      await boundaries[boundary]?.(door, running)
      const atMs = performance.now()
      running.child.kill(signal)
      const press = await running.ended
      if (signal !== 'SIGKILL') {
        expect(performance.now() - atMs).toBeLessThan(cancelLimitMs)
        expect(press).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': 'cancelled' } })
        // Nobody waits for an undo who has cancelled: what is there is said, and how to go on.
        expect(press.report?.undone ?? []).toEqual([])
        expect(press.stdout).toMatch(/run it again/)
      } else expect(press.exitCode).toBeNull()
      await until('the interrupted run has left the host', () => door.world.calypso.processes().length === 0)
      await expectConverged(door, signal !== 'SIGKILL')
    },
    limitMs,
  )

  it(
    'by the host, which loses the script that installs: what was done is taken back, and the next press converges',
    async () => {
      const door = await openWorld()
      void door.world.calypso.killAt(/"step":"install-toolkit","state":"done"/, 'command')
      const press = await door.press(inputs)
      expect(press).toMatchObject({ exitCode: 1, outputs: { result: 'failed', restarted: 'false' } })
      expect(press.outputs['failure-code']).not.toBe('unexpected-error')
      expect(press.report?.failure?.state).toMatch(/^undone: /)
      expect(fileOf(door, 'var/lib/dpkg/status')).not.toMatch(/^Package: nvidia-container-toolkit/m)
      await expectConverged(door, true)
    },
    limitMs,
  )
})

describe('two runs for one host', () => {
  it.each([
    ['before anything is changed', (_door, running) => running.seen(/▸ Survey calypso/)],
    // k3s is down just then, and that is no reason to give up: it is the first that restarts it.
    ['while the first restarts k3s', (_door, running) => running.seen(/▸ Restart k3s-agent/)],
  ] satisfies [string, Boundary][])(
    'are one after the other, when the second comes %s: it says for whom it waits, looks again, and has nothing to do',
    async (_when, boundary) => {
      const door = await openWorld()
      const first = door.start(inputs)
      await boundary(door, first)
      // Slow enough that the second looks before it is up again.
      const slow = (door.world.calypso as StartedHost).atPace(2, () => first.ended)
      const second = door.start(inputs)
      await second.seen(
        /waits for another run on this host: gpu-runtime calypso, run 41 · started by the button, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/,
      )
      expect(await slow).toMatchObject({ exitCode: 0, outputs: { result: 'prepared', restarted: 'true' } })
      const last = await second.ended
      expect(last).toMatchObject({ exitCode: 0, outputs: { 'failure-code': '', restarted: 'false' } })
      expect(k3sOf(door)).toEqual({ activeState: 'active', restarts: 0, starts: 2 })
    },
    limitMs,
  )
})
