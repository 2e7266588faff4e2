/** A taint as kubectl writes it: key[=value]:effect. */
export interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

/** How the host is reached. Secrets are values in memory only; whoever builds this has already masked them. */
export interface HostAccess {
  readonly transport: 'ssh' | 'local'
  /** DNS name or address; empty with transport local. */
  readonly address: string
  readonly port: number
  readonly user: string
  /** PEM or OpenSSH private key text. */
  readonly privateKey?: string
  /** known_hosts lines, as text. */
  readonly knownHosts?: string
  /** `SHA256:…`, one or several. */
  readonly hostKeyFingerprints: readonly string[]
  /** Where the pin came from, for the log, e.g. `input known-hosts`. */
  readonly hostKeySource: string
  readonly sudoPassword?: string
}

/** What a machine needs besides the agent, with what its profile brings already in it. Empty lists: nothing. */
export interface Prerequisites {
  readonly profile?: 'longhorn'
  /** By their Debian names. */
  readonly packages: readonly string[]
  /** Units, without `.service`. */
  readonly services: readonly string[]
  /** As the kernel names them: with underscores. */
  readonly modules: readonly string[]
  /** `net.ipv4.ip_forward` → `1` */
  readonly sysctl: Readonly<Record<string, string>>
  /** Folder where a disk is mounted that the cluster's storage may use. */
  readonly disk?: string
}

/** What inputs and the cluster file ask for, for one node; every problem has been reported before this exists. */
export interface DesiredNode {
  /** The cluster's name; the API server's host when there is no cluster file. */
  readonly cluster: string
  /** The Node's name: valid RFC 1123, lower case. */
  readonly node: string
  readonly distribution: 'k3s' | 'kubeadm'
  readonly access: HostAccess
  /** `https://host:port` the host joins through; undefined: take the kubeconfig's. */
  readonly server?: string
  /** Exact version (`v1.33.4+k3s1`) or `match-server`. */
  readonly version: string
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly Taint[]
  /** Annotations that a profile needs on the Node; undefined: none. */
  readonly annotations?: Readonly<Record<string, string>>
  /** Undefined: nothing is asked of the machine. */
  readonly prerequisites?: Prerequisites
  readonly nodeIp?: string
  readonly nodeExternalIp?: string
  /** Further keys of the distribution's own configuration, as given. */
  readonly extraConfig: Readonly<Record<string, unknown>>
  /** `isolated`: the owner declares that pods here do not reach pods elsewhere. */
  readonly podNetwork: 'shared' | 'isolated'
  readonly gpu?: { readonly count?: number; readonly product?: string }
  /** How many nodes the cluster file wants; undefined without a file. */
  readonly nodesWanted?: number
  /** Field name → where its value came from. */
  readonly sources: Readonly<Record<string, string>>
}
