import { describe, expect, it } from '@jest/globals'
import { parseGpuFacts } from '../../src/gpu/facts.ts'
import { compareVersions, driverVersionIn } from '../../src/gpu/facts-text.ts'
import { parseFacts, type ScriptLine } from '../../src/host/index.ts'
import { healthyLines } from './gpu-driver-situation.ts'

const read = (...lines: readonly ScriptLine[]) => parseGpuFacts(parseFacts(lines, 0))
const row = (start: string, rest = 'A, 575.51.03, 00000000:01:00.0, 1, 2, 3, 4, [N/A], 8.9, Enabled') =>
  `${start}, ${rest}`
const uuid = 'GPU-8ee5f1e0-e705-aac5-6d6e-b97ad59601ef'

describe('reading what a host says of its GPUs', () => {
  it('finds nothing where nothing was said', () => {
    const gpu = read()
    expect(gpu).toMatchObject({
      pci: [],
      smi: { isInstalled: false, said: '' },
      devices: [],
      driver: {
        loaded: '',
        onDisk: '',
        userSpace: '',
        packages: [],
        secureBoot: 'unknown',
        rebootPending: [],
        kernelLog: [],
      },
      k3s: { unit: '', searchPath: [], defaultRuntimes: [] },
      runtimes: [],
      containerd: { templates: [] },
      deviceLinks: { missing: [], hasRule: false, isNeeded: false },
      ownFiles: [],
    })
    expect(gpu.containerd).not.toHaveProperty('handlers')
    expect(gpu.driver).not.toHaveProperty('nextKernel')
    expect(gpu.toolkit.packages.map(({ version }) => version)).toEqual(['', '', '', ''])
  })

  it('never throws, and keeps its bounds, whatever stands in the lines', () => {
    const names = [
      ...healthyLines.map((line) => String(line.fact)),
      ...[
        'k3s.unit',
        'k3s.binary',
        'gpu.kernels',
        'gpu.kernel-log',
        'gpu.repository',
        'gpu.runtimes',
        'gpu.default-runtime',
      ],
      ...['gpu.containerd', 'gpu.handlers', 'gpu.own-file'],
    ]
    const keys =
      'address id driver code said cuda list loaded on_disk library nouveau secure_boot pending packages on manager locks missing ctk path text keyring keys search paths owners place value name sha256 names rule installed with_module lines arguments active version'.split(
        ' ',
      )
    const values: readonly unknown[] = [
      ...[null, true, 7, -1, 1e300, ['x'], { a: 1 }, '', '\u0000\u001b[31m', '::error::x', '../../etc/shadow'],
      ...['x'.repeat(1_000_000), 'a\n'.repeat(100_000), '(((((((((((((((((((a+)+)+$', row('0, '.repeat(5000))],
    ]
    for (const value of values) {
      const lines = names.flatMap((fact) =>
        Array.from({ length: 3 }, () => ({ fact, ...Object.fromEntries(keys.map((key) => [key, value])) })),
      )
      const gpu = read(...lines)
      expect(JSON.stringify(gpu).length).toBeLessThan(3_000_000)
      expect(gpu.smi.said.length).toBeLessThanOrEqual(2048)
      expect(gpu.devices.length + gpu.pci.length + gpu.migDevices.length).toBe(0)
    }
  })

  it('takes no line for a GPU that is none', () => {
    const said = [
      row(`0, ${uuid}`),
      row(`1, ${uuid}`),
      row('2, MIG-8ee5f1e0-e705'),
      row(`-1, ${uuid.replace('8', '9')}`),
      row(`3, ${uuid.replace('8', '7')}`, 'A, B'),
      `4, ${uuid.replace('8', '6')}, [Unknown Error], evil"ver, not:a:bus, 99999999999, x, , , Enabled, nine, x`,
    ].join('\n')
    const gpu = read({ fact: 'gpu.smi', code: 0, said, cuda: '12.9; rm -rf /', list: 'GPU 0: x' })
    expect(gpu.cudaVersion).toBe('')
    expect(gpu.devices.map(({ index }) => index)).toEqual([0, 4])
    expect(gpu.devices[1]).toEqual({
      index: 4,
      uuid: uuid.replace('8', '6'),
      ...{ name: '', driverVersion: '', pciBusId: '', computeCapability: '', isMigEnabled: true },
    })
    // A list beside an error is no list: the GPUs in it may be gone.
    expect(read({ fact: 'gpu.smi', code: 15, said, cuda: '', list: '' }).devices).toEqual([])
  })

  it('MIG devices under their GPU, also with extensions, none without one', () => {
    const list = `  MIG 1g.5gb      Device  0: (UUID: MIG-orphan-1)\nGPU 0: A (UUID: ${uuid})\n  MIG 1g.10gb+me  Device  0: (UUID: MIG-aaaaaaaa-1)\n  MIG 3g.40gb     Device  1: (UUID: MIG-GPU-932bfb2c-849a/1/0)\nGPU 1: A`
    expect(read({ fact: 'gpu.smi', code: 0, said: '', cuda: '', list }).migDevices).toEqual([
      { gpuUuid: uuid, uuid: 'MIG-aaaaaaaa-1', profile: '1g.10gb+me' },
      { gpuUuid: uuid, uuid: 'MIG-GPU-932bfb2c-849a/1/0', profile: '3g.40gb' },
    ])
  })

  it('the driver, in every form in which the kernel names it', () => {
    const loaded = (text: string) => read({ fact: 'gpu.driver', loaded: text }).driver.loaded
    expect(
      loaded(
        'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  515.57  Release Build  (root@x)  Mi 20. Jul 11:53:35 CEST 2022',
      ),
    ).toBe('515.57')
    expect(loaded('NVRM version: NVIDIA UNIX aarch64 Kernel Module  580.95.05  Thu')).toBe('580.95.05')
    expect(loaded('575.51.03')).toBe('575.51.03')
    expect(loaded('something else')).toBe('')
    expect(read({ fact: 'gpu.driver', library: 'libnvidia-ml.so.1' }).driver.userSpace).toBe('')
    expect(driverVersionIn('3:575.57.08-1.fc40')).toBe('575.57.08')
    expect(driverVersionIn('575.57.08-0ubuntu0.22.04.1')).toBe('575.57.08')
  })

  it('the kernel that the next boot starts: newer, of the same kind, not a rescue', () => {
    const next = (running: string, installed: string, with_module = '') =>
      read({ fact: 'kernel', release: running }, { fact: 'gpu.kernels', installed, with_module }).driver.nextKernel
    expect(next('6.8.0-60-generic', '6.8.0-60-generic 6.8.0-9-generic 6.11.0-1-lowlatency')).toBeUndefined()
    expect(next('6.8.0-60-generic', '6.8.0-110-generic 6.8.0-61-generic', '6.8.0-110-generic')).toEqual({
      release: '6.8.0-110-generic',
      hasModule: true,
    })
    const el = '5.14.0-503.11.1.el9_5.x86_64'
    expect(next(el, `${el} 0-rescue-abc 5.14.0-570.el9_6.x86_64`)?.release).toBe('5.14.0-570.el9_6.x86_64')
    expect(next('', '6.8.0-1-generic')).toBeUndefined()
    expect(['1.9', '1.10', '1.10.0', '1.9-rc', 'a'].sort(compareVersions)).toEqual([
      '1.9',
      '1.9-rc',
      '1.10',
      '1.10.0',
      'a',
    ])
  })

  it('where a default runtime is said: the files first, then every form of the argument', () => {
    const unit = { fact: 'k3s.unit', name: 'k3s', path: '/u', active: 'active' }
    const said = (...words: string[]) =>
      read({ fact: 'gpu.default-runtime', place: '/c', value: 'runc' }, { ...unit, arguments: words.join('\n') }).k3s
        .defaultRuntimes
    expect(said('server')).toEqual([{ place: '/c', value: 'runc' }])
    expect(said('server', '--default-runtime=nvidia').at(-1)).toEqual({ place: '/u', value: 'nvidia' })
    expect(said('server', '-default-runtime', 'nvidia', '--default-runtime', 'x').at(-1)).toEqual({
      place: '/u',
      value: 'x',
    })
    expect(said('server', '--default-runtime')).toHaveLength(1)
  })

  it('links of devices matter where systemd manages control groups, as k3s wrote it down', () => {
    const needed = (init: string, text?: string) =>
      read(
        { fact: 'init', name: init },
        ...(text === undefined ? [] : [{ fact: 'gpu.containerd', name: 'config.toml', path: '/c', sha256: '', text }]),
      ).deviceLinks.isNeeded
    expect(needed('systemd')).toBe(true)
    expect(needed('systemd', '  SystemdCgroup = true\n')).toBe(true)
    expect(needed('systemd', '  SystemdCgroup = false\n')).toBe(false)
    expect(needed('openrc')).toBe(false)
  })
})
