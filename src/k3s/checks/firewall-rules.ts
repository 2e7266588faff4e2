import { BlockList, isIP } from 'node:net'

/** What has to come in: a port from other nodes, or everything from a network. */
export type Need = { readonly port: number; readonly protocol: 'tcp' | 'udp' } | { readonly network: string }

const podNetwork = '10.42.0.0/16'
const serviceNetwork = '10.43.0.0/16'

/** Inbound rules for nodes (docs: installation/requirements), with the networks that k3s has unless it is told otherwise. */
export const nodeNeeds: readonly Need[] = [
  { port: 10250, protocol: 'tcp' },
  { port: 8472, protocol: 'udp' },
]
export const podNeeds: readonly Need[] = [{ network: podNetwork }, { network: serviceNetwork }]

export const needText = (need: Need): string => ('network' in need ? need.network : `${need.port}/${need.protocol}`)

/** Whether the network `outer` (`10.0.0.0/8`, or one address) holds all of `inner`. */
function holds(outer: string, inner: string): boolean {
  const [base = '', prefix] = outer.split('/')
  const [wanted = '', wantedPrefix = '32'] = inner.split('/')
  if (isIP(base) !== 4 || isIP(wanted) !== 4) return false
  const bits = prefix === undefined ? 32 : Number(prefix)
  if (!Number.isInteger(bits) || bits < 0 || bits > Number(wantedPrefix)) return false
  const list = new BlockList()
  list.addSubnet(base, bits, 'ipv4')
  return list.check(wanted, 'ipv4')
}

/** `10250`, `10250/tcp`, `22,80,10250/tcp`, `10000:11000/tcp`, `10000-11000/tcp` (firewalld). */
function coversPort(text: string, need: Extract<Need, { port: number }>): boolean {
  const [ports = '', protocol] = text.split('/')
  if (protocol !== undefined && protocol !== need.protocol) return false
  return ports.split(',').some((part) => {
    const [from = '', to = from] = part.split(/[:-]/)
    return /^\d+$/.test(from) && /^\d+$/.test(to) && Number(from) <= need.port && need.port <= Number(to)
  })
}

const isOwnNetwork = (source: string): boolean => holds(podNetwork, source) || holds(serviceNetwork, source)

interface UfwRule {
  readonly to: string
  readonly isAllowed: boolean
  readonly from: string
}

/** A line of `ufw status verbose`: `8472/udp on enp5s0   ALLOW IN    192.168.2.0/24   # comment`. */
function ufwRule(line: string): UfwRule | undefined {
  const [, to, action, from] = /^(\S.*?)\s{2,}(ALLOW|LIMIT|DENY|REJECT)(?: IN)?\s{2,}(\S+)/.exec(line) ?? []
  // Every rule for any address is listed for IPv6 once more; what is needed is IPv4.
  if (to === undefined || from === undefined || line.includes('(v6)')) return undefined
  return { to: to.replace(/ on \S+$/, '').trim(), isAllowed: action === 'ALLOW' || action === 'LIMIT', from }
}

/** What ufw does not let in, as far as its rules say so; rules for single interfaces and applications count as good. */
export function missingInUfw(lines: readonly string[], needs: readonly Need[]): readonly Need[] {
  if (lines.some((line) => /^Default:\s*allow \(incoming\)/.test(line))) return []
  const rules = lines.flatMap((line) => ufwRule(line) ?? []).filter((rule) => rule.isAllowed)
  return needs.filter(
    (need) =>
      !rules.some(({ to, from }) => {
        if ('network' in need) return /^Anywhere/.test(to) && (/^Anywhere/.test(from) || holds(from, need.network))
        // Everything from a network that is not the pods' own: the nodes may be there.
        if (/^Anywhere/.test(to)) return /^Anywhere/.test(from) || !isOwnNetwork(from)
        return coversPort(to, need) && !isOwnNetwork(from)
      }),
  )
}

/** Services that firewalld knows and that hold what is needed (config/services of firewalld). */
const firewalldServices: Readonly<Record<string, readonly string[]>> = {
  '10250/tcp': ['kubelet', 'kubelet-worker', 'kube-worker', 'kube-control-plane', 'kube-control-plane-secure'],
  '8472/udp': ['kube-flannel'],
}

interface Zone {
  target: string
  words: Record<string, readonly string[]>
  richRules: string[]
}

function zonesOf(lines: readonly string[]): Zone[] {
  const zones: Zone[] = []
  for (const line of lines) {
    if (/^\S/.test(line)) zones.push({ target: '', words: {}, richRules: [] })
    const zone = zones.at(-1)
    const [, key, value = ''] = /^\s+([a-z-]+):\s*(.*)$/.exec(line) ?? []
    if (!zone) continue
    if (/^\s+rule /.test(line)) zone.richRules.push(line.trim())
    else if (key === 'target') zone.target = value.trim()
    else if (key) zone.words[key] = value.split(/\s+/).filter(Boolean)
  }
  return zones
}

/** What firewalld's zones in use do not let in. A rich rule that names the port or network and accepts counts as good. */
export function missingInFirewalld(lines: readonly string[], needs: readonly Need[]): readonly Need[] {
  const zones = zonesOf(lines)
  const accepting = zones.filter((zone) => zone.target === 'ACCEPT')
  return needs.filter((need) => {
    const rules = zones.flatMap((zone) => zone.richRules).filter((rule) => / accept\b/.test(rule))
    if ('network' in need) {
      const isTrusted = accepting.some(
        (zone) =>
          (zone.words.sources ?? []).some((source) => holds(source, need.network)) ||
          (zone.words.interfaces ?? []).includes('cni0'),
      )
      return !isTrusted && !rules.some((rule) => rule.includes(need.network))
    }
    const isOpen = zones.some(
      (zone) =>
        (zone.words.ports ?? []).some((port) => coversPort(port, need)) ||
        (zone.words.services ?? []).some((name) => firewalldServices[needText(need)]?.includes(name)),
    )
    const isTrusted = accepting.some(
      (zone) =>
        (zone.words.sources ?? []).some((source) => !isOwnNetwork(source)) ||
        (zone.words.interfaces ?? []).some((name) => !/^(cni0|flannel)/.test(name)),
    )
    return !isOpen && !isTrusted && !rules.some((rule) => rule.includes(`"${need.port}"`))
  })
}
