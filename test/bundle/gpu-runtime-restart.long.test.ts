/** Restarts of k3s that gpu-runtime orders: that they are needed, what they bring, and what is put back when the node does not come back. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { doors, mutations } from './door.ts'
import {
  containerdFolder,
  counted,
  fileOf,
  hostTree,
  k3sOf,
  nodeOf,
  objectsOf,
  restartK3s,
  stateFile,
  until,
  writes,
} from './gpu-runtime-door.ts'

const opened = doors()
const limitMs = 240_000
const allowed = { 'allow-gpu-disruption': 'true' }
const ownRuntime = 'etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml'

type Tree = Readonly<Record<string, string>>
/** Nothing is promised of logs, of apt's lists, and of empty folders that a package manager made. */
const passing = /\/$|^var\/lib\/(apt|k3s-gpu-actions)\/|containerd\.log$/
const differences = (before: Tree, after: Tree): readonly string[] =>
  Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path] && !passing.test(path))

const idsOf = (plan = '[]'): readonly string[] => (JSON.parse(plan) as { id: string }[]).map(({ id }) => id)

describe('the template of the join procedure, for containerd 1', () => {
  it(
    'keeps the node NotReady; moved aside, k3s is restarted once, the node is Ready, and tritonserver kept its GPU',
    async () => {
      const door = await opened({ action: 'gpu-runtime', faults: new Set(['template-harmful']) })
      const { world, press } = door
      await restartK3s(door)
      await until('the node is not Ready', () => !nodeOf(door).isReady)
      const text = fileOf(door, `${containerdFolder}/config.toml.tmpl`)
      const before = hostTree(door)
      const blocked = await press()
      expect(blocked).toMatchObject({ exitCode: 1, outputs: { result: 'failed', changed: 'false' } })
      const said = blocked.report?.checks.find(({ id }) => id === 'gpu.containerd-template')
      expect(said).toMatchObject({ verdict: 'fail' })
      // Exactly what is lost: the pod network first of all.
      expect(said?.evidence?.join('\n')).toMatch(/conf_dir|bin_dir/)
      // tritonserver has the card, and nobody said that it may be disturbed.
      const inUse = await press({ 'quarantine-template': 'true' })
      expect(inUse).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'plan-gpu-in-use', changed: 'false' } })
      expect([hostTree(door), mutations(world)]).toEqual([before, []])

      const { starts = 0 } = k3sOf(door) ?? {}
      const run = await press({ 'quarantine-template': 'true', ...allowed })
      expect(run).toMatchObject({
        exitCode: 0,
        outputs: { result: 'prepared', restarted: 'true', allocatable: '{"nvidia.com/gpu":"1"}' },
      })
      expect(run.outputs['restart-reason']).toContain('harmful-template-removed')
      expect(run.report?.checks.find(({ id }) => id === 'confirm.gpu-processes')).toMatchObject({ verdict: 'pass' })
      expect([nodeOf(door).isReady, k3sOf(door)?.starts]).toEqual([true, starts + 1])
      const aside = readdirSync(join(world.calypso.root, containerdFolder)).filter((name) => name.includes('.tmpl'))
      expect(aside).toEqual([expect.stringMatching(/^config\.toml\.tmpl\.disabled-[0-9a-f]{8}$/)])
      expect(fileOf(door, `${containerdFolder}/${aside[0]}`)).toBe(text)
      expect(await press(allowed)).toMatchObject({ outputs: { result: 'unchanged', restarted: 'false' } })
    },
    limitMs,
  )
})

describe('a restart from which the node does not come back', () => {
  it(
    'is taken back: template, packages and repository as they were, byte for byte, the node Ready, and the failure says so',
    async () => {
      const door = await opened({ action: 'gpu-runtime', toolkit: '', faults: new Set(['gpu-restart-fails']) })
      const { world, press } = door
      world.calypso.setGpuProcesses([])
      // The node runs with what the template says.
      await restartK3s(door)
      await until('the node is Ready', () => nodeOf(door).isReady && nodeOf(door).taints.length === 1)
      const [before, nodeBefore, objectsBefore] = [hostTree(door), nodeOf(door), objectsOf(door)]
      const { starts = 0 } = k3sOf(door) ?? {}
      const run = await press({ 'quarantine-template': 'true' })
      expect(run).toMatchObject({
        exitCode: 1,
        outputs: { result: 'failed', 'failure-code': 'port-in-use', changed: 'true' },
      })
      expect(run.report?.failure?.state).toMatch(
        /^undone: .*install-toolkit.*; calypso is Ready again with what was there before\. /,
      )
      for (const id of ['add-repository', 'install-toolkit', 'quarantine-template', 'restart'])
        expect(run.report?.undone).toContain(id)
      expect(differences(before, hostTree(door))).toEqual([])
      await until('the node is Ready', () => nodeOf(door).isReady && nodeOf(door).taints.length === 1)
      expect([nodeOf(door), objectsOf(door)]).toEqual([nodeBefore, objectsBefore])
      expect(k3sOf(door)?.activeState).toBe('active')
      expect(k3sOf(door)?.starts).toBeGreaterThan(starts)
      // Nothing of it is forgotten: without the word that allows it, the next press says what it said before.
      expect(await press({ 'quarantine-template': 'false' })).toMatchObject({
        outputs: { 'failure-code': 'gpu-containerd-template', changed: 'false' },
      })
    },
    limitMs,
  )
})

