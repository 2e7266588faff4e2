import type { HostFacts } from '../host/index.ts'
import type { DaemonSetState, NodeState, PodState } from '../kubernetes/index.ts'

/** What inputs and the cluster file ask of a node's GPUs; every problem has been reported before this exists. */
export interface GpuWish {
  readonly node: string
  /** `install`: the toolkit is installed where it is missing or has another version than `toolkitVersion`. `verify`: only looked at. */
  readonly toolkit: 'install' | 'verify'
  /** Exact version without package revision, e.g. `1.20.0`; undefined: an installed one is kept, a missing one is `defaultToolkitVersion`. */
  readonly toolkitVersion?: string
  /** Base URL of the toolkit's package repository, without trailing slash; undefined: NVIDIA's own. */
  readonly repository?: string
  /** OpenPGP fingerprints, 40 hex digits, upper case, one of which must be that of the repository's key; empty: NVIDIA's. */
  readonly repositoryKeys: readonly string[]
  /** Which packages no upgrade may touch: none, the toolkit's four, or also the driver's. */
  readonly holdPackages: 'none' | 'toolkit' | 'all'
  readonly devicePlugin: 'apply' | 'verify' | 'none' | 'absent'
  readonly devicePluginImage: string
  /** `namespace/name` of another plugin's DaemonSet, typed again, that may be replaced by ours; empty: none. */
  readonly replaceDevicePlugin: string
  /** `keep`: k3s's default runtime stays as it is. `nvidia`: set, once k3s can find it. `unset`: what this project set is taken away. */
  readonly defaultRuntime: 'keep' | 'nvidia' | 'unset'
  /** A harmful containerd template may be moved aside. */
  readonly quarantineTemplate: boolean
  readonly expectGpus?: number
  /** Product name as nvidia-smi prints it; every GPU must have it. */
  readonly expectProduct?: string
  /** What may take the GPU from a process outside the cluster is allowed. */
  readonly allowGpuDisruption: boolean
}

/** One GPU, as `nvidia-smi --query-gpu` tells it. Empty or undefined: it said nothing usable, e.g. `[N/A]`. */
export interface GpuDevice {
  readonly index: number
  /** `GPU-…` */
  readonly uuid: string
  readonly name: string
  readonly driverVersion: string
  /** `00000000:01:00.0` */
  readonly pciBusId: string
  readonly memoryTotalMiB?: number
  readonly memoryUsedMiB?: number
  readonly utilisationPercent?: number
  readonly temperatureCelsius?: number
  /** Undefined: the GPU has no MIG. */
  readonly isMigEnabled?: boolean
  /** `8.9` */
  readonly computeCapability: string
}

/** A part of a GPU that MIG has made, as `nvidia-smi -L` lists it. */
export interface MigDevice {
  readonly gpuUuid: string
  /** `MIG-…` */
  readonly uuid: string
  /** `1g.10gb`; of a device with extensions, e.g. `1g.10gb+me`, as printed. */
  readonly profile: string
}

export interface PackageState {
  readonly name: string
  /** As the package manager writes it, e.g. `1.20.0-1`; empty: not installed. */
  readonly version: string
  readonly isHeld: boolean
}

/** A text file of the host. `text` is cut after 64 KiB and holds no secret: lines with passwords or tokens of registries are left out. */
export interface HostText {
  readonly path: string
  readonly sha256: string
  readonly text: string
}

/** A containerd that is no part of k3s, and what it would start with. */
export interface ContainerdService {
  /** ActiveState of containerd.service. */
  readonly activeState: string
  /** `containerd --version`, e.g. `1.7.28`; empty: it did not say. */
  readonly version: string
  /** /etc/containerd/config.toml; undefined: it is not there, and containerd starts with its defaults. */
  readonly config?: HostText
  /** Files of /etc/containerd/conf.d. */
  readonly dropIns: readonly HostText[]
  /** What `containerd config dump` says: with every import, as the next start would have it; undefined: it could not say. */
  readonly effective?: HostText
  /** Why it could not; empty: it could, or was not asked. */
  readonly problem: string
  /** Files of its configuration that are newer than its main process. */
  readonly changedSinceStart: readonly string[]
}

