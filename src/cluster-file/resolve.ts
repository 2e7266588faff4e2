import { extraConfigComplaints } from './extra-config.ts'
import type { ClusterFile, ClusterFileNode } from './file.ts'
import { hostAddress, ipAddresses, nodeName, serverUrl, userName, versionOf } from './grammar.ts'
import { fingerprintComplaint, knownHostsComplaints } from './host-keys.ts'
import { isComplaint, label, readTaint } from './labels.ts'
import type { DesiredNode, HostAccess, Taint } from './model.ts'
import { type Complaint, type Grammar, nearest, type Problem, quote, withNearest } from './problem.ts'

/** What the inputs say about one node; undefined: nothing. Texts are as given, and are judged here. */
export interface NodeValues {
  readonly node?: string
  readonly transport?: 'ssh' | 'local'
  readonly host?: string
  readonly port?: number
  readonly user?: string
  /** Text of the private key, from whatever source. */
  readonly privateKey?: string
  readonly knownHosts?: string
  readonly hostKeyFingerprints?: readonly string[]
  readonly sudoPassword?: string
  readonly server?: string
  readonly version?: string
  /** `key=value` each. */
  readonly labels?: readonly string[]
  /** `key=value:Effect` each. */
  readonly taints?: readonly string[]
  readonly nodeIp?: string
  readonly nodeExternalIp?: string
  readonly extraConfig?: unknown
}

export type Resolution = { readonly desired: DesiredNode } | { readonly problems: readonly Problem[] }

/** Collects where values come from, and what is wrong with those from the inputs. */
class Merger {
  readonly problems: Problem[] = []
  readonly sources: Record<string, string> = {}
  private readonly path: string

  constructor(path: string) {
    this.path = path
  }

  judge(input: string, value: string, complaint: Complaint | undefined): void {
    if (complaint) this.problems.push({ input, value: quote(value), ...complaint })
  }

  /** An input wins over the file, the file over the default; an overruled value of the file is mentioned. */
  pick<T>(
    name: string,
    given: T | undefined,
    written: T | undefined,
    show: (value: T) => string = (value) => String(value),
  ): T | undefined {
    if (given === undefined) {
      this.sources[name] = written === undefined ? 'default' : this.path
      return written
    }
    const isOverruled = written !== undefined && show(written) !== show(given)
    this.sources[name] = isOverruled ? `input, over ${this.path} (${show(written)})` : 'input'
    return given
  }

  text(name: string, given: string | undefined, written: string | undefined, grammar: Grammar): string | undefined {
    if (given !== undefined) this.judge(name, given, grammar(given))
    return this.pick(name, given, written)
  }
}

const list = (value: string | readonly string[] | undefined): readonly string[] | undefined =>
  typeof value === 'string' ? [value] : value

function mergeLabels(merger: Merger, values: NodeValues, node: ClusterFileNode): Readonly<Record<string, string>> {
  const given: Record<string, string> = Object.create(null)
  for (const text of values.labels ?? []) {
    const complaint = label(text)
    const [key = '', value = ''] = text.split(/=(.*)/s)
    const isContradiction = !complaint && key in given && given[key] !== value
    merger.judge(
      'labels',
      text,
      isContradiction ? { problem: 'gives a key a second value', allowed: 'each key once' } : complaint,
    )
    given[key] = value
  }
  const show = (labels: Readonly<Record<string, string>>): string =>
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(', ')
  return { ...merger.pick('labels', values.labels ? given : undefined, node.labels, show) }
}

function mergeTaints(merger: Merger, values: NodeValues, node: ClusterFileNode): readonly Taint[] {
  const seen = new Set<string>()
  for (const text of values.taints ?? []) {
    const taint = readTaint(text)
    const identity = isComplaint(taint) ? '' : `${taint.key}:${taint.effect}`
    const isRepeated = identity !== '' && seen.has(identity)
    merger.judge(
      'taints',
      text,
      isComplaint(taint)
        ? taint
        : isRepeated
          ? { problem: 'repeats a taint', allowed: 'one taint for each key and effect' }
          : undefined,
    )
    seen.add(identity)
  }
  const texts = merger.pick('taints', values.taints, node.taints, (taints) => [...taints].sort().join(', ')) ?? []
  return texts.map(readTaint).filter((taint): taint is Taint => !isComplaint(taint))
}

