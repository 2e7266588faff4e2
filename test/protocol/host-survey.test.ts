import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type HostFacts, parseFacts, type ScriptLine, surveyScript } from '../../src/host/index.ts'
import { renderProgram } from '../../src/host/render.ts'
import { Machine } from './host-sshd.ts'

// --norc: bash takes a socket on its standard input for a remote log-in and would read .bashrc; as sh it does not.
const shells = [['dash'], ['bash', '--norc'], ['busybox', 'sh']].filter(
  ([program]) => spawnSync(program!, ['-c', ':']).error === undefined,
)
let machine: Machine
beforeEach(() => {
  machine = new Machine()
})
afterEach(() => machine.remove())

function survey(
  shell: readonly string[],
  environment: Record<string, string> = {},
  script = surveyScript,
): { lines: ScriptLine[]; facts: HostFacts; stderr: string } {
  const program = renderProgram(script, {}, {}, { type: 'none' })
  const ended = spawnSync(shell[0]!, [...shell.slice(1), '-c', program], {
    env: { PATH: machine.path, ...environment },
    encoding: 'utf8',
  })
  const lines = ended.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ScriptLine)
  expect(ended.status).toBe(0)
  return { lines, facts: parseFacts(lines, Date.now()), stderr: ended.stderr }
}

