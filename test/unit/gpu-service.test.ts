import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { checkGpu, planGpu } from '../../src/gpu/index.ts'
import type { ContainerdService, GpuFacts, GpuWish } from '../../src/gpu/model.ts'
import { confirmService, planService } from '../../src/gpu/service/index.ts'
import { nodeOf } from './gpu-cluster-world.ts'
import { gpuSituation } from './gpu-situations.ts'

const root = join(import.meta.dirname, '../../..')
const program = '/usr/bin/nvidia-container-runtime'
const file = (path: string, text: string) => ({ path, sha256: 'a'.repeat(64), text })
const plain = `version = 2
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
`
const withNvidia = (path: string, isDefault = false): string => `version = 2
[plugins."io.containerd.grpc.v1.cri".containerd]
  ${isDefault ? 'default_runtime_name = "nvidia"' : ''}
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia.options]
  BinaryName = "${path}"
`

/** velaryon of the seed: kubeadm's containerd, with the toolkit installed and nothing told of it. */
function velaryon(service: Partial<ContainerdService>, wish: Partial<GpuWish> = {}, handlers?: readonly string[]) {
  const situation = gpuSituation({
    wish,
    k3s: { unit: '', activeState: '', version: '', searchPath: [] },
    reading: { node: nodeOf({ name: 'velaryon' }), runtimeClass: undefined },
  })
  const gpu: GpuFacts = {
    ...situation.gpu,
    containerd: { templates: [], ...(handlers ? { handlers } : {}) },
    service: {
      activeState: 'active',
      version: '1.7.28',
      config: file('/etc/containerd/config.toml', plain),
      dropIns: [],
      effective: file('containerd config dump', plain),
      problem: '',
      changedSinceStart: [],
      ...service,
    },
  }
  return { ...situation, gpu }
}
const planned = (...args: Parameters<typeof velaryon>) => planService(velaryon(...args)).map(({ id }) => id)
const verdicts = (...args: Parameters<typeof velaryon>) =>
  Object.fromEntries(checkGpu(velaryon(...args)).map(({ id, verdict }) => [id, verdict]))

const recorded = (name: string): string =>
  readFileSync(join(root, 'test/fixtures/containerd/nvidia-ctk-1.20.0', name), 'utf8')

describe('what the real nvidia-ctk writes', () => {
  const known = ['runc', 'nvidia']
  const dump = (name: string) => file('containerd config dump', recorded(name))

  it('is read as what was wanted: the runtime, its program, and the default where it is one', () => {
    expect(planned({ effective: dump('config-before.toml') }, {}, ['runc'])).toEqual(['configure-runtime', 'restart'])
    expect(planned({ effective: dump('99-nvidia.toml') }, {}, known)).toEqual([])
    expect(planned({ effective: dump('99-nvidia.toml') }, { defaultRuntime: 'nvidia' }, known)).toContain('restart')
    expect(planned({ effective: dump('99-nvidia-default.toml') }, { defaultRuntime: 'nvidia' }, known)).toEqual([])
  })

  it('for a configuration of version 1 is imported by nothing, which is why none is written', () => {
    expect(recorded('version-1-said.txt')).toContain('Wrote updated config to /etc/containerd/conf.d/99-nvidia.toml')
    expect(recorded('version-1-config-after.toml')).not.toContain('imports')
    const config = file('/etc/containerd/config.toml', recorded('version-1-config-after.toml'))
    expect(planned({ config }, {}, ['runc'])).toEqual([])
  })
})

