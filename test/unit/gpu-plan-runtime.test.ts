import { describe, expect, it } from '@jest/globals'
import { predictRuntimes, templatesToQuarantine } from '../../src/gpu/containerd/index.ts'
import type { HostStep, RestartReason } from '../../src/gpu/index.ts'
import { planRuntime, restartReasons, runtimeSteps } from '../../src/gpu/plan-runtime.ts'
import { type GpuChanges, gpuSituation, hostText, preparedGpu, program, renderedText } from './gpu-situations.ts'

const ownFile = '/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml'
const harmful = 'version = 2\n'
const noToolkit = { runtimes: [] }
const withNvidia = { rendered: hostText('config.toml', renderedText({ nvidia: program.path })) }
const without = { rendered: hostText('config.toml', renderedText()), handlers: ['runc'] }
const rendered = (text: string) => ({ rendered: hostText('config.toml', text) })

describe('what k3s will find', () => {
  const at = (...paths: string[]) => ({
    ...preparedGpu,
    runtimes: paths.map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), path, package: '' })),
  })
  const found = (gpu: typeof preparedGpu, ...steps: HostStep[]) =>
    predictRuntimes(gpu, steps).map(({ name, path }) => `${name} ${path}`)

  it('is the first program of each kind in its search path, in whatever order they were found', () => {
    expect(
      found(at('/usr/bin/nvidia-container-runtime', '/usr/local/nvidia/toolkit/nvidia-container-runtime')),
    ).toEqual(['nvidia /usr/local/nvidia/toolkit/nvidia-container-runtime'])
    expect(
      found(
        at(
          '/usr/bin/nvidia-container-runtime',
          '/usr/bin/nvidia-container-runtime.cdi',
          '/usr/bin/nvidia-container-runtime-experimental',
        ),
      ),
    ).toEqual([
      'nvidia /usr/bin/nvidia-container-runtime',
      'nvidia-cdi /usr/bin/nvidia-container-runtime.cdi',
      'nvidia-experimental /usr/bin/nvidia-container-runtime-experimental',
    ])
  })

  it('is not what stands where it does not look, nor anything of another name', () => {
    expect(
      found(at('/opt/nvidia/toolkit/nvidia-container-runtime', '/usr/bin/constructor', '/nvidia-container-runtime')),
    ).toEqual([])
  })

  it('is what the packages bring, unless something comes before them', () => {
    expect(found(at(), 'install-toolkit')).toEqual(['nvidia /usr/bin/nvidia-container-runtime'])
    const local = at('/usr/local/bin/nvidia-container-runtime')
    expect(found(local, 'install-toolkit')).toEqual(['nvidia /usr/local/bin/nvidia-container-runtime'])
    expect(found({ ...at(), k3s: { ...preparedGpu.k3s, searchPath: ['/opt/bin'] } }, 'install-toolkit')).toEqual([])
  })
})