function mergeExtraConfig(
  merger: Merger,
  values: NodeValues,
  node: ClusterFileNode,
): Readonly<Record<string, unknown>> {
  if (values.extraConfig !== undefined) {
    for (const { key, ...complaint } of extraConfigComplaints(values.extraConfig)) {
      merger.problems.push({ input: 'extra-config', ...(key === undefined ? {} : { value: quote(key) }), ...complaint })
    }
  }
  const keys = (config: Readonly<Record<string, unknown>>): string => JSON.stringify(config)
  return (
    merger.pick(
      'extra-config',
      values.extraConfig as Readonly<Record<string, unknown>> | undefined,
      node['extra-config'],
      keys,
    ) ?? {}
  )
}

/** Pins of the host key. An input replaces what the file pins: a pin that somebody has just given is the one he has compared. */
function mergePins(
  merger: Merger,
  values: NodeValues,
  node: ClusterFileNode,
  path: string,
): Pick<HostAccess, 'knownHosts' | 'hostKeyFingerprints' | 'hostKeySource'> {
  for (const { line, text, ...complaint } of values.knownHosts === undefined
    ? []
    : knownHostsComplaints(values.knownHosts)) {
    merger.judge('known-hosts', text, { ...complaint, problem: `line ${line} ${complaint.problem}` })
  }
  for (const fingerprint of values.hostKeyFingerprints ?? [])
    merger.judge('host-key-fingerprint', fingerprint, fingerprintComplaint(fingerprint))
  const inputs = [
    ...(values.knownHosts === undefined ? [] : ['known-hosts']),
    ...(values.hostKeyFingerprints === undefined ? [] : ['host-key-fingerprint']),
  ]
  const isGiven = inputs.length > 0
  const knownHosts = isGiven ? values.knownHosts : node.ssh?.['known-hosts']
  const fingerprints = (isGiven ? values.hostKeyFingerprints : list(node.ssh?.['host-key-fingerprint'])) ?? []
  const hostKeySource = isGiven ? `input ${inputs.join(' and ')}` : path
  merger.sources['host-key'] = hostKeySource
  return { ...(knownHosts === undefined ? {} : { knownHosts }), hostKeyFingerprints: fingerprints, hostKeySource }
}

function sshAccess(merger: Merger, values: NodeValues, node: ClusterFileNode, path: string): HostAccess {
  const { ssh } = node
  const address = merger.text('host', values.host, ssh?.host ?? node.address, hostAddress) ?? ''
  const port = merger.pick('port', values.port, ssh?.port) ?? 22
  const user = merger.text('user', values.user, ssh?.user, userName) ?? ''
  return {
    transport: 'ssh',
    address,
    port,
    user,
    ...(values.privateKey === undefined ? {} : { privateKey: values.privateKey }),
    ...mergePins(merger, values, node, path),
    ...(values.sudoPassword === undefined ? {} : { sudoPassword: values.sudoPassword }),
  }
}

