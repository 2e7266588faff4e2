import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type HostFacts, parseFacts, type ScriptLine, surveyScript } from '../../src/host/index.ts'
import { renderProgram } from '../../src/host/render.ts'
import { Machine } from './host-sshd.ts'

// What can be in the way of a node: each on a machine of its own, in every shell that a host may have.
const shells = [['dash'], ['bash', '--norc'], ['busybox', 'sh']].filter(
  ([program]) => spawnSync(program!, ['-c', ':']).error === undefined,
)
let machine: Machine
beforeEach(() => {
  machine = new Machine()
  asRoot(true)
})
afterEach(() => machine.remove())

function asRoot(isRoot: boolean): void {
  machine.program('id', `#!/bin/sh\ncase \${1:-} in -u) echo ${isRoot ? 0 : 1000} ;; *) echo oceanid ;; esac\n`)
}

function files(tree: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(tree)) {
    const file = join(machine.folder, 'root', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function program(name: string, text: string): void {
  machine.program(name, `#!/bin/sh\n${text}\n`)
}

/** `parts` of the survey only: each test is about one of them. */
function survey(shell: readonly string[], parts: string, fragment = ''): HostFacts {
  const main = `main() { for part in ${parts}; do ("survey_$part") || :; done; }`
  const text = renderProgram(`${surveyScript}\n${fragment}\n${main}`, {}, {}, { type: 'none' })
  const ended = spawnSync(shell[0]!, [...shell.slice(1), '-c', text], {
    env: { PATH: machine.path, REHEARSAL: '1', ROOT: join(machine.folder, 'root'), SUDO_USER: 'oceanid' },
    encoding: 'utf8',
    timeout: 40_000,
  })
  expect(ended.stderr).toBe('')
  expect(ended.status).toBe(0)
  const lines = ended.stdout.split('\n').slice(0, -1)
  return parseFacts(
    lines.map((line) => JSON.parse(line) as ScriptLine),
    0,
  )
}

const ufwStatus = `Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
22/tcp                     ALLOW IN    Anywhere`

const zones = `block
  target: %%REJECT%%
  interfaces: 
  ports: 9/tcp
  rich rules: 

public (default, active)
  target: default
  icmp-block-inversion: no
  interfaces: eth0
  sources: 
  services: ssh
  ports: 10250/tcp
  rich rules: 
	rule family="ipv4" source address="10.0.0.1" accept
trusted (active)
  target: ACCEPT
  sources: 10.42.0.0/16`

describe.each(shells.map((shell) => ({ shell })))('what may be in the way, by $shell', ({ shell }) => {
  it('name servers: of both files, with every line that is none', () => {
    files({
      'etc/resolv.conf': '#nameserver 1.1.1.1\n nameserver 2.2.2.2\nnameserver\t127.0.0.53 # stub\r\nnameserver \n',
    })
    expect(survey(shell, 'resolver').resolvers).toEqual([
      { path: '/etc/resolv.conf', isReadable: true, servers: ['127.0.0.53', '-'] },
      { path: '/run/systemd/resolve/resolv.conf', isReadable: true, servers: [] },
    ])
  })

  it('SELinux: on, off, and not known where the kernel does not show it', () => {
    expect(survey(shell, 'selinux').selinux).toBe('unknown')
    files({ 'sys/fs/cgroup/x': '' })
    expect(survey(shell, 'selinux').selinux).toBe('disabled')
    files({ 'sys/fs/selinux/enforce': '0' })
    expect(survey(shell, 'selinux').selinux).toBe('permissive')
    files({ 'sys/fs/selinux/enforce': '1' })
    expect(survey(shell, 'selinux').selinux).toBe('enforcing')
  })

  it('modules: loaded, loadable, built in, missing, and unknown without the kernel’s folder', () => {
    const fragment = "kernel_modules='overlay br_netfilter nf_conntrack vxlan nf-x'"
    files({
      'proc/sys/kernel/osrelease': '6.8.0-60-generic\n',
      'proc/filesystems': 'nodev\toverlay\n\text4\n',
      'proc/modules': 'xbr_netfilter 1 0 - Live 0x0\n',
    })
    expect(survey(shell, 'modules', fragment).modules.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'overlay loaded',
      'br_netfilter unknown',
      'nf_conntrack unknown',
      'vxlan unknown',
      'nf-x unknown',
    ])
    files({
      'lib/modules/6.8.0-60-generic/modules.dep':
        'kernel/net/bridge/br_netfilter.ko.zst: kernel/net/bridge/bridge.ko.zst\nkernel/net/vxlan-other.ko:\n',
      'lib/modules/6.8.0-60-generic/modules.builtin': 'kernel/net/netfilter/nf_conntrack.ko\n',
    })
    expect(survey(shell, 'modules', fragment).modules.map(({ state }) => state)).toEqual([
      ...['loaded', 'loadable', 'loadable', 'missing', 'missing'],
    ])
  })

  it('another Kubernetes: its networks, its kubelet, but none in a container', () => {
    files({
      'etc/cni/net.d/10-calico.conflist': '{}',
      'etc/cni/net.d/calico-kubeconfig': '',
      'etc/kubernetes/kubelet.conf': '',
      'sys/class/net/cni0/mtu': '1450',
      'sys/class/net/cali0123/mtu': '1450',
      'sys/class/net/eth0/mtu': '1500',
      'proc/700/comm': 'kubelet\n',
      'proc/700/cgroup': '0::/system.slice/kubelet.service\n',
      'proc/701/comm': 'kubelet\n',
      'proc/701/cgroup': '0::/system.slice/docker-0a1b2c.scope\n',
      'proc/702/comm': 'kubelet-helper\n',
      'proc/703/status': '',
    })
    expect(survey(shell, 'kubernetes').kubernetes).toEqual([
      { kind: 'cni-config', name: '10-calico.conflist', pid: 0, unit: '' },
      { kind: 'cni-config', name: 'calico-kubeconfig', pid: 0, unit: '' },
      { kind: 'interface', name: 'cali0123', pid: 0, unit: '' },
      { kind: 'interface', name: 'cni0', pid: 0, unit: '' },
      { kind: 'kubelet-config', name: '/etc/kubernetes/kubelet.conf', pid: 0, unit: '' },
      { kind: 'kubelet', name: 'kubelet', pid: 700, unit: 'kubelet.service' },
    ])
  })

  it('ufw: not even started when it is switched off', () => {
    files({ 'etc/ufw/ufw.conf': '# x\nENABLED=no\n' })
    program('ufw', `touch ${machine.folder}/started`)
    expect(survey(shell, 'firewall').firewalls).toEqual([{ name: 'ufw', state: 'inactive', rules: [] }])
    expect(spawnSync('test', ['-e', join(machine.folder, 'started')]).status).toBe(1)
  })

  it('ufw: with its rules for root, without them for anybody else', () => {
    files({ 'etc/ufw/ufw.conf': 'ENABLED=yes\n' })
    program('ufw', `cat <<'END'\n${ufwStatus}\nEND`)
    const [firewall] = survey(shell, 'firewall').firewalls
    expect(firewall).toMatchObject({ name: 'ufw', state: 'active' })
    expect(firewall?.rules).toContain('22/tcp                     ALLOW IN    Anywhere')
    program('ufw', 'echo "ERROR: You need to be root to run this script"; exit 1')
    expect(survey(shell, 'firewall').firewalls).toEqual([{ name: 'ufw', state: 'active', rules: [] }])
    files({ 'etc/ufw/ufw.conf': '' })
    expect(survey(shell, 'firewall').firewalls).toEqual([{ name: 'ufw', state: 'unknown', rules: [] }])
  })

  it('firewalld: the zones in use, and nothing when it does not run', () => {
    program('firewall-cmd', `cat <<'END'\n${zones}\nEND`)
    program('systemctl', 'case "$*" in *firewalld*) echo inactive; exit 3 ;; esac')
    expect(survey(shell, 'firewall').firewalls).toEqual([{ name: 'firewalld', state: 'inactive', rules: [] }])
    program('systemctl', 'case "$*" in *firewalld*) echo active ;; esac')
    expect(survey(shell, 'firewall').firewalls).toEqual([
      {
        name: 'firewalld',
        state: 'active',
        rules: [
          ...['public (default, active)', '  target: default', '  interfaces: eth0', '  sources:', '  services: ssh'],
          ...['  ports: 10250/tcp', '\trule family="ipv4" source address="10.0.0.1" accept'],
          ...['trusted (active)', '  target: ACCEPT', '  sources: 10.42.0.0/16'],
        ],
      },
    ])
    asRoot(false)
    expect(survey(shell, 'firewall').firewalls).toEqual([{ name: 'firewalld', state: 'active', rules: [] }])
  })

  it('nftables: chains that drop, asked for only where the kernel has it already', () => {
    const chains = `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
	}
}
table ip other {
	chain in {
		type filter hook input priority filter; policy accept;
	}
}`
    program('nft', `cat <<'END'\n${chains}\nEND`)
    expect(survey(shell, 'firewall').firewalls).toEqual([])
    files({ 'proc/modules': 'nf_tables 1 0 - Live 0x0\n' })
    expect(survey(shell, 'firewall').firewalls).toEqual([
      { name: 'nftables', state: 'active', rules: ['inet filter input'] },
    ])
  })

  it('sshd: its own words about forwarding, asked by root for the user who logged in', () => {
    program('sshd', `echo "$*" >${machine.folder}/asked; echo 'AllowTcpForwarding x'; echo 'allowtcpforwarding local'`)
    expect(survey(shell, 'sshd').sshForwarding).toBe('local')
    expect(spawnSync('cat', [join(machine.folder, 'asked')], { encoding: 'utf8' }).stdout).toMatch(
      /^-T -C user=oceanid,/,
    )
    program('sshd', "echo 'allowtcpforwarding yes'; echo 'disableforwarding yes'")
    expect(survey(shell, 'sshd').sshForwarding).toBe('no')
    program('sshd', 'echo "Missing privilege separation directory: /run/sshd" >&2; exit 255')
    expect(survey(shell, 'sshd').sshForwarding).toBe('unknown')
    program('sshd', "echo 'allowtcpforwarding yes'")
    asRoot(false)
    expect(survey(shell, 'sshd').sshForwarding).toBe('unknown')
  })

  it('disks: where the data goes, each file system once', () => {
    const fragment = "data_folders='/var/lib/rancher /var/lib/rancher/k3s /var/lib/kubelet'"
    program(
      'df',
      `case $* in *var/lib/kubelet) place=/var/lib/kubelet ;; *) place=/ ;; esac
echo Filesystem; case $1 in *i) echo "/dev/x 100 1 99 1% $place" ;; *) echo "/dev/x 1000 1 500 1% $place" ;; esac`,
    )
    files({ 'var/lib/x': '', 'usr/local/bin/x': '', 'etc/x': '' })
    const told = () => survey(shell, 'disks', fragment).disks.map(({ path }) => path)
    expect(told()).toEqual(['/var/lib', '/usr/local/bin', '/etc'])
    files({ 'var/lib/rancher/x': '', 'var/lib/kubelet/x': '' })
    expect(told()).toEqual(['/var/lib/rancher', '/var/lib/kubelet', '/usr/local/bin', '/etc'])
    expect(survey(shell, 'disks', fragment).disks[0]).toEqual({
      path: '/var/lib/rancher',
      availableBytes: 512_000,
      totalBytes: 1_024_000,
      availableInodes: 99,
    })
  })

  it('no default route is told apart from routes that nobody told', () => {
    program('ip', 'exit 1')
    expect(survey(shell, 'route')).toMatchObject({ defaultRoute: undefined, hasNoDefaultRoute: false })
    program('ip', 'exit 0')
    expect(survey(shell, 'route')).toMatchObject({ defaultRoute: undefined, hasNoDefaultRoute: true })
  })

  it('a system that cannot be written', () => {
    files({ 'usr/local/bin/x': '', 'etc/systemd/system/x': '' })
    chmodSync(join(machine.folder, 'root/usr/local/bin'), 0o555)
    // Whoever runs the tests as root may write everywhere.
    const expected = process.getuid?.() === 0 ? [] : ['/usr/local/bin']
    expect(survey(shell, 'read_only').readOnly).toEqual(expected)
    asRoot(false)
    expect(survey(shell, 'read_only').readOnly).toEqual([])
  })

  it('hostile words of programs and files stay data, and huge lists end', () => {
    const hostile = '::error::\u001b[31m"\\ $(touch never)'
    files({
      'etc/resolv.conf': `nameserver ${hostile}\n`.repeat(2000),
      'etc/ufw/ufw.conf': 'ENABLED=yes\n',
      'sys/fs/selinux/enforce': hostile,
    })
    for (let index = 0; index < 40; index++) files({ [`etc/cni/net.d/${index}-${'x'.repeat(90)}`]: '' })
    program('ufw', `echo 'Status: active'; i=0; while [ $i -lt 600 ]; do echo '${hostile}'; i=$((i + 1)); done`)
    program('sshd', `echo 'allowtcpforwarding ${hostile}'`)
    const facts = survey(shell, 'resolver selinux kubernetes firewall sshd')
    expect(facts.resolvers[0]?.servers).toHaveLength(16)
    expect(facts.firewalls[0]?.rules).toHaveLength(256)
    expect(facts.firewalls[0]?.rules[1]).toBe(hostile)
    expect(facts.kubernetes).toHaveLength(16)
    expect(facts).toMatchObject({ selinux: 'unknown', sshForwarding: 'unknown' })
  })
})

describe.each(shells.filter(([name]) => name === 'dash').map((shell) => ({ shell })))(
  'programs that hang, by $shell',
  ({ shell }) => {
    it('cost only their own answer', () => {
      const hanging = 'exec tail -f /dev/null'
      for (const name of ['ufw', 'firewall-cmd', 'sshd', 'ss', 'df', 'nft', 'ip']) program(name, hanging)
      program('systemctl', 'echo active')
      // The time that is waited for is over at once.
      program('timeout', 'shift; case $1 in ufw|firewall-cmd|*/sshd|ss|df|nft|ip) exit 124 ;; esac; exec "$@"')
      files({
        'etc/ufw/ufw.conf': 'ENABLED=yes\n',
        'proc/modules': 'nf_tables 1 0 - Live\n',
        'etc/machine-id': 'abc\n',
      })
      expect(survey(shell, 'identity ports disks route addresses firewall sshd')).toMatchObject({
        machineId: 'abc',
        sshForwarding: 'unknown',
        disks: [],
        firewalls: [
          { name: 'ufw', state: 'active', rules: [] },
          { name: 'firewalld', state: 'active', rules: [] },
        ],
      })
    })
  },
)
