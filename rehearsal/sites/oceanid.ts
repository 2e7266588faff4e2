/** The cluster of seeds 000, 002 and 004: clusters/oceanid.yaml, with calypso as the machine that joins. */
import { calypsoSystemUuid } from '../contract.ts'
import { osReleaseText } from '../host/tree.ts'
import type { Site } from './model.ts'

const server = { osImage: 'Ubuntu 25.04', kernel: '6.14.0-29-generic', cpus: 4, memoryKi: 16_384_000, days: 120 }

export const oceanid: Site = {
  name: 'oceanid',
  clusterFile: 'clusters/oceanid.yaml',
  distribution: 'k3s',
  version: 'v1.33.4+k3s1',
  api: { host: '157.173.210.123', port: 6443 },
  podNetwork: '10.42.0.0/16',
  serviceNetwork: '10.43.0.0/16',
  machines: [
    {
      name: 'calypso',
      user: 'oceanid',
      address: '192.168.2.80',
      gateway: '192.168.2.1',
      device: 'enp5s0',
      architecture: 'amd64',
      kernel: '6.8.0-60-generic',
      osRelease: osReleaseText,
      cpus: 32,
      memoryKi: 65_706_872,
      product: 'embedded workstation',
      systemUuid: calypsoSystemUuid,
      gpu: 'rtx-4090',
      toolkit: '1.17.8',
      hasTriton: true,
      knownHostsVariable: 'CALYPSO_KNOWN_HOSTS',
      keyProperty: 'oceanid-cluster:calypso_ssh_key',
    },
  ],
  nodes: [
    {
      ...server,
      name: 'srv712429',
      address: '157.173.210.123',
      role: 'server',
      architecture: 'amd64',
      podCidr: '10.42.0.0/24',
    },
    {
      ...server,
      name: 'srv712695',
      address: '191.101.1.3',
      role: 'agent',
      architecture: 'amd64',
      podCidr: '10.42.1.0/24',
    },
  ],
  esc: { reference: 'ryan-taylor/default/oceanid-cluster', prefix: 'oceanid-cluster' },
  tunnelKnownHostsVariable: 'TETHYS_KNOWN_HOSTS',
}
