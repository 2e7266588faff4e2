import { describe, expect, it } from '@jest/globals'
import type { HostFacts } from '../../src/host/index.ts'
import { hostChecks, type JoinSituation } from '../../src/join/index.ts'
import type { Check } from '../../src/report/index.ts'
import { desiredCalypso, factsOfCalypso, nodeCalypso, serverNode, situation, version } from './situations.ts'

function ask(id: string, given: Partial<JoinSituation> = {}): Check | undefined {
  return hostChecks(situation(given)).find((one) => one.id === id)
}
const askFacts = (id: string, facts: Partial<HostFacts>, given: Partial<JoinSituation> = {}): Check | undefined =>
  ask(id, { ...given, facts: factsOfCalypso(facts) })

const disk = (path: string, bytes: number, inodes = 1_000_000, total = 0): HostFacts['disks'][number] => ({
  path,
  availableBytes: bytes,
  totalBytes: total,
  availableInodes: inodes,
})
const gibibyte = 1024 ** 3

describe('a host as it should be', () => {
  it('passes every check but the one about topology that nobody declared', () => {
    const checks = hostChecks(situation())
    expect(checks.filter((one) => one.verdict !== 'pass').map((one) => one.id)).toEqual(['host.gpu'])
  })

  it('answers every failing or warning check with a cause and a remedy', () => {
    const facts = factsOfCalypso({
      privilege: { state: 'none', problem: 'sudo-missing' },
      readOnly: ['/usr/local/bin'],
      architecture: 'riscv64',
      init: 'other',
      cgroup: { version: 1, controllers: ['memory'] },
      clock: { hostMs: 1, runnerMs: 1_000_000 },
      disks: [disk('/var/lib', 1), disk('/etc', 1)],
      defaultRoute: undefined,
      hasNoDefaultRoute: true,
      sshForwarding: 'no',
    })
    const loud = hostChecks(situation({ facts })).filter((one) => ['warn', 'fail'].includes(one.verdict))
    expect(loud.length).toBeGreaterThan(8)
    for (const one of loud) {
      expect(one.cause ?? '').not.toBe('')
      expect(one.remedy ?? '').not.toBe('')
    }
  })

  it('calls unknown what the host did not tell: no failure and no pass', () => {
    const facts = factsOfCalypso({
      os: { id: '', idLike: '', versionId: '', prettyName: '' },
      kernel: '',
      cgroup: { version: 0, controllers: [] },
      clock: { hostMs: 0, runnerMs: 1_000_000 },
      defaultRoute: undefined,
      sshForwarding: 'unknown',
      systemUuid: '',
      machineId: '',
    })
    const checks = new Map(hostChecks(situation({ facts })).map((one) => [one.id, one]))
    for (const id of [
      'host.os',
      'host.cgroup',
      'host.clock',
      'host.route',
      'host.forwarding',
      'cluster.machine',
      'cluster.address',
    ])
      expect(checks.get(id)).toMatchObject({ verdict: 'skip', found: expect.stringMatching(/^unknown: /) })
  })
})

