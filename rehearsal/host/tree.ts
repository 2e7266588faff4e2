import { randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { StorageDisk } from './storage-machine.ts'

/** What kind of machine it is. */
export interface MachineDetails {
  readonly kernel: string
  /** Text of /etc/os-release. */
  readonly osRelease: string
  readonly cpus: number
  readonly memoryKi: number
  readonly product: string
  /** A second disk that is mounted, for storage of the cluster. */
  readonly storage?: StorageDisk
  /** Of its network, whose mask is /24. */
  readonly gateway: string
  readonly device: string
}

/** The machine that a tree describes. */
export interface TreeOptions {
  readonly root: string
  readonly name: string
  readonly user: string
  /** Triton runs in docker (pid 2143). */
  readonly hasTriton: boolean
  readonly details: MachineDetails
  /** DMI product_uuid; random when not given. */
  readonly systemUuid?: string | undefined
}

/** /etc/os-release of every machine that is played, whatever lies below it. */
export const osReleaseText = `${[
  'PRETTY_NAME="Ubuntu 22.04.5 LTS"',
  'NAME="Ubuntu"',
  'VERSION_ID="22.04"',
  'VERSION="22.04.5 LTS (Jammy Jellyfish)"',
  'VERSION_CODENAME=jammy',
  'ID=ubuntu',
  'ID_LIKE=debian',
  'UBUNTU_CODENAME=jammy',
].join('\n')}\n`

/** calypso: an Ubuntu 22.04 workstation. */
export const calypsoDetails: MachineDetails = {
  kernel: '6.8.0-60-generic',
  osRelease: osReleaseText,
  cpus: 32,
  memoryKi: 65_706_872,
  product: 'embedded workstation',
  gateway: '192.168.2.1',
  device: 'enp5s0',
}

/** The card on the PCI bus, vendor and class of its two functions: a VGA controller and its sound device. */
export const gpuPciFiles: Readonly<Record<string, string>> = {
  '0000:01:00.0/vendor': '0x10de',
  '0000:01:00.0/class': '0x030000',
  '0000:01:00.1/vendor': '0x10de',
  '0000:01:00.1/class': '0x040300',
}

/** /etc/hosts as Ubuntu's installer writes it. */
export function hostsText(name: string): string {
  return `127.0.0.1 localhost\n127.0.1.1 ${name}\n`
}

/** Where names are looked up: systemd-resolved answers on loopback, and its other file says whom it asks. */
export const resolverFiles: Readonly<Record<string, string>> = {
  'etc/resolv.conf': 'nameserver 127.0.0.53\noptions edns0 trust-ad',
  'run/systemd/resolve/resolv.conf': 'nameserver 192.168.2.1\nsearch .',
}

/** /proc/meminfo with a third of the memory free, and no swap. */
function memoryText(totalKi: number): string {
  const row = (name: string, ki: number): string => `${`${name}:`.padEnd(15)}${String(ki).padStart(9)} kB`
  return [
    row('MemTotal', totalKi),
    row('MemFree', Math.round(totalKi * 0.3262)),
    row('MemAvailable', Math.round(totalKi * 0.73405)),
    row('SwapTotal', 0),
    row('SwapFree', 0),
  ].join('\n')
}

/**
 * Lays out the folder that plays `/`: a machine with systemd and docker's and sshd's units. Identities are random: they belong to nobody's machine.
 */
export function layTree(options: TreeOptions): { readonly bootId: string } {
  const { details } = options
  const bootId = randomUUID()
  const containerId = randomBytes(32).toString('hex')
  const files: Record<string, string> = {
    'etc/os-release': details.osRelease.trimEnd(),
    'etc/hostname': options.name,
    'etc/hosts': hostsText(options.name).trimEnd(),
    'etc/machine-id': randomBytes(16).toString('hex'),
    ...resolverFiles,
    'run/systemd/resolve/resolv.conf': `nameserver ${details.gateway}\nsearch .`,
    'etc/passwd': `root:x:0:0:root:/root:/bin/bash\n${options.user}:x:1000:1000::/home/${options.user}:/bin/bash`,
    'proc/meminfo': memoryText(details.memoryKi),
    'proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority',
    'proc/cpuinfo': 'processor\t: 0\nmodel name\t: embedded',
    'proc/loadavg': '0.42 0.38 0.35 1/812 2143',
    'proc/mounts':
      '/dev/nvme0n1p2 / ext4 rw,relatime 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime 0 0',
    'proc/modules': ['br_netfilter 32768', 'nf_conntrack 172032', 'overlay 151552', 'vxlan 106496']
      .map((module) => `${module} 0 - Live 0x0`)
      .join('\n'),
    'proc/sys/kernel/hostname': options.name,
    'proc/sys/kernel/osrelease': details.kernel,
    'proc/sys/kernel/random/boot_id': bootId,
    'proc/sys/net/ipv4/ip_forward': '1',
    'proc/uptime': '93210.11 742311.80',
    'proc/1/comm': 'systemd',
    // The cluster's machine with the card runs Triton in docker already; nobody may disturb it.
    ...(options.hasTriton
      ? {
          'proc/2143/comm': 'tritonserver',
          'proc/2143/cgroup': `0::/system.slice/docker-${containerId}.scope`,
        }
      : {}),
    'sys/bus/pci/devices/0000:00:1f.0/vendor': '0x8086',
    'sys/bus/pci/devices/0000:00:1f.0/class': '0x060100',
    'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc',
    'sys/class/dmi/id/product_uuid': options.systemUuid ?? randomUUID(),
    'sys/class/dmi/id/product_name': details.product,
    'lib/systemd/system/docker.service':
      '[Unit]\nDescription=Docker Application Container Engine\n\n[Install]\nWantedBy=multi-user.target',
    'lib/systemd/system/ssh.service':
      '[Unit]\nDescription=OpenBSD Secure Shell server\n\n[Install]\nWantedBy=multi-user.target',
  }
  const folders = [
    'etc/systemd/system/multi-user.target.wants',
    'etc/default',
    'run/systemd/system',
    'run/lock',
    'tmp',
    'root',
    'opt',
  ]
  folders.push(
    'usr/local/bin',
    'usr/bin',
    'usr/lib',
    'var/lib',
    'var/log',
    'var/tmp',
    `home/${options.user}`,
    'dev',
    'boot',
  )
  for (const folder of folders) mkdirSync(join(options.root, folder), { recursive: true })
  for (const folder of ['tmp', 'var/tmp']) chmodSync(join(options.root, folder), 0o1777)
  for (const [path, text] of Object.entries(files)) {
    const file = join(options.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${text}\n`, path === 'sys/class/dmi/id/product_uuid' ? { mode: 0o400 } : {})
  }
  for (const unit of ['docker', 'ssh']) {
    symlinkSync(
      `/lib/systemd/system/${unit}.service`,
      join(options.root, `etc/systemd/system/multi-user.target.wants/${unit}.service`),
    )
  }
  return { bootId }
}
