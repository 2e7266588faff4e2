/** What a run does to processes that use the GPU outside the cluster: said before, and looked at afterwards. */
import { describe, expect, it } from '@jest/globals'
import type { GpuProcess, HostFacts } from '../../src/host/index.ts'
import { gpuProcessesCheck, planJoin } from '../../src/join/index.ts'
import { planHost } from '../../src/k3s/index.ts'
import { factsOfCalypso, nothingInstalled, situation, tritonInDocker } from './situations.ts'

const card = { name: 'NVIDIA GeForce RTX 4090', driverVersion: '575.51.03', memoryMiB: 24564 }
const triton: GpuProcess = { ...tritonInDocker, startTicks: 4711 }
const pod: GpuProcess = { pid: 77, name: 'python3', owner: 'pod', ownerDetail: 'f00' }
function gpuOf(processes: readonly GpuProcess[], areProcessesKnown = true): HostFacts['gpu'] {
  return { devices: [card], pciDevices: 1, problem: '', processes, areProcessesKnown }
}
const before = factsOfCalypso({ gpu: gpuOf([triton, pod]) })

describe('the processes of the GPU afterwards', () => {
  it.each([
    ['all are there', gpuOf([triton]), false, 'pass'],
    ['one of a pod has gone, which is the cluster’s business', gpuOf([triton]), false, 'pass'],
    ['its start cannot be read', gpuOf([{ ...triton, startTicks: undefined } as unknown as GpuProcess]), false, 'pass'],
    ['it has vanished', gpuOf([pod]), false, 'fail'],
    ['it has vanished, which was allowed', gpuOf([]), true, 'warn'],
    ['it was started anew with its number', gpuOf([{ ...triton, startTicks: 9000 }]), false, 'fail'],
    ['another program has its number', gpuOf([{ ...triton, name: 'python3' }]), false, 'fail'],
    ['the list cannot be had', undefined, false, 'error'],
    ['the list is not complete', gpuOf([], false), false, 'error'],
    ['the list is not complete, and it is in it', gpuOf([triton], false), false, 'pass'],
  ] as const)('when %s', (_, after, allowed, verdict) => {
    const check = gpuProcessesCheck(before, after, allowed)
    expect(check).toMatchObject({ id: 'confirm.gpu-processes', verdict })
    expect(check?.found).toContain('tritonserver (pid 2143, docker)')
    expect(check?.found).not.toContain('python3 (pid 77')
  })

  it('are not asked for where nobody outside the cluster used it', () => {
    expect(gpuProcessesCheck(factsOfCalypso({ gpu: gpuOf([pod]) }), undefined, false)).toBeUndefined()
  })
})

describe('the installer', () => {
  const planned = (facts: HostFacts, allowGpuDisruption = false) => {
    const given = situation({ facts, consent: { ...situation().consent, allowGpuDisruption } })
    const made = planJoin(given, planHost(given, nothingInstalled, undefined), [])
    return { blockers: made.blockers, installer: made.changes.find((change) => change.id === 'run-installer') }
  }

  it('says that it disrupts nothing, and why', () => {
    const { blockers, installer } = planned(before)
    expect(installer?.reason).toMatch(/disrupts nothing.*SYSTEMD_OFFLINE/)
    expect(installer?.disrupts).toBeUndefined()
    expect(blockers).toEqual([])
  })

  it.each([
    ['older than the protection', 236],
    ['unknown', undefined],
  ])('needs consent where the GPU is in use and systemd is %s', (_, systemdVersion) => {
    const facts = { ...before, systemdVersion } as HostFacts
    const { blockers, installer } = planned(facts)
    expect(installer?.disrupts).toMatch(/reload.*can take the GPU/)
    expect(blockers.map((one) => one.id)).toEqual(['plan.gpu-in-use'])
    expect(planned(facts, true).blockers).toEqual([])
    expect(planned({ ...facts, gpu: gpuOf([pod]) }).blockers).toEqual([])
  })

  it('may run with the first systemd that hears SYSTEMD_OFFLINE', () => {
    expect(planned({ ...before, systemdVersion: 237 }).blockers).toEqual([])
  })
})
