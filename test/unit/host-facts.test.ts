import { describe, expect, it } from '@jest/globals'
import { type HostFacts, parseFacts, type ScriptLine } from '../../src/host/index.ts'

const nothing: HostFacts = {
  hostname: '',
  user: '',
  machineId: '',
  systemUuid: '',
  os: { id: '', idLike: '', versionId: '', prettyName: '' },
  kernel: '',
  architecture: '',
  init: 'other',
  privilege: { state: 'none', problem: '' },
  cgroup: { version: 0, controllers: [] },
  readOnly: [],
  memoryBytes: 0,
  swapBytes: 0,
  ports: [],
  disks: [],
  clock: { hostMs: 0, runnerMs: 7 },
  defaultRoute: undefined,
  hasNoDefaultRoute: false,
  addresses: [],
  resolvers: [],
  selinux: 'unknown',
  modules: [],
  kubernetes: [],
  firewalls: [],
  sshForwarding: 'unknown',
  runtimes: [],
  gpu: { devices: [], pciDevices: 0, problem: '', processes: [], areProcessesKnown: false },
  distribution: [],
}

describe('the facts of a host', () => {
  it('are all unknown when it says nothing, or nothing that is a fact', () => {
    expect(parseFacts([], 7)).toEqual(nothing)
    expect(
      parseFacts([{}, { fact: 'weather', sun: true }, { fact: 3 }, { fact: 'constructor' }, { fact: '__proto__' }], 7),
    ).toEqual(nothing)
  })

  it('stay within bounds whatever is said', () => {
    const wrong: unknown[] = [null, -1, 1.5, Number.MAX_VALUE, Number.NaN, '1', [], {}, true]
    for (const value of wrong) {
      const facts = parseFacts(
        [
          { fact: 'identity', hostname: value, user: value, machine_id: value, system_uuid: value },
          { fact: 'init', name: value },
          { fact: 'privilege', state: value, problem: value },
          { fact: 'cgroup', version: value, controllers: value === '1' ? '' : value },
          { fact: 'read-only', path: value === '1' ? '' : value },
          { fact: 'no-route', known: value === true ? 'true' : value },
          { fact: 'selinux', mode: value },
          { fact: 'module', name: value === '1' ? '' : value, state: value },
          { fact: 'kubernetes', kind: value, name: value, pid: value },
          { fact: 'firewall', name: value, state: value, rules: value },
          { fact: 'sshd', forwarding: value },
          { fact: 'memory', total: value, swap: value },
          { fact: 'port', port: value, pid: value, process: value },
          { fact: 'disk', path: '/etc', bytes: value, inodes: 1 },
          { fact: 'clock', ms: value },
          { fact: 'address', address: value },
          { fact: 'runtime', name: value === '1' ? '' : value, running: value },
          { fact: 'gpu', pci: value, problem: value === '1' ? '' : value },
          { fact: 'gpu-process', pid: value, owner: value },
          { fact: 'gpu-processes', known: value === true ? 'true' : value },
        ],
        7,
      )
      expect(facts).toEqual({
        ...nothing,
        ...(value === '1' && {
          hostname: '1',
          user: '1',
          machineId: '1',
          systemUuid: '1',
          addresses: ['1'],
          privilege: { state: 'none', problem: '1' },
        }),
      })
    }
  })

  it('are cut where a host talks without end', () => {
    const many: ScriptLine[] = Array.from({ length: 5000 }, (_, pid) => ({
      fact: 'gpu-process',
      pid: pid + 1,
      name: 'x'.repeat(9000),
      owner: 'pod',
      detail: '',
      memory: 1,
    }))
    const facts = parseFacts(
      [...many, { fact: 'identity', hostname: 'y'.repeat(9000) }, { fact: 'identity', hostname: 'second' }],
      7,
    )
    expect(facts.gpu.processes.length).toBeLessThanOrEqual(256)
    expect(facts.gpu.processes[0]?.name).toHaveLength(512)
    expect(facts.hostname).toHaveLength(512)
  })

  it('take an address for one only when it can be one', () => {
    const addresses = [
      '192.168.2.80',
      'fd00::2',
      '192.168.2.80',
      '::stop-commands::x',
      '1.2.3.4\n::error::',
      'example.org',
    ]
    expect(
      parseFacts(
        addresses.map((address) => ({ fact: 'address', address })),
        7,
      ).addresses,
    ).toEqual(['192.168.2.80', 'fd00::2'])
  })

  it('know a file system without a fixed number of inodes', () => {
    const facts = parseFacts([{ fact: 'disk', path: '/etc', bytes: 5, inodes: null }], 7)
    expect(facts.disks).toEqual([
      { path: '/etc', availableBytes: 5, totalBytes: 0, availableInodes: Number.MAX_SAFE_INTEGER },
    ])
  })

  it('add up the memory of a process on several GPUs, and leave it open where the driver does not tell', () => {
    const process = { fact: 'gpu-process', pid: 2143, name: 'tritonserver', owner: 'container', detail: 'docker' }
    const facts = parseFacts(
      [
        { ...process, memory: 100 },
        { ...process, memory: 50 },
        { ...process, pid: 9, memory: null, owner: 'someone' },
      ],
      7,
    )
    expect(facts.gpu.processes).toEqual([
      { pid: 2143, name: 'tritonserver', usedMemoryMiB: 150, owner: 'container', ownerDetail: 'docker' },
      { pid: 9, name: 'tritonserver', owner: 'host', ownerDetail: 'docker' },
    ])
  })

  it('do not take it for granted that the processes on the GPU are known', () => {
    const known = (line: ScriptLine) => parseFacts([line], 7).gpu.areProcessesKnown
    expect(known({ fact: 'gpu-processes', known: true })).toBe(true)
    expect(known({ fact: 'gpu-processes', known: false })).toBe(false)
    expect(known({ fact: 'gpu-process', pid: 7 })).toBe(false)
  })

  it('keep the lines of the distribution in order and untouched', () => {
    const lines = [
      { fact: 'k3s.binary', path: '/usr/local/bin/k3s' },
      { fact: 'os', id: 'ubuntu' },
      { fact: 'k3s.config', keys: 'a b' },
      { fact: '.x' },
    ]
    expect(parseFacts(lines, 7).distribution).toEqual([lines[0], lines[2]])
  })
})
