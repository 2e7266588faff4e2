/** gpu-runtime on a node of kubeadm: velaryon of seed 001, whose containerd nobody has told of NVIDIA's runtime. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, type DoorOptions, doors, mutations } from './door.ts'
import {
  containerdOf,
  counted,
  fileOf,
  hostTree,
  nodeOf,
  objectsOf,
  pluginKey,
  stateFile,
  until,
  writes,
} from './gpu-runtime-door.ts'

const opened = doors()
const limitMs = 240_000
const seedPlugin = 'kube-system/nvidia-device-plugin-daemonset'
const replacing = { 'replace-device-plugin': seedPlugin }
const config = 'etc/containerd/config.toml'
const dropIn = 'etc/containerd/conf.d/99-nvidia.toml'

const velaryon = (options: DoorOptions = {}): Promise<Door> =>
  opened({
    action: 'gpu-runtime',
    site: 'goldentooth',
    node: 'velaryon',
    calypso: 'joined-by-us',
    // An nvidia-ctk before 1.18 writes no drop-in; the toolkit of the seed is upgraded first (npm run rehearse -- velaryon).
    toolkit: '1.20.0',
    mayReplacePlugin: true,
    ...options,
  })
const handlersOf = (door: Door): readonly string[] => {
  const { config: said } = JSON.parse(readFileSync(stateFile(door, 'crictl-info'), 'utf8')) as {
    config: { containerd: { runtimes: object } }
  }
  return Object.keys(said.containerd.runtimes).sort()
}
const idsOf = (plan = '[]'): readonly string[] => (JSON.parse(plan) as { id: string }[]).map(({ id }) => id)

type Tree = Readonly<Record<string, string>>
/** Nothing is promised of logs and of this project's own record of its runs. */
const passing = /\/$|^var\/lib\/k3s-gpu-actions\//
const differences = (before: Tree, after: Tree): readonly string[] =>
  Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path] && !passing.test(path))

async function expectConverged(door: Door): Promise<void> {
  const next = await door.press(replacing)
  expect({ out: next.stdout, ...next.outputs }).toMatchObject({ 'failure-code': '', result: 'prepared' })
  expect(nodeOf(door)).toMatchObject({ isReady: true, label: 'true', allocatable: { 'nvidia.com/gpu': '1' } })
  expect(handlersOf(door)).toEqual(['nvidia', 'runc'])
  const { starts } = containerdOf(door) ?? {}
  expect(await door.press(replacing)).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', changed: 'false' } })
  expect(containerdOf(door)?.starts).toBe(starts)
}

