import { BlockList, isIP } from 'node:net'
import type { Check } from '../report/index.ts'
import type { JoinSituation } from './distribution.ts'

const privateNetworks = new BlockList()
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4')
}
privateNetworks.addSubnet('fc00::', 7, 'ipv6')
privateNetworks.addSubnet('fe80::', 10, 'ipv6')

/** RFC 1918, carrier-grade NAT, link-local, loopback and unique local addresses. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && privateNetworks.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * A private host that joins public servers becomes Ready, but an overlay that sends packets straight to node addresses
 * (VXLAN, the default) does not cross NAT: pods there stay alone. Nothing else reports it.
 */
export function topologyCheck(situation: JoinSituation): Check {
  const question = 'Can pods on this host and pods on the servers reach each other?'
  const { desired, nodes, facts } = situation
  const own =
    desired.nodeExternalIp ??
    desired.nodeIp ??
    facts.defaultRoute?.source ??
    facts.addresses[0] ??
    desired.access.address
  const serverAddresses = nodes
    .filter((node) => node.isServer)
    .flatMap((node) => [...node.externalIps, ...node.internalIps])
  const publicServers = serverAddresses.filter((address) => isIP(address) !== 0 && !isPrivateAddress(address))
  if (!isPrivateAddress(own) || publicServers.length === 0) {
    return {
      id: 'cluster.topology',
      verdict: 'pass',
      question,
      found: `${own || 'unknown address'} beside ${serverAddresses.join(', ') || 'no known server address'}`,
    }
  }
  const found = `${own} is private, the servers are public (${publicServers.join(', ')}): pods here will not reach pods there`
  if (desired.podNetwork === 'isolated') {
    return { id: 'cluster.topology', verdict: 'pass', question, found: `${found} (declared: pod-network isolated)` }
  }
  return {
    id: 'cluster.topology',
    verdict: 'warn',
    question,
    found,
    cause: 'the overlay network sends packets straight to node addresses; through NAT they do not arrive',
    remedy:
      'declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)',
  }
}
