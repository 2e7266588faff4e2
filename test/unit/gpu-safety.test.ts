import { describe, expect, it } from '@jest/globals'
import { confirmRuntimeConfig } from '../../src/gpu/checks/containerd.ts'
import { checkGpu, type GpuSituation, planGpu } from '../../src/gpu/index.ts'
import { restartReasons } from '../../src/gpu/plan-runtime.ts'
import { nodeOf } from './gpu-cluster-world.ts'
import { type GpuChanges, gpuSituation, hostText, program, renderedText } from './gpu-situations.ts'
import { factsOfCalypso, tritonInDocker } from './situations.ts'

const verdictOf = (situation: GpuSituation, id: string) => checkGpu(situation).find((one) => one.id === id)?.verdict
const of = (changes: GpuChanges, node = nodeOf()) =>
  gpuSituation({ ...changes, reading: { node, gpuNodes: [node], ...changes.reading } })
const restartOf = (situation: GpuSituation) => planGpu(situation, []).plan.changes.find(({ id }) => id === 'restart')

describe('the host', () => {
  const { systemUuid, machineId } = factsOfCalypso()
  it.each([
    ['the board says so', { systemUuid, machineId: 'other' }, 'pass'],
    ['the board is another, on a copied disk', { systemUuid: systemUuid.replace('4', '5'), machineId }, 'fail'],
    ['only the machine-id can be compared', { systemUuid: '', machineId }, 'pass'],
    ['only the machine-id can be compared, and is another', { systemUuid: '', machineId: 'other' }, 'fail'],
    ['nothing can be compared', { systemUuid: '', machineId: '' }, 'warn'],
  ])('is the machine of the node, or nothing is changed: %s', (_name, identity, verdict) => {
    const situation = of({}, nodeOf(identity))
    expect(verdictOf(situation, 'gpu.machine')).toBe(verdict)
  })
})

describe('a restart of k3s', () => {
  const unread = { containerd: { rendered: undefined, handlers: undefined } }

  it('is no answer to a configuration that nobody could read', () => {
    expect(restartReasons(of(unread), [])).toEqual([])
    expect(restartReasons(of({ ...unread, gpu: { runtimes: [] } }), ['install-toolkit'])).toEqual(['runtime-missing'])
    expect(verdictOf(of(unread), 'gpu.runtime-config')).toBe('fail')
    expect(verdictOf(of({ containerd: { rendered: undefined } }), 'gpu.runtime-config')).toBe('pass')
    expect(confirmRuntimeConfig(of(unread)).verdict).toBe('fail')
  })

  it('that would also start another version of k3s says so', () => {
    const containerd = { rendered: hostText('config.toml', renderedText()), handlers: ['runc'] }
    expect(restartOf(of({ containerd }))?.disrupts).not.toContain('v1.33.4')
    expect(restartOf(of({ containerd }, nodeOf({ kubeletVersion: 'v1.33.1+k3s1' })))?.disrupts).toContain(
      'v1.33.4+k3s1 instead of v1.33.1+k3s1',
    )
  })

  it('that a killed run left undone is still made on the node that its template keeps NotReady', () => {
    const cut = renderedText({ nvidia: program.path })
      .replace(/\[[^\n]*\.cni\]\n[^\n]*\n[^\n]*\n/, '')
      .replace(/^#.*\n/, '')
    const down = nodeOf({ ready: 'False', readyReason: 'KubeletNotReady', readyMessage: 'cni plugin not initialized' })
    const harmed = of({ containerd: { rendered: hostText('config.toml', cut) } }, down)
    expect(planGpu(harmed, []).restart).toEqual(['harmful-template-removed'])
    expect(verdictOf(harmed, 'gpu.node')).toBe('warn')
    // A harmless template is moved by nobody, and heals nothing.
    const harmless = { templates: [hostText('config-v3.toml.tmpl', '{{ template "base" . }}\n')] }
    expect(verdictOf(of({ wish: { quarantineTemplate: true }, containerd: harmless }, down), 'gpu.node')).toBe('fail')
  })
})

describe('a process outside the cluster that uses the GPU', () => {
  const { gpu } = factsOfCalypso()
  const usedBy = (changes: Partial<typeof gpu>, situation: GpuSituation) =>
    planGpu({ ...situation, host: factsOfCalypso({ gpu: { ...gpu, pciDevices: 1, ...changes } }) }, []).plan.blockers
  const triton = { processes: [tritonInDocker] }
  const packages = of({}).gpu.toolkit.packages.map((one) => ({ ...one, version: '1.17.8-1' }))
  const upgrade = { gpu: { toolkit: { ...of({}).gpu.toolkit, packages } }, wish: { toolkitVersion: '1.20.0' } }
  const restart = { containerd: { rendered: hostText('config.toml', renderedText()), handlers: ['runc'] } }

  it.each([
    ['a package change', upgrade],
    ['a restart', restart],
  ])('is not disturbed by %s unless that is allowed', (_name, changes) => {
    expect(usedBy(triton, of(changes)).map(({ id }) => id)).toEqual(['plan.gpu-in-use'])
    expect(usedBy({ areProcessesKnown: false }, of(changes)).map(({ id }) => id)).toEqual(['plan.gpu-in-use'])
    expect(usedBy(triton, of({ ...changes, wish: { ...upgrade.wish, allowGpuDisruption: true } }))).toEqual([])
    expect(usedBy({}, of(changes))).toEqual([])
  })

  it('is not disturbed by links, holds, a label or the device plugin', () => {
    const held = of({}).gpu.toolkit.packages.map((one) => ({ ...one, isHeld: false }))
    const deviceLinks = { missing: ['/dev/nvidia0'], hasRule: false, isNeeded: true }
    const changes = { gpu: { toolkit: { ...of({}).gpu.toolkit, packages: held }, deviceLinks } }
    expect(usedBy(triton, of(changes, nodeOf({ labels: {} })))).toEqual([])
  })
})

describe('a GPU that is not on the PCI bus', () => {
  const devices = [{ index: 0, uuid: 'GPU-1', name: 'Orin', driverVersion: '', pciBusId: '', computeCapability: '8.7' }]
  it('needs the toolkit like any other', () => {
    const none = { pci: [], devices, runtimes: [] }
    const toolkit = { ...of({}).gpu.toolkit, packages: [], packageManager: '' as const }
    expect(verdictOf(of({ gpu: { ...none, toolkit } }), 'gpu.toolkit-repository')).toBe('fail')
  })
})
