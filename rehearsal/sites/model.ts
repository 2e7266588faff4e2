/** What a site is: one cluster of the seed documents, with the machines that can join it. */
import type { GpuProfile } from '../contract.ts'
import type { StorageDisk } from '../host/storage-machine.ts'

export type SiteName = 'oceanid' | 'goldentooth' | 'k3s2'

/** A machine that an embedded host plays: it has an SSH server and a tree, and is no node before a scenario makes it one. */
export interface SiteMachine {
  /** Host name and node name. */
  readonly name: string
  readonly user: string
  readonly address: string
  /** Of its network, whose mask is /24. */
  readonly gateway: string
  /** Name of its network interface. */
  readonly device: string
  /** As Go names it. */
  readonly architecture: 'amd64' | 'arm64'
  readonly kernel: string
  /** Text of /etc/os-release. */
  readonly osRelease: string
  readonly cpus: number
  readonly memoryKi: number
  /** DMI product_name, or the model of a board. */
  readonly product: string
  /** DMI product_uuid. */
  readonly systemUuid: string
  readonly gpu: GpuProfile
  /** Version of NVIDIA's container toolkit; empty: not installed. */
  readonly toolkit: string
  /** Whether Triton runs in docker on it and uses the card. */
  readonly hasTriton: boolean
  /** A second disk that is mounted, for storage of the cluster. */
  readonly storage?: StorageDisk
  /** Version of kubeadm and kubelet that are installed on it, where the distribution is kubeadm. */
  readonly kubernetes?: string
  /** Configuration variable of the repository that holds its known_hosts line; those of several machines may stand in one. */
  readonly knownHostsVariable: string
  /** Secret property below `pulumiConfig` that holds the key of its user, where the site has an ESC environment. */
  readonly keyProperty?: string
}

/** A node that is in the cluster before anybody does anything; the world plays its kubelet, and nobody looks at its machine. */
export interface SiteNode {
  readonly name: string
  readonly address: string
  readonly role: 'server' | 'agent'
  readonly architecture: 'amd64' | 'arm64'
  /** Default: the site's. */
  readonly version?: string
  readonly osImage: string
  readonly kernel: string
  readonly podCidr: string
  readonly cpus: number
  readonly memoryKi: number
  /** How long it has been a node. */
  readonly days: number
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[]
}

export interface Site {
  /** Also the name of its cluster in kubeconfigs. */
  readonly name: SiteName
  /** Path in the repository. */
  readonly clusterFile: string
  readonly distribution: 'k3s' | 'kubeadm'
  /** Version of the servers, as `/version` says it. */
  readonly version: string
  /** Where hosts and runners find the API server: a real address of its owner, which nothing here ever sends a packet to. */
  readonly api: { readonly host: string; readonly port: number }
  /** CIDR of pods and of services. */
  readonly podNetwork: string
  readonly serviceNetwork: string
  /** The first is the one that a scenario is about when it names none. */
  readonly machines: readonly [SiteMachine, ...SiteMachine[]]
  readonly nodes: readonly SiteNode[]
  /** The Pulumi ESC environment that holds the kubeconfig and the keys; without it they lie on the runner and in secrets of the repository. */
  readonly esc?: { readonly reference: string; readonly prefix: string }
  /** Secret of the repository that holds the key of the machine that a scenario is about, where there is no ESC environment. */
  readonly keySecret?: string
  /** NodePort on which an ingress controller answers, on every node that is Ready. */
  readonly ingressPort?: number
  /** Configuration variable for the host key of the tunnel to the API server; without it there is none. */
  readonly tunnelKnownHostsVariable?: string
}
