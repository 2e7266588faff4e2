/** The pods' network on one node, with the plain CNI plugins in the place of flannel, which the lab cannot have. */
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { agentFolder, write } from './folders.ts'

/** Name of the interface of the first default route in the text of /proc/net/route; undefined without one. */
export function defaultInterface(routes: string): string | undefined {
  return routes
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find((fields) => fields[1] === '00000000' && fields[7] === '00000000')?.[0]
}

/** The node's address as k3s chooses it. @throws Error in k3s's words on a machine without a default route. */
export function chooseNodeIp(): string {
  const name = defaultInterface(readFileSync('/proc/net/route', 'utf8'))
  const address = (name === undefined ? [] : (networkInterfaces()[name] ?? [])).find(({ family }) => family === 'IPv4')
  if (address === undefined) throw new Error('no default routes found in "/proc/net/route" or "/proc/net/ipv6_route"')
  return address.address
}

/** A bridge with one address range: what flannel's own plugin delegates to, with flannel's MTU. */
export function conflist(podCidr: string): string {
  const bridge = {
    type: 'bridge',
    bridge: 'cni0',
    mtu: 1450,
    hairpinMode: true,
    // The range of a Node that was deleted and joined again is another one, and the bridge is still there.
    forceAddress: true,
    isDefaultGateway: true,
    ipMasq: true,
    ipam: { type: 'host-local', ranges: [[{ subnet: podCidr }]] },
  }
  const plugins = [bridge, { type: 'portmap', capabilities: { portMappings: true } }]
  return `${JSON.stringify({ name: 'cbr0', cniVersion: '1.0.0', plugins }, undefined, 2)}\n`
}

/** The text of /run/flannel/subnet.env. The node's own address is the first of its range. */
export function subnetEnv(podCidr: string): string {
  const [network = '', length = '24'] = podCidr.split('/')
  const own = network.replace(/\.\d+$/, '.1')
  return [
    'FLANNEL_NETWORK=10.42.0.0/16',
    `FLANNEL_SUBNET=${own}/${length}`,
    'FLANNEL_MTU=1450',
    'FLANNEL_IPMASQ=true',
    '',
  ].join('\n')
}

/** Lays both files; containerd takes the first one up by itself, if its configuration has the folder. */
export function layNetwork(podCidr: string): void {
  write('/run/flannel/subnet.env', subnetEnv(podCidr), 0o644)
  write(`${agentFolder}/etc/cni/net.d/10-flannel.conflist`, conflist(podCidr), 0o600)
}
