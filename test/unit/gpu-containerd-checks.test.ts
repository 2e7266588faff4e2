import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { confirmRuntimeConfig, containerdChecks } from '../../src/gpu/checks/containerd.ts'
import { containerdCheckRegistry } from '../../src/gpu/checks/registry-containerd.ts'
import type { HostStep } from '../../src/gpu/index.ts'
import { entryOf } from '../../src/join/index.ts'
import type { Check } from '../../src/report/index.ts'
import { type GpuChanges, gpuSituation, hostText, preparedGpu, program, renderedText } from './gpu-situations.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`../../../test/fixtures/containerd-templates/${name}`, import.meta.url), 'utf8')
const seed = fixture('seed-000.toml.tmpl')
const inEffect = (text: string, file = 'config.toml.tmpl') => ({
  rendered: hostText('config.toml', text),
  templates: [hostText(file, text)],
  handlers: ['runc'],
})
const ownFile = '/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml'
const stale = { name: program.name, path: '/usr/local/nvidia/toolkit/nvidia-container-runtime', package: '' }
const said = (place: string, value: string) => ({ defaultRuntimes: [{ place, value }] })
const daemonSet = {
  namespace: 'gpu-operator',
  name: 'nvidia-container-toolkit-daemonset',
  uid: '1',
  resourceVersion: '1',
  labels: {},
  annotations: {},
  fieldManagers: [],
  owners: [],
  object: {},
  desired: 1,
  ready: 1,
  isObserved: true,
}

const all = (changes: GpuChanges = {}, steps: readonly HostStep[] = []) =>
  containerdChecks(gpuSituation(changes), steps)
const one = (id: string, changes: GpuChanges = {}, steps: readonly HostStep[] = []): Check => {
  const found = all(changes, steps).find((check) => check.id === id)
  if (!found) throw new Error(`no check ${id}`)
  return found
}
const loud = (checks: readonly Check[]) =>
  checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip').map(({ id, verdict }) => `${id} ${verdict}`)

it('calypso as k3s left it: every answer is the good one', () => {
  expect(all().map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
    'k3s.service pass',
    'gpu.search-path pass',
    'gpu.containerd-template pass',
    'gpu.default-runtime pass',
    'gpu.runtime-config pass',
    'gpu.restart-pending pass',
  ])
})