describe('the system', () => {
  it('cannot take a program or a unit where nothing can be written', () => {
    expect(askFacts('host.os', { readOnly: ['/usr/local/bin', '/etc/systemd/system'] })).toMatchObject({
      verdict: 'fail',
      found: '/usr/local/bin and /etc/systemd/system cannot be written (Ubuntu 22.04.5 LTS)',
    })
    expect(ask('host.os')?.found).toBe('Ubuntu 22.04.5 LTS, kernel 6.8.0')
  })

  it.each([
    ['v1.34.9+k3s1', 'pass'],
    ['v1.35.0+k3s1', 'fail'],
    ['v1.36.0+k3s1', 'fail'],
    ['v2.0.0+k3s1', 'fail'],
    ['nonsense', 'pass'],
  ])('with cgroup v1 and %s: %s', (wanted, verdict) => {
    const cgroup = { version: 1 as const, controllers: ['memory', 'pids', 'cpuset'] }
    expect(askFacts('host.cgroup', { cgroup }, { version: wanted })?.verdict).toBe(verdict)
  })

  it('with cgroup v2 any version will do', () => {
    expect(ask('host.cgroup', { version: 'v1.36.0+k3s1' })?.verdict).toBe('pass')
  })

  it.each([
    [2, ['cpu', 'cpuset', 'memory', 'pids'], 'pass'],
    [2, ['cpu', 'cpuset', 'pids'], 'fail'],
    [2, ['cpuset', 'memory', 'pids'], 'fail'],
    [1, ['memory', 'pids'], 'pass'],
    [1, ['memory'], 'fail'],
  ] as const)('with cgroup v%s and %j: %s', (cgroupVersion, controllers, verdict) => {
    expect(askFacts('host.cgroup', { cgroup: { version: cgroupVersion, controllers } })?.verdict).toBe(verdict)
  })
})

describe('the disk', () => {
  it.each([
    ['enough', disk('/var/lib/rancher', 3 * gibibyte, 20_000), 'pass'],
    ['too few bytes', disk('/var/lib/rancher', gibibyte), 'fail'],
    ['no inode left', disk('/var/lib/rancher', 9 * gibibyte, 0), 'fail'],
    ['any number of inodes', disk('/var/lib/rancher', 9 * gibibyte, Number.MAX_SAFE_INTEGER), 'pass'],
    ['enough, and the kubelet would evict', disk('/var/lib/rancher', 9 * gibibyte, 20_000, 900 * gibibyte), 'warn'],
    ['enough, and well above that', disk('/var/lib/rancher', 90 * gibibyte, 20_000, 900 * gibibyte), 'pass'],
  ])('has %s', (_what, one, verdict) => {
    expect(askFacts('host.disk.var-lib-rancher', { disks: [one] })?.verdict).toBe(verdict)
  })

  it('needs little for configuration and program', () => {
    const disks = [disk('/etc', 64 * 1024 ** 2, 500), disk('/usr/local/bin', 64 * 1024 ** 2, 500)]
    expect(askFacts('host.disk.etc', { disks })?.verdict).toBe('pass')
    expect(askFacts('host.disk.usr-local-bin', { disks })).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringMatching(/256 MiB/),
    })
  })

  it('has a name made of harmless letters, whatever the host calls it', () => {
    const checks = hostChecks(situation({ facts: factsOfCalypso({ disks: [disk('/a b/\n::error::\u001b[31m', 0)] }) }))
    expect(checks.find((one) => one.id.startsWith('host.disk.'))?.id).toBe('host.disk.a-b-error-31m')
  })
})

describe('the network', () => {
  it('without a default route is no place for an agent, unless its address is given', () => {
    const facts = { defaultRoute: undefined, hasNoDefaultRoute: true }
    expect(askFacts('host.route', facts)?.verdict).toBe('fail')
    const desired = desiredCalypso({ nodeIp: '10.0.0.2' })
    expect(askFacts('host.route', facts, { desired })?.verdict).toBe('warn')
  })

  it.each([
    ['yes', 'pass'],
    ['local', 'pass'],
    ['remote', 'warn'],
    ['no', 'warn'],
    ['unknown', 'skip'],
  ] as const)('sshd forwards: %s → %s', (sshForwarding, verdict) => {
    expect(askFacts('host.forwarding', { sshForwarding })?.verdict).toBe(verdict)
  })

  it('nobody asks for forwarding where there is no SSH', () => {
    const desired = desiredCalypso({ access: { ...desiredCalypso().access, transport: 'local' } })
    expect(ask('host.forwarding', { desired })).toBeUndefined()
  })
})