/** What a host says about its GPUs and what makes them usable: part of the one survey. Undefined or empty: could not be found out. */
export interface GpuFacts {
  /** NVIDIA display and 3D controllers on the PCI bus. */
  readonly pci: readonly {
    /** `0000:01:00.0` */
    readonly address: string
    /** `10de:2684` */
    readonly id: string
    /** Driver bound to it: nvidia, nouveau, vfio-pci …; empty: none. */
    readonly driver: string
  }[]
  readonly smi: {
    readonly isInstalled: boolean
    /** Exit code; undefined: not run, or no answer in time. 14 is a warning beside a complete answer. */
    readonly exitCode?: number
    /** What it printed when it gave no list of GPUs; at most 2 KiB. */
    readonly said: string
  }
  readonly devices: readonly GpuDevice[]
  readonly migDevices: readonly MigDevice[]
  /** Highest CUDA version that the driver serves, e.g. `12.9`. */
  readonly cudaVersion: string
  readonly driver: {
    /** Version of the loaded kernel module (/proc/driver/nvidia/version); empty: not loaded. */
    readonly loaded: string
    /** Version of the module on disk for the running kernel (modinfo); empty: there is none. */
    readonly onDisk: string
    /** Version in the name of libnvidia-ml.so.1's target; empty: the library is not there. */
    readonly userSpace: string
    /** Installed packages of the driver. */
    readonly packages: readonly PackageState[]
    /** The newest installed kernel, when it is not the running one, and whether it has an nvidia module. */
    readonly nextKernel?: { readonly release: string; readonly hasModule: boolean }
    readonly isNouveauLoaded: boolean
    readonly secureBoot: 'enabled' | 'disabled' | 'unknown'
    /** Packages that wait for a reboot; `['']` when only the marker is there. */
    readonly rebootPending: readonly string[]
    /** Unattended upgrades are on. */
    readonly hasUnattendedUpgrades: boolean
    /** Newest lines of the kernel's log that speak of the GPU (NVRM, Xid), at most 20. */
    readonly kernelLog: readonly string[]
  }
  readonly toolkit: {
    readonly packageManager: 'apt' | 'dnf' | 'zypper' | ''
    /** The four packages of `toolkitPackages`, in that order; not installed ones with an empty version. */
    readonly packages: readonly PackageState[]
    /** The file by which the package manager knows the repository, and the URLs in it; path empty: none. */
    readonly repository: { readonly path: string; readonly urls: readonly string[]; readonly keyring: string }
    /** Fingerprints of the keys in the keyring, 40 hex digits, upper case; empty also where no gpg could say. */
    readonly keyFingerprints: readonly string[]
    /** Programs that adding the repository needs and the host lacks: curl, gpg, ca-certificates. */
    readonly missingPrerequisites: readonly string[]
    /** `nvidia-ctk --version`; empty: not there. */
    readonly ctkVersion: string
  }
  readonly k3s: {
    /** Unit that runs k3s here; empty: none. */
    readonly unit: 'k3s' | 'k3s-agent' | ''
    /** ActiveState of it. */
    readonly activeState: string
    readonly version: string
    /**
     * The folders in which the running k3s looks for programs, in order: its two own ones, then PATH of its process
     * (k3s-io/k3s pkg/agent/containerd/config_linux.go). Without a process: PATH as systemd would give it.
     */
    readonly searchPath: readonly string[]
    /** Where `default-runtime` is said (configuration files in k3s's order, then the unit's arguments), the last one wins. */
    readonly defaultRuntimes: readonly { readonly place: string; readonly value: string }[]
  }
  /** containerd as a unit of its own, as nodes of kubeadm have it; undefined where k3s runs it, or where there is no such node. */
  readonly service?: ContainerdService
  /** Executables named nvidia-container-runtime, .cdi and -experimental: every one that is there, in the order of the search path. */
  readonly runtimes: readonly {
    /** `nvidia-container-runtime` */
    readonly name: string
    readonly path: string
    /** Package that owns the file; empty: none, or not known. */
    readonly package: string
  }[]
  readonly containerd: {
    /** The configuration that k3s rendered at its last start; undefined: there is none. */
    readonly rendered?: HostText
    /** `config.toml.tmpl`, `config-v3.toml.tmpl` beside it. */
    readonly templates: readonly HostText[]
    /** Handlers that the running containerd names (`crictl info`); undefined: it was not asked or gave no answer. */
    readonly handlers?: readonly string[]
  }
  readonly deviceLinks: {
    /** NVIDIA character devices in /dev without a link in /dev/char. */
    readonly missing: readonly string[]
    /** Our udev rule, or one that does the same, is there. */
    readonly hasRule: boolean
    /** systemd manages the control groups of containers here, so that a daemon-reload can take devices away. */
    readonly isNeeded: boolean
  }
  /** What this project wrote here before, `path` and `sha256`. */
  readonly ownFiles: readonly { readonly path: string; readonly sha256: string }[]
}

