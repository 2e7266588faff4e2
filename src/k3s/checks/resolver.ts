import { BlockList, isIP } from 'node:net'
import { few, type JoinSituation, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { K3sInstallation } from '../model.ts'
import { compareVersions, parseVersion } from '../version.ts'

// Go's net.IP.IsGlobalUnicast, which private addresses pass: anything but these.
const others = new BlockList()
for (const [network, prefix, family] of [
  ['0.0.0.0', 32, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['255.255.255.255', 32, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
] as const) {
  others.addSubnet(network, prefix, family)
}

/** First releases that also take Google Cloud's 169.254.169.254, and whose fallback has an IPv6 address (k3s#12692). */
const firstWithIpv6Fallback: Readonly<Record<number, string>> = {
  31: 'v1.31.12+k3s1',
  32: 'v1.32.8+k3s1',
  33: 'v1.33.4+k3s1',
}

function isNewer(version: string): boolean {
  const parsed = parseVersion(version)
  if (!parsed) return true
  const first = firstWithIpv6Fallback[parsed.minor]
  return first === undefined ? parsed.minor > 33 || parsed.major > 1 : compareVersions(version, first) >= 0
}

function isUsable(server: string, version: string): boolean {
  if (server === '169.254.169.254' && isNewer(version)) return true
  const family = isIP(server)
  // Go takes no address with a zone (fe80::1%eth0).
  return family !== 0 && !server.includes('%') && !others.check(server, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Which name servers pods will be given, chosen as k3s does (pkg/agent/config, locateOrGenerateResolvConf): the first of
 * /etc/resolv.conf and systemd-resolved's file in which every server can be reached from a pod; otherwise, silently, Google's.
 */
export function resolverCheck({ facts, desired, version }: JoinSituation, found: K3sInstallation): Check {
  const id = 'host.resolver'
  const question = 'Which name servers will pods use?'
  const configured = found.configFiles.find((file) => file.keys.includes('resolv-conf'))?.path
  if ('resolv-conf' in desired.extraConfig || configured)
    return passed(id, question, `those of the file that ${configured ?? '`extra-config`'} names (resolv-conf)`)
  for (const { path, isReadable, servers } of facts.resolvers) {
    if (!isReadable) return unanswered(id, question, `${path} cannot be read`)
    if (servers.length > 0 && servers.every((server) => isUsable(server, version)))
      return passed(id, question, `${few(servers)} (${path})`)
  }
  if (facts.resolvers.length === 0) return unanswered(id, question, 'the host does not say')
  const fallback = isNewer(version) ? '8.8.8.8 and 2001:4860:4860::8888' : '8.8.8.8'
  return {
    id,
    verdict: 'warn',
    question,
    found: `${fallback}, which k3s takes without asking`,
    cause: `${facts.resolvers.map(({ path, servers }) => `${path} names ${few(servers) || 'none'}`).join(', ')}: a pod cannot use a server on the loopback of its node; names of your own network will not be found`,
    remedy:
      'write the name servers of the network into a file, e.g. /etc/rancher/k3s/resolv.conf, and give resolv-conf: /etc/rancher/k3s/resolv.conf in `extra-config`',
  }
}