function files(tree: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(tree)) {
    const file = join(machine.folder, 'root', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
const inRoot = () => ({ REHEARSAL: '1', ROOT: join(machine.folder, 'root') })

const calypso = {
  'proc/sys/kernel/hostname': 'calypso\n',
  'proc/sys/kernel/osrelease': '6.8.0-60-generic\n',
  'etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  'sys/class/dmi/id/product_uuid': '4C4C4544-0035-4810-8051-C4C04F4E3535\n',
  'etc/os-release':
    'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\n$(touch /tmp/never)\n',
  'run/systemd/system/.keep': '',
  'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids\n',
  'proc/meminfo': 'MemTotal:       65536000 kB\nMemFree: 1 kB\nSwapTotal:       2097148 kB\n',
  'var/lib/.keep': '',
  'usr/local/bin/.keep': '',
  'sys/bus/pci/devices/0000:01:00.0/vendor': '0x10de\n',
  'sys/bus/pci/devices/0000:01:00.0/class': '0x030000\n',
  'sys/bus/pci/devices/0000:01:00.1/vendor': '0x10de\n',
  'sys/bus/pci/devices/0000:01:00.1/class': '0x040300\n',
  'sys/bus/pci/devices/0000:02:00.0/vendor': '0x8086\n',
  'sys/bus/pci/devices/0000:02:00.0/class': '0x030000\n',
  'etc/resolv.conf': '# stub\nnameserver 127.0.0.53\noptions edns0\n',
  'run/systemd/resolve/resolv.conf': 'nameserver 192.168.2.1\r\nnameserver\tfd00::1\nsearch .\n',
  'proc/812/cgroup': '0::/system.slice/k3s-agent.service\n',
  'proc/2143/cgroup': '0::/system.slice/docker-0a1b2c.scope\n',
  'proc/3001/cgroup':
    '0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod5d2c1a00_1111_2222_3333_444455556666.slice/cri-containerd-ff.scope\n',
  'proc/3002/cgroup':
    '12:memory:/kubepods/besteffort/pod5d2c1a00-1111-2222-3333-444455556666/ff\n1:name=systemd:/kubepods/besteffort/podx/ff\n',
  'proc/3003/cgroup': '0::/machine.slice/libpod-99.scope/container\n',
  'proc/3004/cgroup': '0::/user.slice/user-1000.slice/user@1000.service/app.slice/jupyter.service\n',
}
const programs: Record<string, string> = {
  uname: 'case $1 in -m) echo x86_64 ;; -n) echo wrong ;; -r) echo wrong ;; esac',
  ss: `cat <<'END'
State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
LISTEN 0      4096       127.0.0.1:6444       0.0.0.0:*     users:(("k3s-agent",pid=812,fd=12))
LISTEN 0      4096               *:10250            *:*     users:(("k3s-agent",pid=812,fd=180))
LISTEN 0      4096          [::1]:10250            *:*     users:(("k3s-agent",pid=812,fd=181))
LISTEN 0      128          0.0.0.0:22         0.0.0.0:*     users:(("sshd",pid=700,fd=3))
END`,
  ip: `case "$*" in
  *'route show default'*) echo 'default via 192.168.2.1 dev enp5s0 proto dhcp metric 100 '; echo 'default via 10.0.0.1 dev wlan0' ;;
  *'route get 192.168.2.1'*) echo '192.168.2.1 dev enp5s0 src 192.168.2.80 uid 0 \\    cache ' ;;
  *'addr show'*) echo '2: enp5s0    inet 192.168.2.80/24 brd 192.168.2.255 scope global dynamic enp5s0\\       valid_lft 1sec'; echo '2: enp5s0    inet6 fd00::80/64 scope global ' ;;
esac`,
  systemctl: 'printf "active\\nactive\\ninactive\\ninactive\\n"; exit 3',
  docker: ':',
  containerd: ':',
  podman: ':',
  'nvidia-smi': `case "$*" in
  *query-gpu*) echo 'NVIDIA GeForce RTX 4090, 575.51.03, 24564'; echo 'Odd, name, 575.51.03, [N/A]' ;;
  *) printf '2143, tritonserver, 1204\\n3001, /usr/bin/python3, with comma, 300\\n3002, b, [N/A]\\n3003, c, 1\\n3004, d, 1\\n9999, gone, 1\\n' ;;
esac`,
}

describe.each(shells.map((shell) => ({ shell })))('the survey, by $shell', ({ shell }) => {
  it('says of this machine what it is, without a word on standard error', () => {
    const { facts, stderr } = survey(shell)
    expect(stderr).toBe('')
    expect(facts.hostname).not.toBe('')
    expect(facts.kernel).toMatch(/^\d+\./)
    expect(facts.memoryBytes).toBeGreaterThan(1e8)
    expect(facts.disks.map(({ path }) => path)).toEqual(['/var/lib', '/usr/local/bin', '/etc'])
    expect(Math.abs(facts.clock.hostMs - facts.clock.runnerMs)).toBeLessThan(30_000)
    expect(facts.distribution).toEqual([])
  })

  it('says of calypso everything that the plan needs', () => {
    files(calypso)
    for (const [name, text] of Object.entries(programs)) machine.program(name, `#!/bin/sh\n${text}\n`)
    const { facts, stderr } = survey(shell, {
      ...inRoot(),
      SUDO_STATE: 'passwordless',
      SUDO_PROBLEM: '',
      SUDO_USER: 'oceanid',
    })
    expect(stderr).toBe('')
    const pod = '5d2c1a00-1111-2222-3333-444455556666'
    expect(facts).toEqual({
      hostname: 'calypso',
      user: 'oceanid',
      machineId: '0123456789abcdef0123456789abcdef',
      systemUuid: '4c4c4544-0035-4810-8051-c4c04f4e3535',
      os: { id: 'ubuntu', idLike: 'debian', versionId: '22.04', prettyName: 'Ubuntu 22.04.5 LTS' },
      kernel: '6.8.0-60-generic',
      architecture: 'amd64',
      init: 'systemd',
      privilege: { state: 'passwordless', problem: '' },
      cgroup: { version: 2, controllers: ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids'] },
      readOnly: [],
      memoryBytes: 65536000 * 1024,
      swapBytes: 2097148 * 1024,
      ports: [
        { port: 6444, process: 'k3s-agent', pid: 812, owner: 'k3s-agent.service' },
        { port: 10250, process: 'k3s-agent', pid: 812, owner: 'k3s-agent.service' },
      ],
      disks: ['/var/lib', '/usr/local/bin', '/etc'].map((path) => ({
        path,
        availableBytes: expect.any(Number),
        totalBytes: expect.any(Number),
        availableInodes: expect.any(Number),
      })),
      clock: { hostMs: expect.any(Number), runnerMs: expect.any(Number) },
      defaultRoute: { via: '192.168.2.1', device: 'enp5s0', source: '192.168.2.80' },
      hasNoDefaultRoute: false,
      addresses: ['192.168.2.80', 'fd00::80'],
      resolvers: [
        { path: '/etc/resolv.conf', isReadable: true, servers: ['127.0.0.53'] },
        { path: '/run/systemd/resolve/resolv.conf', isReadable: true, servers: ['192.168.2.1', 'fd00::1'] },
      ],
      selinux: 'disabled',
      modules: [],
      kubernetes: [],
      firewalls: [],
      sshForwarding: 'unknown',
      runtimes: [
        { name: 'docker', isRunning: true },
        { name: 'containerd', isRunning: true },
        { name: 'podman', isRunning: false },
      ],
      gpu: {
        devices: [
          { name: 'NVIDIA GeForce RTX 4090', driverVersion: '575.51.03', memoryMiB: 24564 },
          { name: 'Odd, name', driverVersion: '575.51.03', memoryMiB: 0 },
        ],
        pciDevices: 1,
        problem: '',
        processes: [
          { pid: 2143, name: 'tritonserver', usedMemoryMiB: 1204, owner: 'container', ownerDetail: 'docker' },
          { pid: 3001, name: '/usr/bin/python3, with comma', usedMemoryMiB: 300, owner: 'pod', ownerDetail: pod },
          { pid: 3002, name: 'b', owner: 'pod', ownerDetail: pod },
          { pid: 3003, name: 'c', usedMemoryMiB: 1, owner: 'container', ownerDetail: 'podman' },
          { pid: 3004, name: 'd', usedMemoryMiB: 1, owner: 'host', ownerDetail: 'jupyter.service' },
          { pid: 9999, name: 'gone', usedMemoryMiB: 1, owner: 'host', ownerDetail: '' },
        ],
        areProcessesKnown: true,
      },
      distribution: [],
    })
  })

  it('finds what it can on a host that has next to no programs and files', () => {
    machine.remove()
    machine = new Machine('')
    machine.borrow('cat', 'awk', 'tr', 'date', 'df')
    files({
      'etc/machine-id': 'abc',
      'proc/net/tcp':
        '  sl  local_address rem_address   st\n   0: 00000000:280A 00000000:0000 0A 0\n   1: 0100007F:192B 00000000:0000 01 0\n',
      'proc/net/tcp6':
        '  sl  local_address\n   0: 00000000000000000000000000000000:192C 00000000000000000000000000000000:0000 0A 0\n',
      'proc/net/route':
        'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\nenp5s0\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\nenp5s0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\n',
      'proc/cgroups': '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t1\t1\nmemory\t0\t1\t0\n',
      'run/openrc/softlevel': 'default\n',
    })
    const program = renderProgram(surveyScript, {}, {}, { type: 'none' })
    const interpreter = ['/usr/bin', '/bin']
      .map((folder) => join(folder, shell[0]!))
      .find((path) => spawnSync(path, ['-c', ':']).error === undefined)
    const ended = spawnSync(interpreter!, [...shell.slice(1), '-c', program], {
      env: { PATH: machine.path, ...inRoot() },
      encoding: 'utf8',
    })
    const facts = parseFacts(
      ended.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as ScriptLine),
      0,
    )
    expect(ended.status).toBe(0)
    expect(facts).toMatchObject({
      machineId: 'abc',
      init: 'openrc',
      cgroup: { version: 1, controllers: ['cpu'] },
      hasNoDefaultRoute: false,
      defaultRoute: { via: '192.168.2.1', device: 'enp5s0', source: '' },
      memoryBytes: 0,
    })
    // busybox brings its own programs along, also its own netstat of the real machine, but no ss.
    expect(facts.ports.map(({ port }) => port)).toEqual([10250, 6444])
  })

  it.each([
    ['Failed to initialize NVML: Driver/library version mismatch', 18],
    ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9],
    ['No devices were found', 0],
    ['::error::"quotes" and \\ and \u001b[31m', 6],
  ])('passes on why nvidia-smi fails: %j', (text, code) => {
    machine.program('nvidia-smi', `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${code}\n`)
    const { facts } = survey(shell, inRoot())
    expect(facts.gpu).toMatchObject({ devices: [], processes: [] })
    expect(facts.gpu.problem).toContain(text)
    if (code !== 0) expect(facts.gpu.problem).toContain(`exit code ${code}`)
  })

  const card = {
    'sys/bus/pci/devices/0000:01:00.0/vendor': '0x10de\n',
    'sys/bus/pci/devices/0000:01:00.0/class': '0x030200\n',
  }
  const answering = (processes: string) =>
    `#!/bin/sh\ncase "$*" in *query-gpu*) echo 'A, 1, 2' ;; *) ${processes} ;; esac\n`

  it.each([
    ['there is a card and no nvidia-smi', ''],
    ['it fails', answering('').replace("echo 'A, 1, 2'", 'exit 9')],
    ['it finds no device where there is one', answering(':').replace('A, 1, 2', 'No devices were found')],
    ['it fails when it is asked for processes', answering('echo "7, x, 1"; exit 3')],
    ['it does not tell whose memory is used', answering("echo '[Insufficient Permissions]'")],
    ['it hides a pid', answering("echo '[N/A], [Not Found], 12'")],
  ])('does not believe that nobody uses the GPU when %s', (_why, text) => {
    files(card)
    if (text !== '') machine.program('nvidia-smi', text)
    const { facts } = survey(shell, inRoot())
    expect(facts.gpu).toMatchObject({ processes: [], pciDevices: 1, areProcessesKnown: false })
  })

  it.each([
    ['the list is empty', card, answering(':')],
    ['nothing runs, in words', card, answering("echo 'No running processes found'")],
    ['the infoROM is damaged', card, answering("echo 'WARNING: infoROM is corrupted'; exit 14")],
    ['there is neither a card nor nvidia-smi', {}, ''],
    [
      'there is no card and a left-over nvidia-smi',
      { 'sys/bus/pci/devices/0000:02:00.0/vendor': '0x8086\n' },
      '#!/bin/sh\nexit 9\n',
    ],
  ])('knows that nobody uses the GPU when %s', (_why, tree, text) => {
    files(tree)
    if (text !== '') machine.program('nvidia-smi', text)
    expect(survey(shell, inRoot()).facts.gpu).toMatchObject({ processes: [], areProcessesKnown: true })
  })

  it('does not trust a failing nvidia-smi where the kernel lists no bus', () => {
    machine.program('nvidia-smi', '#!/bin/sh\nexit 9\n')
    expect(survey(shell, inRoot()).facts.gpu).toMatchObject({ pciDevices: 0, areProcessesKnown: false })
  })

  it('takes a damaged infoROM for a warning, since the GPU works', () => {
    machine.program('nvidia-smi', '#!/bin/sh\ncase "$*" in *query-gpu*) echo "A, 1, 2"; exit 14 ;; esac\n')
    expect(survey(shell, inRoot()).facts.gpu).toMatchObject({
      devices: [{ name: 'A', driverVersion: '1', memoryMiB: 2 }],
      problem: '',
    })
  })

  it('calls the part of the distribution, whose failure is not hidden', () => {
    const fragment = 'survey_distribution() { emit fact k3s.node-password present:n true; }'
    expect(survey(shell, inRoot(), `${surveyScript}\n${fragment}`).facts.distribution).toEqual([
      { fact: 'k3s.node-password', present: true },
    ])
  })
})

// busybox sleeps by itself, which would be the real 10 s.
describe.each(shells.filter(([program]) => program !== 'busybox').map((shell) => ({ shell })))(
  'an nvidia-smi that does not even end when it is told to, by $shell',
  ({ shell }) => {
    const stubborn = "trap '' TERM; echo 'half an answer'; exec tail -f /dev/null"

    it.each([
      ['at all', `#!/bin/sh\n${stubborn}\n`, { devices: [], problem: 'nvidia-smi gave no answer in 10 s' }],
      [
        'for processes',
        `#!/bin/sh\ncase "$*" in *query-gpu*) echo 'A, 1, 2' ;; *) ${stubborn} ;; esac\n`,
        { devices: [{ name: 'A', driverVersion: '1', memoryMiB: 2 }], problem: '' },
      ],
    ])('holds nobody up when it is asked %s', (_what, text, wanted) => {
      files(calypso)
      machine.program('nvidia-smi', text)
      // The time that is waited for is over soon after it began.
      const slept = join(machine.folder, 'slept')
      machine.program('sleep', `#!/bin/sh\necho "$*" >>${slept}\n/bin/sleep 0.3\n`)
      expect(survey(shell, inRoot()).facts.gpu).toMatchObject({ ...wanted, processes: [], areProcessesKnown: false })
      expect(new Set(readFileSync(slept, 'utf8').trim().split('\n'))).toEqual(new Set(['10']))
    })
  },
)