/** What the cluster says about a node's GPUs: see `readGpu`. */
export interface GpuReading {
  /** Undefined: there is no such node. */
  readonly node?: NodeState
  /** Every node that has the label `nvidia.com/gpu.present=true`, the node itself always among them; it alone where ours is neither applied nor taken away. */
  readonly gpuNodes: readonly NodeState[]
  /** All of the cluster. */
  readonly daemonSets: readonly DaemonSetState[]
  /** On the node. */
  readonly pods: readonly PodState[]
  /** RuntimeClass `nvidia`; undefined: there is none, or with `absent` nobody asked. */
  readonly runtimeClass?: { readonly handler: string }
  /** gpu-operator's own kind of object is known to the cluster; undefined: not asked, because a device plugin is there. */
  readonly hasClusterPolicy?: boolean
  /** The ConfigMap that the node's device plugin reads, its keys being names of configurations; undefined: it reads none. */
  readonly pluginConfig?: Readonly<Record<string, string>>
}

/** Everything a plan is made from. Plain data. */
export interface GpuSituation {
  readonly wish: GpuWish
  readonly host: HostFacts
  readonly gpu: GpuFacts
  readonly reading: GpuReading
}

/** Why k3s has to be restarted: at least one; empty: it need not be (the four-boolean rule). */
export type RestartReason =
  | 'runtime-missing'
  | 'binary-path-changed'
  | 'default-runtime-changed'
  | 'harmful-template-removed'

/** A GPU call inside a container that was reachable: `nvidia-smi -L` through its own runtime. */
export interface ContainerCall {
  readonly runtime: 'k3s' | 'crictl' | 'docker' | 'podman'
  readonly id: string
  readonly name: string
  /** `ok`: it listed GPUs. `failed`: it did not, `said` tells why. `not-asked`: the container has no nvidia-smi. */
  readonly outcome: 'ok' | 'failed' | 'not-asked'
  readonly said: string
}

/** The toolkit's packages, which must all have one version (release notes of 1.18). */
export const toolkitPackages = [
  'nvidia-container-toolkit',
  'nvidia-container-toolkit-base',
  'libnvidia-container-tools',
  'libnvidia-container1',
] as const

/** Installed where there is none and no version was asked for. */
export const defaultToolkitVersion = '1.20.0'

/** Of NVIDIA/k8s-device-plugin, by tag: its digest is nobody's to invent. */
export const defaultPluginImage = 'nvcr.io/nvidia/k8s-device-plugin:v0.20.0'

/** The file that `nvidia-ctk runtime configure` writes for containerd, and the one that it makes import it (release notes of 1.18). */
export const runtimeDropIn = '/etc/containerd/conf.d/99-nvidia.toml'
export const containerdConfig = '/etc/containerd/config.toml'
/** Where the toolkit's packages put the runtime. */
export const packagedRuntime = '/usr/bin/nvidia-container-runtime'

/** The unit that runs the node's containers: k3s, or containerd by itself. Empty: neither is there. */
export type RuntimeUnit = GpuFacts['k3s']['unit'] | 'containerd'
export const runtimeUnit = ({ k3s, service }: Pick<GpuFacts, 'k3s' | 'service'>): RuntimeUnit =>
  k3s.unit !== '' ? k3s.unit : service === undefined ? '' : 'containerd'

export const fieldManager = 'k3s-gpu-actions'
/** Set by us on a node whose GPU is there; the device plugin runs where it is. */
export const presentLabel = 'nvidia.com/gpu.present'
/** What was found when the node was last prepared, as JSON (see `gpuAnnotation`). */
export const gpuAnnotationName = 'k3s-gpu-actions/gpu'
export const pluginNamespace = 'kube-system'
export const pluginName = 'k3s-gpu-actions-nvidia-device-plugin'

/** Ids of changes, in the order in which they are carried out. Those of the host are steps of the apply script. */
export const hostSteps = [
  'add-repository',
  'install-toolkit',
  'hold-packages',
  'link-devices',
  'configure-runtime',
  'quarantine-template',
  'write-default-runtime',
  'remove-default-runtime',
] as const
export type HostStep = (typeof hostSteps)[number]
export const changeIds = {
  restart: 'restart',
  label: 'label-node',
  unlabel: 'unlabel-node',
  applyPlugin: 'apply-device-plugin',
  deletePlugin: 'delete-device-plugin',
  runtimeClass: 'apply-runtime-class',
  replacePlugin: 'replace-device-plugin',
  record: 'record-gpu',
} as const