/** What is found, and which checks speak up: one cause, one failure. */
const cases: readonly [string, GpuChanges, readonly HostStep[], readonly string[]][] = [
  ['no k3s', { k3s: { unit: '', activeState: '' } }, [], ['k3s.service fail']],
  ['k3s is down', { k3s: { activeState: 'failed' } }, [], ['k3s.service fail']],
  [
    'k3s is down for want of the toolkit, which is installed now',
    {
      k3s: { activeState: 'activating', ...said('/etc/rancher/k3s/config.yaml', 'nvidia') },
      containerd: { rendered: hostText('config.toml', renderedText()), handlers: undefined },
      gpu: { runtimes: [] },
    },
    ['install-toolkit'],
    ['k3s.service warn', 'gpu.default-runtime warn'],
  ],
  [
    'a fresh host: toolkit planned',
    { gpu: { runtimes: [] }, containerd: { rendered: hostText('config.toml', renderedText()), handlers: ['runc'] } },
    ['install-toolkit'],
    [],
  ],
  [
    'no toolkit, only looked at',
    { gpu: { runtimes: [] }, containerd: { rendered: hostText('config.toml', renderedText()), handlers: ['runc'] } },
    [],
    [],
  ],
  [
    'the operator’s folder was left behind',
    { gpu: { runtimes: [stale, { ...program, package: 'x' }] } },
    [],
    ['gpu.search-path fail'],
  ],
  [
    'a living operator keeps it',
    {
      gpu: { runtimes: [stale] },
      containerd: { rendered: hostText('config.toml', renderedText({ nvidia: stale.path })) },
      reading: { daemonSets: [daemonSet] },
    },
    [],
    [],
  ],
  [
    'the program is where k3s does not look',
    { gpu: { runtimes: [{ ...program, path: '/opt/nvidia/toolkit/nvidia-container-runtime', package: '' }] } },
    [],
    ['gpu.search-path fail'],
  ],
  ['seed 000’s template', { containerd: inEffect(seed) }, [], ['gpu.containerd-template fail']],
  [
    'seed 000’s template, to be moved aside',
    { containerd: inEffect(seed), wish: { quarantineTemplate: true } },
    [],
    ['gpu.containerd-template warn'],
  ],
  [
    'the draft for spark',
    { containerd: inEffect(fixture('spark.toml.tmpl')) },
    [],
    ['gpu.containerd-template fail', 'gpu.default-runtime warn'],
  ],
  [
    'a repeated table',
    { containerd: inEffect(fixture('runc-566.toml.tmpl'), 'config-v3.toml.tmpl') },
    [],
    ['gpu.containerd-template fail'],
  ],
  [
    'a template that adds',
    { containerd: { templates: [hostText('config-v3.toml.tmpl', '{{ template "base" . }}')] } },
    [],
    ['gpu.containerd-template warn'],
  ],
  [
    'nvidia is the default runtime',
    {
      k3s: said(ownFile, 'nvidia'),
      containerd: { rendered: hostText('config.toml', renderedText({ nvidia: program.path }, 'nvidia')) },
    },
    [],
    ['gpu.default-runtime warn'],
  ],
  [
    'a default runtime that is not found',
    { k3s: said('/etc/rancher/k3s/config.yaml', 'nvidia'), gpu: { runtimes: [] } },
    [],
    ['gpu.default-runtime fail'],
  ],
  [
    'runc as the default runtime, which k3s never finds',
    { k3s: said('/etc/rancher/k3s/config.yaml', 'runc') },
    [],
    ['gpu.default-runtime fail'],
  ],
  [
    'nvidia is wished, and an argument says otherwise',
    {
      wish: { defaultRuntime: 'nvidia' },
      k3s: said('k3s-agent.service', 'nvidia-cdi'),
      gpu: {
        runtimes: [
          { ...program, package: '' },
          { name: 'nvidia-container-runtime.cdi', path: '/usr/bin/nvidia-container-runtime.cdi', package: '' },
        ],
      },
    },
    [],
    ['gpu.default-runtime fail', 'gpu.restart-pending warn'],
  ],
  [
    'nvidia is wished, and there is no toolkit',
    { wish: { defaultRuntime: 'nvidia' }, gpu: { runtimes: [] } },
    [],
    ['gpu.default-runtime fail'],
  ],
  [
    'unset is wished, and it is the owner’s',
    {
      wish: { defaultRuntime: 'unset' },
      k3s: said('/etc/rancher/k3s/config.yaml', 'nvidia'),
      containerd: { rendered: hostText('config.toml', renderedText({ nvidia: program.path }, 'nvidia')) },
    },
    [],
    ['gpu.default-runtime warn'],
  ],
  [
    'somebody changed it and did not restart',
    { k3s: said('/etc/rancher/k3s/config.yaml', 'nvidia') },
    [],
    ['gpu.default-runtime warn', 'gpu.restart-pending warn'],
  ],
  [
    'the running containerd does not name the handler',
    { containerd: { handlers: ['runc'] } },
    [],
    ['gpu.runtime-config fail'],
  ],
  [
    'a copy of the configuration names another program',
    {
      gpu: { runtimes: [{ ...program, path: '/usr/local/bin/nvidia-container-runtime', package: '' }] },
      containerd: { templates: [hostText('config-v3.toml.tmpl', renderedText({ nvidia: program.path }))] },
    },
    [],
    ['gpu.containerd-template warn', 'gpu.runtime-config fail'],
  ],
  [
    'nothing could be read',
    { containerd: { rendered: undefined, handlers: undefined }, gpu: { runtimes: [] } },
    [],
    ['gpu.runtime-config fail'],
  ],
]

it.each(cases)('%s', (_name, changes, steps, wanted) => {
  const checks = all(changes, steps)
  expect(loud(checks)).toEqual(wanted)
  for (const check of checks) {
    expect(entryOf(containerdCheckRegistry, check.id)).toBeDefined()
    if (check.verdict === 'fail' || check.verdict === 'warn')
      expect([check.cause, check.remedy]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)])
    expect(JSON.stringify(check)).not.toContain('undefined')
  }
})

