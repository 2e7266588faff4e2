import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { driverChecks } from '../../src/gpu/checks/driver.ts'
import { driverCheckRegistry } from '../../src/gpu/checks/registry-driver.ts'
import type { Check } from '../../src/report/index.ts'
import { type Differences, silent, situation } from './gpu-driver-situation.ts'

const checks = (differences: Differences = {}): readonly Check[] => driverChecks(situation(differences))
const find = (id: string, differences: Differences = {}): Check => {
  const found = checks(differences).find((check) => check.id === `gpu.${id}`)
  if (found === undefined) throw new Error(`no check gpu.${id}`)
  return found
}
const notGood = (differences: Differences) =>
  checks(differences)
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ id, verdict }) => `${id} ${verdict}`)
const said = (name: string): { code: number; text: string } => {
  const file = join(import.meta.dirname, '../../../test/fixtures/nvidia-smi', `${name}.txt`)
  const [, code = '', text = ''] = readFileSync(file, 'utf8').split(/^=== \S+ ?(\d+)\n/m)
  return { code: Number(code), text: text.trim() }
}
const unloaded = { loaded: '', on_disk: '575.51.03' }
const log = (lines: string) => ({ fact: 'gpu.kernel-log', lines })

describe('checks of cards and driver', () => {
  it('say nothing of a healthy host but that it is', () => {
    expect(notGood({})).toEqual([])
    expect(find('driver').found).toBe('driver 575.51.03, CUDA up to 12.9: 1 × NVIDIA GeForce RTX 4090')
    expect(checks().map(({ id }) => id)).toEqual(driverCheckRegistry.map(({ id }) => id))
  })

  it('ask nothing more where there is no card, and fail only when one is expected', () => {
    const noCard = (one: Differences): Differences => ({ ...one, gpu: (gpu) => ({ ...gpu, pci: [], devices: [] }) })
    expect(notGood(noCard({}))).toEqual(['gpu.present skip'])
    expect(notGood(noCard({ wish: { expectGpus: 0 } }))).toEqual(['gpu.present skip'])
    expect(notGood(noCard({ wish: { expectGpus: 2 } }))).toEqual(['gpu.present fail'])
    expect(checks(noCard({}))).toHaveLength(1)
  })

  // What keeps the driver from answering → words of the cause, words of the remedy.
  const silences: readonly (readonly [string, Differences, RegExp, RegExp])[] = [
    [
      'no driver at all',
      {
        lines: [
          ...silent(9, said('driver-not-loaded').text, { loaded: '', on_disk: '', library: '' }),
          { fact: 'gpu.packages', manager: 'apt', list: '' },
        ],
      },
      /no NVIDIA driver/,
      /ubuntu-drivers install/,
    ],
    [
      'no driver, and no nvidia-smi either',
      {
        lines: silent(9, '', { loaded: '', on_disk: '' }),
        gpu: (gpu) => ({ ...gpu, smi: { isInstalled: false, said: '' }, driver: { ...gpu.driver, packages: [] } }),
      },
      /no NVIDIA driver/,
      /reboot/,
    ],
    [
      'no module for this kernel',
      { lines: silent(9, said('driver-not-loaded').text, { loaded: '', on_disk: '' }) },
      /no module of it for the running kernel 6\.8\.0-60-generic/,
      /linux-headers-6\.8\.0-60-generic && sudo dkms autoinstall/,
    ],
    [
      'a module that is not loaded',
      { lines: silent(9, said('driver-not-loaded').text, unloaded) },
      /not loaded/,
      /sudo modprobe nvidia/,
    ],
    [
      'Secure Boot',
      { lines: silent(9, said('driver-not-loaded').text, { ...unloaded, secure_boot: 'enabled' }) },
      /Secure Boot is on/,
      /mokutil --import/,
    ],
    [
      'nouveau',
      { lines: silent(9, said('driver-not-loaded').text, { ...unloaded, nouveau: true }) },
      /nouveau/,
      /blacklist nouveau/,
    ],
    [
      'passthrough',
      {
        lines: [
          ...silent(9, said('driver-not-loaded').text, unloaded),
          { fact: 'gpu.pci', address: '0000:01:00.0', id: '10de:2684', driver: 'vfio-pci' },
        ],
      },
      /virtual machines/,
      /vfio-pci\.ids/,
    ],
    [
      'a library that is missing',
      { lines: silent(12, said('library-missing').text, { library: '' }) },
      /libnvidia-ml\.so\.1, the library/,
      /575\.51\.03/,
    ],
    [
      'a library that is not found',
      { lines: silent(12, said('library-missing').text) },
      /loader does not find/,
      /ldconfig/,
    ],
    ['no devices', { lines: silent(6, said('no-devices').text) }, /could not start the card/, /dmesg/],
    [
      'no devices, whatever the code',
      { lines: silent(0, said('no-devices').text) },
      /could not start the card/,
      /dmesg/,
    ],
    ['no supported devices', { lines: silent(255, said('no-supported-gpus').text) }, /no card is bound/, /dmesg/],
    ['a lost GPU', { lines: silent(15, said('gpu-lost').text) }, /fallen off the bus/, /power/],
    ['a lost GPU by its words', { lines: silent(255, said('handle-unknown').text) }, /fallen off the bus/, /power/],
    ['no answer', { lines: silent(124, '') }, /hangs/, /reboot/],
    [
      'programs that are missing',
      { gpu: (gpu) => ({ ...gpu, devices: [], smi: { isInstalled: false, said: '' } }) },
      /nvidia-smi is not on this host/,
      /nvidia-utils/,
    ],
    ['an unknown code', { lines: silent(77, 'Some new words') }, /exit code 77: Some new words/, /dmesg/],
    ['an answer without GPUs', { lines: silent(0, 'rubbish') }, /listed no GPU/, /query-gpu/],
    ['no permission', { lines: silent(4, 'x') }, /may not ask/, /sudo-password/],
  ]
  it.each(silences)('tell %s from every other reason, with what to type', (_, differences, cause, remedy) => {
    const check = find('driver', differences)
    expect(check.verdict).toBe('fail')
    expect(check.cause).toMatch(cause)
    expect(check.remedy).toMatch(remedy)
  })

  it('show what nvidia-smi and the kernel said', () => {
    const lines = [
      ...silent(15, said('gpu-lost').text),
      log('NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.'),
    ]
    expect(find('driver', { lines }).evidence).toEqual([said('gpu-lost').text, expect.stringContaining('Xid')])
  })

  it('a driver of two versions: one failing check, with the way without a reboot', () => {
    const mismatch = { lines: silent(18, said('version-mismatch').text, { library: 'libnvidia-ml.so.575.57.08' }) }
    expect(notGood(mismatch).filter((one) => one.endsWith('fail'))).toEqual(['gpu.driver-version fail'])
    expect(find('driver-version', mismatch).found).toBe('the module is 575.51.03, the libraries are 575.57.08')
    expect(find('driver-version', mismatch).remedy).toContain('rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia')
    const unknown = { lines: silent(18, said('version-mismatch').text, { library: '' }) }
    expect(find('driver-version', unknown).found).toContain('the libraries are 535.161')
    // Other words, same fault; but a driver that answers has proven that its parts agree.
    expect(find('driver-version', { lines: silent(255, 'x', { library: 'libnvidia-ml.so.570.1.1' }) }).verdict).toBe(
      'fail',
    )
    const elsewhere = {
      gpu: (gpu: ReturnType<typeof situation>['gpu']) => ({ ...gpu, driver: { ...gpu.driver, userSpace: '570.1' } }),
    }
    expect(find('driver-version', elsewhere).verdict).toBe('warn')
  })

  const findings: readonly (readonly [string, Differences, string])[] = [
    [
      'a newer module on disk',
      { gpu: (gpu) => ({ ...gpu, driver: { ...gpu.driver, onDisk: '575.57.08' } }) },
      'gpu.driver-version warn',
    ],
    [
      'newer packages',
      { lines: [{ fact: 'gpu.packages', manager: 'apt', list: 'libnvidia-compute-580\t580.65.06-0ubuntu1\tii ' }] },
      'gpu.driver-version warn',
    ],
    [
      'nouveau loaded beside',
      { gpu: (gpu) => ({ ...gpu, driver: { ...gpu.driver, isNouveauLoaded: true } }) },
      'gpu.nouveau warn',
    ],
    [
      'a kernel without a module',
      {
        lines: [
          { fact: 'gpu.kernels', installed: '6.8.0-9-generic 6.8.0-110-generic', with_module: '6.8.0-60-generic' },
        ],
      },
      'gpu.next-kernel warn',
    ],
    ['a pending reboot', { lines: [{ fact: 'gpu.reboot', pending: true, packages: '' }] }, 'gpu.reboot warn'],
    [
      'a corrupt infoROM',
      {
        lines: [
          { fact: 'gpu.smi', code: said('inforom').code, said: said('inforom').text.replace('B3:00.0,', '01:00.0,') },
        ],
      },
      'gpu.inforom warn',
    ],
    ['fewer GPUs than expected', { wish: { expectGpus: 2 } }, 'gpu.count fail'],
    ['more GPUs than expected', { wish: { expectGpus: 0 } }, 'gpu.count warn'],
    [
      'a card that the driver has and does not list',
      { gpu: (gpu) => ({ ...gpu, pci: [...gpu.pci, { address: '0000:02:00.0', id: '10de:2684', driver: 'nvidia' }] }) },
      'gpu.count fail',
    ],
    [
      'a card for virtual machines',
      {
        gpu: (gpu) => ({ ...gpu, pci: [...gpu.pci, { address: '0000:02:00.0', id: '10de:2684', driver: 'vfio-pci' }] }),
      },
      'gpu.count warn',
    ],
    [
      'a card out of order that was accepted',
      {
        wish: { expectGpus: 1 },
        gpu: (gpu) => ({ ...gpu, pci: [...gpu.pci, { address: '0000:02:00.0', id: '10de:2684', driver: 'nvidia' }] }),
      },
      'gpu.count warn',
    ],
    ['another product', { wish: { expectProduct: 'NVIDIA GeForce RTX 2070' } }, 'gpu.product fail'],
    [
      'a program outside the cluster',
      {
        lines: [
          { fact: 'gpu-process', pid: 2143, name: 'tritonserver', memory: 1710, owner: 'container', detail: 'docker' },
        ],
      },
      'gpu.processes warn',
    ],
    ['processes that nobody lists', { lines: [{ fact: 'gpu-processes', known: false }] }, 'gpu.processes warn'],
    ['upgrades of the driver', { lines: [{ fact: 'gpu.unattended', on: true }] }, 'gpu.upgrades warn'],
    [
      'links that are missing',
      { lines: [{ fact: 'gpu.device-links', missing: '/dev/nvidia0', rule: true }] },
      'gpu.device-links warn',
    ],
    [
      'a rule that is missing',
      { lines: [{ fact: 'gpu.device-links', missing: '', rule: false }] },
      'gpu.device-links warn',
    ],
  ]
  it.each(findings)('find %s, and nothing else', (_, differences, expected) => {
    expect(notGood(differences)).toEqual([expected])
    const check = checks(differences).find(({ verdict }) => verdict !== 'pass')
    expect(check?.cause).toBeTruthy()
    expect(check?.remedy).toBeTruthy()
  })

  it('are content with what is held, will be held, or is as it should be', () => {
    const on = { fact: 'gpu.unattended', on: true }
    const held = {
      fact: 'gpu.packages',
      manager: 'apt',
      list: 'nvidia-driver-575\t575.51.03-0\thi \nlibnvidia-container1\t1.20.0-1\thi ',
    }
    expect(notGood({ lines: [on], wish: { holdPackages: 'all' } })).toEqual([])
    expect(notGood({ lines: [on, held], wish: { holdPackages: 'none' } })).toEqual([])
    expect(find('upgrades', { lines: [on], wish: { holdPackages: 'none' } }).found).toContain(
      'nvidia-container-toolkit',
    )
    expect(notGood({ wish: { expectGpus: 1, expectProduct: 'NVIDIA GeForce RTX 4090' } })).toEqual([])
    expect(
      notGood({ lines: [{ fact: 'gpu.kernels', installed: '6.8.0-9-generic 6.8.0-60-generic', with_module: '' }] }),
    ).toEqual([])
    expect(
      notGood({ lines: [{ fact: 'gpu-process', pid: 9, name: 'python', memory: 5, owner: 'pod', detail: 'uid' }] }),
    ).toEqual([])
    expect(
      find('processes', { lines: [{ fact: 'gpu-process', pid: 9, name: 'python', memory: 5, owner: 'pod' }] }).found,
    ).toBe('1 process in pods')
    const links = {
      lines: [
        { fact: 'init', name: 'openrc' },
        { fact: 'gpu.device-links', missing: '/dev/nvidia0', rule: false },
      ],
    }
    expect(notGood(links)).toEqual([])
  })

  it('Secure Boot: refused by the kernel, in the way perhaps, or no matter', () => {
    const off = { ...unloaded, secure_boot: 'disabled' }
    const verdict = (driver: object, ...more: object[]) =>
      find('secure-boot', { lines: [...silent(9, 'x', { ...driver }), ...(more as { fact: string }[])] }).verdict
    expect(
      verdict({ ...unloaded, secure_boot: 'enabled' }, log('Loading of module: Key was rejected by service')),
    ).toBe('fail')
    expect(verdict(off, log('Key was rejected by service'))).toBe('fail')
    expect(verdict({ ...unloaded, secure_boot: 'enabled' })).toBe('warn')
    expect(verdict({ loaded: '', on_disk: '', secure_boot: 'enabled' })).toBe('skip')
    expect(verdict({ ...unloaded, secure_boot: 'unknown' })).toBe('skip')
    expect(verdict(off)).toBe('pass')
    expect(find('secure-boot').verdict).toBe('pass')
  })

  it('never say worse than the registry says', () => {
    const rank = { pass: 0, skip: 0, info: 0, warn: 1, fail: 2, error: 2 } as const
    const all = [...silences.map(([, one]) => one), ...findings.map(([, one]) => one)].flatMap((one) => checks(one))
    for (const check of all) {
      const entry = driverCheckRegistry.find(({ id }) => id === check.id)
      expect([check.id, entry !== undefined && rank[check.verdict] <= rank[entry.severity]]).toEqual([check.id, true])
    }
  })
})
