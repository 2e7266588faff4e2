import type { ClusterFile, ClusterFileNode } from './file.ts'
import { hostAddress, ipAddresses, nodeName, serverUrl, userName, versionOf } from './grammar.ts'
import { Merger, mergeExtraConfig, mergeLabels, mergePins, mergeTaints, type NodeValues } from './merge.ts'
import type { DesiredNode, HostAccess } from './model.ts'
import { mergePrerequisites } from './prerequisites.ts'
import { nearest, type Problem, quote, withNearest } from './problem.ts'

export type Resolution = { readonly desired: DesiredNode } | { readonly problems: readonly Problem[] }

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
  const distribution = merger.pick('distribution', values.distribution, content?.distribution) ?? 'k3s'
  merger.sources.cluster = file ? path : 'default'
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
  // A kubelet has no such argument: with kubeadm a cloud provider says the external address, or nobody.
  if (distribution === 'kubeadm' && nodeExternalIp !== undefined)
    merger.problems.push({
      input: 'node-external-ip',
      value: quote(nodeExternalIp),
      problem: 'cannot be given to a node of kubeadm: its kubelet has no such argument',
      allowed: 'leave it out; node-ip is the address that the node advertises',
    })
  const { prerequisites, labels, annotations } = mergePrerequisites(merger, values, node)
  const desired: DesiredNode = {
    cluster: content?.name ?? hostOf(server),
    node: name,
    distribution,
    access,
    ...(server === undefined ? {} : { server }),
    version,
    labels: { ...labels, ...mergeLabels(merger, values, node) },
    taints: mergeTaints(merger, values, node),
    ...(annotations === undefined ? {} : { annotations }),
    ...(prerequisites === undefined ? {} : { prerequisites }),
    ...(nodeIp === undefined ? {} : { nodeIp }),
    ...(nodeExternalIp === undefined ? {} : { nodeExternalIp }),
    extraConfig: mergeExtraConfig(merger, values, node, distribution),
    podNetwork: node['pod-network'] ?? 'shared',
    ...(node.gpu === undefined ? {} : { gpu: node.gpu }),
    ...(content === undefined ? {} : { nodesWanted: Object.keys(content.nodes).length }),
    sources: merger.sources,
  }
  return merger.problems.length > 0 ? { problems: merger.problems } : { desired }
}
