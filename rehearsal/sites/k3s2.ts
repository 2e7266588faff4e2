/** The cluster of seed 003: clusters/k3s2.yaml, with k3s2 as the storage node that joins. */
import { osReleaseText } from '../host/tree.ts'
import type { Site } from './model.ts'

export const k3s2: Site = {
  name: 'k3s2',
  clusterFile: 'clusters/k3s2.yaml',
  distribution: 'k3s',
  // The seed names none.
  version: 'v1.33.4+k3s1',
  podNetwork: '10.42.0.0/16',
  serviceNetwork: '10.43.0.0/16',
  api: { host: '192.168.86.71', port: 6443 },
  keySecret: 'K3S2_SSH_KEY',
  ingressPort: 30080,
  machines: [
    {
      name: 'k3s2',
      user: 'ubuntu',
      address: '192.168.86.72',
      gateway: '192.168.86.1',
      device: 'eno1',
      architecture: 'amd64',
      kernel: '5.15.0-119-generic',
      osRelease: osReleaseText,
      cpus: 4,
      memoryKi: 16_301_000,
      product: 'embedded mini PC',
      systemUuid: '5d1f6c3a-98b0-4e57-8f0e-3a6b5c2d7e91',
      gpu: 'none',
      toolkit: '',
      hasTriton: false,
      knownHostsVariable: 'K3S2_KNOWN_HOSTS',
      storage: { disk: '/mnt/longhorn/sdb1', device: '/dev/sdb1' },
    },
  ],
  nodes: [
    {
      name: 'k3s1',
      address: '192.168.86.71',
      role: 'server',
      architecture: 'amd64',
      osImage: 'Ubuntu 22.04.5 LTS',
      kernel: '5.15.0-119-generic',
      podCidr: '10.42.0.0/24',
      cpus: 4,
      memoryKi: 16_301_000,
      days: 200,
      labels: { storage: 'longhorn', 'node.longhorn.io/create-default-disk': 'config' },
    },
  ],
}
