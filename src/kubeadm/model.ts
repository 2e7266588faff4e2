/** What kubeadm leaves on a host, and where. Paths on the host; the scripts put "$ROOT" in front. */
export const paths = {
  kubeletConfig: '/etc/kubernetes/kubelet.conf',
  bootstrapConfig: '/etc/kubernetes/bootstrap-kubelet.conf',
  clusterAuthority: '/etc/kubernetes/pki/ca.crt',
  manifests: '/etc/kubernetes/manifests',
  kubeletSettings: '/var/lib/kubelet/config.yaml',
  kubeletFlags: '/var/lib/kubelet/kubeadm-flags.env',
  kubeletCertificate: '/var/lib/kubelet/pki/kubelet-client-current.pem',
  containerdConfig: '/etc/containerd/config.toml',
  /** Change logs of runs. */
  runs: '/var/lib/k3s-gpu-actions/runs',
} as const

/** The port of the kubelet, which kubeadm wants free. */
export const kubeletPort = 10250

export type ProgramName = 'kubeadm' | 'kubelet' | 'containerd' | 'crictl'

export interface Program {
  readonly path: string
  /** As the program says it, with `v`: `v1.33.13`; empty: it did not say. */
  readonly version: string
}

/** One CRI socket that kubeadm looks for, e.g. `unix:///var/run/containerd/containerd.sock`. */
export type CriSocket = string

/** A kubeconfig that kubeadm or a kubelet left: addresses and the authority, which is public, and never a key or token. */
export interface LeftKubeconfig {
  readonly path: string
  /** `https://host:port`; empty: it could not be read. */
  readonly server: string
  /** Certificates of its authority; empty: it names none, or it could not be read. */
  readonly caPem: string
}

/** What of Kubernetes is installed on a host that kubeadm joins, from the distribution's part of the survey. */
export interface KubeadmInstallation {
  readonly programs: Readonly<Partial<Record<ProgramName, Program>>>
  /** Of the programs that some kubeadm calls or demands, those that are not in the path: `ip`, `mount`, … */
  readonly missingTools: readonly string[]
  /** Unit kubelet; undefined: there is none. */
  readonly unit?: {
    readonly path: string
    /** systemd's ActiveState and SubState; a kubelet without configuration restarts for ever: `activating`, `auto-restart`. */
    readonly activeState: string
    readonly subState: string
    readonly isEnabled: boolean
    readonly isMasked: boolean
    readonly restarts: number
    readonly needsReload: boolean
    /** Its drop-ins, in systemd's order. */
    readonly dropIns: readonly string[]
    /** Whether its command line reads what kubeadm writes: bootstrap-kubelet.conf, kubelet.conf, config.yaml and kubeadm-flags.env. */
    readonly readsKubeadm: boolean
    /** Of a running kubelet, what is newer than its start; else empty. */
    readonly changedSinceStart: readonly string[]
  }
  readonly containerd: {
    /** systemd's ActiveState; empty: no unit. */
    readonly activeState: string
    readonly isEnabled: boolean
    /** Undefined: no file, so that containerd's own defaults count. */
    readonly config?: {
      readonly path: string
      /** As it is written: 1, 2 or 3; 0: it does not say, which means 1. */
      readonly version: number
      /** disabled_plugins names `cri`, as the packages of Docker do. */
      readonly isCriDisabled: boolean
      readonly defaultRuntime: string
      /** Runtime → `SystemdCgroup` of its options; runtimes that do not say are not there. */
      readonly systemdCgroup: Readonly<Record<string, boolean>>
      readonly hasImports: boolean
    }
  }
  /** Sockets that are there, of those that kubeadm looks for. With more than one it refuses unless `criSocket` is given. */
  readonly criSockets: readonly CriSocket[]
  /** Values of the kernel as text; empty: not there, or unreadable. */
  readonly sysctl: { readonly ipForward: string; readonly ipv6Forward: string; readonly bridgeNfIptables: string }
  /** Of the files that a join leaves, those that are there: kubelet.conf, bootstrap-kubelet.conf, pki/ca.crt, config.yaml, kubeadm-flags.env. */
  readonly files: readonly string[]
  /** kubelet.conf and bootstrap-kubelet.conf, as far as they are there. */
  readonly kubeconfigs: readonly LeftKubeconfig[]
  /** Text of pki/ca.crt; undefined: not there, or unreadable. */
  readonly caPem?: string
  /** Names of the files in manifests, e.g. `kube-apiserver.yaml`. */
  readonly manifests: readonly string[]
  /** The kubelet has a certificate of its own, so that it once joined. */
  readonly hasClientCertificate: boolean
  /** cgroupDriver of /var/lib/kubelet/config.yaml; empty: no such file, or it does not say. */
  readonly cgroupDriver: string
  /** Joins that runs of this project began here and nobody ended, the newest first. `server`: `host:port` that was joined. */
  readonly interrupted: readonly { readonly runId: string; readonly server: string }[]
  /** Units of other distributions that are installed here, e.g. `k3s-agent.service`. */
  readonly others?: readonly string[]
  /** From the second look: certificates of the kubeconfig's authority, which this cluster's is. */
  readonly authorityPem?: string
  /** From the second look; undefined: nobody asked, because no join is ahead. */
  readonly cluster?: ClusterSide
}

/** What the cluster keeps for those who join, read through the API before anything is changed. */
export interface ClusterSide {
  /** kube-public/cluster-info. */
  readonly clusterInfo:
    | { readonly state: 'read'; readonly server: string; readonly caPem: string }
    | { readonly state: 'missing' | 'unreadable'; readonly problem: string }
  /** kube-system/kubeadm-config. `version`: that of the control plane as kubeadm set it up. */
  readonly kubeadmConfig:
    | { readonly state: 'read'; readonly version: string; readonly controlPlaneEndpoint: string }
    | { readonly state: 'missing' | 'unreadable'; readonly problem: string }
  /** kube-system/kubelet-config, which every kubelet that joins is given. */
  readonly kubeletConfig:
    | { readonly state: 'read'; readonly cgroupDriver: string; readonly failSwapOn: boolean }
    | { readonly state: 'missing' | 'unreadable'; readonly problem: string }
  /** With which authority the certificate that the host is shown can be checked; `unknown`: it could not be asked. */
  readonly served: 'kubeconfig' | 'cluster-info' | 'neither' | 'unknown'
}

/**
 * How far a host is, as far as the survey and the cluster tell:
 *
 * - `fresh`: nothing of a join is there.
 * - `joined`: its kubelet belongs to this cluster and has a certificate of it.
 * - `unfinished`: a join that a run of this project began, and nothing of another cluster. It is reset and joined anew.
 * - `leftover`: traces of a join that is not ours to take away, of no cluster that lives here: no kubelet.conf with a certificate.
 * - `foreign`: its kubelet belongs to another cluster, alive or not.
 * - `control-plane`: it runs or ran a control plane. Never touched.
 */
export type JoinState = 'fresh' | 'joined' | 'unfinished' | 'leftover' | 'foreign' | 'control-plane'

/** What a kubeadm join needs to know, besides the credential: for its configuration. */
export interface JoinTarget {
  /** `host:port`, without scheme. */
  readonly endpoint: string
  /** `sha256:<64 hex>` of the cluster's authority; several while it is being changed. */
  readonly caCertHashes: readonly string[]
}

/** Change ids of a kubeadm plan, in the order in which they are carried out. */
export type KubeadmChange = 'mint-token' | 'reset' | 'forget-token' | 'enable' | 'reload' | 'start' | 'restart'
