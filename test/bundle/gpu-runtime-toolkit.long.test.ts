/** A calypso without NVIDIA's toolkit, and one whose template keeps the runtime from containerd: what is changed on the host, through the bundle. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { doors } from './door.ts'
import { counted, fileOf, hostTree, k3sOf, nodeOf, objectsOf, writes } from './gpu-runtime-door.ts'

const opened = doors()
const limitMs = 240_000
const rendered = 'var/lib/rancher/k3s/agent/etc/containerd/config.toml'
const template = 'var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl'
const names = [
  'nvidia-container-toolkit',
  'nvidia-container-toolkit-base',
  'libnvidia-container-tools',
  'libnvidia-container1',
]

describe('a machine without the toolkit', () => {
  it(
    'is left alone while tritonserver has the GPU; when nobody has it, the toolkit comes and k3s is restarted once',
    async () => {
      const door = await opened({ action: 'gpu-runtime', toolkit: '' })
      const { world, press } = door
      const before = hostTree(door)
      const objectsBefore = objectsOf(door)
      const k3sBefore = k3sOf(door)

      const dry = await counted(door, () => press({ 'dry-run': 'true' }))
      expect(dry.value).toMatchObject({
        exitCode: 0,
        outputs: { result: 'planned', changed: 'false', 'restart-reason': 'runtime-missing' },
      })
      // What would stop a run is named, and the plan that it stops is shown.
      expect(dry.value.stdout).toMatch(/1 check would stop the run; nothing was changed \(dry run\)/)
      expect(dry.value.stdout).toMatch(/plan\.gpu-in-use.*tritonserver/)
      const ids = (JSON.parse(dry.value.outputs.plan ?? '[]') as { id: string }[]).map(({ id }) => id)
      expect(ids).toEqual([
        'add-repository',
        'install-toolkit',
        'hold-packages',
        'restart',
        'label-node',
        'apply-device-plugin',
        'record-gpu',
      ])

      const blocked = await counted(door, () => press())
      expect(blocked.value).toMatchObject({
        exitCode: 1,
        outputs: { result: 'failed', 'failure-code': 'plan-gpu-in-use', changed: 'false', restarted: 'false' },
      })
      expect(blocked.value.report?.failure?.state).toBe('nothing was changed on calypso or in the cluster')
      expect(blocked.value.report?.failure?.remedy).toContain('allow-gpu-disruption')
      expect([...writes(dry.requests), ...writes(blocked.requests)]).toEqual([])
      expect([hostTree(door), objectsOf(door), k3sOf(door)]).toEqual([before, objectsBefore, k3sBefore])

      world.calypso.setGpuProcesses([])
      const first = await press()
      expect(first).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: {
          result: 'prepared',
          changed: 'true',
          restarted: 'true',
          'restart-reason': 'runtime-missing',
          'toolkit-version': '1.20.0-1',
          allocatable: '{"nvidia.com/gpu":"1"}',
        },
      })
      expect(fileOf(door, 'etc/apt/sources.list.d/nvidia-container-toolkit.list')).toBe(
        'deb [signed-by=/usr/share/keyrings/nvidia-container-toolkit-keyring.gpg] https://nvidia.github.io/libnvidia-container/stable/deb/$(ARCH) /\n',
      )
      expect(fileOf(door, 'usr/share/keyrings/nvidia-container-toolkit-keyring.gpg')).toContain(
        'C95B321B61E88C1809C4F759DDCAE044F796ECB0',
      )
      const packages = fileOf(door, 'var/lib/dpkg/status')
      for (const name of names)
        expect(packages).toMatch(
          new RegExp(`^Package: ${name}\\nStatus: hold ok installed\\n(.*\\n)?Version: 1\\.20\\.0-1$`, 'm'),
        )
      expect(fileOf(door, rendered)).toContain('BinaryName = "/usr/bin/nvidia-container-runtime"')
      expect(k3sOf(door)).toEqual({ activeState: 'active', restarts: 0, starts: (k3sBefore?.starts ?? 0) + 1 })
      expect(nodeOf(door)).toMatchObject({ isReady: true, annotation: { toolkit: '1.20.0' } })

      const after = hostTree(door)
      const second = await counted(door, () => press())
      expect(second.value).toMatchObject({
        exitCode: 0,
        outputs: { result: 'unchanged', changed: 'false', restarted: 'false' },
      })
      expect([second.sessions, writes(second.requests), hostTree(door)]).toEqual([1, [], after])
      expect(k3sOf(door)?.starts).toBe((k3sBefore?.starts ?? 0) + 1)
    },
    limitMs,
  )
})

describe('a template that keeps the runtime from containerd', () => {
  it(
    'is refused by name; with quarantine-template it is moved aside whole, k3s is restarted once, and the GPU is there',
    async () => {
      const door = await opened({ action: 'gpu-runtime', toolkit: '', faults: new Set(['gpu-harmful-template']) })
      const { world, press } = door
      world.calypso.setGpuProcesses([])
      const before = hostTree(door)
      const text = fileOf(door, template)
      const blocked = await press()
      expect(blocked).toMatchObject({
        exitCode: 1,
        outputs: { 'failure-code': 'gpu-containerd-template', changed: 'false' },
      })
      expect(blocked.report?.failure?.remedy).toContain('quarantine-template')
      expect(hostTree(door)).toEqual(before)

      const starts = k3sOf(door)?.starts ?? 0
      const run = await press({ 'quarantine-template': 'true' })
      expect(run).toMatchObject({
        exitCode: 0,
        outputs: { result: 'prepared', restarted: 'true', allocatable: '{"nvidia.com/gpu":"1"}' },
      })
      expect(run.outputs['restart-reason']).toContain('runtime-missing')
      expect(existsSync(join(world.calypso.root, template))).toBe(false)
      const folder = readdirSync(join(world.calypso.root, 'var/lib/rancher/k3s/agent/etc/containerd'))
      const aside = folder.find((name) => /^config-v3\.toml\.tmpl\.disabled-[0-9a-f]{8}$/.test(name))
      expect(fileOf(door, `var/lib/rancher/k3s/agent/etc/containerd/${aside}`)).toBe(text)
      expect([nodeOf(door).isReady, k3sOf(door)?.starts]).toEqual([true, starts + 1])
      expect(await press()).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', restarted: 'false' } })
    },
    limitMs,
  )
})
