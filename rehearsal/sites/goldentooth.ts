/**
 * The cluster of seed 001, clusters/goldentooth.yaml: kubeadm on Raspberry Pis and one x86 machine with a GPU. Versions, ages, labels and taint are
 * the seed's; addresses, networks and hardware those of its owner's public log (goldentooth/clog, src/002_cluster_hardware.md and src/046_new_server.md).
 */
import type { Site, SiteMachine, SiteNode } from './model.ts'

const piOs = `${[
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
  'NAME="Debian GNU/Linux"',
  'VERSION_ID="12"',
  'VERSION="12 (bookworm)"',
  'VERSION_CODENAME=bookworm',
  'ID=debian',
].join('\n')}\n`

const ubuntu = `${[
  'PRETTY_NAME="Ubuntu 24.04.2 LTS"',
  'NAME="Ubuntu"',
  'VERSION_ID="24.04"',
  'VERSION="24.04.2 LTS (Noble Numbat)"',
  'VERSION_CODENAME=noble',
  'ID=ubuntu',
  'ID_LIKE=debian',
].join('\n')}\n`

const network = { gateway: '10.4.0.1', user: 'nathan' } as const

const pi: Omit<SiteMachine, 'name' | 'address' | 'systemUuid' | 'knownHostsVariable'> = {
  ...network,
  device: 'eth0',
  architecture: 'arm64',
  kernel: '6.12.25+rpt-rpi-2712',
  osRelease: piOs,
  cpus: 4,
  memoryKi: 8_256_000,
  product: 'Raspberry Pi 5 Model B Rev 1.0',
  gpu: 'none',
  toolkit: '',
  hasTriton: false,
  // The seed: "Both nodes successfully installed Kubernetes v1.32.7".
  kubernetes: 'v1.32.7',
}

const old = (name: string, last: number, role: SiteNode['role'], podCidr: string): SiteNode => ({
  name,
  address: `10.4.0.${last}`,
  role,
  architecture: 'arm64',
  osImage: 'Debian GNU/Linux 12 (bookworm)',
  kernel: '6.12.25+rpt-rpi-v8',
  podCidr,
  cpus: 4,
  memoryKi: 8_000_000,
  days: 393,
  ...(role === 'server' && { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }),
})

export const goldentooth: Site = {
  name: 'goldentooth',
  clusterFile: 'clusters/goldentooth.yaml',
  distribution: 'kubeadm',
  version: 'v1.32.3',
  // HAProxy in front of the three control planes.
  api: { host: '10.4.0.10', port: 6443 },
  keySecret: 'GOLDENTOOTH_SSH_KEY',
  podNetwork: '192.168.0.0/16',
  serviceNetwork: '172.16.0.0/20',
  machines: [
    {
      ...pi,
      name: 'karstark',
      address: '10.4.0.20',
      systemUuid: '6b617273-7461-726b-8000-000000000020',
      knownHostsVariable: 'GOLDENTOOTH_KNOWN_HOSTS',
    },
    {
      ...pi,
      name: 'lipps',
      address: '10.4.0.21',
      systemUuid: '6c697070-7300-4000-8000-000000000021',
      knownHostsVariable: 'GOLDENTOOTH_KNOWN_HOSTS',
    },
    {
      ...network,
      name: 'velaryon',
      address: '10.4.0.30',
      device: 'enp39s0',
      architecture: 'amd64',
      kernel: '6.8.0-60-generic',
      osRelease: ubuntu,
      cpus: 24,
      memoryKi: 32_803_048,
      product: 'embedded workstation',
      systemUuid: '76656c61-7279-4f6e-8000-000000000030',
      gpu: 'rtx-2070',
      toolkit: '1.17.8',
      hasTriton: false,
      kubernetes: 'v1.32.5',
      knownHostsVariable: 'GOLDENTOOTH_KNOWN_HOSTS',
    },
  ],
  nodes: [
    old('bettley', 11, 'server', '192.168.0.0/24'),
    old('cargyll', 12, 'server', '192.168.1.0/24'),
    old('dalt', 13, 'server', '192.168.2.0/24'),
    old('erenford', 14, 'agent', '192.168.3.0/24'),
    old('fenn', 15, 'agent', '192.168.4.0/24'),
    old('gardener', 16, 'agent', '192.168.5.0/24'),
    old('harlton', 17, 'agent', '192.168.6.0/24'),
    old('inchfield', 18, 'agent', '192.168.7.0/24'),
    old('jast', 19, 'agent', '192.168.8.0/24'),
    {
      name: 'velaryon',
      address: '10.4.0.30',
      role: 'agent',
      architecture: 'amd64',
      version: 'v1.32.5',
      osImage: 'Ubuntu 24.04.2 LTS',
      kernel: '6.8.0-60-generic',
      podCidr: '192.168.9.0/24',
      cpus: 24,
      memoryKi: 32_803_048,
      days: 52,
      labels: { gpu: 'true', arch: 'amd64' },
      taints: [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }],
    },
  ],
}
