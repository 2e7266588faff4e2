import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubernetesObject } from '../contract.ts'
import type { AgentConfig } from './agent-config.ts'

/** What the kubelet reports about the machine. */
export interface Machine {
  readonly root: string
  readonly address: string
  readonly architecture: string
  readonly kernel: string
  readonly bootId: string
  /** Default: 32. */
  readonly cpus?: number
  /** Extended resources that device plugins have registered: name → how many there are, and how many are healthy. */
  readonly devices?: () => Readonly<Record<string, { readonly capacity: number; readonly allocatable: number }>>
}

/** RFC 4648 base32, as Go's base32.StdEncoding. */
function base32(bytes: Buffer): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  const text = groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}

/** Annotations that k3s writes at every start (pkg/nodeconfig), secrets masked, and those of others that a joined Node has. */
export function annotations(config: AgentConfig, address: string): Record<string, string> {
  const args = JSON.stringify(config.nodeArguments)
  const environment = JSON.stringify(config.nodeEnvironment)
  const hash = base32(createHash('sha256').update(args).update(environment).digest())
  return {
    'alpha.kubernetes.io/provided-node-ip': address,
    'flannel.alpha.coreos.com/backend-data': '{"VNI":1,"VtepMAC":"02:00:00:00:00:50"}',
    'flannel.alpha.coreos.com/backend-type': 'vxlan',
    'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
    'flannel.alpha.coreos.com/public-ip': address,
    'k3s.io/hostname': config.nodeName,
    'k3s.io/internal-ip': address,
    'k3s.io/node-args': args,
    'k3s.io/node-config-hash': hash,
    'k3s.io/node-env': environment,
    'node.alpha.kubernetes.io/ttl': '0',
    'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
  }
}

/** `key=value:Effect` → a taint; anything else is left to the API server to refuse. */
function taint(text: string): Record<string, string> {
  const colon = text.lastIndexOf(':')
  const [key = '', value = ''] = text.slice(0, colon).split('=')
  return value === '' ? { key, effect: text.slice(colon + 1) } : { key, value, effect: text.slice(colon + 1) }
}

function firstLine(root: string, path: string): string {
  const file = join(root, path)
  return existsSync(file) ? (readFileSync(file, 'utf8').split('\n')[0] ?? '') : ''
}

function condition(
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  since: Date,
  at: Date,
): Record<string, string> {
  return { type, status, reason, message, lastHeartbeatTime: rfc3339(at), lastTransitionTime: rfc3339(since) }
}
const rfc3339 = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`

/** How far the container network of a node is: before the kubelet has looked at it twice, without one, and up. */
export type NetworkState = 'starting' | 'missing' | 'up'

const noNetwork =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'
/** What a kubelet says of itself, as seen on a real one (1.33.13): in its first seconds it has no CSINode either. */
const notReady: Readonly<Record<Exclude<NetworkState, 'up'>, string>> = {
  starting: `[${noNetwork}, CSINode is not yet initialized]`,
  missing: noNetwork,
}

/** The Node object that a kubelet posts. */
export function nodeObject(
  machine: Machine,
  config: AgentConfig,
  version: string,
  network: NetworkState,
  since: Date,
  at: Date,
): KubernetesObject {
  const address = config.nodeIp === '' ? machine.address : (config.nodeIp.split(',')[0] ?? machine.address)
  const labels: Record<string, string> = {
    'beta.kubernetes.io/arch': machine.architecture,
    'beta.kubernetes.io/instance-type': 'k3s',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': machine.architecture,
    'kubernetes.io/hostname': config.nodeName,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'k3s',
  }
  for (const label of config.labels)
    labels[label.split('=')[0] ?? ''] = label.includes('=') ? label.slice(label.indexOf('=') + 1) : ''
  const memory = firstLine(machine.root, 'proc/meminfo').replace(/\D+/g, '')
  const capacity = {
    cpu: String(machine.cpus ?? 32),
    'ephemeral-storage': '960302096Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${memory}Ki`,
    pods: '110',
  }
  const release = existsSync(join(machine.root, 'etc/os-release'))
    ? readFileSync(join(machine.root, 'etc/os-release'), 'utf8')
    : ''
  const counted = (which: 'capacity' | 'allocatable'): Record<string, string> =>
    Object.fromEntries(Object.entries(machine.devices?.() ?? {}).map(([name, count]) => [name, String(count[which])]))
  const addresses = [
    { type: 'InternalIP', address },
    ...(config.nodeExternalIp === '' ? [] : [{ type: 'ExternalIP', address: config.nodeExternalIp }]),
    { type: 'Hostname', address: config.nodeName },
  ]
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: config.nodeName, labels, annotations: annotations(config, address) },
    spec: config.taints.length === 0 ? {} : { taints: config.taints.map(taint) },
    status: {
      addresses,
      allocatable: { ...capacity, 'ephemeral-storage': '934181878Ki', ...counted('allocatable') },
      capacity: { ...capacity, ...counted('capacity') },
      conditions: [
        condition(
          'MemoryPressure',
          'False',
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
          since,
          at,
        ),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure', since, at),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available', since, at),
        network === 'up'
          ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status', at, at)
          : condition('Ready', 'False', 'KubeletNotReady', notReady[network], since, at),
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: machine.architecture,
        bootID: machine.bootId,
        containerRuntimeVersion: 'containerd://2.0.5-k3s2',
        kernelVersion: machine.kernel,
        kubeProxyVersion: '',
        kubeletVersion: version,
        machineID: firstLine(machine.root, 'etc/machine-id'),
        operatingSystem: 'linux',
        osImage: /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? 'Linux',
        systemUUID: firstLine(machine.root, 'sys/class/dmi/id/product_uuid'),
      },
    },
  }
}