describe('default-runtime', () => {
  it(
    'nvidia is set once k3s can find it, and unset takes away exactly what was set',
    async () => {
      const door = await opened({ action: 'gpu-runtime' })
      const { press } = door
      const before = hostTree(door)
      const set = await press({ 'default-runtime': 'nvidia', ...allowed })
      expect(set).toMatchObject({
        exitCode: 0,
        outputs: { result: 'prepared', restarted: 'true', 'restart-reason': 'default-runtime-changed' },
      })
      expect(idsOf(set.outputs.plan)).toContain('write-default-runtime')
      expect(fileOf(door, `${containerdFolder}/config.toml`)).toContain('default_runtime_name = "nvidia"')
      expect(fileOf(door, ownRuntime)).toMatch(/^default-runtime: "?nvidia"?$/m)
      // Also with keep, which is the default: what is there stays.
      const kept = await counted(door, () => press())
      expect([kept.value.outputs.result, kept.sessions, writes(kept.requests)]).toEqual(['unchanged', 1, []])

      const unset = await press({ 'default-runtime': 'unset', ...allowed })
      expect(unset).toMatchObject({
        exitCode: 0,
        outputs: { result: 'prepared', restarted: 'true', 'restart-reason': 'default-runtime-changed' },
      })
      expect(differences(before, hostTree(door))).toEqual([])
      const { starts } = k3sOf(door) ?? {}
      expect(await press({ 'default-runtime': 'unset' })).toMatchObject({ outputs: { result: 'unchanged' } })
      expect(k3sOf(door)?.starts).toBe(starts)
    },
    limitMs,
  )
})

describe('a toolkit', () => {
  it(
    'whose repository has another key, or that has no such version, leaves the host as it was; allowed, it comes beside tritonserver',
    async () => {
      const door = await opened({ action: 'gpu-runtime', toolkit: '' })
      const { world, press } = door
      const [before, k3sBefore] = [hostTree(door), k3sOf(door)]
      const wrongKey = await press({ ...allowed, 'repository-keys': '0123456789ABCDEF0123456789ABCDEF01234567' })
      expect(wrongKey).toMatchObject({ exitCode: 1, outputs: { result: 'failed', restarted: 'false' } })
      expect(wrongKey.stdout).toContain('C95B321B61E88C1809C4F759DDCAE044F796ECB0')
      expect(differences(before, hostTree(door))).toEqual([])
      const noVersion = await press({ ...allowed, 'toolkit-version': '1.99.9' })
      expect(noVersion).toMatchObject({ exitCode: 1, outputs: { result: 'failed', restarted: 'false' } })
      expect(noVersion.stdout).toContain('1.99.9')
      expect(differences(before, hostTree(door))).toEqual([])
      expect([k3sOf(door), nodeOf(door).label]).toEqual([k3sBefore, undefined])

      const run = await press(allowed)
      expect(run).toMatchObject({
        exitCode: 0,
        outputs: { result: 'prepared', restarted: 'true', 'restart-reason': 'runtime-missing' },
      })
      expect(run.report?.checks.find(({ id }) => id === 'confirm.gpu-processes')).toMatchObject({
        verdict: 'pass',
        found: 'tritonserver (pid 2143, docker): still there',
      })
      expect(run.report?.checks.find(({ id }) => id === 'confirm.gpu-calls')).toMatchObject({ verdict: 'pass' })
      expect(world.calypso.unit('k3s-agent.service')?.starts).toBe((k3sBefore?.starts ?? 0) + 1)
      expect(await press()).toMatchObject({ outputs: { result: 'unchanged' } })
    },
    limitMs,
  )

  it(
    'that takes the GPU from a container is a failure that names the container, and nothing is taken back for it',
    async () => {
      const door = await opened({ action: 'gpu-runtime', toolkit: '' })
      const { world, press } = door
      // nvidia-smi names no process, and the container has the card in its root all the same.
      world.calypso.setGpuProcesses([])
      world.calypso.beforeSystemctl('restart', () => writeFileSync(stateFile(door, 'gpu/lost-in-containers'), 'yes\n'))
      const run = await press()
      expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'confirm-gpu-calls', changed: 'true' } })
      expect(run.report?.failure?.evidence.join('\n')).toMatch(/tritonserver/)
      expect(run.report?.undone ?? []).toEqual([])
      expect(existsSync(join(world.calypso.root, 'usr/bin/nvidia-container-runtime'))).toBe(true)
      // The next press has nothing to do on the host, and goes on in the cluster.
      const next = await press()
      expect(next).toMatchObject({ exitCode: 0, outputs: { result: 'prepared', restarted: 'false' } })
      expect(nodeOf(door).allocatable).toEqual({ 'nvidia.com/gpu': '1' })
    },
    limitMs,
  )
})