describe('a harmful template', () => {
  it('is told with everything that it removes, the worst first', () => {
    const check = one('gpu.containerd-template', { containerd: inEffect(seed) })
    expect(check.found).toContain('config.toml.tmpl removes 18 keys of k3s')
    expect(check.cause).toMatch(/without \{\{ template "base" \. \}\} .*pods get no network.*; and 3 more$/)
    expect(check.remedy).toContain('quarantine-template: true')
    const lines = check.evidence ?? []
    expect(lines.filter((line) => line.startsWith('removes '))).toHaveLength(18)
    expect(lines[1]).toContain('removes version (2)')
    expect(lines.at(-1)).toContain('plugins.cri.containerd has no effect')
    expect(lines.join('\n')).toContain('cni.conf_dir (/var/lib/rancher/k3s/agent/etc/cni/net.d): pods get no network')
  })

  it('that waits behind another one is told as well', () => {
    const templates = [hostText('config.toml.tmpl', seed), hostText('config-v3.toml.tmpl', '{{ template "base" . }}')]
    const check = one('gpu.containerd-template', { containerd: { templates } })
    expect(check.verdict).toBe('fail')
    expect(check.found).toContain('k3s takes /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl now')
  })

  it('cannot fill the report', () => {
    const text = Array.from({ length: 2000 }, (_, n) => `[plugins.cri.t${n}]\na = 1`).join('\n')
    expect(one('gpu.containerd-template', { containerd: inEffect(text) }).evidence?.length).toBeLessThan(60)
  })
})

it('who left the stale folder, what it shadows and how to be rid of it', () => {
  const check = one('gpu.search-path', { gpu: { runtimes: [stale] } }, ['install-toolkit'])
  expect(check.found).toBe(
    '/usr/local/nvidia/toolkit/nvidia-container-runtime comes before /usr/bin/nvidia-container-runtime',
  )
  expect(check.remedy).toContain('sudo mv /usr/local/nvidia/toolkit /usr/local/nvidia/toolkit.disabled')
})

it('which place says a default runtime that wins', () => {
  const places = [
    { place: '/etc/rancher/k3s/config.yaml', value: 'nvidia' },
    { place: '/etc/rancher/k3s/config.yaml.d/70-mine.yaml', value: 'nvidia-cdi' },
  ]
  const runtimes = [
    ...preparedGpu.runtimes,
    { name: 'nvidia-container-runtime.cdi', path: '/usr/bin/nvidia-container-runtime.cdi', package: '' },
  ]
  const check = one('gpu.default-runtime', {
    wish: { defaultRuntime: 'nvidia' },
    k3s: { defaultRuntimes: places },
    gpu: { runtimes },
  })
  expect(check).toMatchObject({
    verdict: 'fail',
    found: 'nvidia is wished, but /etc/rancher/k3s/config.yaml.d/70-mine.yaml says nvidia-cdi and wins',
  })
})

it.each<[string, GpuChanges, Check['verdict']]>([
  ['is so', {}, 'pass'],
  ['k3s did not render the runtime', { containerd: { rendered: hostText('config.toml', renderedText()) } }, 'fail'],
  [
    'it rendered another program',
    { containerd: { rendered: hostText('config.toml', renderedText({ nvidia: '/opt/x' })) } },
    'fail',
  ],
  ['a harmful configuration is still in effect', { containerd: { rendered: hostText('config.toml', seed) } }, 'fail'],
  ['the running containerd does not name it', { containerd: { handlers: ['runc'] } }, 'fail'],
  ['the template is still there', { containerd: inEffect(seed) }, 'error'],
  ['the program is gone', { gpu: { runtimes: [] } }, 'error'],
])('after the changes: %s', (_name, changes, verdict) => {
  const check = confirmRuntimeConfig(gpuSituation(changes))
  expect([check.id, check.verdict]).toEqual(['confirm.runtime-config', verdict])
  expect(JSON.stringify(check)).not.toContain('undefined')
})