describe('a containerd that is no part of k3s', () => {
  it('is told of the runtime by nvidia-ctk and restarted, and gets the RuntimeClass that only k3s ships', () => {
    const { plan, restart } = planGpu(velaryon({}, {}, ['runc']), [])
    const ids = plan.changes.map(({ id }) => id)
    expect(ids.filter((id) => ['configure-runtime', 'restart', 'apply-runtime-class'].includes(id))).toEqual([
      'configure-runtime',
      'restart',
      'apply-runtime-class',
    ])
    expect(restart).toEqual(['runtime-missing'])
    const restarted = plan.changes.find(({ id }) => id === 'restart')
    expect(restarted).toMatchObject({
      target: 'containerd',
      disrupts: expect.stringContaining('containers keep running'),
    })
  })

  it('is left alone when it runs with the runtime already', () => {
    const effective = file('containerd config dump', withNvidia(program))
    expect(planned({ effective }, {}, ['runc', 'nvidia'])).toEqual([])
    expect(verdicts({ effective }, {}, ['runc', 'nvidia'])['gpu.runtime-config']).toBe('pass')
    // Nobody could ask it (no crictl), and nothing is newer than its process.
    expect(planned({ effective })).toEqual([])
  })

  it('is restarted when an earlier run wrote the file and ended before the restart', () => {
    const effective = file('containerd config dump', withNvidia(program))
    expect(planned({ effective }, {}, ['runc'])).toEqual(['restart'])
    expect(planned({ effective, changedSinceStart: ['/etc/containerd/conf.d/99-nvidia.toml'] })).toEqual(['restart'])
  })

  it('is told again when it would start another program', () => {
    const effective = file('containerd config dump', withNvidia('/opt/old/nvidia-container-runtime'))
    expect(planned({ effective }, {}, ['runc', 'nvidia'])).toEqual(['configure-runtime', 'restart'])
  })

  it('gets nvidia as its default only when that is wished, and loses it only where the drop-in set it', () => {
    const without = file('containerd config dump', withNvidia(program))
    const withDefault = file('containerd config dump', withNvidia(program, true))
    const known = ['runc', 'nvidia']
    expect(planned({ effective: without }, { defaultRuntime: 'nvidia' }, known)).toEqual([
      'configure-runtime',
      'restart',
    ])
    expect(planned({ effective: withDefault }, {}, known)).toEqual([])
    expect(verdicts({ effective: withDefault }, {}, known)['gpu.default-runtime']).toBe('warn')
    expect(planned({ effective: withDefault }, { defaultRuntime: 'unset' }, known)).toEqual([])
    const dropIns = [file('/etc/containerd/conf.d/99-nvidia.toml', withNvidia(program, true))]
    expect(planned({ effective: withDefault, dropIns }, { defaultRuntime: 'unset' }, known)).toEqual([
      'configure-runtime',
      'restart',
    ])
  })

  it('with a configuration of version 1 gets a check that fails, and no change: nvidia-ctk would only say that it did it', () => {
    const config = file('/etc/containerd/config.toml', 'disabled_plugins = []\n')
    expect(planned({ config }, {}, ['runc'])).toEqual([])
    expect(verdicts({ config })['gpu.containerd-config']).toBe('fail')
  })

  it('with the plugin cri disabled, or a configuration that it cannot read, is left alone and said', () => {
    const effective = file('containerd config dump', `disabled_plugins = ["cri"]\n${plain}`)
    expect(verdicts({ effective })['gpu.containerd-config']).toBe('fail')
    const broken = { effective: undefined, problem: 'toml: expected character =' }
    expect(planned(broken)).toEqual([])
    const check = checkGpu(velaryon(broken)).find(({ id }) => id === 'gpu.containerd-config')
    expect(check).toMatchObject({ verdict: 'fail', found: expect.stringContaining('expected character =') })
  })

  it('with a toolkit whose nvidia-ctk would rewrite its own file is left alone until the toolkit is upgraded', () => {
    const before = velaryon({}, {}, ['runc'])
    const old = {
      ...before,
      gpu: {
        ...before.gpu,
        toolkit: {
          ...before.gpu.toolkit,
          ctkVersion: '1.17.8',
          packages: before.gpu.toolkit.packages.map((one) => ({ ...one, version: '1.17.8-1', isHeld: false })),
        },
      },
    }
    expect(planService(old)).toEqual([])
    const check = checkGpu(old).find(({ id }) => id === 'gpu.containerd-config')
    expect(check).toMatchObject({ verdict: 'fail', remedy: expect.stringContaining('toolkit-version: 1.20.0') })
    const { plan } = planGpu({ ...old, wish: { ...old.wish, toolkitVersion: '1.20.0' } }, [])
    const ids = plan.changes.map(({ id }) => id)
    expect(ids.filter((id) => ['install-toolkit', 'configure-runtime', 'restart'].includes(id))).toEqual([
      'install-toolkit',
      'configure-runtime',
      'restart',
    ])
  })

  it('that does not run is no place for GPUs', () => {
    expect(verdicts({ activeState: 'failed' })['containerd.service']).toBe('fail')
  })

  it('is confirmed by what it would start with and what the running one names; unknown is no proof', () => {
    const effective = file('containerd config dump', withNvidia(program))
    expect(confirmService(velaryon({ effective }, {}, ['runc', 'nvidia'])).verdict).toBe('pass')
    expect(confirmService(velaryon({ effective }, {}, ['runc'])).verdict).toBe('fail')
    expect(confirmService(velaryon({}, {}, ['runc'])).verdict).toBe('fail')
    expect(confirmService(velaryon({ effective: undefined })).verdict).not.toBe('pass')
  })
})
