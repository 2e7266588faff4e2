/** What a kubelet is started with and says, in its own words and those of k3s around it. */
import { allowedLabels, restrictedKeys } from '../cluster/node-labels.ts'
import type { AgentConfig } from './agent-config.ts'
import { knownFlags } from './kubelet-flags.ts'

/**
 * Flags as k3s 1.33 hands them over (pkg/daemons/agent; a journal of a user in k3s issue 2116): sorted by name, `node-labels`
 * also when it is empty, and those of `kubelet-arg` in the place of its own.
 * @param hasCloudController false where nobody would take away the taint that a node gets with an external cloud provider
 */
export function kubeletFlags(config: AgentConfig, nodeIp: string, hasCloudController = true): readonly string[] {
  const folder = '/var/lib/rancher/k3s/agent'
  const flags = new Map<string, string>([
    ['config-dir', `${folder}/etc/kubelet.conf.d`],
    ['containerd', '/run/k3s/containerd/containerd.sock'],
    ['hostname-override', config.nodeName],
    ['kubeconfig', `${folder}/kubelet.kubeconfig`],
    ['node-ip', nodeIp],
    ['node-labels', config.labels.join(',')],
    // Not in the configuration file, where a zero would be left out (k3s issue 12164).
    ['read-only-port', '0'],
  ])
  if (hasCloudController) flags.set('cloud-provider', 'external')
  if (config.taints.length > 0) flags.set('register-with-taints', config.taints.join(','))
  for (const word of config.kubeletArguments) {
    const equals = word.indexOf('=')
    flags.set(equals < 0 ? word : word.slice(0, equals), equals < 0 ? '' : word.slice(equals + 1))
  }
  return [...flags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `--${name}=${value}`)
}

/** klog's header: level, month and day, time, process number, place in the source. */
export function header(level: 'I' | 'W' | 'E', at: Date, pid: number, place: string): string {
  const stamp = at.toISOString()
  return `${level}${stamp.slice(5, 7)}${stamp.slice(8, 10)} ${stamp.slice(11, 23)}000 ${String(pid).padStart(7, ' ')} ${place}]`
}

/** As a real one (1.33.13) says it. */
export function registeredLine(node: string, at: Date, pid: number): string {
  return `${header('I', at, pid, 'kubelet_node_status.go:78')} "Successfully registered node" node=${JSON.stringify(node)}`
}

/**
 * What makes a kubelet exit at its start, in its own words, or undefined. Flags are parsed first, in the order in which they
 * are given, and the first unknown one ends it.
 */
export function refusalBy(
  flags: readonly string[],
  labels: readonly string[],
  at: Date,
  pid: number,
): string | undefined {
  const lines: string[] = []
  for (const flag of flags) {
    const name = flag.replace(/^--/, '').replace(/=.*$/, '')
    if (!knownFlags.has(name)) {
      const error = `failed to parse kubelet flag: unknown flag: --${name}`
      return [...lines, `${header('E', at, pid, 'run.go:72')} "command failed" err=${JSON.stringify(error)}`].join('\n')
    }
    // Of a flag that k3s gives to every kubelet.
    if (name === 'containerd') lines.push(deprecated)
  }
  const restricted = restrictedKeys(labels)
  return restricted.length === 0 ? undefined : [...lines, refusalOf(restricted, at, pid)].join('\n')
}

const deprecated =
  'Flag --containerd has been deprecated, This is a cadvisor flag that was mistakenly registered with the Kubelet. Due to legacy concerns, it will follow the standard CLI deprecation timeline before being removed.'

/** Its refusal of labels, as recorded: the reason, the rule. Indented by tabs, which journalctl shows as blanks. */
function refusalOf(keys: readonly string[], at: Date, pid: number): string {
  return [
    `${header('E', at, pid, 'run.go:72')} "command failed" err=<`,
    `\tfailed to validate kubelet flags: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [${keys.join(' ')}]`,
    `\t--node-labels in the 'kubernetes.io' namespace must begin with an allowed prefix (kubelet.kubernetes.io, node.kubernetes.io) or be in the specifically allowed set (${allowedLabels.join(', ')})`,
    ' >',
  ].join('\n')
}