describe('names, machines and addresses', () => {
  const twin = (changes: Parameters<typeof nodeCalypso>[0]) =>
    nodeCalypso({ name: 'gpu-1', internalIps: ['192.168.2.90'], ...changes })
  const stranger = { systemUuid: '11111111-2222-3333-4444-555555555555', machineId: 'ffff' }

  it.each([
    ['calypso', 'pass'],
    ['gpu-1.lan', 'pass'],
    ['Calypso', 'fail'],
    ['calypso_1', 'fail'],
    ['-calypso', 'fail'],
    ['a'.repeat(64), 'fail'],
    ['', 'fail'],
  ])('%s as a name: %s', (node, verdict) => {
    expect(ask('cluster.node-name', { desired: desiredCalypso({ node }) })?.verdict).toBe(verdict)
  })

  it('a machine that is a live node under another name is refused, with both identities', () => {
    const check = ask('cluster.machine', { nodes: [serverNode(), twin({})] })
    expect(check).toMatchObject({ verdict: 'fail', found: 'it is the live node gpu-1' })
    expect(check?.evidence?.join('\n')).toMatch(/node gpu-1: system UUID 4c4c4544[\s\S]*host: system UUID 4c4c4544/)
  })

  it('one that was a node under another name is told to clean up', () => {
    expect(ask('cluster.machine', { nodes: [twin({ ready: 'Unknown' })] })).toMatchObject({
      verdict: 'warn',
      remedy: expect.stringMatching(/kubectl delete node gpu-1/),
    })
  })

  it('a copied machine-id is pointed out, and no more: the board decides', () => {
    const nodes = [twin({ systemUuid: stranger.systemUuid })]
    expect(ask('cluster.machine', { nodes })).toMatchObject({
      verdict: 'warn',
      found: expect.stringMatching(/machine-id/),
    })
  })

  it('boards whose maker set no UUID are not all one machine', () => {
    const systemUuid = '03000200-0400-0500-0006-000700080009'
    const facts = factsOfCalypso({ systemUuid })
    expect(ask('cluster.machine', { facts, nodes: [twin({ systemUuid, machineId: 'other' })] })?.verdict).toBe('pass')
  })

  it('its own node, and strangers, are no reason to worry', () => {
    expect(ask('cluster.machine', { nodes: [nodeCalypso(), twin(stranger)] })?.verdict).toBe('pass')
    expect(ask('cluster.machine', { nodes: [] })).toMatchObject({ verdict: 'pass', found: 'there is no other node' })
  })

  it('an address that another node has is refused; where pods are isolated it is a warning', () => {
    const nodes = [twin({ ...stranger, internalIps: ['10.0.0.1', '192.168.2.80'] })]
    const shared = desiredCalypso({ podNetwork: 'shared' })
    expect(ask('cluster.address', { nodes, desired: shared })).toMatchObject({
      verdict: 'fail',
      found: '192.168.2.80 is also the address of gpu-1',
    })
    expect(ask('cluster.address', { nodes })?.verdict).toBe('warn')
    expect(ask('cluster.address', { nodes, desired: { ...shared, nodeIp: '10.0.0.9,fd00::1' } })?.verdict).toBe('pass')
    const own = ask('cluster.address', { nodes: [nodeCalypso(), twin({ ...stranger })], desired: shared })
    expect(own?.verdict).toBe('pass')
  })

  it('the address of the node of the very name is a question of the name', () => {
    const desired = desiredCalypso({ podNetwork: 'shared' })
    expect(ask('cluster.address', { nodes: [nodeCalypso(stranger)], desired })?.verdict).toBe('pass')
  })

  it('the same machine under another name is one problem, not two', () => {
    const nodes = [twin({ internalIps: ['192.168.2.80'] })]
    const desired = desiredCalypso({ podNetwork: 'shared' })
    expect(ask('cluster.address', { nodes, desired })?.verdict).toBe('pass')
  })

  it('the version is not asked for here', () => {
    expect(hostChecks(situation()).some((one) => one.found.includes(version))).toBe(false)
  })
})