/** Everything that a connection needs and nobody has said, each with its place in the cluster file. */
function missingAccess(
  access: HostAccess,
  node: ClusterFileNode,
  name: string,
  file: ClusterFile | undefined,
): readonly Problem[] {
  const twin = (key: string): string =>
    file
      ? `give the input, or \`nodes.${name}.ssh.${key}\` in ${file.path}`
      : `give the input, or name a \`cluster-file\` that has \`ssh.${key}\``
  const property = node.ssh?.['private-key-property']
  const keyHint = property === undefined ? '' : `; the cluster file says that it is kept as ${quote(property)}`
  const problems: Problem[] = []
  if (access.address === '') problems.push({ input: 'host', problem: 'is missing', allowed: twin('host') })
  if (access.user === '') problems.push({ input: 'user', problem: 'is missing', allowed: twin('user') })
  if (access.privateKey === undefined) {
    const allowed = `give it from a secret, or \`ssh-private-key-file\`${file ? `, or \`nodes.${name}.ssh.private-key-file\` in ${file.path}` : ''}${keyHint}`
    problems.push({ input: 'ssh-private-key', problem: 'is missing', allowed })
  }
  if (access.knownHosts === undefined && access.hostKeyFingerprints.length === 0) {
    problems.push({
      input: 'known-hosts',
      problem: 'is missing, and so is `host-key-fingerprint`: without a pinned host key there is no connection',
      allowed: `${twin('known-hosts')}; compare it on the console of the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`,
    })
  }
  return problems
}

function unknownNode(file: ClusterFile, name: string): Problem {
  const names = Object.keys(file.content.nodes)
  return {
    input: 'node',
    value: quote(name),
    problem: `is no node of ${file.path}`,
    allowed: `its nodes are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' …' : ''}`,
    ...withNearest(nearest(name, names)),
  }
}

function hostOf(server: string | undefined): string {
  return server === undefined || !URL.canParse(server) ? 'the cluster' : new URL(server).hostname
}

/** Merges inputs and cluster file into what is wanted of one node. All problems at once; pure. */
export function resolveNode(values: NodeValues, file: ClusterFile | undefined): Resolution {
  const path = file?.path ?? 'default'
  const merger = new Merger(path)
  const name = values.node ?? ''
  const content = file?.content
  const isKnown = content !== undefined && Object.hasOwn(content.nodes, name)
  const node: ClusterFileNode = isKnown ? (content.nodes[name] ?? {}) : {}
  const distribution = content?.distribution ?? 'k3s'
  merger.sources.cluster = file ? path : 'default'
  merger.sources.distribution = content?.distribution ? path : 'default'
  merger.sources['pod-network'] = node['pod-network'] ? path : 'default'
  merger.sources.gpu = node.gpu ? path : 'default'

  if (name === '')
    merger.problems.push({ input: 'node', problem: 'is missing', allowed: 'the name of the node in the cluster' })
  else if (file && !isKnown) merger.problems.push(unknownNode(file, name))
  else merger.judge('node', name, nodeName(name))
  merger.sources.node = 'input'

  const transport = merger.pick('transport', values.transport, node.transport) ?? 'ssh'
  const local: HostAccess = {
    transport: 'local',
    address: '',
    port: 0,
    user: '',
    hostKeyFingerprints: [],
    hostKeySource: '',
    ...(values.sudoPassword === undefined ? {} : { sudoPassword: values.sudoPassword }),
  }
  const access = transport === 'local' ? local : sshAccess(merger, values, node, path)
  // Of a node that the file does not know, everything is missing: the wrong name is the one thing to say.
  const isNamed = !file || isKnown
  if (transport === 'ssh' && isNamed) merger.problems.push(...missingAccess(access, node, name, file))

  const server = merger.text('server', values.server, content?.api?.server, serverUrl)?.replace(/\/+$/, '')
  if (server === undefined) merger.sources.server = 'kubeconfig'
  const version =
    merger.text('version', values.version, node.version ?? content?.version, versionOf(distribution)) ?? 'match-server'
  const nodeIp = merger.text('node-ip', values.nodeIp, node['node-ip'], ipAddresses)
  const nodeExternalIp = merger.text('node-external-ip', values.nodeExternalIp, node['node-external-ip'], ipAddresses)
  const desired: DesiredNode = {
    cluster: content?.name ?? hostOf(server),
    node: name,
    distribution,
    access,
    ...(server === undefined ? {} : { server }),
    version,
    labels: mergeLabels(merger, values, node),
    taints: mergeTaints(merger, values, node),
    ...(nodeIp === undefined ? {} : { nodeIp }),
    ...(nodeExternalIp === undefined ? {} : { nodeExternalIp }),
    extraConfig: mergeExtraConfig(merger, values, node),
    podNetwork: node['pod-network'] ?? 'shared',
    ...(node.gpu === undefined ? {} : { gpu: node.gpu }),
    ...(content === undefined ? {} : { nodesWanted: Object.keys(content.nodes).length }),
    sources: merger.sources,
  }
  return merger.problems.length > 0 ? { problems: merger.problems } : { desired }
}