describe('the four reasons for a restart, each alone and all together', () => {
  // What differs between the last start and the next one, one bit each.
  const bits = [
    'runtime-missing',
    'binary-path-changed',
    'default-runtime-changed',
    'harmful-template-removed',
  ] as const
  const cases = Array.from({ length: 16 }, (_, n) => bits.filter((_bit, index) => (n >> index) & 1))
    // A runtime that was missing had no other path.
    .filter((set) => !(set.includes('runtime-missing') && set.includes('binary-path-changed')))

  it.each(cases.map((set) => [set.join(' + ') || 'none', set] as const))('%s', (_name, set) => {
    const has = (bit: RestartReason) => (set as readonly string[]).includes(bit)
    const runtimes: Record<string, string> = has('runtime-missing')
      ? {}
      : { nvidia: has('binary-path-changed') ? '/usr/local/nvidia/toolkit/nvidia-container-runtime' : program.path }
    const good = renderedText(runtimes, has('default-runtime-changed') ? '' : 'nvidia')
    // The network is gone, as after a template without k3s's own text.
    const text = has('harmful-template-removed')
      ? good.replace(/\[[^\n]*\.cni\]\n[^\n]*\n[^\n]*\n/, '').replace(/^#.*\n/, '')
      : good
    const situation = gpuSituation({
      wish: { defaultRuntime: 'nvidia' },
      k3s: { defaultRuntimes: [{ place: ownFile, value: 'nvidia' }] },
      containerd: rendered(text),
    })
    expect(restartReasons(situation, [])).toEqual(set)
    expect(planRuntime(situation).some(({ id }) => id === 'restart')).toBe(set.length > 0)
  })
})

const nothing: readonly RestartReason[] = []
const table: readonly [string, GpuChanges, readonly HostStep[], readonly RestartReason[]][] = [
  ['nothing differs', {}, [], nothing],
  ['the toolkit is upgraded in place', {}, ['install-toolkit', 'hold-packages'], nothing],
  [
    'packages are held, devices linked, a repository added',
    {},
    ['add-repository', 'hold-packages', 'link-devices'],
    nothing,
  ],
  ['the toolkit is installed anew', { gpu: noToolkit, containerd: without }, ['install-toolkit'], ['runtime-missing']],
  ['it is there since the last start', { containerd: without }, [], ['runtime-missing']],
  ['there is none, and none is installed', { gpu: noToolkit, containerd: without }, [], nothing],
  [
    'k3s never came to render anything',
    { k3s: { activeState: 'failed' }, containerd: { rendered: undefined, handlers: undefined } },
    [],
    ['runtime-missing'],
  ],
  [
    'it runs, and what it rendered cannot be read',
    { containerd: { rendered: undefined, handlers: undefined } },
    [],
    nothing,
  ],
  [
    'what it rendered cannot be read, but containerd names the handler',
    { containerd: { rendered: undefined } },
    [],
    nothing,
  ],
  [
    'the operator’s folder is gone',
    { containerd: rendered(renderedText({ nvidia: '/usr/local/nvidia/toolkit/nvidia-container-runtime' })) },
    [],
    ['binary-path-changed'],
  ],
  [
    'somebody else’s default runtime waits for a restart',
    { k3s: { defaultRuntimes: [{ place: '/etc/rancher/k3s/config.yaml', value: 'nvidia' }] } },
    [],
    nothing,
  ],
  [
    'the default runtime is to be nvidia',
    { wish: { defaultRuntime: 'nvidia' } },
    ['write-default-runtime'],
    ['default-runtime-changed'],
  ],
  [
    'it was written, and the run ended before the restart',
    { wish: { defaultRuntime: 'nvidia' }, k3s: { defaultRuntimes: [{ place: ownFile, value: 'nvidia' }] } },
    [],
    ['default-runtime-changed'],
  ],
  [
    'it is to be taken away',
    {
      wish: { defaultRuntime: 'unset' },
      k3s: { defaultRuntimes: [{ place: ownFile, value: 'nvidia' }] },
      containerd: rendered(renderedText({ nvidia: program.path }, 'nvidia')),
    },
    ['remove-default-runtime'],
    ['default-runtime-changed'],
  ],
  [
    'a harmful template is in effect and moved aside',
    { containerd: { ...rendered(harmful), templates: [hostText('config.toml.tmpl', harmful)] } },
    ['quarantine-template'],
    ['runtime-missing', 'harmful-template-removed'],
  ],
  [
    'a harmful template is in effect and stays',
    { containerd: { ...rendered(harmful), templates: [hostText('config.toml.tmpl', harmful)] } },
    [],
    nothing,
  ],
  [
    'it was moved aside, and the run ended before the restart',
    { containerd: rendered(harmful) },
    [],
    ['runtime-missing', 'harmful-template-removed'],
  ],
  [
    'it is moved aside before k3s ever used it',
    { containerd: { ...withNvidia, templates: [hostText('config.toml.tmpl', harmful)] } },
    ['quarantine-template'],
    nothing,
  ],
  [
    'a template that only adds is there',
    { containerd: { ...withNvidia, templates: [hostText('config-v3.toml.tmpl', '{{ template "base" . }}')] } },
    [],
    nothing,
  ],
  [
    'a template that only adds, and the toolkit is new',
    { containerd: { ...without, templates: [hostText('config-v3.toml.tmpl', '{{ template "base" . }}')] } },
    [],
    ['runtime-missing'],
  ],
  [
    'a template that is a copy with a program of its own',
    {
      gpu: { runtimes: [{ ...program, path: '/usr/local/bin/nvidia-container-runtime', package: '' }] },
      containerd: { templates: [hostText('config-v3.toml.tmpl', renderedText({ nvidia: program.path }))] },
    },
    [],
    nothing,
  ],
]

it.each(table)('restart when %s', (_name, changes, steps, reasons) => {
  expect(restartReasons(gpuSituation(changes), steps)).toEqual(reasons)
})

describe('the plan', () => {
  const ids = (changes: GpuChanges, steps: readonly HostStep[] = []) =>
    planRuntime(gpuSituation(changes), steps).map(({ id }) => id)

  it('is empty on a node that is as it should be', () => {
    expect(ids({})).toEqual([])
  })

  it('moves a harmful template aside only when that is wished', () => {
    const containerd = { ...rendered(harmful), templates: [hostText('config.toml.tmpl', harmful)] }
    expect(ids({ containerd })).toEqual([])
    const [move, restart] = planRuntime(gpuSituation({ containerd, wish: { quarantineTemplate: true } }))
    expect(move).toMatchObject({ id: 'quarantine-template', kind: 'edit', undo: 'renamed back' })
    expect(move?.target).toContain('/config.toml.tmpl')
    expect(restart).toMatchObject({ id: 'restart', kind: 'restart', target: 'k3s-agent' })
    expect(restart?.reason).toContain('harmful template')
  })

  it('moves both aside, because k3s would take the second one when the first is gone', () => {
    const templates = [hostText('config.toml.tmpl', harmful), hostText('config-v3.toml.tmpl', '')]
    const situation = gpuSituation({
      containerd: { ...rendered(harmful), templates },
      wish: { quarantineTemplate: true },
    })
    expect(templatesToQuarantine(situation).map(({ path }) => path)).toEqual(templates.map(({ path }) => path))
    // One that only adds stays.
    const adds = hostText('config-v3.toml.tmpl', '{{ template "base" . }}')
    const mixed = gpuSituation({
      containerd: { ...withNvidia, templates: [hostText('config.toml.tmpl', harmful), adds] },
      wish: { quarantineTemplate: true },
    })
    expect(templatesToQuarantine(mixed).map(({ path }) => path)).toEqual([hostText('config.toml.tmpl', '').path])
  })

  it('does not move aside what nobody could judge, nor what this release does not look at', () => {
    const wish = { quarantineTemplate: true }
    expect(ids({ wish, containerd: { templates: [hostText('config-v3.toml.tmpl', 'x'.repeat(70_000))] } })).toEqual([])
    expect(
      ids({ wish, k3s: { version: 'v1.30.9+k3s1' }, containerd: { templates: [hostText('config-v3.toml.tmpl', '')] } }),
    ).toEqual([])
  })

  it('sets the default runtime only where k3s will find it', () => {
    const wish = { defaultRuntime: 'nvidia' as const }
    expect(ids({ wish })).toEqual(['write-default-runtime', 'restart'])
    expect(ids({ wish, gpu: noToolkit, containerd: without })).toEqual([])
    expect(ids({ wish, gpu: noToolkit, containerd: without }, ['install-toolkit'])).toEqual([
      'write-default-runtime',
      'restart',
    ])
    const said = { k3s: { defaultRuntimes: [{ place: '/etc/rancher/k3s/config.yaml', value: 'nvidia' }] } }
    expect(ids({ wish, ...said, containerd: rendered(renderedText({ nvidia: program.path }, 'nvidia')) })).toEqual([])
  })

  it('takes away only the file that this project wrote', () => {
    const wish = { defaultRuntime: 'unset' as const }
    const now = rendered(renderedText({ nvidia: program.path }, 'nvidia'))
    const k3s = (place: string) => ({ defaultRuntimes: [{ place, value: 'nvidia' }] })
    expect(ids({ wish, containerd: now, k3s: k3s(ownFile) })).toEqual(['remove-default-runtime', 'restart'])
    expect(ids({ wish, containerd: now, k3s: k3s('/etc/rancher/k3s/config.yaml') })).toEqual([])
    expect(runtimeSteps(gpuSituation({ wish, gpu: { ownFiles: [{ path: ownFile, sha256: '' }] } }))).toEqual([
      'remove-default-runtime',
    ])
  })

  it('names the server’s unit where the GPU sits in a server', () => {
    expect(planRuntime(gpuSituation({ k3s: { unit: 'k3s' }, containerd: without }))[0]).toMatchObject({ target: 'k3s' })
    expect(ids({ k3s: { unit: '' }, containerd: without })).toEqual([])
  })
})