describe('a node of kubeadm', () => {
  it(
    'gets runtime, RuntimeClass and plugin with one restart of containerd; the second run looks once and changes nothing',
    async () => {
      const door = await velaryon()
      const { world, press } = door
      const { starts = 0 } = containerdOf(door) ?? {}
      const kubelet = world.host.unit('kubelet.service')
      expect(handlersOf(door)).toEqual(['runc'])

      // Seed 001's own plugin stays until somebody names it, and the words say how.
      const refused = await press()
      expect(refused).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'gpu-plugin-owner', changed: 'false' } })
      expect(refused.report?.failure?.remedy).toContain(`replace-device-plugin: ${seedPlugin}`)
      const before = hostTree(door)
      const dry = await press({ ...replacing, 'dry-run': 'true' })
      expect(dry).toMatchObject({ exitCode: 0, outputs: { result: 'planned', changed: 'false' } })
      expect([hostTree(door), mutations(world), containerdOf(door)?.starts]).toEqual([before, [], starts])

      const run = await press(replacing)
      expect({ out: run.stdout, ...run.outputs }).toMatchObject({
        result: 'prepared',
        restarted: 'true',
        'restart-reason': 'runtime-missing',
        allocatable: '{"nvidia.com/gpu":"1"}',
      })
      expect(idsOf(run.outputs.plan)).toEqual(
        expect.arrayContaining(['configure-runtime', 'restart', 'apply-runtime-class', 'replace-device-plugin']),
      )
      expect([containerdOf(door)?.starts, handlersOf(door)]).toEqual([starts + 1, ['nvidia', 'runc']])
      // Nothing but containerd was restarted, and its own settings are still there.
      expect(world.host.unit('kubelet.service')).toEqual(kubelet)
      expect(fileOf(door, config)).toMatch(/^imports = \["\/etc\/containerd\/conf\.d\/\*\.toml"\]$/m)
      expect(fileOf(door, dropIn)).toContain('SystemdCgroup = true')
      expect(world.cluster.objects.get('runtimeclasses/nvidia')).toMatchObject({ handler: 'nvidia' })
      expect(world.cluster.objects.get(`daemonsets/${seedPlugin}`)).toBeUndefined()
      expect(world.cluster.objects.get(pluginKey)).toBeDefined()

      const again = await counted(door, () => press(replacing))
      expect(again.value).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', restarted: 'false' } })
      expect([again.sessions, writes(again.requests)]).toEqual([1, []])
      expect(again.requests.length).toBeLessThanOrEqual(4)
      expect(containerdOf(door)?.starts).toBe(starts + 1)
    },
    limitMs,
  )

  it(
    'whose containerd does not come back has both files as they were, byte for byte, and its containerd runs again',
    async () => {
      const door = await velaryon()
      const { world, press } = door
      const [before, nodeBefore, objectsBefore] = [hostTree(door), nodeOf(door), objectsOf(door)]
      expect(before[`${config}`]).toBeDefined()
      // Somebody's upgrade of containerd is under way just then: for a while there is no such program.
      const program = join(world.host.root, 'usr/bin/containerd')
      world.host.beforeSystemctl('restart', () => {
        renameSync(program, `${program}.dpkg-tmp`)
        world.host.beforeSystemctl('restart', () => renameSync(`${program}.dpkg-tmp`, program))
      })
      const run = await press(replacing)
      expect({ out: run.stdout, ...run.outputs }).toMatchObject({ result: 'failed', changed: 'true' })
      expect(run.outputs['failure-code']).not.toBe('unexpected-error')
      expect(run.report?.undone).toEqual(expect.arrayContaining(['configure-runtime', 'restart']))
      expect(differences(before, hostTree(door))).toEqual([])
      expect(existsSync(join(world.host.root, dropIn))).toBe(false)
      expect([containerdOf(door)?.activeState, handlersOf(door)]).toEqual(['active', ['runc']])
      await until('the node is Ready', () => nodeOf(door).isReady)
      expect([nodeOf(door), objectsOf(door)]).toEqual([nodeBefore, objectsBefore])
      await expectConverged(door)
    },
    limitMs,
  )

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'that lost its run by %s between the files and the restart: the next one restarts containerd, and nothing else is left to do',
    async (signal) => {
      const door = await velaryon()
      const { starts = 0 } = containerdOf(door) ?? {}
      const running = door.start(replacing)
      await until('the files are written', () => existsSync(join(door.world.host.root, dropIn)))
      running.child.kill(signal)
      await running.ended
      await until('the interrupted run has left the host', () => door.world.host.processes().length === 0)
      expect(containerdOf(door)?.starts).toBe(starts)
      await expectConverged(door)
      expect(containerdOf(door)?.starts).toBe(starts + 1)
    },
    limitMs,
  )

  it(
    'with a configuration of version 1, or one that containerd cannot read, is left alone, and the words say what to do',
    async () => {
      const door = await velaryon()
      const { world, press } = door
      const path = join(world.host.root, config)
      const good = readFileSync(path, 'utf8')
      const { starts } = containerdOf(door) ?? {}
      const texts = [
        [good.replace(/^version = 2\n/m, ''), /names no version/, /containerd config default/],
        [`${good}\n[plugins\n`, /expected character \]/, /containerd config dump/],
        [`disabled_plugins = ["cri"]\n${good}`, /plugin cri is disabled/, /disabled_plugins/],
      ] as const
      for (const [text, found, remedy] of texts) {
        writeFileSync(path, text)
        const before = hostTree(door)
        const run = await press(replacing)
        expect(run).toMatchObject({
          exitCode: 1,
          outputs: { 'failure-code': 'gpu-containerd-config', changed: 'false' },
        })
        expect(run.report?.failure?.title).toMatch(found)
        expect(run.report?.failure?.remedy).toMatch(remedy)
        expect([hostTree(door), mutations(world), containerdOf(door)?.starts]).toEqual([before, [], starts])
      }
    },
    limitMs,
  )

  it(
    'on which somebody outside the cluster computes keeps its containerd, unless that is allowed',
    async () => {
      const door = await velaryon()
      const { world, press } = door
      world.host.setGpuProcesses([{ pid: 2371, name: 'tritonserver' }])
      const [before, { starts = 0 } = {}] = [hostTree(door), containerdOf(door)]
      const refused = await press(replacing)
      expect(refused).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'plan-gpu-in-use', changed: 'false' } })
      expect(refused.stdout).toContain('tritonserver')
      expect([hostTree(door), mutations(world), containerdOf(door)?.starts]).toEqual([before, [], starts])
      const allowed = await press({ ...replacing, 'allow-gpu-disruption': 'true' })
      expect(allowed).toMatchObject({ exitCode: 0, outputs: { result: 'prepared' } })
      expect(containerdOf(door)?.starts).toBe(starts + 1)
    },
    limitMs,
  )

  it(
    'whose toolkit came without packages is prepared all the same, and the second run changes nothing',
    async () => {
      const door = await velaryon()
      const status = join(door.world.host.root, 'var/lib/dpkg/status')
      const others = readFileSync(status, 'utf8')
        .split('\n\n')
        .filter((paragraph) => !/^Package: (?:nvidia-container-toolkit|libnvidia-container)/m.test(paragraph))
      writeFileSync(status, others.join('\n\n'))
      const wish = { ...replacing, toolkit: 'verify' }
      const run = await door.press(wish)
      expect({ out: run.stdout, ...run.outputs }).toMatchObject({ result: 'prepared', restarted: 'true' })
      expect(await door.press(wish)).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', changed: 'false' } })
    },
    limitMs,
  )

  it(
    'without the toolkit gets it first; default-runtime nvidia is set, and unset takes it away again',
    async () => {
      const door = await velaryon({ toolkit: '' })
      const { press } = door
      const set = await press({ ...replacing, 'default-runtime': 'nvidia' })
      expect({ out: set.stdout, ...set.outputs }).toMatchObject({ result: 'prepared', restarted: 'true' })
      expect(idsOf(set.outputs.plan)).toEqual(expect.arrayContaining(['install-toolkit', 'configure-runtime']))
      expect(fileOf(door, dropIn)).toContain('default_runtime_name = "nvidia"')
      expect(await press(replacing)).toMatchObject({ outputs: { result: 'unchanged', restarted: 'false' } })
      const unset = await press({ ...replacing, 'default-runtime': 'unset' })
      expect(unset).toMatchObject({ outputs: { result: 'prepared', 'restart-reason': 'default-runtime-changed' } })
      expect(fileOf(door, dropIn)).toContain('default_runtime_name = "runc"')
      expect(await press({ ...replacing, 'default-runtime': 'unset' })).toMatchObject({
        outputs: { result: 'unchanged' },
      })
      expect(readdirSync(join(door.world.host.root, 'etc/containerd/conf.d'))).toEqual(['99-nvidia.toml'])
    },
    limitMs,
  )
})
